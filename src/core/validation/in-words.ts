import type { Gate, GateReport } from './gates.ts';

/** What people are told beside a score. */
export interface Verdict {
  readonly verdict: GateReport['verdict'];
  /** What keeps it from being validated, each in a few words; empty when nothing does. */
  readonly lacking: readonly string[];
}

/** `Validated on your own renewals`, or `Unvalidated: 7 of 20 losses seen`. */
export function verdictInWords({ verdict, lacking }: Verdict): string {
  return verdict === 'validated' ? 'Validated on your own renewals' : `Unvalidated: ${lacking.join('; ')}`;
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
      return (figure ?? 0) < need
        ? `${figure ?? 0} of ${need} losses seen`
        : `${figure ?? 0} losses seen, ${need} needed`;
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

/** With a decimal: a figure just short of what is needed should not look like it. */
const percent = (share: number): string => `${Math.round(share * 1_000) / 10}%`;
const rounded = (figure: number): string => String(Math.round(figure * 100) / 100);
