import type { Assessment, Churn } from '../../../src/core/model/assessment.ts';
import { calendarDate, type CalendarDate } from '../../../src/core/model/calendar-date.ts';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';
import { noExchangeRates } from '../../../src/core/model/rates.ts';
import type { Account, Contract, Deal, DealKind } from '../../../src/core/model/records.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import { defaultRenewalConfiguration } from '../../../src/core/renewals/configuration.ts';
import { progressOf } from '../../../src/core/renewals/progress.ts';
import { renewalOf } from '../../../src/core/renewals/renewal.ts';

export const configuration = defaultRenewalConfiguration;
export const on = calendarDate;
const MODIFIED_AT = '2026-01-01T00:00:00.000Z';

/** A customer worth EUR 48,000 a year, with nothing said about its contract. */
export function account(changes: Partial<Account> = {}): Account {
  return {
    id: toAccountId('100'),
    name: 'Acme',
    domain: 'acme.example',
    externalId: null,
    parentId: null,
    type: 'customer',
    segment: 'mid',
    lifecycle: 'steady',
    industry: null,
    employees: null,
    region: null,
    ownerId: 'owner',
    csmId: 'csm',
    customerSinceOn: null,
    liveOn: null,
    arr: money(48_000, 'EUR'),
    seatsPaid: null,
    seatsUsed: null,
    contractStartOn: null,
    renewalOn: null,
    autoRenew: null,
    noticeDays: null,
    termMonths: null,
    contractId: null,
    cancelledOn: null,
    overdueDays: null,
    csmPulse: null,
    csmPulseAt: null,
    override: null,
    createdAt: null,
    modifiedAt: MODIFIED_AT,
    ...changes,
  };
}

const LABELS = { open: 'Proposal', won: 'Closed won', lost: 'Closed lost' };

export function deal(
  outcome: 'open' | 'won' | 'lost',
  kind: DealKind | null,
  closeOn: string | null,
  changes: Partial<Deal> = {},
): Deal {
  const id = changes.id ?? 'd1';
  return {
    id,
    accountId: toAccountId('100'),
    name: `Deal ${id}`,
    pipeline: 'sales',
    stage: { outcome, raw: outcome, label: LABELS[outcome], probability: null },
    kind,
    amount: null,
    arr: null,
    closeOn: closeOn === null ? null : on(closeOn),
    ownerId: 'rep',
    termStartOn: null,
    termEndOn: null,
    termMonths: null,
    autoRenew: null,
    noticeDays: null,
    seats: null,
    contractId: null,
    priorContractId: null,
    lostReason: null,
    upliftPercent: null,
    contactIds: [],
    createdAt: null,
    modifiedAt: MODIFIED_AT,
    ...changes,
  };
}

export function contract(id: string, startOn: string, endOn: string, changes: Partial<Contract> = {}): Contract {
  return {
    id,
    accountId: toAccountId('100'),
    name: `Contract ${id}`,
    startOn: on(startOn),
    endOn: on(endOn),
    termMonths: null,
    autoRenew: null,
    noticeDays: null,
    status: 'active',
    arr: money(20_000, 'EUR'),
    seats: null,
    ownerId: null,
    modifiedAt: MODIFIED_AT,
    ...changes,
  };
}

/** All that is known of one account on a day. */
export function snapshot(
  today: string,
  accountChanges: Partial<Account> = {},
  sources: { readonly deals?: readonly Deal[]; readonly contracts?: readonly Contract[] } = {},
): AccountSnapshot {
  return {
    account: account(accountChanges),
    contacts: [],
    deals: sources.deals ?? [],
    contracts: sources.contracts ?? null,
    tickets: [],
    activities: [],
    usage: null,
    surveys: null,
    invoices: null,
    milestones: null,
    ownTasks: null,
    asOf: `${today}T08:00:00.000Z`,
    today: on(today),
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    sources: {},
    history: null,
    book: { medianHealth: null, meanCsat: null, accounts: 1, closedTerms: 0, churnedTerms: 0 },
  };
}

/** An assessment of a healthy account with the renewal that its snapshot states. */
export function assessment(
  of: AccountSnapshot,
  band: 'green' | 'yellow' | 'red' = 'green',
  risk: Pick<Churn, 'riskAlone' | 'atDecision'> = { riskAlone: 'unknown', atDecision: null },
): Assessment {
  const renewal = renewalOf(of, configuration);
  const health = { band, score: 81.4, reason: 'The last meeting was 9 days ago.' };
  const { progress } = progressOf(
    { snapshot: of, renewal, health, churn: risk, rates: noExchangeRates },
    configuration,
  );
  return {
    accountId: of.account.id,
    asOf: of.asOf,
    modelVersion: 'test',
    dataAsOf: null,
    health: {
      score: 81.4,
      raw: 81.4,
      band,
      bandSinceOn: of.today,
      previousBand: null,
      trend: 'stable',
      delta28d: null,
      profile: 'crm_only',
      coverage: 0.7,
      confidence: 'medium',
      dimensions: {},
      caps: [],
      drivers: [],
      movers: [],
      reason: health.reason,
      override: null,
    },
    churn: {
      probability90d: null,
      interval90d: null,
      risk: risk.riskAlone,
      ...risk,
      status: 'cold_start',
      arrAtRisk: null,
      saveValue: null,
      reason: null,
      because: [],
    },
    renewal: { ...renewal, progress },
    expansion: { score: 0, band: 'cold', bandAlone: 'cold', signals: [], blocker: null, expectedValue: null },
    people: { champion: 'unknown', lastTwoWayAt: null },
    place: { parentId: null, ownerId: null, revenue: null },
    standing: null,
    history: {
      lastOn: of.today,
      ewma: null,
      band: 'green',
      bandSinceOn: of.today,
      daysWorse: 0,
      daysBetter: 0,
      days: [],
      lastGood: {},
    },
  };
}

export type { CalendarDate };
