import type { PulledObject } from '../core/mapping/compile.ts';
import type { Checkpoint } from '../ports/store.ts';
import { mustGoOn, shift, type DefinedLine } from './line.ts';
import { storeFound, storePages, type Pulled } from './pull.ts';

/** Deleted records can be restored for this long in both CRMs' recycle bins; a little more for clocks. */
const RESTORABLE_MS = 95 * 86_400_000;
const LINKS_A_CALL = 1_000;
const READ_A_CALL = 100;

/**
 * What no list of changes tells, once a day: records that were deleted, records that were restored, and links that moved
 * without moving a modified date. Cheap: a thousand records' links a call.
 */
export async function sweep(line: DefinedLine): Promise<readonly Pulled[]> {
  // Read at once: there are some forty streams, and each is swept once.
  const stopped = await line.store.checkpoints.list();
  const results: Pulled[] = [];
  for (const object of line.mapping.objectsToPull) {
    const pulled: Pulled = { object: object.object, read: 0, inserted: 0, updated: 0, deleted: 0 };
    results.push(pulled);
    await sweepDeleted(line, object, pulled, stopped);
    await sweepRestored(line, object, pulled);
    for (const to of object.links) {
      if (line.session.linksAreFields?.(object.object, to) === true) continue;
      await sweepLinks(line, object, to, pulled, stopped);
    }
  }
  return results;
}

type Stopped = ReadonlyMap<string, Checkpoint>;

async function sweepDeleted(line: DefinedLine, object: PulledObject, pulled: Pulled, stopped: Stopped): Promise<void> {
  const stream = `${object.object}:archived`;
  const checkpoint = stopped.get(stream);
  if (checkpoint?.['run'] === line.runId && checkpoint['cursor'] === null) return;
  const begun = checkpoint?.['run'] === line.runId ? checkpoint['cursor'] : null;
  await storePages(line, object, pulled, {
    scope: { kind: 'archived' },
    cursor: typeof begun === 'string' ? begun : null,
    walk: null,
    stream,
    checkpointAfter: (page) => ({ run: line.runId, cursor: page.cursor }),
    stage: 'reconcile',
  });
}

async function sweepRestored(line: DefinedLine, object: PulledObject, pulled: Pulled): Promise<void> {
  const since = shift(line.clock.now(), -RESTORABLE_MS);
  let after: string | null = null;
  for (;;) {
    mustGoOn(line);
    const ids: readonly string[] = await line.store.records.deletedSince(object.object, since, after, READ_A_CALL);
    if (ids.length === 0) return;
    const asked = new Set(ids);
    const alive = await line.session.read(object.object, ids, object.fields);
    // A merged id may answer with the record that took over: that one was not asked for.
    await storeFound(
      line,
      object,
      alive.filter((record) => asked.has(record.id)),
      pulled,
    );
    after = ids.at(-1) ?? null;
  }
}

async function sweepLinks(
  line: DefinedLine,
  object: PulledObject,
  to: string,
  pulled: Pulled,
  stopped: Stopped,
): Promise<void> {
  const stream = `${object.object}:links:${to}`;
  const checkpoint = stopped.get(stream);
  if (checkpoint?.['run'] === line.runId && checkpoint['isDone'] === true) return;
  const begun = checkpoint?.['run'] === line.runId ? checkpoint['afterId'] : null;
  let after: string | null = typeof begun === 'string' ? begun : null;
  for (;;) {
    mustGoOn(line);
    const records = await line.store.records.page(object.object, after, LINKS_A_CALL);
    if (records.length > 0) {
      const links = await line.session.links(
        object.object,
        to,
        records.map((record) => record.raw.id),
      );
      const at = line.clock.now();
      pulled.updated += await line.store.records.storeLinks(object.object, to, links, at, rollsUp(line, to));
    }
    after = records.at(-1)?.raw.id ?? after;
    const isDone = records.length < LINKS_A_CALL;
    await line.store.checkpoints.put(stream, { run: line.runId, afterId: after, isDone });
    if (isDone) return;
  }
}

/** What the first link to an object says of a record: whose it is, or through whom to find that out. */
function rollsUp(line: DefinedLine, to: string): 'account' | 'contact' | null {
  if (to === line.mapping.accountObject) return 'account';
  return to === line.mapping.contactObject ? 'contact' : null;
}
