import { createInterface } from 'node:readline/promises';
import type { Progress } from '../flow/line.ts';

/** Where a command speaks: results to stdout, everything else to stderr. */
export interface Terminal {
  /** The command's result. With `--json` one object on one line, else text. */
  result(value: object, text: string): void;
  /** A line for people about what is going on. */
  say(text: string): void;
  /** Shows how far long work has come: a line that is redrawn on a terminal, one line a stage elsewhere. */
  readonly progress: (progress: Progress) => void;
  /** Ends a redrawn line. */
  settle(): void;
}

export function openTerminal(options: { readonly json: boolean; readonly quiet: boolean }): Terminal {
  const { stdout, stderr } = process;
  let drawn = false;
  // Objects are read side by side and take turns in telling: without a terminal each is named once between two sayings.
  const told = new Set<string>();
  const settle = (): void => {
    if (drawn) stderr.write('\n');
    drawn = false;
  };
  return {
    result: (value, text) => {
      settle();
      stdout.write(options.json ? `${JSON.stringify(value)}\n` : `${text}\n`);
    },
    say: (text) => {
      settle();
      told.clear();
      if (!options.quiet) stderr.write(`${text}\n`);
    },
    progress: ({ stage, subject, done, total }) => {
      if (options.quiet) return;
      const of = total === null ? '' : ` of ${total.toLocaleString('en-US')}`;
      const text = `${stage}: ${subject} ${done.toLocaleString('en-US')}${of}`;
      if (stderr.isTTY) {
        stderr.write(`\r\u001B[2K${text}`);
        drawn = true;
      } else if (!told.has(`${stage} ${subject}`)) {
        told.add(`${stage} ${subject}`);
        stderr.write(`${stage}: ${subject}\n`);
      }
    },
    settle,
  };
}

/** Rows under headings, columns padded; numbers to the right. Wide last columns are not cut. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en-US') : cell)));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => widthOf(row[column] ?? ''))),
  );
  const isNumber = headings.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)));
        return isNumber[column] === true ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd();
  return [line(headings), ...cells.map(line)].join('\n');
}

/** A text in lines of at most `width` columns, each after `indent` spaces; words are not broken. */
export function wrap(text: string, indent: number, width = 110): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((one) => ' '.repeat(indent) + one).join('\n');
}

const letters = new Intl.Segmenter('en', { granularity: 'grapheme' });
const WIDE = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;

/** How many columns a text takes on a terminal: East Asian letters and emoji take two. */
function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of letters.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** A text cut to so many letters, with an ellipsis where something was cut. */
export function clip(text: string, length: number): string {
  const all = Array.from(letters.segment(text), ({ segment }) => segment);
  return all.length <= length ? text : `${all.slice(0, length - 1).join('')}…`;
}

/** Asks a person; where there is nobody to ask, the command itself is the answer. */
export async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return true;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}
