import { describe, expect, it } from 'vitest';
import type { Churn, TermProgress } from '../../../src/core/model/assessment.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import { money } from '../../../src/core/model/money.ts';
import { noExchangeRates } from '../../../src/core/model/rates.ts';
import type { Account, Deal } from '../../../src/core/model/records.ts';
import type { AccountHistory, OwnTask } from '../../../src/core/model/snapshot.ts';
import { progressOf } from '../../../src/core/renewals/progress.ts';
import { renewalOf } from '../../../src/core/renewals/renewal.ts';
import { inShort, PlanningOffice } from '../plan/planning-office.ts';
import { assessment, configuration, contract, deal, on, snapshot } from './builders.ts';

const LOW = { riskAlone: 'low', atDecision: 0.04 } as const;
const HIGH = { riskAlone: 'high', atDecision: 0.6 } as const;
const END = '2027-03-31';

interface Told {
  readonly today?: string;
  readonly account?: Partial<Account>;
  /** On the open renewal deal. */
  readonly deal?: Partial<Deal>;
  readonly deals?: readonly Deal[];
  readonly band?: 'green' | 'yellow' | 'red';
  readonly churn?: Pick<Churn, 'riskAlone' | 'atDecision'>;
  readonly tasks?: readonly OwnTask[];
}

function told({ today = '2027-01-04', deals, band, churn = LOW, tasks = [], ...more }: Told = {}): TermProgress {
  const renewal = deal('open', 'renewal', END, more.deal);
  const of = snapshot(today, { renewalOn: on(END), ...more.account }, { deals: deals ?? [renewal] });
  const [first] = assessment({ ...of, ownTasks: tasks }, band, churn).renewal.progress ?? [];
  if (first === undefined) throw new Error('nothing is told of the term');
  return first;
}

describe('the calls on a renewal', () => {
  it('are what people enter on its deal, beside what the risk says', () => {
    expect(told({ deal: { csmCall: 'monitor', finalCall: 'good' } }).calls).toEqual({
      system: 'good',
      csm: 'monitor',
      final: 'good',
      disagree: false,
    });
  });

  it.each([
    ['good', 'high', true],
    ['at_risk', 'low', true],
    ['good', 'low', false],
    ['at_risk', 'high', false],
    ['monitor', 'high', false],
    ['good', 'medium', false],
    ['at_risk', 'unknown', false],
  ] as const)('a CSM who says %s and a risk that is %s disagree: %s', (csmCall, riskAlone, disagree) => {
    expect(told({ deal: { csmCall }, churn: { riskAlone, atDecision: 0.3 } }).calls.disagree).toBe(disagree);
  });

  it('count the final call before the CSM call', () => {
    expect(told({ deal: { csmCall: 'good', finalCall: 'at_risk' }, churn: HIGH }).calls.disagree).toBe(false);
  });

  it('know no final call that is neither good nor at risk', () => {
    expect(told({ deal: { finalCall: 'monitor' } }).calls.final).toBeNull();
  });
});

