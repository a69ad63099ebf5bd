import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import type { RiskReason } from '../../../src/core/model/assessment.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';
import type { Contact, RenewalCall, Ticket } from '../../../src/core/model/records.ts';
import type { AccountUsage, Invoice, Milestone, SurveyResponse } from '../../../src/core/model/signals.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import { signalPlaysOf } from '../../../src/core/plays/index.ts';
import type { Finding, PlayFacts } from '../../../src/core/plays/play.ts';
import { context } from '../plan/planning-office.ts';
import { contract, deal, on, snapshot } from '../renewals/builders.ts';
import { judge, PlayOffice, type Said } from './play-office.ts';

const TODAY = on('2026-11-20');
const ID = toAccountId('100');

interface Case extends Said {
  readonly is?: Partial<AccountSnapshot>;
  readonly account?: Parameters<typeof snapshot>[1];
  readonly sources?: Parameters<typeof snapshot>[2];
  readonly facts?: Partial<PlayFacts>;
}

function look(play: string, { is, account, sources, facts, ...said }: Case = {}): Finding {
  const of = { ...snapshot(TODAY, account, sources), ...is };
  const assessment = judge(of, said);
  const found = signalPlaysOf(defaultConfiguration.plays).find(({ id }) => id === play);
  if (found === undefined) throw new Error(`there is no play ${play}`);
  return found.look({
    snapshot: of,
    assessment,
    renewal: assessment.renewal,
    configuration: defaultConfiguration,
    owners: context.owners,
    topArrFrom: null,
    isIntentAsked: false,
    ...facts,
  });
}

const state = (play: string, of: Case = {}) => look(play, of).state;
const because = (play: string, of: Case = {}) => {
  const finding = look(play, of);
  return 'because' in finding ? finding.because : null;
};

const usage = (more: Partial<AccountUsage> = {}): AccountUsage => ({
  days: [],
  users14d: 8,
  keyUsers14d: 5,
  users28d: 10,
  usersPrior28d: 20,
  users28dLastYear: null,
  lastActiveAt: '2026-11-19T09:00:00.000Z',
  firstOn: on('2026-01-01'),
  limits: [],
  coreFeatures: null,
  ...more,
});
const contact = (more: Partial<Contact>): Contact => ({
  id: 'c1',
  accountId: ID,
  email: 'ana@acme.example',
  name: 'Ana',
  title: null,
  roles: ['champion'],
  status: 'active',
  departedAt: null,
  lastTwoWayAt: '2026-11-10T09:00:00.000Z',
  createdAt: '2025-01-01T09:00:00.000Z',
  modifiedAt: '2026-11-10T09:00:00.000Z',
  ...more,
});
const ticket = (id: string, openedOn: string, more: Partial<Ticket> = {}): Ticket => ({
  id,
  accountId: ID,
  subject: 'Export fails',
  openedAt: `${openedOn}T09:00:00.000Z`,
  closedAt: null,
  isOpen: true,
  priority: 'medium',
  escalated: null,
  category: null,
  csat: null,
  modifiedAt: `${openedOn}T09:00:00.000Z`,
  ...more,
});
const invoice = (more: Partial<Invoice>): Invoice => ({
  id: 'i1',
  accountId: ID,
  amount: money(900, 'EUR'),
  issuedOn: null,
  dueOn: addDays(TODAY, 10),
  paidOn: null,
  failedAt: null,
  ...more,
});
const nps = (score: number, daysAgo: number): SurveyResponse => ({
  id: `s${score}`,
  accountId: ID,
  contactEmail: 'ana@acme.example',
  kind: 'nps',
  score,
  comment: 'Too slow',
  at: `${addDays(TODAY, -daysAgo)}T09:00:00.000Z`,
});
const step = (id: string, doneOn: string | null): Milestone => ({
  id,
  accountId: ID,
  kind: 'onboarding',
  title: id,
  dueOn: addDays(TODAY, -5),
  doneOn: doneOn === null ? null : on(doneOn),
});

