import type { AccountId, InstallationId } from '../model/ids.ts';
import { holdfastKey } from './dedupe.ts';
import type { PlayKind } from './play.ts';

/** `treat`: people get the tasks. `holdout`: the firing is only watched, so that the difference can be told later. */
export type Arm = 'treat' | 'holdout';

/** Kinds of plays whose effect may be measured by leaving some accounts alone; the others are promises or duties. */
export const MEASURABLE: ReadonlySet<PlayKind> = new Set<PlayKind>(['risk', 'usage', 'expansion']);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const DIGITS = 8;

/** The arm of a firing. It follows from what the firing is, so that nobody chooses it and it never changes. */
export function armOf(
  firing: {
    readonly tenant: InstallationId;
    readonly accountId: AccountId;
    readonly play: string;
    readonly occurrence: number;
  },
  share: number,
): Arm {
  const { tenant, accountId, play, occurrence } = firing;
  const key = holdfastKey({
    tenant,
    scope: 'account',
    scopeId: accountId,
    termId: null,
    play,
    step: 'hold-out',
    occurrence,
  });
  const number = key
    .slice(0, DIGITS)
    .split('')
    .reduce((sum, digit) => sum * 32 + ALPHABET.indexOf(digit), 0);
  return number / 32 ** DIGITS < share ? 'holdout' : 'treat';
}
