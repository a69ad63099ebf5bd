import { ConnectorError } from '../contract/errors.ts';
import type { RawChange } from '../contract/record.ts';

/** Throws `request-refused` when two changes of one write are of the same record: CRMs refuse that, or keep either. */
export function refuseDoubles(changes: readonly RawChange[]): void {
  const seen = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'create') continue;
    const record = `${change.object} ${change.id}`;
    if (seen.has(record)) {
      throw new ConnectorError({
        code: 'request-refused',
        message: `Two changes of ${record} were asked for in one write.`,
        remedy: 'Report this: changes of one record have to be put together before they are written.',
        context: { object: change.object, id: change.id },
      });
    }
    seen.add(record);
  }
}
