import type { ModelConfiguration } from '../configuration.ts';
import type { UsageView } from './account-usage.ts';

/** Something that reads usage by days, and for how many days up to the last one that is known. */
export interface LookBack {
  /** Where the configuration says so: `expansion.metered.cycleDays`. */
  readonly path: string;
  readonly days: number;
}

type Looking = Pick<ModelConfiguration, 'health' | 'expansion' | 'usage'>;

/** Everything that reads usage by days. What is not listed here must not look further back than the longest of these. */
export function lookBacksOf({ health, expansion, usage }: Looking): readonly LookBack[] {
  const { coreFeatures, keyAction, custom } = health.measures;
  const { metered, gatedFeature, newDepartments, pricingVisits } = expansion;
  const { recentDays, activeDays } = usage.windows;
  // The growth of metered use takes two cycles, whatever the steps ask for.
  const cycles = Math.max(2, ...metered.steps.map((step) => step.cycles));
  return [
    { path: 'usage.windows.recentDays', days: recentDays },
    // Twice, for the change, and a day more for how it was yesterday (play 01).
    { path: 'usage.windows.activeDays', days: 2 * activeDays + 1 },
    { path: 'health.measures.coreFeatures.windowDays', days: coreFeatures.windowDays },
    { path: 'health.measures.keyAction.seenDays', days: keyAction.seenDays },
    ...custom.map(({ as, windowDays }, index) => ({
      path: `health.measures.custom[${index}].windowDays`,
      days: as === 'change' ? 2 * windowDays : windowDays,
    })),
    { path: 'expansion.metered.cycleDays', days: cycles * metered.cycleDays },
    { path: 'expansion.gatedFeature.withinDays', days: gatedFeature.withinDays },
    { path: 'expansion.newDepartments.withinDays', days: newDepartments.withinDays + newDepartments.beforeDays },
    { path: 'expansion.pricingVisits.withinDays', days: pricingVisits.withinDays },
  ];
}

/** What a configuration looks at of the usage up to a day: as many days as whatever looks back furthest. */
export function usageViewOf({ today, endOn }: Pick<UsageView, 'today' | 'endOn'>, configuration: Looking): UsageView {
  const { retentionDays: keptDays, windows } = configuration.usage;
  const days = Math.max(...lookBacksOf(configuration).map((one) => one.days));
  return { today, endOn, keptDays, days, windows };
}
