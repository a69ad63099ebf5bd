import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import type { Access } from '../../connectors/contract/connector.ts';
import { startHubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { createClock } from '../../connectors/kit/sandbox/clock.ts';
import { chanceOf, type Chance } from '../../connectors/kit/sandbox/world-chance.ts';
import { compileMapping } from '../../src/core/mapping/compile.ts';
import { HoldfastError } from '../../src/errors.ts';
import type { DefinedLine } from '../../src/flow/line.ts';
import { pull, type Pulled } from '../../src/flow/pull.ts';
import { sweep } from '../../src/flow/sweep.ts';
import type { SyncResult } from '../../src/flow/sync.ts';
import { nothingWritten } from '../../src/flow/write.ts';
import { runInstallation, type Runner } from '../../src/jobs/run.ts';
import type { RunKind, Store } from '../../src/ports/store.ts';
import { openDatabase } from '../../src/store/database.ts';
import { makeKey, parseKeychain } from '../../src/store/sealed.ts';
import { openStore } from '../../src/store/store.ts';
import { busySeed, peopleIn, type BusyObject } from '../support/busy-portal.ts';
import { storedMerges, storedRecords, trueRecords, type ComparedRecords } from '../support/compare-stored.ts';
import { startPostgres, type TestServer } from '../support/databases.ts';
import { openDirectAccess } from '../support/direct-access.ts';
import { installOn, noLog, openLine } from '../support/open-line.ts';
import { portalNow, portalToken } from '../support/sandbox-portal.ts';

/**
 * Whatever people do in a portal while it is read, and wherever reading is cut short: what is stored is the truth in the
 * end. `SEEDS=5000` tries more portals than CI does, `SEED=17` that one alone. A seed decides on the portal, its limits
 * and what the people do; which of the streams that are read side by side comes first is the machine's.
 */
const seeds =
  process.env['SEED'] === undefined
    ? Array.from({ length: Number(process.env['SEEDS'] ?? 200) }, (_, index) => index + 1)
    : [Number(process.env['SEED'])];

const AT_ONCE = 4;
/** The whole line takes longer: it is tried on fewer portals. */
const WRITTEN_ONE_IN = 15;
const MINUTE_MS = 60_000;
/** Search knows of a change after less than this: the overlap of an incremental pull. */
const LONGEST_LAG_MS = 9 * MINUTE_MS;
/** An object of which there is nothing is asked for once an hour. By then search knows of everything, too. */
const LONGEST_REST_MS = 61 * MINUTE_MS;
/** Of people during one run. */
const MOST_ACTS = 25;
const ALWAYS: readonly BusyObject[] = ['companies', 'contacts'];
const SOMETIMES: readonly BusyObject[] = ['deals', 'tickets', 'tasks', 'meetings'];

let server: TestServer;
let store: Store;
beforeAll(async () => {
  server = await startPostgres();
  const databaseUrl = await server.createDatabase();
  store = openStore(await openDatabase({ databaseUrl, dataDir: '/unused' }), parseKeychain(makeKey()));
});
afterAll(async () => {
  await store.close();
  await server.stop();
});

/** One portal, its people, and Holdfast beside them. */
async function openBusyPortal(seed: number, portalId: number) {
  const chance = chanceOf(seed);
  const clock = createClock(portalNow);
  const lags = chanceOf(seed + 1);
  const objects = [...ALWAYS, ...SOMETIMES.filter(() => chance.is(0.35))];
  const sandbox = await startHubSpotSandbox({
    seed: busySeed(chance, portalId, objects, 12),
    now: clock.now,
    staticTokens: [portalToken],
    limits: null,
    searchLagMs: chance.is(0.3) ? 0 : () => lags.int(0, LONGEST_LAG_MS),
    idOrder: chance.pick(['number', 'text']),
    shortSearchPages: chance.is(0.3),
    mostPerPage: chance.int(3, 8),
    mostInlineLinks: chance.int(1, 3),
    associationPageSize: chance.int(2, 4),
  });
  const { portal } = sandbox;
  const people = peopleIn(portal, objects, chance, clock, 30_000);
  const direct = openDirectAccess(sandbox.url, { token: portalToken });
  const time = { now: () => new Date(clock.now()).toISOString() };
  const tenant = await installOn(store, direct, time);
  const { facts } = await tenant.getInstallation();

  /** Repeats `attempt` until nothing cuts it short. */
  const insist = async <T>(
    disturb: Disturb,
    attempt: (access: Access, signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    for (;;) {
      const controller = new AbortController();
      const stop = (): void => controller.abort();
      // A page that was asked for ahead may still be on its way when the attempt is over: nothing happens around it.
      let isOver = false;
      const access: Access = {
        ...direct,
        call: async (request, make) => {
          if (!isOver) disturb(stop);
          const result = await direct.call(request, make);
          if (!isOver) disturb(stop);
          return result;
        },
      };
      try {
        return await attempt(access, controller.signal);
      } catch (error) {
        const isDisturbed =
          (error instanceof ConnectorError && error.code === 'unavailable') ||
          (error instanceof HoldfastError && error.code === 'stopped');
        if (!isDisturbed) throw error;
      } finally {
        isOver = true;
      }
    }
  };

  const line = await openLine(tenant, direct, time);
  const mapping = compileMapping(line.connectorMapping, { facts, definitions: new Map() });
  const objectsToPull = mapping.objectsToPull.filter(({ object }) => objects.some((busy) => busy === object));
  return {
    chance,
    clock,
    people,
    portal,
    tenant,
    /** Reads alone, of the objects in which people work. Answers what the last attempt changed in the store. */
    read: (kind: RunKind, id: string, disturb: Disturb): Promise<readonly Pulled[]> =>
      insist(disturb, async (access, signal) => {
        const opened = await openLine(tenant, access, time, { id, signal });
        const defined: DefinedLine = { ...opened, mapping: { ...mapping, objectsToPull } };
        const results = await pull(defined, kind);
        return kind === 'daily' ? [...results, ...(await sweep(defined))] : results;
      }),
    /** The whole line: reads, scores, writes. */
    sync: (kind: RunKind, disturb: Disturb): Promise<SyncResult> =>
      insist(disturb, (access, signal) => {
        const openRunLine: Runner['openLine'] = async (_, run) => ({
          ...(await openLine(tenant, access, time, { id: run.runId, startedAt: run.runStartedAt, signal })),
          close: () => Promise.resolve(),
        });
        const runner: Runner = { store, clock: time, log: noLog, openLine: openRunLine };
        const progress = (): void => undefined;
        return runInstallation(runner, tenant.id, {
          kind,
          trigger: 'schedule',
          signal,
          acceptDeletions: false,
          progress,
        });
      }),
    truth: () => trueRecords(portal, objectsToPull),
    stored: () => storedRecords(tenant, objectsToPull),
    expectMerges: async () => {
      for (const [object, merged] of Object.entries(people.merged())) {
        const known = await storedMerges(tenant, object, merged);
        const expected = [...known.keys()].map((id) => [id, merged.get(id)] as const);
        expect(known, `what became of merged ${object}`).toEqual(new Map(expected));
      }
    },
    close: () => sandbox.close(),
  };
}

/** What happens around a call; `stop` is the process being asked to end. */
type Disturb = (stop: () => void) => void;

/** People act around the calls, and now and then the connection breaks or the process is stopped. */
function busy(people: { act(): void }, chance: Chance): Disturb {
  let left = chance.int(0, MOST_ACTS);
  return (stop) => {
    for (let acts = Math.min(left, chance.weighted(ACTS_PER_CALL)); acts > 0; acts -= 1) {
      people.act();
      left -= 1;
    }
    if (chance.is(0.01)) stop();
    if (chance.is(0.01)) {
      throw new ConnectorError({ code: 'unavailable', message: 'The connection broke.', remedy: 'Try again.' });
    }
  };
}

const ACTS_PER_CALL = [
  [0, 6],
  [1, 3],
  [3, 1],
] as const;

const quiet = (): void => undefined;

async function converge(seed: number): Promise<void> {
  const { chance, clock, people, read, truth, stored, expectMerges, close } = await openBusyPortal(seed, seed);
  try {
    const kinds = ['full', ...Array.from({ length: chance.int(1, 2) }, () => chance.pick(RUNS))] as const;
    for (const [index, kind] of kinds.entries()) {
      await read(kind, `busy-${index}`, busy(people, chance));
      clock.advance(chance.int(0, 20) * MINUTE_MS);
    }

    clock.advance(LONGEST_REST_MS);
    await read('incremental', 'after', quiet);
    expect(withoutLinks(await stored()), 'edits, after an incremental run').toMatchObject(withoutLinks(truth()));
    await read('daily', 'daily', quiet);
    const deletedUnseen = ['meetings'];
    expect(without(await stored(), deletedUnseen), 'everything that is told, after a daily run').toEqual(
      without(truth(), deletedUnseen),
    );
    await read('full', 'full', quiet);
    await expectMerges();
    const settled = await stored();
    expect(settled, 'everything, after a full run').toEqual(truth());

    for (const [index, kind] of (['daily', 'full'] as const).entries()) {
      clock.advance(MINUTE_MS);
      const pulled = await read(kind, `again-${index}`, quiet);
      const changed = pulled.filter(({ inserted, updated, deleted }) => inserted + updated + deleted > 0);
      expect(changed, `changes in a second ${kind} run`).toEqual([]);
    }
    expect(await stored(), 'everything, after further runs').toEqual(settled);
  } finally {
    await close();
  }
}

/** Answers how many tasks there are in the end. */
async function settle(seed: number): Promise<number> {
  const office = await openBusyPortal(seed, 1_000_000 + seed);
  const { chance, clock, people, portal, tenant, sync } = office;
  try {
    await sync('incremental', quiet);
    await tenant.updateInstallation({ approvedAt: new Date(clock.now()).toISOString(), approvedPlan: 'all' });
    for (let days = chance.int(2, 3); days > 0; days -= 1) {
      people.lookAround();
      await sync(chance.pick(RUNS), busy(people, chance));
      clock.advance(chance.int(0, 20) * MINUTE_MS);
    }

    clock.advance(LONGEST_LAG_MS);
    await sync('daily', quiet);
    clock.advance(LONGEST_LAG_MS);
    await sync('full', quiet);
    expect(await office.stored(), 'everything, ours included, after a full run').toEqual(office.truth());
    const keys = [...portal.all('tasks'), ...portal.archived('tasks')].flatMap(
      ({ properties }) => properties['holdfast_key'] ?? [],
    );
    expect(keys, 'no task twice').toEqual([...new Set(keys)]);

    const settled = WRITTEN.map((object) => portal.all(object));
    for (const kind of ['incremental', 'daily', 'full'] as const) {
      clock.advance(MINUTE_MS);
      expect((await sync(kind, quiet)).writes, `writes of a further ${kind} run`).toEqual(nothingWritten());
    }
    expect(
      WRITTEN.map((object) => portal.all(object)),
      'the portal, after further runs',
    ).toEqual(settled);
    return keys.length;
  } finally {
    await office.close();
  }
}

const WRITTEN = ['companies', 'deals', 'tasks'];

const RUNS: readonly RunKind[] = ['incremental', 'incremental', 'daily', 'full'];

function without(records: ComparedRecords, objects: readonly string[]): ComparedRecords {
  return Object.fromEntries(Object.entries(records).filter(([object]) => !objects.includes(object)));
}

/** Links move without moving a modified date, so that an incremental run does not hear of them. */
function withoutLinks(records: ComparedRecords): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(records).map(([object, byId]) => [
      object,
      Object.fromEntries(Object.entries(byId).map(([id, { inputs }]) => [id, inputs])),
    ]),
  );
}

/** Tries the portals of `numbers`, some at once. */
async function tryAll<T>(numbers: readonly number[], attempt: (seed: number) => Promise<T>): Promise<readonly T[]> {
  const waiting = [...numbers];
  const results: T[] = [];
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const result = await attempt(seed).catch((error: unknown) => {
        throw new Error(`Seed ${seed} does not converge: ${String(error)}`, { cause: error });
      });
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

describe('A portal in which people work while Holdfast', () => {
  it(
    `reads it is stored as it is in the end, and reading it again changes nothing (${seeds.length} portals)`,
    async () => {
      await tryAll(seeds, converge);
    },
    seeds.length * 3_000 + 60_000,
  );

  const written = seeds.slice(0, Math.ceil(seeds.length / WRITTEN_ONE_IN));
  it(
    `reads and writes it comes to rest: then a second and a third run write nothing (${written.length} portals)`,
    async () => {
      const tasks = await tryAll(written, settle);
      expect(Math.max(...tasks), 'tasks in a portal').toBeGreaterThan(0);
    },
    written.length * 10_000 + 60_000,
  );
});