describe('without any source but the account itself', () => {
  it('no play fires on a calm customer, and those without data say why', () => {
    const findings = signalPlaysOf(defaultConfiguration.plays).map(({ id }) => ({
      id,
      finding: look(id, {
        is: { contacts: null, deals: null, tickets: null, activities: null },
        account: { renewalOn: on('2027-11-20') },
      }),
    }));
    expect(findings.filter(({ finding }) => finding.state === 'fires')).toEqual([]);
    const inert = findings.filter(({ finding }) => finding.state === 'inert').map(({ id }) => id);
    expect(inert).toEqual(['01', '02', '07', '08', '09', '10', '11', '12', '14', '15', '16', '17', '22']);
  });
});

describe('the catalogue of plays', () => {
  const { plays } = defaultConfiguration;

  it.each([
    ['01', 'csm', 3, 7, 3],
    ['02', 'csm', 2, 5, 3],
    ['03', 'csm', 5, 10, 2],
    ['04', 'csm', 1, 3, 4],
    ['06', 'csm', 2, 4, 1],
    ['07', 'csm', 2, 5, 4],
    ['08', 'csm', 10, null, 2],
    ['09', 'csm', 1, 2, 3],
    ['10', 'finance', 2, 7, 2],
    ['11', 'onboarding', 3, 7, 2],
    ['12', 'csm', 2, 4, 2],
    ['13', 'account-manager', 5, null, 2],
    ['14', 'account-manager', 3, null, 1],
    ['15', 'csm', 5, 10, 2],
    ['16', 'csm', 10, null, 1],
    ['17', 'csm', 15, null, 1],
    ['18', 'csm', 5, null, 3],
    ['19', 'account-manager', 10, null, 1],
    ['20', 'sales-ops', 5, null, 1],
    ['21', 'csm', 5, null, 1],
    ['22', 'finance', 5, null, 1],
  ])('%s begins with %s within %d working days, calls the manager after %s, and has %d tasks', (id, ...expected) => {
    const settings = signalPlaysOf(plays).find((play) => play.id === id)?.settings;
    const [first] = settings?.tasks ?? [];
    expect([first?.role, first?.dueDays, settings?.escalateAfterDays, settings?.tasks.length]).toEqual(expected);
  });

  it('rests after each play for the time of its kind', () => {
    expect(plays.restDays).toMatchObject({ risk: 30, usage: 21, expansion: 45, survey: 14, advocacy: 180 });
    const kinds = Map.groupBy(signalPlaysOf(plays), ({ kind }) => kind);
    const of = (kind: 'usage' | 'expansion' | 'survey' | 'advocacy') => kinds.get(kind)?.map(({ id }) => id);
    expect([of('usage'), of('expansion'), of('survey'), of('advocacy')]).toEqual([
      ['01', '02', '15'],
      ['13', '14'],
      ['12'],
      ['17'],
    ]);
  });
});

describe('01 usage decline', () => {
  const at = (change: number, users = 20) =>
    state('01', { is: { usage: usage({ usersPrior28d: users }) }, measures: { U2: change } });

  it('fires from a fall by a fifth on, with at least ten users before, and is over from −5% on', () => {
    expect([at(-0.2), at(-0.19), at(-0.06), at(-0.05), at(-0.5, 9)]).toEqual([
      'fires',
      'between',
      'between',
      'over',
      'between',
    ]);
  });
});

describe('02 dark account', () => {
  const lastActive = (day: string, users14d = 0) =>
    state('02', { is: { usage: usage({ lastActiveAt: `${day}T09:00:00.000Z`, users14d }) } });

  it('fires after 21 days without anybody, and is over once three people are back', () => {
    expect([lastActive('2026-10-30'), lastActive('2026-10-31'), lastActive('2026-11-19', 2)]).toEqual([
      'fires',
      'between',
      'between',
    ]);
    expect(lastActive('2026-11-19', 3)).toBe('over');
    expect(because('02', { is: { usage: usage({ lastActiveAt: '2026-10-30T09:00:00.000Z' }) } })).toBe(
      'Nobody has used the product for 21 days.',
    );
  });

  it('leaves accounts alone that never used the product', () => {
    expect(state('02', { is: { usage: usage({ lastActiveAt: null }) } })).toBe('inert');
  });
});

describe('03 yellow review', () => {
  const from = (previousBand: 'green' | 'red' | null) => state('03', { health: { band: 'yellow', previousBand } });

  it('fires when green turned yellow, not when red did or on the first day', () => {
    expect([from('green'), from('red'), from(null)]).toEqual(['fires', 'between', 'between']);
    expect(state('03', { health: { band: 'green' } })).toBe('over');
  });
});