describe('the suggested forecast category', () => {
  it.each([
    ['commit', 'green', 0.05, 'good'],
    ['most_likely', 'green', 0.05, null],
    ['best_case', 'green', 0.05, 'at_risk'],
    ['most_likely', 'green', 0.2, 'good'],
    ['best_case', 'green', 0.3, 'good'],
    ['best_case', 'yellow', 0.05, 'good'],
    ['pipeline', 'yellow', 0.6, 'good'],
    ['pipeline', 'red', 0.05, 'good'],
  ] as const)('is %s for a %s account that is lost with %d, final call %s', (category, band, atDecision, finalCall) => {
    expect(told({ band, churn: { riskAlone: 'low', atDecision }, deal: { finalCall } }).category).toBe(category);
  });

  it.each([
    ['commit', '2027-02-14', LOW, {}],
    ['most_likely', '2027-02-13', LOW, {}],
    ['best_case', '2027-02-14', { riskAlone: 'high', atDecision: 0.05 }, {}],
    ['most_likely', '2027-02-14', { riskAlone: 'medium', atDecision: 0.05 }, {}],
    ['most_likely', '2027-02-14', LOW, { csmCall: 'at_risk' }],
    ['best_case', '2027-02-14', LOW, { finalCall: 'at_risk' }],
    ['commit', '2027-01-04', LOW, { finalCall: 'good' }],
  ] as const)(
    'is %s for a small green account on %s, for nobody but the system makes its commit call: %o, %o',
    (category, today, churn, calls) => {
      const account = { segment: 'smb' } as const;
      expect(told({ today, band: 'green', account, churn, deal: calls }).category).toBe(category);
    },
  );

  it('is never more than most likely without a final call where a person makes it', () => {
    expect(told({ today: '2027-03-20', band: 'green', churn: LOW }).category).toBe('most_likely');
  });

  it('is omitted once they gave notice, and closed once it is won', () => {
    expect(told({ account: { cancelledOn: on('2026-12-01') } }).category).toBe('omitted');
    const won = deal('won', 'renewal', '2027-01-02');
    expect(told({ deals: [won] }).category).toBe('closed');
  });
});

describe('how a renewal went', () => {
  const sold = deal('won', 'new', '2026-04-01', {
    id: 'd0',
    termStartOn: on('2026-04-01'),
    termEndOn: on(END),
    arr: money(20_000, 'EUR'),
    contractId: 'k1',
  });
  const renewed = (arr: number, closeOn: string) =>
    told({
      today: '2027-04-10',
      account: { arr: null },
      deals: [sold, deal('won', 'renewal', closeOn, { id: 'd1', arr: money(arr, 'EUR'), priorContractId: 'k1' })],
    }).result;

  it.each([
    [20_000, 'renewed_flat'],
    [20_050, 'renewed_flat'],
    [24_000, 'renewed_up'],
    [15_000, 'renewed_down'],
  ])('for %d after 20,000 it is %s', (arr, outcome) => {
    expect(renewed(arr, '2027-03-20')?.outcome).toBe(outcome);
  });

  it('is flat within the share that an admin allows', () => {
    const again = deal('won', 'renewal', '2027-03-20', { arr: money(21_000, 'EUR'), priorContractId: 'k1' });
    const of = snapshot('2027-04-10', { renewalOn: on(END), arr: null }, { deals: [sold, again] });
    const outcome = (flatWithin: number) =>
      progressOf(
        {
          snapshot: of,
          renewal: renewalOf(of, configuration),
          health: { band: 'green', score: 80, reason: '' },
          churn: LOW,
          rates: noExchangeRates,
        },
        { ...configuration, flatWithin },
      ).progress[0]?.result?.outcome;
    expect([outcome(0.04), outcome(0.05)]).toEqual(['renewed_up', 'renewed_flat']);
  });

  it.each([
    ['2026-11-01', 'early'],
    ['2027-03-31', 'on_time'],
    ['2027-04-05', 'late'],
  ])('signed on %s it is %s', (closeOn, timing) => {
    expect(renewed(20_000, closeOn)?.timing).toBe(timing);
  });

  it.each([
    [40_000, 'renewed_flat'],
    [50_000, 'renewed_up'],
    [30_000, 'renewed_down'],
  ])('for %d after two contracts of 20,000 that are renewed together it is %s for both', (arr, outcome) => {
    const contracts = [contract('a', '2026-04-01', END), contract('b', '2026-04-01', '2027-04-20')];
    const deals = [deal('won', 'co_term', '2027-04-05', { arr: money(arr, 'EUR'), termMonths: 12 })];
    const { progress = [] } = assessment(snapshot('2027-04-10', { arr: null }, { contracts, deals })).renewal;
    const results = progress.flatMap(({ termId, result }) => (termId.startsWith('contract/') ? [result] : []));
    expect(results).toMatchObject([
      { outcome, timing: 'late' },
      { outcome, timing: 'late' },
    ]);
  });

  it('lost, it says of which kind the reason is, and says so where nobody coded one', () => {
    const lost = (more: Partial<Deal>) => told({ deals: [deal('lost', 'renewal', END, more)] }).result;
    expect(lost({ churnReason: 'budget' })).toEqual({
      outcome: 'churned',
      timing: null,
      churn: { type: 'inevitable', reason: 'budget' },
    });
    expect(lost({})?.churn).toEqual({ type: 'unknown', reason: 'unknown' });
  });

  it('is not told while a customer who gave notice may still change their mind', () => {
    const notice = { cancelledOn: on('2026-12-01') };
    expect(told({ account: notice })).toMatchObject({ isSettled: false, result: null });
    expect(told({ account: notice, today: '2027-04-01' })).toMatchObject({
      isSettled: true,
      result: { outcome: 'churned' },
    });
  });
});

