import type { Instant } from '../model/calendar-date.ts';

/** What is told of a workspace as a whole: not added up, so of each part the newest word holds. */
export interface WorkspaceTraits {
  readonly name: string | null;
  /** Metric → how much of it the customer has bought. */
  readonly limits: Readonly<Record<string, number>>;
  readonly coreFeatures: readonly string[] | null;
  /** For which moment each part was told, by `name`, `coreFeatures` and `limit:<metric>`. */
  readonly toldAt: Readonly<Record<string, Instant>>;
}

/** What no part of was told. */
export const NO_TRAITS: WorkspaceTraits = { name: null, limits: {}, coreFeatures: null, toldAt: {} };

/** What was told for one moment; null and absent parts were not. */
export function traitsAt(at: Instant, said: Omit<WorkspaceTraits, 'toldAt'>): WorkspaceTraits {
  const parts = [
    ...(said.name === null ? [] : ['name']),
    ...(said.coreFeatures === null ? [] : ['coreFeatures']),
    ...Object.keys(said.limits).map(limitPart),
  ];
  return { ...said, toldAt: Object.fromEntries(parts.map((part) => [part, at])) };
}

/**
 * Of each part what was told for the later moment, in whatever order both came. For the same moment `told` holds: that is
 * how a file is corrected. So it does where the moment of what is kept is not known.
 */
export function mergeTraits(kept: WorkspaceTraits, told: WorkspaceTraits): WorkspaceTraits {
  const newer = Object.entries(told.toldAt).filter(([part, at]) => at >= (kept.toldAt[part] ?? ''));
  if (newer.length === 0) return kept;
  const parts = new Set(newer.map(([part]) => part));
  const limits = Object.entries(told.limits).filter(([metric]) => parts.has(limitPart(metric)));
  return {
    name: parts.has('name') ? told.name : kept.name,
    coreFeatures: parts.has('coreFeatures') ? told.coreFeatures : kept.coreFeatures,
    limits: { ...kept.limits, ...Object.fromEntries(limits) },
    toldAt: { ...kept.toldAt, ...Object.fromEntries(newer) },
  };
}

const limitPart = (metric: string): string => `limit:${metric}`;
