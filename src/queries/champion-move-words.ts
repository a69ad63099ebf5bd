import type { AccountId } from '../core/model/ids.ts';
import type { ChampionMove } from './champion-moves.ts';

/** `Kim Ray`, or `A contact` who has no name. */
export function whoWords({ name }: Pick<ChampionMove, 'name'>): string {
  return name ?? 'A contact';
}

/** The company's name; `account 42` where it has none, or may not be read. */
export function companyWords({ account, name }: ChampionMove['to']): string {
  return name ?? `account ${account ?? ''}`;
}

/** The move as it is told on the page of one of the two accounts. */
export function moveInWords(move: ChampionMove, account: AccountId): string {
  const { from, to, untilOn } = move;
  return from.account === account
    ? `${whoWords(move)}, champion here until ${untilOn}, is now at ${companyWords(to)}.`
    : `${whoWords(move)}, who was champion at ${companyWords(from)}, works here now: new business.`;
}
