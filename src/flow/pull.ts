import { ConnectorError } from '../../connectors/contract/errors.ts';
import type { PullPage, PullScope } from '../../connectors/contract/connector.ts';
import type { RawRecord } from '../../connectors/contract/record.ts';
import type { PulledObject } from '../core/mapping/compile.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import { toAccountId } from '../core/model/ids.ts';
import type { Checkpoint, IncomingRecord, RunKind, RunStage } from '../ports/store.ts';
import { HoldfastError } from '../errors.ts';
import { mustGoOn, shift, type DefinedLine } from './line.ts';
import { withoutErased } from './notices/erase.ts';

/**
 * How far an incremental pull looks back behind the point where the last one stopped. Search indexes lag by seconds to
 * minutes; what comes twice is stored once. Once a day the look-back is a day, for what was indexed later than that.
 */
const OVERLAP_MS: Readonly<Record<RunKind, number>> = {
  incremental: 10 * 60_000,
  daily: 25 * 3_600_000,
  full: 10 * 60_000,
};

/** Owners change rarely and can only be read all at once: an incremental run leaves them alone for so long. */
const OWNERS_REST_MS = 6 * 3_600_000;

/** Tickets, tasks or activities that this customer does not use at all are asked for only so often. */
const UNUSED_REST_MS = 3_600_000;

/** Objects are read side by side: each is a chain of pages, and one chain alone cannot use what the CRM allows. */
const STREAMS = 5;

/** Ids that are looked up at once when a walk did not see them. */
const LOOK_UP = 100;

/**
 * More than this share of an object missing at once is doubted: a lost permission looks just like a mass deletion.
 * Source: peers deleted whole books after a partial fetch.
 */
const DOUBTFUL_SHARE = 0.5;
const DOUBTFUL_COUNT = 50;

/** What one object's pull brought. */
export interface Pulled {
  readonly object: string;
  /** Records that came over the wire. */
  read: number;
  inserted: number;
  updated: number;
  deleted: number;
}

/**
 * Brings the store up to the CRM: every record of an object at the first time and in a full run, otherwise what changed.
 * Resumes each object where its last stored page ended. An object that may not be read is skipped and reported.
 */
export async function pull(line: DefinedLine, kind: RunKind): Promise<readonly Pulled[]> {
  const results = new Map<string, Pulled>();
  const objects = line.mapping.objectsToPull;
  const waiting = [...objects];
  const work = async (): Promise<void> => {
    for (let object = waiting.shift(); object !== undefined; object = waiting.shift()) {
      const pulled: Pulled = { object: object.object, read: 0, inserted: 0, updated: 0, deleted: 0 };
      results.set(object.object, pulled);
      await pullObject(line, object, kind, pulled);
    }
  };
  // All settle before the first failure is told, so that no stream goes on writing behind a failed run.
  const settled = await Promise.allSettled(Array.from({ length: STREAMS }, work));
  for (const outcome of settled) if (outcome.status === 'rejected') throw outcome.reason;
  await line.store.problems.closeOlder('read', line.runStartedAt);
  return objects.flatMap(({ object }) => results.get(object) ?? []);
}

async function pullObject(line: DefinedLine, object: PulledObject, kind: RunKind, pulled: Pulled): Promise<void> {
  try {
    const walk = await walkToMake(line, object.object, kind);
    switch (walk) {
      case 'made':
        return;
      case 'changes-suffice':
        await pullChanged(line, object, kind, pulled);
        return;
      default:
        if (!walk.isRead) await walkAll(line, object, walk, pulled);
        await reconcile(line, object, walk, pulled);
    }
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'permission-missing') throw error;
    await reportUnreadable(line, object.object, error);
  }
}

/** Tells the admin that an object may not be read. */
export async function reportUnreadable(line: DefinedLine, object: string, error: ConnectorError): Promise<void> {
  await line.store.problems.report(
    [
      {
        kind: 'read',
        code: error.code,
        object,
        field: '',
        crmId: '',
        message: error.message,
        remedy: error.remedy,
      },
    ],
    line.clock.now(),
  );
}

/** A walk over all records of an object. `id` marks the records that it saw. */
interface Walk {
  readonly id: string;
  readonly beganAt: Instant;
  readonly cursor: string | null;
  readonly isRead: boolean;
}

