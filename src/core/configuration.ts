import type { RollUpConfiguration } from './book/roll-up.ts';
import { defaultRollUpConfiguration } from './book/roll-up.ts';
import type { ChurnConfiguration } from './churn/configuration.ts';
import { defaultChurnConfiguration } from './churn/configuration.ts';
import type { ExpansionConfiguration } from './expansion/configuration.ts';
import { defaultExpansionConfiguration } from './expansion/configuration.ts';
import type { HistoryConfiguration } from './history/configuration.ts';
import { defaultHistoryConfiguration } from './history/configuration.ts';
import type { ExchangeRates } from './model/rates.ts';
import { noExchangeRates } from './model/rates.ts';
import type { WritingConfiguration } from './plan/configuration.ts';
import { defaultWritingConfiguration } from './plan/configuration.ts';
import type { PlayConfiguration } from './plays/configuration.ts';
import { defaultPlayConfiguration } from './plays/configuration.ts';
import type { RenewalConfiguration } from './renewals/configuration.ts';
import { defaultRenewalConfiguration } from './renewals/configuration.ts';
import type { HealthConfiguration } from './scoring/configuration.ts';
import { defaultHealthConfiguration } from './scoring/configuration.ts';
import type { UsageConfiguration } from './usage/configuration.ts';
import { defaultUsageConfiguration } from './usage/configuration.ts';
import type { ValidationConfiguration } from './validation/configuration.ts';
import { defaultValidationConfiguration } from './validation/configuration.ts';

/** Every number that the core decides by. */
export interface ModelConfiguration {
  /** Name and number, `default 1`: two assessments with the same version were decided alike. */
  readonly version: string;
  readonly health: HealthConfiguration;
  readonly churn: ChurnConfiguration;
  readonly expansion: ExpansionConfiguration;
  readonly renewals: RenewalConfiguration;
  /** How the health of accounts below another shows on that one. */
  readonly rollUp: RollUpConfiguration;
  /** For adding up and comparing amounts in several currencies. */
  readonly rates: ExchangeRates;
  readonly usage: UsageConfiguration;
  readonly plays: PlayConfiguration;
  readonly writing: WritingConfiguration;
  readonly recompute: RecomputeConfiguration;
  readonly history: HistoryConfiguration;
  readonly validation: ValidationConfiguration;
}

/** What is kept so that a score can be computed once more. */
export interface RecomputeConfiguration {
  /** For so many days back, and the newest score; 0 keeps nothing. */
  readonly keptDays: number;
}

export const defaultConfiguration: ModelConfiguration = {
  version: 'default 1',
  health: defaultHealthConfiguration,
  churn: defaultChurnConfiguration,
  expansion: defaultExpansionConfiguration,
  renewals: defaultRenewalConfiguration,
  rollUp: defaultRollUpConfiguration,
  rates: noExchangeRates,
  usage: defaultUsageConfiguration,
  plays: defaultPlayConfiguration,
  writing: defaultWritingConfiguration,
  recompute: { keptDays: 30 },
  history: defaultHistoryConfiguration,
  validation: defaultValidationConfiguration,
};
