import type { CrmSession, PullScope } from '../../connectors/contract/connector.ts';
import type { RawChange, RawFields } from '../../connectors/contract/record.ts';
import { hubspot } from '../../connectors/hubspot/index.ts';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../connectors/hubspot/sandbox/index.ts';
import { createClock } from '../../connectors/kit/sandbox/clock.ts';
import { compileMapping, type PulledObject } from '../../src/core/mapping/compile.ts';
import type { Line } from '../../src/flow/line.ts';
import { approve } from '../../src/install/approve.ts';
import { hubspotMapping } from '../mappings/hubspot-files.ts';
import { openDirectAccess } from '../support/direct-access.ts';
import type { Bench, Figure } from './bench.ts';
import { BENCH_TOKEN } from './crm-process.ts';
import { companyName, knownPortal, type KnownPortal } from './known-portal.ts';
import { inDataFolder, openBenchApp } from './open-bench-app.ts';
import { callsOnSalesforce } from './org-calls.ts';

/** Where every portal of this bench begins. */
const NOW = Date.parse('2026-03-02T09:00:00Z');
const FULL_SIZE = 2_000;
const HOUR_MS = 3_600_000;
/** The key of the company that one rule of the admin is about. */
const STUBBORN = 133;
const UNWANTED = 'not without a phone number';
/** Five properties, as written to each company. */
const VALUES = { description: 'fine', city: 'Kiel', country: 'DE', days_overdue: '1', notice_period_days: '30' };
const OBJECTS = ['companies', 'contacts', 'deals'];
const A_PAGE = 100;
const A_SEARCH_PAGE = 200;

/**
 * How many HTTP calls the work takes, beside the least that the CRM's page and batch sizes allow. Counted where they arrive.
 * On HubSpot, `connector` is a session of the connector alone; `sync` the whole line, with a mapping of just three objects.
 */
export const calls: Bench = {
  name: 'calls',
  run: async ({ isQuick }) => {
    const size = isQuick ? 400 : FULL_SIZE;
    return [...(await ofConnector(size)), ...(await ofSync(size)), ...(await callsOnSalesforce(isQuick))];
  },
};

async function ofConnector(size: number): Promise<readonly Figure[]> {
  const portal = knownPortal(size, NOW);
  const sandbox = await openSandbox(portal, () => NOW);
  try {
    const session = hubspot.open(openDirectAccess(sandbox.url, { token: BENCH_TOKEN }));
    const objects = await describe(session);
    const count = async (work: () => Promise<unknown>): Promise<number> => {
      sandbox.calls.reset();
      await work();
      return sandbox.calls.total;
    };

    const read = await count(() => pullAll(session, objects, { kind: 'all' }));
    edit(sandbox, portal.dealIds.slice(0, size / 4));
    const deals = objects.filter(({ object }) => object === 'deals');
    const since = new Date(NOW - HOUR_MS).toISOString();
    const until = new Date(NOW + HOUR_MS).toISOString();
    const changed = await count(() => pullAll(session, deals, { kind: 'changed', since, until }));
    const updated = await count(() => update(session, portal.companyIds, VALUES));
    let written = 0;
    const withUnnamed = await count(async () => {
      written = await update(session, portal.companyIds, { ...VALUES, description: UNWANTED });
    });
    const [one = '', ...rest] = portal.companyIds;
    const withNamed = await count(async () => {
      await session.write([
        toChange(one, { ...VALUES, days_overdue: 'many' }),
        ...rest.map((id) => toChange(id, VALUES)),
      ]);
    });

    return [
      readFigure('connector', size, read, portal.leastCalls, ''),
      changedFigure('connector', size, changed, ''),
      {
        what: `connector: update ${n(size)} companies × 5 properties`,
        figure: updated,
        unit: 'calls',
        goal: { atMost: pages(size) + 1 },
        beside: `least possible ${pages(size)}${peers(size, 'best peer 20, most 2,000')}`,
      },
      {
        what: `connector: one refused value among ${n(size)}, others written`,
        figure: written,
        unit: 'records',
        goal: { atLeast: size - 1 },
        beside: 'refused by a rule whose message names neither',
      },
      {
        what: 'connector: calls to find the refused one',
        figure: withUnnamed - pages(size),
        unit: 'calls',
        goal: { atMost: 15 },
        beside: `${withNamed - pages(size)} when the message quotes the value`,
      },
    ];
  } finally {
    await sandbox.close();
  }
}

async function ofSync(size: number): Promise<readonly Figure[]> {
  const clock = createClock(NOW);
  const portal = knownPortal(size, NOW);
  const sandbox = await openSandbox(portal, clock.now);
  try {
    return await inDataFolder(async (dataDir) => {
      const bench = await openBenchApp(sandbox.url, {
        dataDir,
        unlimited: true,
        clock: { now: () => new Date(clock.now()).toISOString() },
        adapt: withThreeObjects,
      });
      const count = async (): Promise<Counted> => {
        clock.advance(HOUR_MS);
        sandbox.calls.reset();
        const { writes } = await bench.sync();
        return { purposes: { ...sandbox.calls.perPurpose }, values: writes.fields, records: writes.records };
      };
      try {
        const read = await count();
        clock.advance(HOUR_MS);
        edit(sandbox, portal.dealIds.slice(0, size / 4));
        const changed = await count();
        const store = bench.app.store.of(bench.installation.id);
        await approve(store, bench.app.clock, { digest: 'bench', expected: null, actor: 'bench' });
        const first = await count();
        const second = await count();
        return [
          readFigure('sync', size, reads(read), portal.leastCalls, `; ${others(read)}`),
          changedFigure('sync', size, reads(changed), `; ${others(changed)}`),
          {
            what: `sync: first write, ${n(first.values)} values on ${n(first.records)} records`,
            figure: updates(first),
            unit: 'calls',
            goal: { atMost: pages(first.records) + 1 },
            beside: `least possible ${pages(first.records)}; and ${provisions(first)} to make the properties`,
          },
          {
            what: `sync: write ${n(size)} companies in which nothing changed`,
            figure: updates(second) + second.values,
            unit: 'calls',
            goal: { atMost: 0 },
            beside: '',
          },
        ];
      } finally {
        await bench.close();
      }
    });
  } finally {
    await sandbox.close();
  }
}