describe('the step that a renewal is at', () => {
  const task = (step: string, dueOn: string, state: OwnTask['state']): OwnTask => ({
    play: '05',
    step,
    termId: told().termId,
    dueOn: on(dueOn),
    state,
    createdAt: '2026-12-01T08:00:00.000Z',
    updatedAt: '2026-12-01T08:00:00.000Z',
  });

  it('is the next one that is due, with its day', () => {
    expect(told()).toMatchObject({
      step: 'R4',
      stepsLate: 0,
      nextAction: { title: 'Send the renewal proposal', dueOn: '2027-01-29' },
    });
  });

  it('is an older one whose task is still open, which is late', () => {
    expect(told({ tasks: [task('R3', '2026-12-31', 'open')] })).toMatchObject({
      step: 'R3',
      stepsLate: 1,
      nextAction: { dueOn: '2026-12-31' },
    });
  });

  it('goes past what somebody completed', () => {
    expect(told({ tasks: [task('R4', '2027-01-29', 'done')] }).step).toBe('R5');
  });

  it('goes past a call that is recorded on the deal', () => {
    const tasks = [task('R3', '2026-12-31', 'open')];
    expect(told({ tasks, deal: { finalCall: 'good' } })).toMatchObject({ step: 'R4', stepsLate: 0 });
  });

  it('is none once the renewal is decided', () => {
    expect(told({ deals: [deal('lost', 'renewal', END)] })).toMatchObject({ step: null, nextAction: null });
  });
});

describe('the health of 90 days before the decision', () => {
  const seen = (today: string, score: number, atT90?: AccountHistory['atT90'], by = configuration) => {
    const of = snapshot(today, { renewalOn: on(END) });
    const { history } = assessment(of);
    const before = atT90 === undefined ? null : { ...history, lastOn: addDays(of.today, -1), atT90 };
    const renewal = renewalOf(of, by);
    const health = { band: 'green', score, reason: '' } as const;
    return progressOf(
      { snapshot: { ...of, history: before }, renewal, health, churn: LOW, rates: noExchangeRates },
      by,
    );
  };

  it('is taken on that day and kept from then on', () => {
    const before = seen('2026-12-30', 70);
    expect(before.progress[0]?.healthAtT90).toBeNull();
    const then = seen('2026-12-31', 71, before.atT90);
    expect(then.progress[0]?.healthAtT90).toBe(71);
    expect(seen('2027-02-01', 40, then.atT90).progress[0]?.healthAtT90).toBe(71);
  });

  it('is that of the last look at the day', () => {
    const first = seen('2026-12-31', 71);
    expect(seen('2026-12-31', 68, first.atT90).progress[0]?.healthAtT90).toBe(68);
  });

  it('is not made up for an account that is first seen later', () => {
    expect(seen('2027-02-01', 71).progress[0]?.healthAtT90).toBeNull();
  });

  it('is taken as long before the decision, and within as many days, as an admin says', () => {
    const by = { ...configuration, earlierScore: { daysBefore: 60, withinDays: 3 } };
    const taken = (today: string) => seen(today, 71, undefined, by).progress[0]?.healthAtT90;
    expect(['2027-01-29', '2027-01-30', '2027-02-01', '2027-02-02'].map(taken)).toEqual([null, 71, 71, null]);
  });
});

