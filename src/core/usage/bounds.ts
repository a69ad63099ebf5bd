/**
 * The most characters of an id or a domain. Both are keys of an index, which takes 2,700 bytes at most for two of them; a
 * character is at most three bytes for each of its UTF-16 units.
 */
export const LONGEST_ID = 256;

/** The most that one message or line tells of anything: below 2^53, from which on sums leave out what is added. */
const MOST = 1e15;

/** Why a number is no amount, as the end of a sentence; null when it is one. */
export function faultOfAmount(amount: number): string | null {
  if (amount < 0) return 'which is negative';
  return amount <= MOST ? null : `which is more than ${MOST.toLocaleString('en-US')}`;
}