/** One sync: calls per purpose, as the sandbox names them, and what was written. */
interface Counted {
  readonly purposes: Readonly<Record<string, number>>;
  readonly values: number;
  readonly records: number;
}

function readFigure(level: string, size: number, figure: number, least: number, more: string): Figure {
  return {
    what: `${level}: read ${n(size)} companies, ${n(2 * size)} contacts, ${n(size)} deals, all links`,
    figure,
    unit: 'calls',
    goal: { atMost: pages(size) + pages(2 * size) + pages(size) + 4 },
    beside: `least possible ${least}${peers(size, 'best peer 89')}${more}`,
  };
}

function changedFigure(level: string, size: number, figure: number, more: string): Figure {
  const changed = size / 4;
  return {
    what: `${level}: read ${n(changed)} changed deals with links`,
    figure,
    unit: 'calls',
    goal: { atMost: Math.ceil(changed / A_SEARCH_PAGE) + 5 },
    beside: `least possible ${Math.ceil(changed / A_SEARCH_PAGE) + 2}${peers(size, 'best peer 32')}${more}`,
  };
}

/** What other connectors took for the same work; they were measured at full size alone. */
function peers(size: number, figures: string): string {
  return size === FULL_SIZE ? `; ${figures}` : '';
}

/** Calls that read records or links of the three objects. */
function reads({ purposes }: Counted): number {
  return sum(purposes, isRead);
}

function updates({ purposes }: Counted): number {
  return sum(purposes, (purpose) => /^batch update (companies|deals)$/.test(purpose));
}

/** Calls that look for our properties and make them. */
function provisions({ purposes }: Counted): number {
  return sum(purposes, (purpose) => /\b(property groups|properties|property)\b/.test(purpose));
}

/** What a sync asks besides, in words. */
function others({ purposes }: Counted): string {
  const definitions = sum(purposes, isDefinition);
  const rest = sum(purposes, (purpose) => !isRead(purpose) && !isDefinition(purpose));
  return `and ${definitions} for definitions, ${rest} for owners and tasks`;
}

function isRead(purpose: string): boolean {
  return /^(list|search|batch read)\b/.test(purpose) && !isDefinition(purpose) && !/\b(owners|tasks)$/.test(purpose);
}

function isDefinition(purpose: string): boolean {
  return /\b(properties|pipelines)\b/.test(purpose);
}

function sum(purposes: Counted['purposes'], isMeant: (purpose: string) => boolean): number {
  return Object.entries(purposes).reduce((total, [purpose, count]) => total + (isMeant(purpose) ? count : 0), 0);
}

/** A portal whose admin demands something of one company, with a message that names neither record nor value. */
function openSandbox({ seed }: KnownPortal, now: () => number): Promise<HubSpotSandbox> {
  return startHubSpotSandbox({
    seed,
    now,
    limits: null,
    staticTokens: [BENCH_TOKEN],
    adminRule: (object, properties, written) =>
      object === 'companies' && properties['name'] === companyName(STUBBORN) && written['description'] === UNWANTED
        ? { property: 'phone', message: 'A company with this description needs a phone number.' }
        : null,
  });
}

async function describe(session: CrmSession): Promise<readonly PulledObject[]> {
  const facts = await session.whoAmI();
  const definitions = new Map(
    await Promise.all(
      OBJECTS.map(async (object) => {
        const definition = { fields: await session.describe(object), pipelines: await session.pipelines(object) };
        return [object, definition] as const;
      }),
    ),
  );
  return compileMapping(hubspotMapping(), { facts, definitions }).objectsToPull.filter(({ object }) =>
    OBJECTS.includes(object),
  );
}

async function pullAll(session: CrmSession, objects: readonly PulledObject[], scope: PullScope): Promise<void> {
  for (const { object, fields, links } of objects) {
    let records = 0;
    for await (const page of session.pull({ object, fields, links, scope, cursor: null }))
      records += page.records.length;
    if (records === 0) throw new Error(`No ${object} were read: the bench measures nothing.`);
  }
}

/** Answers how many were taken. */
async function update(session: CrmSession, ids: readonly string[], fields: RawFields): Promise<number> {
  const outcomes = await session.write(ids.map((id) => toChange(id, fields)));
  return outcomes.filter(({ ok }) => ok).length;
}

function toChange(id: string, fields: RawFields): RawChange {
  return { kind: 'update', object: 'companies', id, fields };
}

function edit(sandbox: HubSpotSandbox, dealIds: readonly string[]): void {
  for (const id of dealIds) sandbox.portal.edit('deals', id, { dealname: `Renamed ${id}` });
}

function withThreeObjects({ connectorMapping }: Line): Partial<Line> {
  const { owner, account, contact, deal, task } = connectorMapping.entities;
  return { connectorMapping: { ...connectorMapping, entities: { owner, account, contact, deal, task } } };
}

function pages(records: number): number {
  return Math.ceil(records / A_PAGE);
}

function n(count: number): string {
  return count.toLocaleString('en-US');
}
