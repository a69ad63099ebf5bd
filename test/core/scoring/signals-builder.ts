import { toAccountId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';
import type { AccountUsage, Invoice, Milestone, SurveyResponse, UsageDay } from '../../../src/core/model/signals.ts';
import type { OwnTask } from '../../../src/core/model/snapshot.ts';
import { ago, dayAgo } from './account-builder.ts';

const ID = toAccountId('100');

export function usageDay(daysAgo: number, more: Partial<UsageDay> = {}): UsageDay {
  return {
    on: dayAgo(daysAgo),
    activeUsers: 20,
    events: 200,
    keyActions: 10,
    keyUsers: 8,
    features: {},
    metered: {},
    departments: {},
    gates: {},
    pricingVisits: 0,
    ...more,
  };
}

/** Every day of the last `days`, today among them; `of` says what was special on the day so many days ago. */
export const usageDays = (days: number, of: (daysAgo: number) => Partial<UsageDay> = () => ({})): readonly UsageDay[] =>
  Array.from({ length: days }, (_, index) => usageDay(days - 1 - index, of(days - 1 - index)));

/** Forty people, about as many as a month ago, half of them doing what the product is for. */
export function usage(more: Partial<AccountUsage> = {}): AccountUsage {
  const days = more.days ?? usageDays(180);
  return {
    days,
    users14d: 30,
    keyUsers14d: 15,
    users28d: 40,
    usersPrior28d: 40,
    users28dLastYear: null,
    lastActiveAt: ago(0),
    firstOn: days[0]?.on ?? null,
    limits: [],
    coreFeatures: null,
    ...more,
  };
}

/** A source that is connected and knows nobody of the account. */
export const noUsage: AccountUsage = {
  ...usage({ days: [] }),
  users14d: 0,
  keyUsers14d: 0,
  users28d: 0,
  usersPrior28d: 0,
  lastActiveAt: null,
};

export function answer(id: string, score: number, daysAgo: number, more: Partial<SurveyResponse> = {}): SurveyResponse {
  return {
    id,
    accountId: ID,
    contactEmail: `${id}@acme.example`,
    kind: 'nps',
    score,
    comment: null,
    at: ago(daysAgo),
    ...more,
  };
}

/** Of EUR 1,000, due so many days ago and not paid. */
export function invoice(id: string, dueDaysAgo: number, more: Partial<Invoice> = {}): Invoice {
  return {
    id,
    accountId: ID,
    amount: money(1_000, 'EUR'),
    issuedOn: null,
    dueOn: dayAgo(dueDaysAgo),
    paidOn: null,
    failedAt: null,
    ...more,
  };
}

export function milestone(id: string, isDone: boolean, more: Partial<Milestone> = {}): Milestone {
  return {
    id,
    accountId: ID,
    kind: 'onboarding',
    title: id,
    dueOn: null,
    doneOn: isDone ? dayAgo(1) : null,
    ...more,
  };
}

/** A step of the renewal cadence, due so many days ago. */
export function renewalTask(step: string, dueDaysAgo: number, more: Partial<OwnTask> = {}): OwnTask {
  return {
    play: '05',
    step,
    termId: null,
    dueOn: dayAgo(dueDaysAgo),
    state: 'open',
    createdAt: ago(dueDaysAgo + 14),
    updatedAt: ago(dueDaysAgo + 14),
    ...more,
  };
}