describe('04 red rescue', () => {
  it('fires on a red band or a high risk, for the reason that weighs most', () => {
    expect(look('04', { health: { band: 'red' }, churn: { reason: 'adoption' } })).toMatchObject({
      state: 'fires',
      reason: 'adoption',
    });
    expect(state('04', { health: { band: 'yellow' }, churn: { risk: 'high' } })).toBe('fires');
    expect(state('04', { health: { band: 'yellow' } })).toBe('over');
    expect(state('04', { health: { band: 'grey' } })).toBe('between');
  });

  it('is a matter of its own once notice was given, whatever else is wrong', () => {
    const caps = [{ id: 'cancellation_notice', limit: 20, because: 'The customer gave notice.' }];
    expect(look('04', { health: { band: 'red', caps }, churn: { reason: 'payment' } })).toMatchObject({ reason: null });
  });
});

describe('01 usage decline, seen in the history of use', () => {
  const fell = (daysAgo: number): AccountUsage => ({
    ...usage({ users28d: 28, usersPrior28d: 41 }),
    days: Array.from({ length: 70 }, (_, index) => ({
      on: addDays(TODAY, index - 70),
      activeUsers: 70 - index > daysAgo ? 20 : 12,
      events: 0,
      keyActions: 0,
      keyUsers: 0,
      features: {},
      metered: {},
      departments: {},
      gates: {},
      pricingVisits: 0,
    })),
  });
  const heldDays = (daysAgo: number) => {
    const finding = look('01', { measures: { U2: -0.31 }, is: { usage: fell(daysAgo) } });
    return finding.state === 'fires' ? finding.heldDays : null;
  };

  it('has its two readings at once where yesterday shows the fall, too, and waits a day where it does not', () => {
    expect([heldDays(28), heldDays(2)]).toEqual([1, 0]);
  });

  it('opens its task on the first day then', () => {
    const office = new PlayOffice({ '01': 'act' });
    const at = (daysAgo: number) => ({ ...snapshot(TODAY), usage: fell(daysAgo) });
    office.day(at(2), { measures: { U2: -0.31 } });
    expect(office.opened).toEqual([]);
    const other = new PlayOffice({ '01': 'act' });
    other.day(at(28), { measures: { U2: -0.31 } });
    expect(other.opened).toHaveLength(1);
  });
});

describe('06 renewal at risk', () => {
  const inDays = (days: number, more: Case = {}) =>
    state('06', { account: { renewalOn: addDays(TODAY, days) }, churn: { riskAlone: 'high' }, ...more });

  it('fires within 120 days of the decision while the risk is high', () => {
    expect([inDays(120), inDays(121), inDays(0)]).toEqual(['fires', 'over', 'fires']);
    expect(inDays(60, { churn: { riskAlone: 'medium' } })).toBe('over');
    expect(inDays(20, { account: { renewalOn: addDays(TODAY, 20), termMonths: 1 } })).toBe('over');
  });

  it('fires when the final call and the score disagree, whichever of the two is worried', () => {
    const called = (finalCall: RenewalCall, riskAlone: 'high' | 'low'): Case => ({
      account: { renewalOn: addDays(TODAY, 60) },
      is: { deals: [deal('open', 'renewal', addDays(TODAY, 60), { finalCall })] },
      churn: { riskAlone, atDecision: riskAlone === 'high' ? 0.5 : 0.04 },
    });
    expect(because('06', called('at_risk', 'low'))).toMatch(/The final call is at risk, and the score sees no risk/);
    expect(because('06', called('good', 'high'))).toMatch(/The final call is good, and the risk is high/);
    expect([state('06', called('good', 'low')), state('06', called('monitor', 'low'))]).toEqual(['over', 'over']);
  });
});

