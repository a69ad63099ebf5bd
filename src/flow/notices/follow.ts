import { ConnectorError } from '../../../connectors/contract/errors.ts';
import type { RawRecord } from '../../../connectors/contract/record.ts';
import type { PulledObject } from '../../core/mapping/compile.ts';
import { toAccountId } from '../../core/model/ids.ts';
import type { StoredRecord, TenantStore, WaitingRecord } from '../../ports/store.ts';
import { assessTouched } from '../assess.ts';
import { defineLine } from '../definitions.ts';
import { mustGoOn, type DefinedLine, type Line } from '../line.ts';
import { eraseNoticed } from './erase.ts';
import { reportUnreadable, storeFound, type Pulled } from '../pull.ts';
import { openDefined, scoreAndWrite } from '../sync.ts';
import type { Written } from '../write.ts';

/** Records that are looked at before they are settled: a few calls for each object among them. */
const PAGE = 500;

/** The checkpoint that says whether all that was looked at has also been scored and written. */
const STREAM = 'noticed';

export interface Followed {
  /** Records that were looked at. */
  readonly looked: number;
  readonly accountsScored: number;
  readonly writes: Readonly<Written>;
}

/** Forgets whom the CRM has told to forget, and scores anew what told of them. Writes nothing and calls nobody. */
export async function forgetPeople(opened: Line): Promise<void> {
  const line = await defineLine(opened);
  if ((await eraseNoticed(line)) > 0) await assessTouched(line, false);
}

/** Is there anything that the CRM has told and that has not come to its end? */
export async function hasNotices(store: TenantStore): Promise<boolean> {
  if (await store.notices.isAnyWaiting()) return true;
  return (await store.checkpoints.get(STREAM))?.['isFollowed'] === false;
}

/**
 * Reads again what the CRM has told a change of, then scores and writes the accounts that it touches. Every record is
 * settled once it is stored and its account is marked; one that is told of again meanwhile stays for the next time.
 */
export async function followNotices(opened: Line): Promise<Followed> {
  const line = await openDefined(opened, 'incremental');
  await eraseNoticed(line);
  await line.store.checkpoints.put(STREAM, { isFollowed: false });
  const looked = await lookAtNoticed(line);
  const { assessed, outcome } = await scoreAndWrite(line, 'incremental');
  await line.store.checkpoints.put(STREAM, { isFollowed: true });
  return { looked, accountsScored: assessed.scored, writes: outcome.written };
}

async function lookAtNoticed(line: DefinedLine): Promise<number> {
  let looked = 0;
  let after: WaitingRecord | null = null;
  // Once through: what is told of while this goes on may wait for the next time, or there would be no end.
  for (;;) {
    mustGoOn(line);
    const page: readonly WaitingRecord[] = await line.store.notices.page(after, PAGE);
    for (const [name, group] of Map.groupBy(page, ({ object }) => object)) {
      const object = line.mapping.objectsToPull.find((pulled) => pulled.object === name);
      if (object !== undefined) {
        await lookAt(
          line,
          object,
          group.map(({ id }) => id),
        );
      }
    }
    await line.store.notices.settle(page);
    looked += page.length;
    if (page.length < PAGE) return looked;
    after = page.at(-1) ?? null;
  }
}

/**
 * Stores records of one object as they are now, with their links. What is not to be found by its id is gone. With a company
 * that goes or comes back, the records beside it change hands, and nobody tells: they are looked at too.
 */
async function lookAt(line: DefinedLine, object: PulledObject, ids: readonly string[]): Promise<void> {
  const isAccount = object.object === line.mapping.accountObject;
  const before = isAccount ? await line.store.records.byIds(object.object, ids) : [];
  const alive = await readAnew(line, object, ids);
  if (alive === null || !isAccount) return;
  const living = new Set(alive.map(({ id }) => id));
  const gone = before.filter(({ raw, deletedAt }) => deletedAt === null && !living.has(raw.id));
  const back = before.filter(({ raw, deletedAt }) => deletedAt !== null && living.has(raw.id));
  await lookAtFormer(line, gone);
  await lookAtLinked(line, object, back);
}

/** Answers the records that there are; null when they may not be read, which is told to the admin. */
async function readAnew(
  line: DefinedLine,
  object: PulledObject,
  ids: readonly string[],
): Promise<readonly RawRecord[] | null> {
  const pulled: Pulled = { object: object.object, read: 0, inserted: 0, updated: 0, deleted: 0 };
  try {
    const alive = await line.session.read(object.object, ids, object.fields);
    await storeFound(line, object, await withLinks(line, object, alive), pulled);
    const living = new Set(alive.map(({ id }) => id));
    const gone = ids.filter((id) => !living.has(id));
    await line.store.records.markDeleted(object.object, gone, line.clock.now());
    line.progress({ stage: 'pull', subject: object.object, done: pulled.read, total: null });
    return alive;
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'permission-missing') throw error;
    await reportUnreadable(line, object.object, error);
    return null;
  }
}

/** The records that rolled up to accounts which are gone: some have another one. */
async function lookAtFormer(line: DefinedLine, gone: readonly StoredRecord[]): Promise<void> {
  if (gone.length === 0) return;
  const others = line.mapping.objectsToPull.filter(({ object }) => object !== line.mapping.accountObject);
  const related = await line.store.records.byAccounts(
    others.map(({ object }) => object),
    gone.map(({ raw }) => toAccountId(raw.id)),
  );
  for (const other of others) {
    const ids = [...related.values()].flatMap((records) => (records.get(other.object) ?? []).map(({ raw }) => raw.id));
    if (ids.length > 0) await readAnew(line, other, ids);
  }
}

/** The records that accounts which have come back are linked to. */
async function lookAtLinked(line: DefinedLine, { object }: PulledObject, back: readonly StoredRecord[]): Promise<void> {
  if (back.length === 0) return;
  const accounts = back.map(({ raw }) => raw.id);
  for (const other of line.mapping.objectsToPull.filter(({ links }) => links.includes(object))) {
    const links = await line.session.links(object, other.object, accounts);
    const ids = [...new Set([...links.values()].flat())];
    if (ids.length > 0) await readAnew(line, other, ids);
  }
}

async function withLinks(
  line: DefinedLine,
  object: PulledObject,
  records: readonly RawRecord[],
): Promise<readonly RawRecord[]> {
  if (records.length === 0) return [];
  const ids = records.map(({ id }) => id);
  const links: Record<string, ReadonlyMap<string, readonly string[]>> = {};
  for (const to of object.links) links[to] = await line.session.links(object.object, to, ids);
  return records.map((record) => ({
    ...record,
    links: { ...record.links, ...Object.fromEntries(object.links.map((to) => [to, links[to]?.get(record.id) ?? []])) },
  }));
}
