import { toAccountId } from '../core/model/ids.ts';
import type { StoredRecord } from '../ports/store.ts';
import type { Line } from './line.ts';

const PAGE = 1_000;

/** Marks every account for assessment: the next run judges the whole book anew. */
export async function touchBook(line: Line): Promise<void> {
  const { object } = line.connectorMapping.entities.account;
  let after: string | null = null;
  for (;;) {
    const page: readonly StoredRecord[] = await line.store.records.page(object, after, PAGE);
    await line.store.records.touch(
      page.map(({ raw }) => toAccountId(raw.id)),
      line.clock.now(),
    );
    if (page.length < PAGE) return;
    after = page.at(-1)?.raw.id ?? null;
  }
}