describe('the last day for paper', () => {
  it('is the last invoice day of the contract, and not known without invoices', () => {
    const of = snapshot('2027-01-04', { renewalOn: on(END) });
    const invoice = {
      id: 'i1',
      accountId: of.account.id,
      amount: money(100, 'EUR'),
      issuedOn: on('2026-12-15'),
      dueOn: on('2027-01-14'),
      paidOn: null,
      failedAt: null,
    };
    const day = (invoices: readonly (typeof invoice)[] | null) =>
      assessment({ ...of, invoices }).renewal.progress?.[0]?.paperDeadlineOn;
    expect(day([invoice])).toBe('2027-03-15');
    expect(day(null)).toBeNull();
  });
});

describe('the tasks for the calls', () => {
  const at = (today: string, calls: Partial<Deal> = {}) =>
    snapshot(today, { renewalOn: on(END) }, { deals: [deal('open', 'renewal', END, calls)] });

  it('are not opened for a call that stands on the deal, and closed once it does', () => {
    const office = new PlanningOffice();
    office.risk = LOW;
    office.work([at('2026-11-20')]);
    expect(office.stateOf('R0')).toBe('open');
    expect(inShort(office.work([at('2026-11-23', { csmCall: 'good' })]), office.ledger)).toEqual(['close R0']);
    expect(office.stateOf('R0')).toBe('closed');
    office.work([at('2026-12-04', { csmCall: 'good', finalCall: 'good' })]);
    expect(office.stateOf('R2')).toBe('open');
    expect(office.stateOf('R3')).toBeUndefined();
  });

  it('leave the commit call open while the final call says monitor', () => {
    const office = new PlanningOffice();
    office.risk = LOW;
    office.work([at('2026-12-04')]);
    office.work([at('2026-12-07', { finalCall: 'monitor' })]);
    expect(office.stateOf('R3')).toBe('open');
  });

  it('bring in the manager while CSM and system disagree, once, and let go when they agree', () => {
    const office = new PlanningOffice();
    office.risk = HIGH;
    office.work([at('2026-11-23', { csmCall: 'good' })]);
    expect(office.stateOf('disagreement')).toBe('open');
    const due = office.dueOf('disagreement');
    expect(inShort(office.work([at('2026-11-26', { csmCall: 'good' })]), office.ledger)).toEqual([]);
    expect(office.dueOf('disagreement')).toBe(due);
    office.work([at('2026-11-27', { csmCall: 'at_risk' })]);
    expect(office.stateOf('disagreement')).toBe('closed');
  });

  it('keep the manager’s day when the end date moves, and let a pause of the renewal move it', () => {
    const movedTo = '2027-04-10';
    const open = deal('open', 'renewal', movedTo, { csmCall: 'good' });
    const moved = (today: string) => snapshot(today, { renewalOn: on(movedTo) }, { deals: [open] });
    const office = new PlanningOffice();
    office.risk = HIGH;
    office.work([at('2026-12-01', { csmCall: 'good' })]);
    const due = office.dueOf('disagreement');
    for (let day = on('2026-12-02'); day < '2026-12-31'; day = addDays(day, 1)) {
      office.work([moved(day)]);
      expect(office.dueOf('disagreement')).toBe(due);
    }

    const { accountId, termId, key } = [...office.ledger.values()].find(({ step }) => step === 'disagreement') ?? {};
    if (accountId === undefined || termId == null || key === undefined) throw new Error('the manager has no task');
    office.snoozes = [
      {
        accountId,
        play: '05',
        kind: 'routine',
        reason: null,
        termId,
        taskKey: key,
        untilOn: on('2027-01-20'),
        because: 'their CFO is away',
        by: 'a task in the CRM',
        at: '2026-12-31T09:00:00.000Z',
        caps: [],
      },
    ];
    office.work([moved('2027-01-04')]);
    expect(office.dueOf('disagreement')).toBe('2027-01-20');
  });
});
