import { decimalsOf, formatMoney, type Money } from '../core/model/money.ts';
import type { SyncResult } from '../flow/sync.ts';
import type { Book } from '../queries/book.ts';
import { percent } from './account-in-words.ts';
import { fiveStoriesInWords, type ToldAccount } from './stories-in-words.ts';
import { clip, table, wrap } from './terminal.ts';
import { count } from './words.ts';

/** What stands in a simulated CRM itself, whatever we believe that we wrote. */
export interface SeenCrm {
  readonly accounts: readonly SeenAccount[];
  /** Tasks of ours. */
  readonly tasks: number;
}

export interface SeenAccount extends ToldAccount {
  /** Tasks of ours on it, open or not. */
  readonly tasks: number;
}

export interface Tally {
  readonly accountsWithBand: number;
  readonly tasksOfHoldfast: number;
}

export function tally({ accounts, tasks }: SeenCrm): Tally {
  return { accountsWithBand: accounts.filter(({ band }) => band !== null).length, tasksOfHoldfast: tasks };
}

/** One CRM after the demo's three syncs. */
export interface ShownCrm {
  readonly title: string;
  readonly book: Book;
  readonly runs: readonly SyncResult[];
  readonly seen: SeenCrm;
  /** Workspaces whose account was not found. */
  readonly unmatched: number;
}

/** Did a run leave the CRM as it was? */
export function wroteNothing({ writes }: SyncResult): boolean {
  return Object.values(writes).every((number) => number === 0);
}

/** The books of all CRMs on one screen, a column each: what was judged, what was done, what it cost, what stands there now. */
export function booksInWords(crms: readonly ShownCrm[]): string {
  const rows: [label: string, read: (crm: ShownCrm) => string | number][] = [
    ['customers', ({ book: { bands } }) => bands.green + bands.yellow + bands.red + bands.grey],
    ['  green, yellow, red', ({ book: { bands } }) => [bands.green, bands.yellow, bands.red].join(', ')],
    ['  grey (too little data to judge)', ({ book }) => book.bands.grey],
    ['tasks opened', ({ runs }) => runs.reduce((sum, { writes }) => sum + writes.tasksOpened, 0)],
    ['  held back: their owners have enough to do', ({ runs }) => runs.at(-2)?.heldBack ?? 0],
    ['API calls of the three syncs', ({ runs }) => runs.map(callsOf).join(' + ')],
    ['  rate-limited', ({ runs }) => runs.reduce((sum, { rateLimited }) => sum + rateLimited, 0)],
    ['records with our values, as the CRM shows them', ({ seen }) => tally(seen).accountsWithBand],
    ['tasks of ours, as the CRM shows them', ({ seen }) => tally(seen).tasksOfHoldfast],
    ['workspaces whose account nobody knows (inbox)', ({ unmatched }) => unmatched],
  ];
  return table(
    ['SUMMARY', ...crms.map(({ title }) => title)],
    rows.map(([label, read]) => [label, ...crms.map((crm) => read(crm).toLocaleString('en-US'))]),
  );
}

function callsOf({ calls }: SyncResult): number {
  return Object.values(calls).reduce((sum, one) => sum + one, 0);
}

/** Who may leave and who may grow, once where all CRMs say the same, else for each. */
export function outlookInWords(crms: readonly ShownCrm[]): string {
  return onceWhereTheSame(crms, ({ book }) => outlookOf(book));
}

/** Five customers as a CSM finds them: the fields of the record and the open tasks. Empty where they are not there. */
export function toldInWords(crms: readonly Pick<ShownCrm, 'title' | 'seen'>[]): string {
  return onceWhereTheSame(crms, ({ seen }) => fiveStoriesInWords(seen.accounts));
}

function onceWhereTheSame<Crm extends { readonly title: string }>(
  crms: readonly Crm[],
  inWords: (crm: Crm) => string,
): string {
  const texts = crms.map(inWords);
  const [first = ''] = texts;
  if (texts.every((text) => text === first)) {
    if (crms.length < 2 || first === '') return first;
    return `The same in ${crms.map(({ title }) => title).join(' and ')}:\n\n${first}`;
  }
  return crms.map(({ title }, index) => `${title}:\n\n${texts[index] ?? ''}`).join('\n\n');
}

function outlookOf({ topRisks, churnDays, expansions }: Book): string {
  const lines = ['TOP RISKS'];
  for (const risk of topRisks) {
    const facts = [
      risk.arrAtRisk === null ? null : `${roundMoney(risk.arrAtRisk)} at risk`,
      (risk.churnProbability90d ?? 0) < 0.01
        ? null
        : `${percent(risk.churnProbability90d)} likely to leave within ${count(churnDays, 'day')}`,
      risk.decisionOn === null ? null : `decides by ${risk.decisionOn}`,
    ];
    const score = risk.score === null ? '–' : risk.score.toFixed(0);
    lines.push(
      `  ${risk.band.padEnd(6)} ${score.padStart(3)}  ${clip(risk.name ?? '(no name)', 40)}: ${facts.filter((fact) => fact !== null).join(', ')}`,
      wrap(risk.reason, 14),
    );
  }
  if (topRisks.length === 0) lines.push('  none');
  if (expansions.length > 0) {
    lines.push('', 'READY TO GROW');
    for (const one of expansions)
      lines.push(`  ${one.score.toFixed(0).padStart(3)}  ${clip(one.name ?? '(no name)', 40)}: ${one.because}`);
  }
  return lines.join('\n');
}

/** What a CSM sees in each CRM: the stories of named accounts, read back from it. Empty where there are none. */
export function storiesInWords(
  crms: readonly Pick<ShownCrm, 'title' | 'seen'>[],
  stories: readonly { readonly account: string; readonly story: string }[],
): string {
  const seen = crms.map(({ seen: { accounts } }) => new Map(accounts.map((account) => [account.name, account])));
  const told = stories.filter(({ account }) => seen.some((accounts) => accounts.has(account)));
  if (told.length === 0) return '';
  const [headings = '', ...rows] = table(
    ['STORIES', ...crms.map(({ title }) => `as ${title} shows it`)],
    told.map(({ account }) => [clip(account, 30), ...seen.map((accounts) => shownInWords(accounts.get(account)))]),
  ).split('\n');
  return [headings, ...rows.flatMap((row, index) => [row, wrap(told[index]?.story ?? '', 2)])].join('\n');
}

function shownInWords(account: SeenAccount | undefined): string {
  if (account === undefined) return '–';
  const { band, score, decisionOn, tasks } = account;
  return [
    `${band ?? '–'} ${score ?? '–'}`,
    ...(decisionOn === null ? [] : [`decides ${decisionOn}`]),
    ...(tasks === 0 ? [] : [count(tasks, 'task')]),
  ].join(', ');
}

/** To whole units: nobody weighs risks by the cent. */
function roundMoney({ minor, currency }: Money): string {
  const unit = 10 ** decimalsOf(currency);
  return formatMoney({ minor: Math.round(minor / unit) * unit, currency });
}
