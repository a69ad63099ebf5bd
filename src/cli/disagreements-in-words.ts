import type { DisagreementLine, Disagreements, Tally } from '../queries/disagreements.ts';
import { endWords, seenWords } from '../queries/disagreement-words.ts';
import { clip, table } from './terminal.ts';
import { count } from './words.ts';

/** How many and which way, by reason, and one line each. */
export function disagreementsInWords({ total, byReason, listed, matching }: Disagreements): string {
  if (total.count === 0) return 'Nobody has set a band by hand yet.';
  const lines = [
    `${count(total.count, 'band was', 'bands were')} set by hand (beside the score: ${seenWords(total)}); not settled yet: ${total.open}.`,
    verdictWords(total),
    '',
    table(
      ['reason', 'times', 'open', 'better', 'worse', 'agreed', 'person right', 'score right'],
      byReason.map(({ title, count: times, open, ways, ends, right }) => [
        title,
        times,
        open,
        ways.better,
        ways.worse,
        ends.agreed,
        right.person,
        right.score,
      ]),
    ),
  ];
  if (listed.length > 0) {
    lines.push('', table(['begun', 'account', 'score', 'person', 'because', 'by', 'now', 'right'], listed.map(row)));
  }
  if (matching > listed.length) lines.push(`and ${matching - listed.length} more (--top lists more)`);
  return lines.join('\n');
}

function verdictWords({ ends, right }: Tally): string {
  const agreed = `${count(ends.agreed, 'time', 'times')} the score came to say the same.`;
  const decided = right.person + right.score;
  if (decided === 0) return `${agreed} No term has been decided since.`;
  return `${agreed} ${count(decided, 'term was', 'terms were')} decided since: the person was right ${count(right.person, 'time')}, the score ${count(right.score, 'time')}.`;
}

function row(line: DisagreementLine): readonly string[] {
  const { computed } = line;
  return [
    line.begunOn,
    clip(line.name ?? line.account, 30),
    computed.score === null ? computed.band : `${computed.band} ${computed.score.toFixed(1)}`,
    line.band,
    clip(`${line.reason}: ${line.note}`, 60),
    clip(line.by ?? '–', 30),
    endWords(line),
    line.right === null ? '–' : `${line.right} (${line.outcome ?? ''})`,
  ];
}
