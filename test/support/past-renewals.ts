import type { FeatureSnapshot, TermOutcome } from '../../src/core/churn/features.ts';
import type { Band } from '../../src/core/model/assessment.ts';
import { addDays, type CalendarDate } from '../../src/core/model/calendar-date.ts';
import { toAccountId, toTermId } from '../../src/core/model/ids.ts';
import type { TenantStore } from '../../src/ports/store.ts';

/** Renewals of one kind: what was said of each a quarter before, and how many of them were lost. */
export interface PastRenewals {
  readonly terms: number;
  readonly lost: number;
  /** The middle of their scores. */
  readonly health: number;
  readonly band?: Band;
  /** Chance of a loss that was told of each; none when left out. */
  readonly told?: number;
}

/** Remembers renewals of the year before `today`, as daily runs would have: what was known 100 days before each, and how it went. */
export async function rememberRenewals(
  { history }: Pick<TenantStore, 'history'>,
  today: CalendarDate,
  kinds: readonly PastRenewals[],
): Promise<void> {
  const features: FeatureSnapshot[] = [];
  const outcomes: TermOutcome[] = [];
  for (const [kind, { terms, lost, health, band, told = null }] of kinds.entries()) {
    for (let index = 0; index < terms; index += 1) {
      const accountId = toAccountId(`past-${kind}-${index}`);
      const termId = toTermId(`term-${kind}-${index}`);
      const decisionOn = addDays(today, -30 - (index % 300));
      const on = addDays(decisionOn, -100);
      features.push({
        accountId,
        on,
        knownAt: `${on}T08:00:00.000Z`,
        termId,
        decisionOn,
        segment: 'mid',
        baseRate: 0.15,
        health: health + (index % 7) - 3,
        ...(band !== undefined && { band }),
        delta28d: null,
        effects: [],
        measures: {},
        revenue: null,
        probabilityAtDecision: told,
        modelVersion: 'HF-Health v1 / default 1',
      });
      const outcome = index < lost ? 'churned' : 'renewed';
      outcomes.push({ accountId, termId, decisionOn, outcome, segment: 'mid', seenOn: decisionOn });
    }
  }
  await history.keepFeatures(features);
  await history.putOutcomes(outcomes);
}
