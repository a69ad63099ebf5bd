import type { Driver, RiskReason } from '../model/assessment.ts';
import type { ChurnConfiguration } from './configuration.ts';
import type { Effect } from './effects.ts';

/**
 * What weighs most for a loss: the log-odds of everything that speaks against the account, added up per reason. A
 * measure counts with what it takes from the health score. `unknown` when nothing speaks against it, or nothing that has
 * a name; at equal weight the reason that comes first in the alphabet.
 */
export function reasonOf(
  drivers: readonly Driver[],
  effects: readonly Effect[],
  { reasons, perHealthPoint }: Pick<ChurnConfiguration, 'reasons' | 'perHealthPoint'>,
): RiskReason {
  const weights = new Map<RiskReason, number>();
  const add = (reason: RiskReason | undefined, weight: number): void => {
    if (reason === undefined || reason === 'unknown' || weight <= 0) return;
    weights.set(reason, (weights.get(reason) ?? 0) + weight);
  };
  for (const { measure, contribution } of drivers) add(reasons.measures[measure], -contribution * perHealthPoint);
  for (const { id, size } of effects) add(reasons.effects[id], size);
  const [first] = [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return first?.[0] ?? 'unknown';
}
