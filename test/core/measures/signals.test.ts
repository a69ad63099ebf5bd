import { describe, expect, it } from 'vitest';
import { assess } from '../../../src/core/assess.ts';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import type { MeasureContext } from '../../../src/core/measures/measure.ts';
import { defaultMeasureConfiguration, measuresOf } from '../../../src/core/measures/index.ts';
import type { Term } from '../../../src/core/model/assessment.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import { toTermId } from '../../../src/core/model/ids.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import { account, ago, dayAgo, snapshot, ticket, TODAY } from '../scoring/account-builder.ts';
import { answer, invoice, milestone, renewalTask } from '../scoring/signals-builder.ts';

const nothing: MeasureContext = {
  term: null,
  decisionOn: null,
  isTermLost: false,
  isOnboarding: false,
  usageWindows: defaultConfiguration.usage.windows,
};

function read(id: string, of: AccountSnapshot, more: Partial<MeasureContext> = {}) {
  const measure = measuresOf(defaultMeasureConfiguration).find((one) => one.id === id);
  if (measure === undefined) throw new Error(`there is no measure ${id}`);
  return measure.read(of, { ...nothing, ...more });
}

describe('the recommendation', () => {
  const nps = (...surveys: NonNullable<AccountSnapshot['surveys']>) => read('N1', snapshot({ surveys }));

  it('is the mean of each person’s newest answer', () => {
    expect(
      nps(answer('old', 2, 100, { contactEmail: 'Ana@acme.example' }), answer('ana', 9, 20), answer('bo', 7, 40)),
    ).toMatchObject({
      state: 'ok',
      value: 8,
      score: 70,
      because: '2 NPS answers, 8 of 10 on average; the last on 10 February.',
    });
    expect(nps(answer('ana', 9, 20))).toMatchObject({ because: 'The last NPS answer is 9 of 10 (10 February).' });
  });

  it('fades from the day on which the last answer is half a year old', () => {
    expect(nps(answer('ana', 9, 180)).state).toBe('ok');
    expect(nps(answer('ana', 9, 190), answer('bo', 3, 300))).toMatchObject({
      state: 'stale',
      value: 9,
      fadesFrom: ago(10),
    });
  });

  it('does not take an answer that cannot be', () => {
    expect(nps(answer('ana', 11, 3))).toMatchObject({
      state: 'error',
      because: 'NPS answer ana is 11; answers go from 0 to 10.',
    });
  });

  it('is missing without an answer and does not apply without a survey', () => {
    expect(nps(answer('ana', 5, 3, { kind: 'csat' })).state).toBe('missing');
    expect(read('N1', snapshot()).state).toBe('na');
  });
});

describe('satisfaction with support', () => {
  const rated = ticket('t', { openedAt: ago(9), closedAt: ago(8), csat: 5 });
  const book = { ...snapshot().book, meanCsat: 4 };
  const asked = answer('s', 2, 5, { kind: 'csat' });

  it('counts ratings of tickets and of surveys alike; other surveys and old ones are left out', () => {
    const surveys = [asked, answer('n', 9, 5), answer('old', 1, 100, { kind: 'csat' })];
    expect(read('S4', snapshot({ tickets: [rated], surveys, book }))).toMatchObject({
      state: 'ok',
      value: (5 + 2 + 5 * 4) / 7,
      because: '2 ratings of support in the last 90 days, 3.5 of 5 on average.',
      evidence: [{ kind: 'ticket', id: 't' }],
    });
    expect(read('S4', snapshot({ surveys: [asked], book }))).toMatchObject({ state: 'ok', value: (2 + 5 * 4) / 6 });
  });

  it('is not judged by what is left when one of the two cannot be read any more', () => {
    const before = assess(snapshot({ tickets: [rated], surveys: [asked], book }), defaultConfiguration);
    const later = snapshot({ tickets: [rated], surveys: null, book, history: before.history });
    expect(read('S4', later)).toMatchObject({
      state: 'missing',
      because: 'Ratings of surveys cannot be read any more.',
    });
  });
});

describe('overdue invoices', () => {
  const owed = (...invoices: NonNullable<AccountSnapshot['invoices']>) =>
    read('C1', snapshot({ account: account({ overdueDays: 50 }), invoices }));

  it('are the oldest one that is open, whatever the account states', () => {
    expect(owed(invoice('a', 20), invoice('b', 35, { paidOn: dayAgo(1) }), invoice('c', 3))).toMatchObject({
      value: 20,
      because: 'An invoice is 20 days overdue.',
    });
    expect(owed(invoice('a', -10))).toMatchObject({ value: 0, score: 100, because: 'No invoice is overdue.' });
  });

  it('are told from a payment that failed before the invoice is due', () => {
    expect(owed(invoice('a', -10, { failedAt: ago(5) }))).toMatchObject({
      value: 5,
      because: 'A payment failed 5 days ago.',
    });
  });

  it('are as the account states them where billing knows nothing of it', () => {
    expect(owed()).toMatchObject({ value: 50 });
  });
});

