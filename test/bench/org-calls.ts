import { createClock } from '../../connectors/kit/sandbox/clock.ts';
import { generateWorld } from '../../connectors/kit/sandbox/world.ts';
import { startSalesforceSandbox, type SalesforceSandbox } from '../../connectors/salesforce/sandbox/index.ts';
import { toOrgSeed } from '../../connectors/salesforce/sandbox/seed.ts';
import type { SyncResult } from '../../src/flow/sync.ts';
import { approve } from '../../src/install/approve.ts';
import type { PlanPreview } from '../../src/queries/plan-preview.ts';
import type { Figure } from './bench.ts';
import { BENCH_TOKEN } from './crm-process.ts';
import { inDataFolder, openBenchApp } from './open-bench-app.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
/** The product's own rhythm. */
const QUARTER_MS = 15 * 60_000;
const FULL_SIZE = 4_000;
/** Most rows that Salesforce gives in a page. Where long text is read, it gives half as many; that counts as ours. */
const A_PAGE = 2_000;
/** Most records that Salesforce takes in a call. */
const A_COLLECTION = 200;
/** Calls of a bulk job that is looked at twice until it has ended: begin, send, close, look, look. */
const A_JOB = 5;
/** One record in a hundred is changed between two syncs. */
const EVERY = 100;
const GOAL = 1.1;

/** Objects that are described before they are read; tasks, calls, e-mails and notes are one of them. */
const DESCRIBED = ['Account', 'Contact', 'Opportunity', 'Contract', 'Asset', 'Case', 'Task', 'Event'];
/** CPQ's subscriptions, which this org has not: that takes asking. */
const LOOKED_FOR = 1;
/** Setup that is asked for beside them: stages of opportunities, statuses of cases and of tasks. */
const SETUPS = 3;

/**
 * Every call that an org counts for a sync of all that the mapping names, beside the least that Salesforce's page of 2,000
 * and collection of 200 allow: a page for each 2,000 records of an object, one at least; a description of each object; one
 * list of stages for each object that has some. Values go in collections or as a bulk job, whichever takes fewer.
 */
export async function callsOnSalesforce(isQuick: boolean): Promise<readonly Figure[]> {
  const size = isQuick ? 800 : FULL_SIZE;
  const clock = createClock(NOW);
  const world = generateWorld({ seed: 7, now: new Date(NOW).toISOString(), accounts: size });
  const sandbox = await startSalesforceSandbox({
    seed: toOrgSeed(world),
    staticTokens: [BENCH_TOKEN],
    now: clock.now,
    dailyApiCalls: 1_000_000,
  });
  try {
    return await inDataFolder(async (dataDir) => {
      const bench = await openBenchApp(sandbox.url, {
        connector: 'salesforce',
        dataDir,
        unlimited: true,
        clock: { now: () => new Date(clock.now()).toISOString() },
      });
      const count = async (): Promise<Counted> => {
        clock.advance(QUARTER_MS);
        sandbox.calls.reset();
        const result = await bench.sync();
        return { result, total: sandbox.calls.counted };
      };
      try {
        const least = leastToRead(sandbox);
        const read = await count();
        const edited = editSome(sandbox);
        const changed = await count();
        const store = bench.app.store.of(bench.installation.id);
        await approve(store, bench.app.clock, { digest: 'bench', expected: null, actor: 'bench' });
        const plan = await bench.app.previewPlan(bench.installation);
        const written = await count();
        return [
          readFigure(size, read, least),
          changedFigure(edited, changed, least.inUse),
          writeFigure(plan, written, written.total - changed.total),
        ];
      } finally {
        await bench.close();
      }
    });
  } finally {
    await sandbox.close();
  }
}

/** One sync: what it did, and the calls that arrived. */
interface Counted {
  readonly result: SyncResult;
  readonly total: number;
}

interface Least {
  /** Pages of each object that is read. */
  readonly pages: readonly number[];
  /** Objects of which the org has records, users left out. */
  readonly inUse: number;
  readonly total: number;
}

