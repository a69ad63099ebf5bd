import type { Gate, GateReport } from './gates.ts';

/** `Validated`, or `Unvalidated: 7 of 20 losses seen`, with all that is lacking. Null is a score that was not checked yet. */
export function verdictInWords(report: Pick<GateReport, 'verdict' | 'leadDays' | 'gates'> | null): string {
  if (report === null) return 'Unvalidated: not checked yet';
  return report.verdict === 'validated' ? 'Validated' : `Unvalidated: ${lackingOf(report).join('; ')}`;
}

/**
 * What keeps a score from being validated, each in a few words; empty when nothing does. While there are too few losses,
 * what they would have to show is left out.
 */
export function lackingOf({ leadDays, gates }: Pick<GateReport, 'leadDays' | 'gates'>): readonly string[] {
  const isShort = gates.some(({ id, state }) => id === 'losses' && state !== 'passed');
  return gates
    .filter(({ state }) => state === 'failed' || (state === 'unknown' && !isShort))
    .map((gate) => gateInWords(gate, leadDays));
}

/** The figure of a gate and what it is held against: `50% of the lost were below green 90 days before, 66.7% needed`. */
export function gateInWords({ id, figure, need, low }: Gate, leadDays: number): string {
  switch (id) {
    case 'losses':
      return `${figure ?? 0} of ${need} losses seen`;
    case 'red_losses': {
      if (figure === null) return `no red account was lost or kept yet, ${need} times as many losses as of all needed`;
      const bound = low?.figure == null ? '' : ` (lower bound ${rounded(low.figure)}, ${low.need} needed)`;
      return `red accounts were lost ${rounded(figure)} times as often as all, ${need} needed${bound}`;
    }
    case 'losses_below_green':
      if (figure === null) return `nobody was lost yet, ${percent(need)} of the lost have to be below green`;
      return `${percent(figure)} of the lost were below green ${leadDays} days before, ${percent(need)} needed`;
    case 'green_accounts':
      if (figure === null) return 'no account has a band yet';
      return `${percent(figure)} of the accounts are green, ${percent(need)} at most`;
    case 'brier_skill':
      if (figure === null) return 'no chance of loss can be held against what happened yet';
      return `chances of loss have a skill of ${rounded(figure)}, more than ${need} needed`;
    default:
      return id satisfies never;
  }
}

/** A figure just short of what is needed must not look like it. */
const percent = (share: number): string => `${Math.round(share * 1_000) / 10}%`;
const rounded = (figure: number): string => String(Math.round(figure * 100) / 100);
