import type { ChurnConfiguration } from './churn/configuration.ts';
import { defaultChurnConfiguration } from './churn/configuration.ts';
import type { ExpansionConfiguration } from './expansion/configuration.ts';
import { defaultExpansionConfiguration } from './expansion/configuration.ts';
import type { RenewalConfiguration } from './renewals/configuration.ts';
import { defaultRenewalConfiguration } from './renewals/configuration.ts';
import type { HealthConfiguration } from './scoring/configuration.ts';
import { defaultHealthConfiguration } from './scoring/configuration.ts';

/** Every number that the core decides by. */
export interface ModelConfiguration {
  /** Name and number, `default 1`: two assessments with the same version were decided alike. */
  readonly version: string;
  readonly health: HealthConfiguration;
  readonly churn: ChurnConfiguration;
  readonly expansion: ExpansionConfiguration;
  readonly renewals: RenewalConfiguration;
}

export const defaultConfiguration: ModelConfiguration = {
  version: 'default 1',
  health: defaultHealthConfiguration,
  churn: defaultChurnConfiguration,
  expansion: defaultExpansionConfiguration,
  renewals: defaultRenewalConfiguration,
};