describe('07 champion departed', () => {
  it('fires when the champion left and nobody else is in touch, and is over once somebody is', () => {
    const left = contact({ status: 'departed', departedAt: '2026-11-01T09:00:00.000Z' });
    expect(because('07', { is: { contacts: [left] } })).toMatch(/Ana/);
    expect(state('07', { is: { contacts: [left] } })).toBe('fires');
    const successor = contact({ id: 'c2', name: 'Bo', lastTwoWayAt: '2026-11-15T09:00:00.000Z' });
    expect(state('07', { is: { contacts: [left, successor] } })).toBe('over');
    expect(state('07', { is: { contacts: [] } })).toBe('between');
  });
});

describe('08 single-threaded', () => {
  const at = (people: number, more: Case = {}) =>
    state('08', { account: { renewalOn: addDays(TODAY, 200) }, measures: { R3: people }, ...more });

  it('asks what is paid in another currency for its worth at home', () => {
    const inYen = { renewalOn: addDays(TODAY, 200), arr: money(900_000, 'JPY') };
    const by = (JPY: number) => ({ ...defaultConfiguration, rates: { on: null, perUnit: { JPY } } });
    const worth = (JPY: number) =>
      state('08', { account: inYen, measures: { R3: 1 }, facts: { configuration: by(JPY) } });
    expect([worth(0.0061), worth(0.0122)]).toEqual(['between', 'fires']);
  });

  it('fires on one person at most, from 10,000 a year, up to 270 days ahead', () => {
    expect([at(1), at(2), at(3)]).toEqual(['fires', 'between', 'over']);
    expect(at(1, { account: { renewalOn: addDays(TODAY, 271) } })).toBe('between');
    expect(at(1, { account: { renewalOn: addDays(TODAY, 200), arr: money(9_999, 'EUR') } })).toBe('between');
  });
});

describe('09 support fire', () => {
  const tickets = (...all: Ticket[]) => state('09', { is: { tickets: all } });
  const urgent = (id: string, day: string) => ticket(id, day, { priority: 'urgent' });

  it('fires on an urgent ticket open for more than three days, on two urgent ones, on the same category three times', () => {
    expect(tickets(urgent('1', '2026-11-16'))).toBe('fires');
    expect(tickets(urgent('1', '2026-11-17'))).toBe('between');
    expect(tickets(urgent('1', '2026-11-19'), urgent('2', '2026-11-20'))).toBe('fires');
    const closed = { category: 'Export', isOpen: false, closedAt: '2026-11-19T09:00:00.000Z', csat: 5 };
    const some = ['1', '2', '3'].map((id) => ticket(id, '2026-11-10', closed));
    expect(tickets(...some)).toBe('fires');
    expect(tickets(...some.slice(1))).toBe('over');
  });

  it('is not over while the last rating is bad', () => {
    const rated = (csat: number) =>
      tickets(ticket('1', '2026-11-10', { isOpen: false, closedAt: '2026-11-15T09:00:00.000Z', csat }));
    expect([rated(3), rated(4)]).toEqual(['between', 'over']);
  });
});

describe('10 payment failed or overdue', () => {
  const invoices = (...all: Invoice[]) => look('10', { is: { invoices: all } });

  it('goes to finance three days after a payment failed, to the CSM once an invoice is 15 days overdue', () => {
    const failed = (day: string) => invoices(invoice({ failedAt: `${day}T09:00:00.000Z` }));
    expect(failed('2026-11-17')).toMatchObject({ state: 'fires', reason: 'payment' });
    expect(failed('2026-11-17')).not.toHaveProperty('role');
    expect(failed('2026-11-18').state).toBe('between');
    const overdue = (days: number) => invoices(invoice({ dueOn: addDays(TODAY, -days) }));
    expect(overdue(15)).toMatchObject({ state: 'fires', role: 'csm' });
    expect(overdue(14).state).toBe('between');
    expect(invoices(invoice({ dueOn: addDays(TODAY, -40), paidOn: TODAY })).state).toBe('over');
  });

  it('needs no billing system where the account tells', () => {
    expect(state('10', { account: { overdueDays: 20 } })).toBe('fires');
  });
});

