import { withStanding } from './book/standing.ts';
import { assessChurn } from './churn/churn.ts';
import type { ModelConfiguration } from './configuration.ts';
import { assessExpansion } from './expansion/expansion.ts';
import { expansionDealsOf } from './expansion/expansion-deals.ts';
import { championOf } from './measures/facts/champion.ts';
import { stakeholdersOf } from './measures/facts/stakeholders.ts';
import { contactFactsOf } from './measures/facts/two-way-contact.ts';
import type { AccountPlace, Assessment } from './model/assessment.ts';
import type { Instant } from './model/calendar-date.ts';
import type { ExchangeRates } from './model/rates.ts';
import { toHomeCurrency } from './model/rates.ts';
import type { Account, Deal } from './model/records.ts';
import type { AccountSnapshot, SourceName } from './model/snapshot.ts';
import { progressOf } from './renewals/progress.ts';
import { renewalOf, withBand } from './renewals/renewal.ts';
import { segmentOf } from './renewals/segment.ts';
import { asTold } from './scoring/as-told.ts';
import { assessHealth } from './scoring/assess-health.ts';

/** The health model's name; a change of its arithmetic changes the number. */
const MODEL = 'HF-Health v1';

/** `HF-Health v1 / default 1`: assessments with the same name were decided alike. */
export function modelVersionOf({ version }: Pick<ModelConfiguration, 'version'>): string {
  return `${MODEL} / ${version}`;
}

/**
 * Everything we say of one account: health, churn, renewal, expansion, and what the next assessment must remember.
 * Depends on the snapshot and the configuration alone; the order of records makes no difference. Assessing a day again
 * replaces that day. Ask `isCustomer` first: others are not scored.
 */
export function assess(snapshot: AccountSnapshot, configuration: ModelConfiguration): Assessment {
  const { rates } = configuration;
  const renewal = renewalOf(snapshot, configuration.renewals);
  const told = asTold(snapshot);
  const toldRenewal = told === snapshot ? renewal : renewalOf(told, configuration.renewals);
  const { windows } = configuration.usage;
  const { health, history, held } = assessHealth(told, toldRenewal, configuration.health, windows, rates);
  const { champion } = configuration.health.measures;
  const segment = segmentOf(told, configuration);
  const { trend, caps } = configuration.health;
  const { churn, held: heldEffects } = assessChurn(
    { snapshot: told, health, trendDays: trend.days, renewal: toldRenewal, segment, champion, caps, rates },
    configuration.churn,
  );
  const { expansion, held: heldSignals } = assessExpansion(
    { snapshot, health, renewal, churn, rates, usageWindows: windows },
    configuration.expansion,
  );
  const banded = withBand(renewal, health.band);
  const { progress, atT90 } = progressOf({ snapshot, renewal: banded, health, churn, rates }, configuration.renewals);
  const assessment: Assessment = {
    accountId: snapshot.account.id,
    asOf: snapshot.asOf,
    modelVersion: modelVersionOf(configuration),
    dataAsOf: dataAsOf(snapshot),
    health,
    churn,
    renewal: { ...banded, progress },
    expansion: { ...expansion, deals: expansionDealsOf(snapshot, expansion) },
    people: {
      champion: championOf(told, champion).state,
      lastTwoWayAt: contactFactsOf(snapshot).last?.at ?? null,
      stakeholders: stakeholdersOf(snapshot, champion),
    },
    place: placeOf(snapshot, rates),
    standing: null,
    history: { ...history, held: { ...held, ...heldEffects, ...heldSignals }, atT90 },
  };
  return withStanding(assessment, snapshot.standing ?? null);
}

function placeOf({ account, currency }: AccountSnapshot, rates: ExchangeRates): AccountPlace {
  const { parentId, csmId, ownerId, arr } = account;
  return {
    parentId,
    ownerId: csmId ?? ownerId,
    revenue: arr === null ? null : (toHomeCurrency(arr, currency, rates) ?? arr),
  };
}

/** Whether the account is a customer: as its type says, else by revenue, a won deal or a renewal date. */
export function isCustomer(account: Account, deals: readonly Deal[] | null): boolean {
  if (account.type !== null) return account.type === 'customer';
  if (account.arr !== null && account.arr.minor > 0) return true;
  if (account.renewalOn !== null) return true;
  return (deals ?? []).some((deal) => deal.stage?.outcome === 'won');
}

const LISTS = ['contacts', 'deals', 'contracts', 'tickets', 'activities', 'usage', 'surveys', 'milestones'] as const;

/** The oldest complete read of the sources that were used. */
function dataAsOf(snapshot: AccountSnapshot): Instant | null {
  const used: SourceName[] = ['accounts', ...LISTS.filter((list) => snapshot[list] !== null)];
  if (snapshot.invoices !== null) used.push('billing');
  let oldest: Instant | null = null;
  for (const source of used) {
    const readAt = snapshot.sources[source]?.readAt ?? null;
    if (readAt !== null && (oldest === null || readAt < oldest)) oldest = readAt;
  }
  return oldest;
}
