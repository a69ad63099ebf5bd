import type { ExpansionStatus } from '../queries/expansion-status.ts';
import { percent } from './account-in-words.ts';
import { count } from './words.ts';

/** Percentages are told only once they were learned: until then a score ranks. */
export function expansionInWords({
  status,
  lastOn,
  withinDays,
  expansions,
  accounts,
  chances,
}: ExpansionStatus): string {
  const { have, need } = expansions;
  if (lastOn === null)
    return 'Chances of expansion are provisional: nothing was learned yet; the first daily run of a month does.';
  if (status === 'provisional') {
    return `Chances of expansion are provisional: ${have} of ${need} won expansions seen by ${lastOn}. Scores rank, and no percentage is told.`;
  }
  const told = chances.map(({ score, chance }) => `${percent(chance)} at ${score} points`).join(', ');
  return `Chances of expansion within ${count(withinDays, 'day')} are learned from ${count(have, 'won expansion')} and ${count(accounts, 'score')} at the end of a month, on ${lastOn}: ${told}.`;
}
