import type { DisagreementLine, Tally } from './disagreements.ts';

const ENDS: Readonly<Record<NonNullable<DisagreementLine['end']>['by'], string>> = {
  agreed: 'the score agreed',
  'taken-back': 'taken back',
  replaced: 'set anew',
  expired: 'ran out',
  'account-gone': 'no customer any more',
};

/** `until 2026-04-01`, or `the score agreed on 2026-03-20`. */
export function endWords({ end, untilOn }: Pick<DisagreementLine, 'end' | 'untilOn'>): string {
  return end === null ? `until ${untilOn}` : `${ENDS[end.by]} on ${end.on}`;
}

/** `better 3 times, worse 8 times, as it was 1 time`: how people saw accounts, beside their scores. */
export function seenWords({ ways }: Pick<Tally, 'ways'>): string {
  const said = (
    [
      [ways.better, 'better'],
      [ways.worse, 'worse'],
      [ways.same, 'the same'],
      [ways.unscored, 'where there was no score'],
    ] as const
  ).filter(([times]) => times > 0);
  return said.map(([times, way]) => `${way} ${times === 1 ? 'once' : `${times} times`}`).join(', ');
}