describe('renewal progress', () => {
  const id = toTermId('term');
  const term = (days: number, more: Partial<Term> = {}): Term => ({
    id,
    startOn: dayAgo(300),
    endOn: addDays(TODAY, days),
    decisionOn: addDays(TODAY, days),
    noticeDays: 0,
    noticeAssumed: false,
    type: 'manual',
    targetArr: null,
    outcome: 'open',
    renewalDealId: null,
    source: 'test',
    evidence: [],
    ...more,
  });
  const progress = (days: number, ...tasks: ReturnType<typeof renewalTask>[]) =>
    read('C3', snapshot({ ownTasks: tasks.map((task) => ({ ...task, termId: task.termId ?? id })) }), {
      term: term(days),
    });

  it('is on track while no step is late, and worse with each that is', () => {
    expect(progress(60, renewalTask('R1', 30, { state: 'done' }), renewalTask('R2', -5))).toMatchObject({ score: 90 });
    expect(progress(60, renewalTask('R1', 30, { state: 'done' }), renewalTask('R2', 5))).toMatchObject({
      score: 60,
      because: 'A step of the renewal is late, due since 25 February.',
    });
    expect(progress(60, renewalTask('R1', 30), renewalTask('R2', 5))).toMatchObject({
      value: 2,
      score: 30,
      because: '2 steps of the renewal are late, the first due since 31 January.',
    });
  });

  it('is at its worst when a month before the decision nothing is done', () => {
    expect(progress(30, renewalTask('R1', 30))).toMatchObject({
      score: 0,
      because: 'No step of the renewal is done, 30 days before its decision.',
    });
    expect(progress(31, renewalTask('R1', 30))).toMatchObject({ score: 60 });
    expect(progress(30, renewalTask('R1', 30), renewalTask('R2', 20, { state: 'done' }))).toMatchObject({ score: 60 });
  });

  it('does not apply far from a decision, to monthly terms, or before a step was due', () => {
    expect(progress(121, renewalTask('R1', 3)).state).toBe('na');
    expect(progress(60, renewalTask('R1', -3)).state).toBe('na');
    expect(progress(60, renewalTask('R1', 3, { termId: toTermId('another') })).state).toBe('na');
    const monthly = { term: term(10, { type: 'monthly' }) };
    expect(read('C3', snapshot({ ownTasks: [renewalTask('R1', 3, { termId: id })] }), monthly).state).toBe('na');
  });

  it('is lost with the date of the renewal', () => {
    expect(read('C3', snapshot({ ownTasks: [] }), { isTermLost: true })).toMatchObject({
      state: 'missing',
      isLost: true,
    });
  });
});

describe('onboarding', () => {
  const plan = (since: number, ...milestones: NonNullable<AccountSnapshot['milestones']>) =>
    read('O1', snapshot({ account: account({ customerSinceOn: dayAgo(since) }), milestones }), { isOnboarding: true });
  const steps = (done: number, of: number) =>
    Array.from({ length: of }, (_, index) => milestone(`m${index}`, index < done));

  it('is what is done against what is expected by now, all of it after 30 days', () => {
    expect(plan(30, ...steps(3, 5))).toMatchObject({
      value: 0.6,
      score: 50,
      because: '3 of 5 onboarding steps are done; 5 would be expected by now.',
    });
    expect(plan(12, ...steps(2, 5))).toMatchObject({ value: 1, score: 100 });
    expect(plan(3, ...steps(0, 5)).state).toBe('na');
  });

  it('goes by the days that steps are due where they have one', () => {
    const due = (days: number) => ({ dueOn: dayAgo(days) });
    expect(
      plan(60, milestone('a', true, due(10)), milestone('b', false, due(1)), milestone('c', false, due(-20))),
    ).toMatchObject({
      value: 0.5,
    });
  });

  it('is missing while on board without a plan, and no matter for an old customer', () => {
    expect(plan(10).state).toBe('missing');
    expect(read('O1', snapshot({ milestones: [] })).state).toBe('na');
  });
});

describe('goals of the success plan', () => {
  it('are those achieved of those that were due', () => {
    const goal = (id: string, isDone: boolean, dueDaysAgo: number) =>
      milestone(id, isDone, { kind: 'goal', dueOn: dayAgo(dueDaysAgo) });
    const of = snapshot({ milestones: [goal('a', true, 30), goal('b', false, 3), goal('c', false, -30)] });
    expect(read('O2', of)).toMatchObject({ value: 0.5, because: '1 of 2 goals of the success plan was achieved.' });
    expect(read('O2', snapshot({ milestones: [goal('c', false, -30)] })).state).toBe('na');
  });
});