function leastToRead({ org }: SalesforceSandbox): Least {
  const tasks = org.all('Task').map(({ fields }) => fields);
  const [emails, phoneCalls] = ['Email', 'Call'].map(
    (subtype) => tasks.filter((task) => task['TaskSubtype'] === subtype).length,
  );
  const counts = [
    org.all('User').filter(({ fields }) => fields['UserType'] === 'Standard').length,
    ...DESCRIBED.filter((object) => object !== 'Task').map((object) => org.count(object)),
    emails ?? 0,
    phoneCalls ?? 0,
    tasks.filter((task) => task['Type'] === 'Note').length,
    tasks.length - (emails ?? 0) - (phoneCalls ?? 0),
  ];
  const pages = counts.map((records) => Math.max(1, Math.ceil(records / A_PAGE)));
  const inUse = counts.filter((records) => records > 0).length - 1;
  return { pages, inUse, total: sum(pages) + DESCRIBED.length + LOOKED_FOR + SETUPS };
}

function readFigure(size: number, { result, total }: Counted, least: Least): Figure {
  return {
    what: `Salesforce: first sync of ${n(size)} accounts with all that hangs on them, ${n(sum(Object.values(result.pulled)))} records`,
    figure: total,
    unit: 'calls',
    goal: { atMost: Math.floor(least.total * GOAL) },
    beside: `least possible ${least.total}: ${sum(least.pages)} pages of ${n(A_PAGE)}, ${DESCRIBED.length + LOOKED_FOR} descriptions, ${SETUPS} lists of stages; ratio ${ratio(total, least.total)}`,
  };
}

/** Users change rarely and are left alone meanwhile, as is what nobody uses; every other object is asked once. */
function changedFigure(edited: number, { result, total }: Counted, least: number): Figure {
  const read = sum(Object.values(result.pulled));
  if (read < edited) throw new Error(`Of ${edited} changed records ${read} were read: the bench measures nothing.`);
  return {
    what: `Salesforce: sync after 1% of the records changed, ${n(edited)} of them`,
    figure: total,
    unit: 'calls',
    goal: { atMost: Math.floor(least * GOAL) },
    beside: `least possible ${least}: one for each object; ratio ${ratio(total, least)}`,
  };
}

/** What the sync that writes asks for beyond the one before it. */
function writeFigure(plan: PlanPreview, { result: { writes } }: Counted, figure: number): Figure {
  const updated = plan.steps.filter(({ kind }) => kind === 'set-fields');
  const opened = plan.steps.filter(({ kind }) => kind === 'open-task');
  const updates = [...Map.groupBy(updated, ({ object }) => object).values()].map(({ length }) =>
    Math.min(Math.ceil(length / A_COLLECTION), A_JOB),
  );
  const creates = Math.ceil(opened.length / A_COLLECTION);
  // Salesforce gives an owner to what has none, and only a look tells whom.
  const looks = opened.some(({ after }) => Object.values(after).includes(null)) ? 1 : 0;
  const least = sum(updates) + creates + looks;
  return {
    what: `Salesforce: first write, ${n(writes.fields)} values on ${n(writes.records)} records, ${n(writes.tasksOpened)} tasks`,
    figure,
    unit: 'calls',
    goal: { atMost: Math.floor(least * GOAL) },
    beside: `least possible ${least}: ${sum(updates)} for values, ${creates} for tasks, ${looks} to see whom the org gave tasks to; ratio ${ratio(figure, least)}`,
  };
}

/** Changes every hundredth record of the objects that have a description of their own. Answers how many. */
function editSome({ org }: SalesforceSandbox): number {
  let edited = 0;
  for (const object of DESCRIBED) {
    for (const [at, { id }] of org.all(object).entries()) {
      if (at % EVERY !== 0) continue;
      org.edit(id, { Description: `Changed ${at}` });
      edited += 1;
    }
  }
  return edited;
}

function ratio(figure: number, least: number): string {
  return (figure / least).toFixed(2);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function n(count: number): string {
  return count.toLocaleString('en-US');
}