describe('11 onboarding stalled', () => {
  it('fires when too few steps are done, or none after 30 days', () => {
    const milestones = [step('a', '2026-11-01'), step('b', null)];
    expect(state('11', { is: { milestones }, measures: { O1: 0.5 } })).toBe('fires');
    expect(state('11', { is: { milestones }, measures: { O1: 0.6 } })).toBe('between');
    const none = { is: { milestones: [step('a', null)] }, measures: { O1: 0.8 } };
    expect(state('11', { ...none, account: { customerSinceOn: addDays(TODAY, -30) } })).toBe('fires');
    expect(state('11', { ...none, account: { customerSinceOn: addDays(TODAY, -29) } })).toBe('between');
    expect(state('11', { is: { milestones: [step('a', '2026-11-01')] } })).toBe('over');
  });
});

describe('12 detractor', () => {
  it('fires on an NPS of 6 or a rating of 2, and names who said what', () => {
    expect(because('12', { is: { surveys: [nps(6, 2)] } })).toBe(
      'ana@acme.example gave 6 of 10 (NPS) on 18 November. They wrote: "Too slow"',
    );
    expect(state('12', { is: { surveys: [nps(7, 2)] } })).toBe('between');
    expect(state('12', { is: { surveys: [nps(6, 16)] } })).toBe('between');
    expect(because('12', { is: { surveys: [nps(6, 3), nps(2, 2)] } })).toBe(
      'ana@acme.example gave 2 of 10 (NPS) on 18 November. They wrote: "Too slow" ' +
        'ana@acme.example gave 6 of 10 (NPS) on 17 November. They wrote: "Too slow"',
    );
    const rated = ticket('1', '2026-11-10', { isOpen: false, closedAt: '2026-11-15T09:00:00.000Z', csat: 2 });
    expect(look('12', { is: { tickets: [rated] } })).toMatchObject({ state: 'fires', things: [{ about: 'ticket/1' }] });
  });
});

describe('13 expansion ready and 14 limit reached', () => {
  it('ask when the account is hot, and are one matter', () => {
    const signals = [{ id: 'E1', points: 30, because: 'All seats are used.', evidence: [] }];
    const hot = look('13', { expansion: { band: 'hot', signals } });
    expect(hot).toMatchObject({ state: 'fires', because: 'All seats are used.', reason: 'growth' });
    expect(state('13', { expansion: { band: 'warm' } })).toBe('between');
    expect(state('13', { expansion: { band: 'blocked', blocker: 'An invoice is 20 days overdue.' } })).toBe('over');
    const full = look('14', { account: { seatsPaid: 50, seatsUsed: 50 } });
    expect(full).toMatchObject({ state: 'fires', reason: 'growth' });
  });

  it('14 is over once there is room again', () => {
    const seats = (seatsUsed: number) => state('14', { account: { seatsPaid: 100, seatsUsed } });
    expect([seats(99), seats(95), seats(94)]).toEqual(['between', 'between', 'over']);
    const signals = [{ id: 'E2', points: 20, because: '95% of the limit.', evidence: [] }];
    expect(state('14', { expansion: { signals } })).toBe('fires');
  });
});

describe('15 under-use before renewal', () => {
  const at = (ratio: number, days: number) =>
    state('15', { account: { renewalOn: addDays(TODAY, days) }, measures: { U1: ratio } });

  it('fires below half of the seats within 180 days, and is over from 65% on', () => {
    expect([at(0.49, 180), at(0.5, 180), at(0.49, 181), at(0.65, 90)]).toEqual(['fires', 'between', 'between', 'over']);
  });
});

describe('16 check-in of top accounts', () => {
  const met = (day: string) => [
    {
      id: 'm1',
      accountId: ID,
      contactIds: [],
      kind: 'meeting' as const,
      at: `${day}T09:00:00.000Z`,
      direction: null,
      happened: true,
      modifiedAt: `${day}T09:00:00.000Z`,
    },
  ];
  const facts = { topArrFrom: 4_800_000 };

  it('fires on the largest accounts after 90 days without a meeting', () => {
    expect(state('16', { facts, is: { activities: met('2026-08-21') } })).toBe('fires');
    expect(state('16', { facts, is: { activities: met('2026-08-22') } })).toBe('over');
    expect(state('16', { facts: { topArrFrom: 4_800_001 } })).toBe('between');
    expect(state('16', { facts: { topArrFrom: null } })).toBe('inert');
  });
});

