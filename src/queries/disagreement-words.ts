import type { DisagreementLine, Tally } from './disagreements.ts';

const ENDS: Readonly<Record<NonNullable<DisagreementLine['end']>['by'], string>> = {
  agreed: 'score agreed',
  'taken-back': 'taken back',
  replaced: 'set anew',
  expired: 'ran out',
  'account-gone': 'left',
};

/** `until 2026-04-01`, or `score agreed on 2026-03-20`. */
export function endWords({ end, untilOn }: Pick<DisagreementLine, 'end' | 'untilOn'>): string {
  return end === null ? `until ${untilOn}` : `${ENDS[end.by]} on ${end.on}`;
}

/** `3 better, 8 worse, 1 without a score`: how people saw accounts, beside what their scores said. */
export function seenWords({ ways }: Pick<Tally, 'ways'>): string {
  const said = [
    [ways.better, 'better'],
    [ways.worse, 'worse'],
    [ways.same, 'the same'],
    [ways.unscored, 'without a score'],
  ] as const;
  return said
    .filter(([times]) => times > 0)
    .map(([times, way]) => `${times.toLocaleString('en-US')} ${way}`)
    .join(', ');
}