/** The walk to begin or to go on with; `made` when this very run has made it before it was cut short. */
async function walkToMake(
  line: DefinedLine,
  object: string,
  kind: RunKind,
): Promise<Walk | 'made' | 'changes-suffice'> {
  const checkpoint = await line.store.checkpoints.get(`${object}:all`);
  if (checkpoint !== null && checkpoint['phase'] !== 'done') {
    return {
      id: String(checkpoint['walk']),
      beganAt: String(checkpoint['beganAt']),
      cursor: textOrNull(checkpoint['cursor']),
      isRead: checkpoint['phase'] === 'reconcile',
    };
  }
  if (checkpoint?.['walk'] === line.runId) return 'made';
  if (checkpoint !== null && kind !== 'full') return 'changes-suffice';
  return { id: line.runId, beganAt: line.clock.now(), cursor: null, isRead: false };
}

async function walkAll(line: DefinedLine, object: PulledObject, walk: Walk, pulled: Pulled): Promise<void> {
  const checkpointAfter = (page: PullPage): Checkpoint => ({
    walk: walk.id,
    beganAt: walk.beganAt,
    cursor: page.cursor,
    phase: page.cursor === null ? 'reconcile' : 'read',
  });
  await storePages(line, object, pulled, {
    scope: { kind: 'all' },
    cursor: walk.cursor,
    walk: walk.id,
    stream: `${object.object}:all`,
    checkpointAfter,
    stage: 'pull',
  });
}

/**
 * Records that a complete walk did not see are looked up by id before they count as deleted: absence from a list is no
 * proof. Only then is the walk done, and changes are read from where it began.
 */
async function reconcile(line: DefinedLine, object: PulledObject, walk: Walk, pulled: Pulled): Promise<void> {
  const gone: string[] = [];
  let after: string | null = null;
  for (;;) {
    mustGoOn(line);
    const ids: readonly string[] = await line.store.records.unseen(
      object.object,
      walk.id,
      walk.beganAt,
      after,
      LOOK_UP,
    );
    if (ids.length === 0) break;
    const alive = await line.session.read(object.object, ids, object.fields);
    await storeFound(line, object, alive, pulled);
    const living = new Set(alive.map((record) => record.id));
    gone.push(...ids.filter((id) => !living.has(id)));
    after = ids.at(-1) ?? null;
  }
  if (gone.length > 0) {
    const known = (await line.store.records.count()).get(object.object)?.alive ?? 0;
    if (!line.acceptDeletions && gone.length >= DOUBTFUL_COUNT && gone.length > known * DOUBTFUL_SHARE) {
      throw new HoldfastError({
        code: 'reconciliation-doubtful',
        message: `${gone.length} of ${known} ${object.object} are no longer to be found in ${line.connector.title}.`,
        remedy: `Nothing was deleted. Check that Holdfast may still see all ${object.object} there; if they are really gone, run 'holdfast sync ${line.installation.id} --full --accept-deletions'.`,
      });
    }
    pulled.deleted += await line.store.records.markDeleted(object.object, gone, line.clock.now());
  }
  await line.store.checkpoints.put(`${object.object}:changed`, {
    readTo: walk.beganAt,
    since: null,
    until: null,
    cursor: null,
  });
  await line.store.checkpoints.put(`${object.object}:all`, {
    walk: walk.id,
    beganAt: walk.beganAt,
    cursor: null,
    phase: 'done',
  });
}

async function pullChanged(line: DefinedLine, object: PulledObject, kind: RunKind, pulled: Pulled): Promise<void> {
  const stream = `${object.object}:changed`;
  const checkpoint = await line.store.checkpoints.get(stream);
  const readTo = textOrNull(checkpoint?.['readTo']) ?? line.clock.now();
  if (kind === 'incremental' && readTo > shift(line.clock.now(), -(await restMs(line, object)))) return;
  // A window that was begun is finished as it was, so that its cursor still means the same.
  const isBegun = checkpoint !== null && checkpoint['cursor'] !== null;
  const since = isBegun ? String(checkpoint['since']) : shift(readTo, -OVERLAP_MS[kind]);
  const until = isBegun ? String(checkpoint['until']) : line.clock.now();
  await storePages(line, object, pulled, {
    scope: { kind: 'changed', since, until },
    cursor: isBegun ? textOrNull(checkpoint['cursor']) : null,
    walk: null,
    stream,
    checkpointAfter: (page) =>
      page.cursor === null
        ? { readTo: until, since: null, until: null, cursor: null }
        : { readTo, since, until, cursor: page.cursor },
    stage: 'pull',
  });
}

