import { companyWords, whoWords } from '../queries/champion-move-words.ts';
import type { ChampionMoves } from '../queries/champion-moves.ts';
import { clip, table } from './terminal.ts';

/** One line a move. */
export function movesInWords({ moves, isMore }: ChampionMoves): string {
  if (moves.length === 0) return 'No champion is known to have gone to another company.';
  const lines = table(
    ['until', 'champion', 'was at', 'is now at', 'owner there'],
    moves.map((move) => [
      move.untilOn,
      clip(whoWords(move), 30),
      clip(companyWords(move.from), 34),
      clip(companyWords(move.to), 34),
      move.owner ?? '–',
    ]),
  );
  return isMore ? `${lines}\nand older ones (--top lists more)` : lines;
}
