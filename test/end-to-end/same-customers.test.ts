import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { World } from '../../connectors/kit/sandbox/world.ts';
import { sendUsage } from '../../src/cli/commands/demo-usage.ts';
import type { Assessment } from '../../src/core/model/assessment.ts';
import { toInstallationId, toTermId } from '../../src/core/model/ids.ts';
import { holdfastKey } from '../../src/core/plays/dedupe.ts';
import { DIGEST } from '../../src/core/plays/digest.ts';
import type { LedgerTask } from '../../src/core/plan/step.ts';
import { makeUsageKey } from '../../src/flow/intake/usage-keys.ts';
import { changePlays } from '../../src/install/plays.ts';
import { startServer } from '../../src/server/server.ts';
import { mappingOf } from '../mappings/mapping-files.ts';
import { openCrmOffice, worldOf, type CrmCustomer, type CrmOffice } from '../support/crm-office.ts';
import type { CrmKind } from '../support/simulated-crm.ts';
import { simulatedHubSpot } from '../support/simulated-hubspot.ts';
import { simulatedSalesforce } from '../support/simulated-salesforce.ts';

const world = withoutBlanks(worldOf(120));

/**
 * What cannot be known of these customers on their first day: there is no day to compare with, nobody of them answered a
 * survey, has milestones, gets invoices from a connected system, renews a deal that names the one before, or made a call;
 * no deal is opened for them.
 */
const UNSAID: readonly string[] = [
  'account: health.trend',
  'account: health.delta28d',
  'account: health.sentiment',
  'account: health.outcome',
  'deal: deal.key',
  'deal: term.priorContractId',
  'deal: term.paperDeadlineOn',
  'deal: deal.isOurs',
  'deal: term.callDisagreement',
];

let office: CrmOffice;
let inHubSpot: Judged;
let inSalesforce: Judged;
beforeAll(async () => {
  office = await openCrmOffice();
  inHubSpot = await judge(simulatedHubSpot);
  inSalesforce = await judge(simulatedSalesforce);
});
afterAll(() => office.close());

/** What Holdfast says of each account and of each task. Ids are the world's: those of the CRMs differ by nature. */
interface Judged {
  readonly accounts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** By the key that the task's facts give. */
  readonly tasks: Readonly<Record<string, unknown>>;
  /** What no field of ours shows on any account or deal, by what the field would show. */
  readonly blank: readonly string[];
  /** By name of the account: what its own page in the CRM tells, fields and open tasks. */
  readonly pages: ReadonlyMap<string, Page>;
}

interface Page {
  readonly band: unknown;
  readonly reason: unknown;
  readonly decisionOn: unknown;
  readonly expansion: unknown;
  readonly tasks: readonly string[];
}

describe('the same customers in HubSpot and in Salesforce, with the same usage', () => {
  it('are customers in both', () => {
    expect(Object.keys(inHubSpot.accounts).length).toBeGreaterThan(80);
    expect(Object.keys(inSalesforce.accounts)).toEqual(Object.keys(inHubSpot.accounts));
  });

  for (const part of ['name', 'health', 'churn', 'renewal', 'expansion', 'people']) {
    it(`have the same ${part}`, () => {
      expect(only(part, inSalesforce)).toEqual(only(part, inHubSpot));
    });
  }

  it('show in the CRM itself all that Holdfast can say of an account and a deal', () => {
    expect(inHubSpot.blank).toEqual(UNSAID);
    expect(inSalesforce.blank).toEqual(UNSAID);
  });

  it.each([
    [
      'the champion left',
      'Harbour & Finch Logistics',
      {
        band: 'red',
        reason: expect.stringMatching(/^Held at 49: the champion, Helen Marsh, left and no other has been met since\./),
        tasks: expect.arrayContaining([
          'Harbour & Finch Logistics: Find out who takes over from the champion (play 07)',
        ]),
      },
    ],
    [
      'usage fell',
      'Tidewater Analytics',
      {
        band: 'yellow',
        reason: expect.stringMatching(/^Key actions fell 34% in 28 days \(290 → 191\)\./),
        tasks: ['Tidewater Analytics: Find out why use fell (play 01)'],
      },
    ],
    [
      'an invoice is overdue',
      'Pemberton Catering',
      {
        band: 'yellow',
        reason: expect.stringMatching(/^Held at 60: an invoice is 37 days overdue\./),
        tasks: ['Pemberton Catering: Ask about the open payment (play 10)'],
      },
    ],
    [
      'seats are full',
      'Brightpath Learning',
      {
        band: 'green',
        expansion: expect.stringMatching(/^100 of 100 paid seats are used/),
        tasks: ['Brightpath Learning: Talk about the right size: the limit is reached (play 14)'],
      },
    ],
    [
      'the notice period begins tomorrow',
      'Maple & Main Stationers',
      {
        decisionOn: '2026-03-03',
        tasks: expect.arrayContaining(['Maple & Main Stationers: Decision day – ends 2 April 2026 (R8)']),
      },
    ],
  ])('tell on their own page that %s: %s', (_, name, told) => {
    expect(inHubSpot.pages.get(name)).toMatchObject(told);
    expect(inSalesforce.pages.get(name)).toEqual(inHubSpot.pages.get(name));
  });

  it('get the same tasks, with keys made of the same facts', () => {
    expect(Object.keys(inHubSpot.tasks).length).toBeGreaterThan(30);
    expect(inSalesforce.tasks).toEqual(inHubSpot.tasks);
  });
});