/** For how long after it was read an incremental run leaves an object alone. */
async function restMs(line: DefinedLine, { entity, object }: PulledObject): Promise<number> {
  if (entity === 'owner') return OWNERS_REST_MS;
  if (entity === 'account' || entity === 'contact' || entity === 'deal' || entity === 'contract') return 0;
  const isUnused = (await line.store.records.page(object, null, 1)).length === 0;
  return isUnused ? UNUSED_REST_MS : 0;
}

interface PagesToStore {
  readonly scope: PullScope;
  readonly cursor: string | null;
  readonly walk: string | null;
  readonly stream: string;
  readonly checkpointAfter: (page: PullPage) => Checkpoint;
  readonly stage: RunStage;
}

/** Reads pages and stores each with the checkpoint behind it; the next page is under way while one is stored. */
export async function storePages(
  line: DefinedLine,
  object: PulledObject,
  pulled: Pulled,
  request: PagesToStore,
): Promise<void> {
  const stream = line.session.pull({
    object: object.object,
    fields: object.fields,
    links: request.scope.kind === 'archived' ? [] : object.links,
    scope: request.scope,
    cursor: request.cursor,
  });
  const pages = stream[Symbol.asyncIterator]();
  const read = (): Promise<IteratorResult<PullPage>> => {
    const next = pages.next();
    // The failure is told when its turn comes; until then it must not count as unhandled.
    next.catch(() => undefined);
    return next;
  };
  let coming = read();
  for (;;) {
    const step = await coming;
    if (step.done === true) return;
    const page = step.value;
    mustGoOn(line);
    if (page.cursor !== null) coming = read();
    const outcome = await line.store.records.storePage({
      object: object.object,
      records: (await withoutErased(line, object, page.records)).map((record) => toIncoming(line, object, record)),
      walk: request.walk,
      stream: request.stream,
      checkpoint: request.checkpointAfter(page),
      touches: isJudged(object),
      at: line.clock.now(),
    });
    pulled.read += page.records.length;
    pulled.inserted += outcome.inserted;
    pulled.updated += outcome.updated;
    pulled.deleted += outcome.deleted;
    line.progress({ stage: request.stage, subject: object.object, done: pulled.read, total: page.total });
    if (page.cursor === null) return;
  }
}

/** Stores records that were looked up by id. Links that were not read stay as they were. */
export async function storeFound(
  line: DefinedLine,
  object: PulledObject,
  records: readonly RawRecord[],
  pulled: Pulled,
): Promise<void> {
  if (records.length === 0) return;
  const outcome = await line.store.records.storePage({
    object: object.object,
    records: (await withoutErased(line, object, records)).map((record) => toIncoming(line, object, record)),
    walk: null,
    stream: `${object.object}:found`,
    checkpoint: { at: line.clock.now() },
    touches: isJudged(object),
    at: line.clock.now(),
  });
  pulled.read += records.length;
  pulled.inserted += outcome.inserted;
  pulled.updated += outcome.updated;
}

/** Do scores look at it? Tasks are what comes of a score, and owners are nobody's. */
function isJudged({ entity }: PulledObject): boolean {
  return entity !== 'task' && entity !== 'owner';
}

/** Splits a record into what decides and what is ours, and says which account it belongs to. */
export function toIncoming(line: DefinedLine, object: PulledObject, raw: RawRecord): IncomingRecord {
  const inputs: Record<string, IncomingRecord['inputs'][string]> = {};
  const shown: Record<string, IncomingRecord['shown'][string]> = {};
  for (const [name, value] of Object.entries(raw.fields)) (object.written.has(name) ? shown : inputs)[name] = value;
  const own = object.object === line.mapping.accountObject ? raw.id : raw.links[line.mapping.accountObject]?.[0];
  return {
    raw,
    inputs,
    shown,
    accountId: own === undefined ? null : toAccountId(own),
    contactId: raw.links[line.mapping.contactObject]?.[0] ?? null,
  };
}

function textOrNull(value: string | number | boolean | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
