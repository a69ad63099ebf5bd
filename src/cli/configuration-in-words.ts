import { formatMoney } from '../core/model/money.ts';
import { dayInWords } from '../core/renewals/day-in-words.ts';
import type { ConfigurationPreview, DealsToOpen, MovedAccount, Move } from '../queries/configuration-preview.ts';
import type { ShownConfiguration, VersionLine } from '../queries/configuration.ts';
import { clip, table } from './terminal.ts';
import { count } from './words.ts';

/** What differs from the defaults, a line each. */
export function changesInWords(changes: ShownConfiguration['changes']): string {
  if (changes.length === 0) return 'Everything is as by default.';
  return table(
    ['path', 'default', 'here'],
    changes.map(({ path, before, after }) => [path, before === null ? '–' : short(before), short(after)]),
  );
}

export function valueInWords(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

export function versionsInWords(versions: readonly VersionLine[]): string {
  if (versions.length === 0) return 'There is no version of your own: the defaults are in force.';
  return table(
    ['version', 'state', 'at', 'by', 'changes', 'previewed', 'note'],
    versions.map(({ number, state, at, by, changes, preview, note }) => [
      number,
      state,
      at.slice(0, 16).replace('T', ' '),
      by,
      clip(changes.join(', '), 60),
      preview === null ? 'no' : `${preview.changing} of ${preview.accounts} change band`,
      clip(note, 40),
    ]),
  );
}

export function previewInWords(preview: ConfigurationPreview): string {
  const { accounts, bands, scores, who, deals, writes } = preview;
  const changing = sum(bands);
  return [
    `${preview.to} beside ${preview.from}, over ${count(accounts, 'account')}:`,
    changing === 0
      ? 'No account changes its band.'
      : `${count(changing, 'account changes', 'accounts change')} band once scores have settled: ${moves(bands)}.`,
    `At the next run: ${preview.bandsAtNextRun.length === 0 ? 'none yet' : moves(preview.bandsAtNextRun)}.`,
    ...(preview.risk.length === 0 ? [] : [`Risk: ${moves(preview.risk)}.`]),
    ...(preview.expansion.length === 0 ? [] : [`Expansion: ${moves(preview.expansion)}.`]),
    scores.moving === 0
      ? 'No score moves.'
      : `${count(scores.moving, 'score moves', 'scores move')}: the middle of all by ${scores.median} points, at most by ${signed(scores.largestFall)} and ${signed(scores.largestRise)}.`,
    ...(who.length === 0 ? [] : ['', ...who.flatMap(whoInWords), '']),
    ...dealsInWords(deals.onlyThen, `would be opened, which ${preview.from} does not open`),
    ...dealsInWords(deals.onlyNow, `would no longer be opened, which ${preview.from} opens`),
    `The next run would write ${count(writes.valuesToWrite, 'value')} on ${count(writes.recordsToUpdate, 'record')}, open ${count(writes.tasksToOpen, 'task')}, move ${writes.tasksToMove} and close ${writes.tasksToClose}${writes.dealsToOpen === 0 ? '' : `, open ${count(writes.dealsToOpen, 'renewal deal')}`}, in ${count(writes.calls, 'API call')}. Nothing was written.`,
    'Put it in force with: holdfast config publish',
  ].join('\n');
}

function dealsInWords({ count: number, first }: DealsToOpen, what: string): readonly string[] {
  if (number === 0) return [];
  const lines = first.map(({ name, amount, closeOn }) => {
    const worth = amount === null ? '' : `, ${formatMoney(amount)}`;
    return `  ${name}: closes on ${dayInWords(closeOn)}${worth}`;
  });
  const more = number - first.length;
  return [`${count(number, 'renewal deal')} ${what}:`, ...lines, ...(more > 0 ? [`  and ${more} more`] : []), ''];
}

function whoInWords({ account, name, arr, from, to, bandAtNextRun, because }: MovedAccount): readonly string[] {
  const worth = arr === null ? '' : `, ${formatMoney(arr)} a year`;
  const when = bandAtNextRun === to.band ? 'at the next run' : 'in some days';
  return [
    `${name ?? account}${worth}: ${from.band} ${from.score ?? '–'} → ${to.band} ${to.score ?? '–'}, ${when}`,
    ...because.map((reason) => `  ${reason}`),
  ];
}

const sum = (all: readonly Move<string>[]): number => all.reduce((total, { accounts }) => total + accounts, 0);
const moves = (all: readonly Move<string>[]): string =>
  all.map(({ from, to, accounts }) => `${accounts} ${from} → ${to}`).join(', ');
const signed = (points: number): string => `${points < 0 ? '−' : '+'}${Math.abs(points)}`;
const short = (value: unknown): string => clip(JSON.stringify(value), 50);
