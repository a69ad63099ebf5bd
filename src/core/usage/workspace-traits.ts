import type { Instant } from '../model/calendar-date.ts';
import { namingKeys, surestFirst } from './match.ts';

/** What is told of a workspace as a whole: not added up, so of each part the newest word holds. */
export interface WorkspaceTraits {
  /** What is looked for to find its account, the surest first. */
  readonly keys: readonly string[];
  readonly name: string | null;
  /** Metric → how much of it the customer has bought. */
  readonly limits: Readonly<Record<string, number>>;
  readonly coreFeatures: readonly string[] | null;
  /**
   * For which moment each part was told: `name`, `coreFeatures`, `limit:<metric>`, and `key:<key>` for keys that follow
   * neither from the workspace's own id nor from the addresses of its users.
   */
  readonly toldAt: Readonly<Record<string, Instant>>;
}

/** What no part of was told. */
export const NO_TRAITS: WorkspaceTraits = { keys: [], name: null, limits: {}, coreFeatures: null, toldAt: {} };

/** What was told for one moment; null and absent parts were not. */
export function traitsAt(
  workspaceId: string,
  at: Instant,
  { keys = [], name = null, limits = {}, coreFeatures = null }: Partial<Omit<WorkspaceTraits, 'toldAt'>>,
): WorkspaceTraits {
  const parts = [
    ...namingKeys(workspaceId, keys).map(keyPart),
    ...(name === null ? [] : ['name']),
    ...(coreFeatures === null ? [] : ['coreFeatures']),
    ...Object.keys(limits).map(limitPart),
  ];
  return { keys, name, limits, coreFeatures, toldAt: Object.fromEntries(parts.map((part) => [part, at])) };
}

/**
 * Of each part what was told for the later moment, in whatever order both came. For the same moment `told` holds: that is
 * how a file is corrected. So it does where the moment of what is kept is not known.
 */
export function mergeTraits(kept: WorkspaceTraits, told: WorkspaceTraits): WorkspaceTraits {
  const newer = new Map(Object.entries(told.toldAt).filter(([part, at]) => at >= (kept.toldAt[part] ?? '')));
  const toldAt = { ...kept.toldAt, ...Object.fromEntries(newer) };
  return {
    keys: surestFirst([...kept.keys, ...told.keys], (key) => toldAt[keyPart(key)] ?? null),
    name: newer.has('name') ? told.name : kept.name,
    coreFeatures: newer.has('coreFeatures') ? told.coreFeatures : kept.coreFeatures,
    limits: {
      ...kept.limits,
      ...Object.fromEntries(Object.entries(told.limits).filter(([metric]) => newer.has(limitPart(metric)))),
    },
    toldAt,
  };
}

const keyPart = (key: string): string => `key:${key}`;
const limitPart = (metric: string): string => `limit:${metric}`;
