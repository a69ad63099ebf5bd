import type { Band, RollUp } from '../model/assessment.ts';
import type { Money } from '../model/money.ts';
import { addMoney, formatMoney } from '../model/money.ts';
import { count } from '../measures/wording.ts';
import { bandOf } from '../scoring/bands.ts';
import type { HealthConfiguration } from '../scoring/configuration.ts';
import { rounded } from '../scoring/health.ts';

export interface RollUpConfiguration {
  readonly method: RollUp['method'];
  /** With so much of the revenue in red accounts below it, an account is no better than yellow. */
  readonly redShare: number;
}

export const defaultRollUpConfiguration: RollUpConfiguration = { method: 'arr_weighted', redShare: 0.3 };

interface Member {
  readonly score: number | null;
  readonly band: Band;
  readonly revenue: Money | null;
}

interface Counted {
  readonly score: number;
  readonly band: Band;
  /** Minor units of the home currency; 0 where not known. */
  readonly weight: number;
}

/**
 * Health of an account with all accounts below it. Accounts without a score do not count, nor do those below it whose
 * revenue cannot be told in the home currency: their part in the whole is not known.
 */
export function rollUpOf(
  own: Member,
  below: readonly Member[],
  home: string,
  configuration: RollUpConfiguration,
  bands: HealthConfiguration['bands'],
): RollUp {
  const { method, redShare } = configuration;
  const isForeign = ({ revenue }: Member): boolean => revenue !== null && revenue.currency !== home;
  const counted = below.filter((member) => !isForeign(member)).flatMap(toCounted);
  const left = below.length - counted.length;
  const all = isForeign(own) ? counted : [...toCounted(own), ...counted];
  const score = method === 'parent_only' ? own.score : scoreOf(all, method);
  const whole = all.reduce((sum, { weight }) => sum + weight, 0);
  const red = counted.reduce((sum, { band, weight }) => sum + (band === 'red' ? weight : 0), 0);
  const isRedBelow = method !== 'parent_only' && whole > 0 && red / whole >= redShare;
  let band: Band = score === null ? 'grey' : method === 'parent_only' ? own.band : bandOf(score, bands);
  if (band === 'green' && isRedBelow) band = 'yellow';
  const revenue = addMoney([{ minor: whole, currency: home }]);
  const parts = [
    `${count(counted.length, 'account')} below this one${revenue === null || whole === 0 ? '' : `, ${formatMoney(revenue)} a year in all`}: ${METHODS[method]}.`,
    ...(red > 0 ? [`${Math.round((red / whole) * 100)}% of it is in red accounts.`] : []),
    ...(left > 0 ? [`${count(left, 'account')} could not be counted.`] : []),
  ];
  return {
    method,
    score: score === null ? null : rounded(score, 1),
    band,
    accounts: counted.length,
    because: parts.join(' '),
  };
}

const METHODS: Readonly<Record<RollUp['method'], string>> = {
  arr_weighted: 'the mean of their health by revenue',
  mean: 'the mean of their health',
  worst: 'the worst of their health',
  parent_only: 'its own health alone',
};

function toCounted({ score, band, revenue }: Member): readonly Counted[] {
  return score === null ? [] : [{ score, band, weight: Math.max(0, revenue?.minor ?? 0) }];
}

function scoreOf(members: readonly Counted[], method: 'arr_weighted' | 'mean' | 'worst'): number | null {
  if (members.length === 0) return null;
  if (method === 'worst') return Math.min(...members.map(({ score }) => score));
  const total = method === 'mean' ? 0 : members.reduce((sum, { weight }) => sum + weight, 0);
  // Without any revenue, all count alike.
  if (total === 0) return members.reduce((sum, { score }) => sum + score, 0) / members.length;
  return members.reduce((sum, { score, weight }) => sum + score * weight, 0) / total;
}