describe('17 advocacy', () => {
  const green = (days: number, more: Said = {}) =>
    state('17', {
      health: { band: 'green', bandSinceOn: addDays(TODAY, -days), ...more.health },
      measures: { N1: 9 },
      ...more,
    });

  it('asks promoters who have been green for 60 days and at no risk', () => {
    expect([green(60), green(59)]).toEqual(['fires', 'between']);
    expect(green(60, { churn: { risk: 'medium' } })).toBe('between');
    expect(state('17', { health: { band: 'yellow' }, measures: { N1: 9 } })).toBe('over');
  });
});

describe('18 churn logged and 19 win-back', () => {
  const lost = (endOn: string, reason: string | null = null, churnReason: RiskReason | null = null): Case => ({
    sources: {
      deals: [deal('lost', 'renewal', endOn, { lostReason: reason, churnReason })],
      contracts: [contract('a', `${Number(endOn.slice(0, 4)) - 1}${endOn.slice(4)}`, endOn)],
    },
  });

  it('18 fires once a renewal deal is lost, and not for losses of long ago', () => {
    expect(look('18', lost('2026-12-20'))).toMatchObject({ state: 'fires', reason: null });
    expect(state('18', lost('2026-09-01'))).toBe('between');
  });

  it('18 waits for the day of decision when notice was given: until then the matter is to save the customer', () => {
    const notice = (renewalOn: string) =>
      state('18', { account: { renewalOn: on(renewalOn), cancelledOn: on('2026-11-01') } });
    expect([notice('2026-12-20'), notice('2026-11-20')]).toEqual(['between', 'fires']);
  });

  it('19 fires half a year after a loss that could be helped, while the champion can be reached', () => {
    const half = addDays(TODAY, -180);
    const is = { contacts: [contact({})] };
    expect(state('19', { ...lost(half, 'Too expensive'), is })).toBe('fires');
    expect(state('19', { ...lost(half, 'They were acquired'), is })).toBe('between');
    expect(state('19', { ...lost(half), is: { contacts: [contact({ status: 'departed' })] } })).toBe('between');
    expect(state('19', { ...lost(addDays(TODAY, -179)), is })).toBe('between');
  });

  it('19 goes by the reason that somebody coded, before the words that sales wrote', () => {
    const coded = (reason: RiskReason) =>
      state('19', { ...lost(addDays(TODAY, -180), 'Merger of two tools', reason), is: { contacts: [contact({})] } });
    expect((['competitor', 'payment', 'budget', 'unknown'] as const).map(coded)).toEqual([
      'fires',
      'between',
      'between',
      'between',
    ]);
  });
});

describe('20 data quality', () => {
  it('names everything that is missing', () => {
    expect(because('20', { account: { csmId: 'gone', ownerId: null, arr: null } })).toBe(
      'No end date of the contract is known. Nobody who is active owns the account. ' +
        'The annual recurring revenue is not known, or not in a known currency.',
    );
    expect(state('20', { account: { renewalOn: on('2027-11-20') } })).toBe('over');
    const overrideProblem = "The band set by hand is not used: it has no reason. Write it as 'Price: your note'.";
    expect(because('20', { account: { renewalOn: on('2027-11-20') }, health: { overrideProblem } })).toBe(
      overrideProblem,
    );
  });

  it('fires on a grey band that has lasted for more than 14 days', () => {
    const grey = (days: number) =>
      state('20', {
        account: { renewalOn: on('2027-11-20') },
        health: { band: 'grey', score: null, bandSinceOn: addDays(TODAY, -days) },
      });
    expect([grey(14), grey(15)]).toEqual(['over', 'fires']);
  });
});

describe('21 notice window', () => {
  const auto = (days: number, isIntentAsked: boolean) =>
    state('21', {
      account: { renewalOn: addDays(TODAY, days), autoRenew: true, noticeDays: 0 },
      facts: { isIntentAsked },
    });

  it('asks for the intent 45 days ahead, unless the renewal cadence does', () => {
    expect([auto(45, false), auto(46, false), auto(45, true)]).toEqual(['fires', 'between', 'inert']);
  });
});

describe('22 payment method', () => {
  const ends = (days: number) => state('22', { account: { paymentMethodEndsOn: addDays(TODAY, days) } });

  it('fires 30 days before it ends', () => {
    expect([ends(30), ends(31), ends(-1)]).toEqual(['fires', 'over', 'fires']);
  });
});