/** By nature Salesforce leaves blank neither an owner nor an opportunity's close date, so here nobody does. */
function withoutBlanks(blank: World): World {
  const [first] = blank.owners;
  const ownerOf = (key: number | null): number | null => key ?? first?.key ?? null;
  return {
    ...blank,
    accounts: Array.from(blank.accounts, (account) => ({
      ...account,
      ownerKey: ownerOf(account.ownerKey),
      deals: account.deals.map((deal) => ({
        ...deal,
        ownerKey: ownerOf(deal.ownerKey),
        closeAt: deal.closeAt ?? deal.createdAt,
      })),
    })),
  };
}

async function judge(kind: CrmKind): Promise<Judged> {
  const customer = await office.connect(kind, { world });
  await letProductSend(customer);
  await letPlaysAct(customer);
  await customer.store.settings.put('write-back', { fields: 'extended' });
  await customer.begin();
  const toWorld = worldNames(customer);
  const stored = await customer.store.assessments.page(null, 1_000);
  const tasks = await customer.store.ledger.byState(['open'], null, 1_000);
  return {
    accounts: Object.fromEntries(
      stored
        .map(
          ({ assessment, name }) => [toWorld(assessment.accountId), { name, ...neutral(assessment, toWorld) }] as const,
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    tasks: Object.fromEntries(tasks.map((task) => [worldKey(task, customer, toWorld), neutralTask(task, toWorld)])),
    blank: blankIn(customer),
    pages: pagesIn(customer),
  };
}

/** Fields that people fill are left out, and stamps, of which not all are told here. An empty box says nothing. */
function blankIn({ crm, installation }: CrmCustomer): readonly string[] {
  const { written } = crm.leftBehind();
  const { writeBack } = mappingOf(installation.connector);
  return (['account', 'deal'] as const).flatMap((section, at) => {
    const records = JSON.stringify(Array.isArray(written) ? written[at] : []);
    return writeBack[section]
      .filter(({ value, writeWhen }) => value !== null && writeWhen !== 'stamp')
      .filter(({ name }) => !new RegExp(`"${name}":(?!null|""|false)`).test(records))
      .map(({ value }) => `${section}: ${value}`);
  });
}

function pagesIn({ crm, installation, world }: CrmCustomer): ReadonlyMap<string, Page> {
  const { writeBack } = mappingOf(installation.connector);
  const subjects = Object.values(crm.leftBehind().tasks).map(({ facts }) => String(facts.subject));
  return new Map(
    Array.from(world.accounts, ({ key, name }): [string, Page] => {
      const values = crm.ourValues(crm.idOf('account', key));
      const shown = (path: string): unknown =>
        values[writeBack.account.find(({ value }) => value === path)?.name ?? ''] ?? '';
      const page = {
        band: shown('health.band'),
        reason: shown('health.reason'),
        decisionOn: shown('renewal.decisionOn'),
        expansion: shown('expansion.reason'),
        tasks: subjects.filter((subject) => subject.startsWith(`${name}: `)),
      };
      return [name ?? '', page];
    }),
  );
}

/** Usage comes over HTTP and names accounts as the CRM does. */
async function letProductSend({ crm, store, world }: CrmCustomer): Promise<void> {
  const { key } = await makeUsageKey(store, office.app.clock.now(), 'admin');
  const server = await startServer({ ...office.app.serverParts(), queue: null, port: 0 });
  try {
    await sendUsage(world.usage, ({ accountKey }) => crm.idOf('account', accountKey), {
      url: `http://localhost:${server.port}`,
      writeKey: key,
      signal: new AbortController().signal,
    });
  } finally {
    await server.stop();
  }
}

async function letPlaysAct({ store }: CrmCustomer): Promise<void> {
  await changePlays(store, office.app.clock, (await office.app.configurationOf(store)).plays, {
    modes: [{ play: 'all', mode: 'act' }],
    roles: [],
    actor: 'admin',
  });
}

/**
 * A task's key is a hash of the installation, the account (or the owner, of the list of what waits), the term, the play,
 * the step and how often it came round. The first three have other ids in every CRM: this gives the key that the same
 * facts give under the world's ids.
 */
function worldKey(task: LedgerTask, { installation }: CrmCustomer, toWorld: (id: string) => string): string {
  const { key, accountId, termId, ownerId, play } = task;
  const [step = '', round = '1'] = task.step.split('#');
  const [scope, scopeId] = play === DIGEST ? ['owner', ownerId ?? ''] : ['account', accountId];
  const facts = { scope, play, step, occurrence: task.occurrence ?? Number(round) };
  expect(holdfastKey({ ...facts, tenant: installation.id, scopeId, termId })).toBe(key);
  const tenant = toInstallationId('the same');
  const worldTerm = termId === null ? null : toTermId(toWorld(termId));
  return holdfastKey({ ...facts, tenant, scopeId: toWorld(scopeId), termId: worldTerm });
}

function neutralTask(task: LedgerTask, toWorld: (id: string) => string) {
  const { accountId, ownerId, play, step, dueOn, subject } = task;
  return { account: toWorld(accountId), owner: toWorld(ownerId ?? ''), play, step, dueOn, subject };
}

/** Without the CRM's ids: an assessment names the records that it rests on, and they have other ids there. */
function neutral({ health, churn, renewal, expansion, people }: Assessment, toWorld: (id: string) => string) {
  const { terms, next, ...rest } = renewal;
  const toTerm = ({ evidence, ...term }: (typeof terms)[number]) => ({
    ...term,
    id: toWorld(term.id),
    renewalDealId: term.renewalDealId === null ? null : toWorld(term.renewalDealId),
    evidence: evidence.map(({ kind, id }) => `${kind} ${toWorld(id)}`),
  });
  return {
    health: { ...health, drivers: health.drivers.map((driver) => ({ ...driver, evidence: driver.evidence.length })) },
    churn,
    people: { ...people, stakeholders: (people.stakeholders ?? []).map(withoutId).toSorted() },
    renewal: { ...withWorldIds(rest, toWorld), terms: terms.map(toTerm), next: next === null ? null : toTerm(next) },
    expansion: {
      ...expansion,
      deals: withWorldIds(expansion.deals, toWorld),
      won: withWorldIds(expansion.won ?? [], toWorld).toSorted((a, b) => (a.dealId < b.dealId ? -1 : 1)),
      signals: expansion.signals.map((signal) => ({ ...signal, evidence: signal.evidence.length })),
    },
  };
}

function withoutId({ role, status, lastTwoWayAt }: NonNullable<Assessment['people']['stakeholders']>[number]): string {
  return [role, status, lastTwoWayAt].join(' ');
}

/** The same value with every text that is an id of the CRM's turned into the world's. */
function withWorldIds<T>(value: T, toWorld: (id: string) => string): T {
  const turned = JSON.stringify(value, (_, one: unknown) => (typeof one === 'string' ? toWorld(one) : one));
  return JSON.parse(turned) as T;
}

/** Turns ids of the CRM's accounts, deals and owners, also within a term's id, into keys of the world. */
function worldNames({ crm, world }: CrmCustomer): (text: string) => string {
  const names = new Map<string, string>();
  for (const { key } of world.owners) names.set(crm.idOf('owner', key), `owner ${key}`);
  for (const { key, deals } of world.accounts) {
    names.set(crm.idOf('account', key), `account ${key}`);
    for (const deal of deals) names.set(crm.idOf('deal', deal.key), `deal ${deal.key}`);
  }
  return (text) =>
    text
      .split('/')
      .map((part) => names.get(part) ?? part)
      .join('/');
}

function only(part: string, { accounts }: Judged): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(accounts).map(([account, parts]) => [account, parts[part]]));
}
