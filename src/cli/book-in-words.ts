import { decimalsOf, formatMoney, type Money } from '../core/model/money.ts';
import type { SyncResult } from '../flow/sync.ts';
import type { Book } from '../queries/book.ts';
import { percent } from './account-in-words.ts';
import { clip, table } from './terminal.ts';
import { count } from './words.ts';

/** What the demo looks up in the simulated CRM itself. */
export interface SeenPortal {
  all(object: string): readonly { readonly id: string; readonly properties: Readonly<Record<string, string>> }[];
  links(fromObject: string, fromId: string, toObject: string): readonly string[];
  get(object: string, id: string): { readonly properties: Readonly<Record<string, string>> } | null;
}

export interface Tally {
  readonly companiesWithScore: number;
  readonly tasksOfHoldfast: number;
}

const SCORE = 'holdfast_health_score';
const BAND = 'holdfast_health_band';
const KEY = 'Holdfast key';

/** Counts what stands in the CRM, not what we believe that we wrote. */
export function tally(portal: SeenPortal): Tally {
  return {
    companiesWithScore: portal.all('companies').filter(({ properties }) => (properties[BAND] ?? '') !== '').length,
    tasksOfHoldfast: portal.all('tasks').filter(({ properties }) => isOurs(properties)).length,
  };
}

/** The book on one screen: bands, tasks, top risks with reasons, calls. */
export function bookInWords(book: Book, runs: readonly SyncResult[]): string {
  const { green, yellow, red, grey } = book.bands;
  const opened = runs.reduce((sum, { writes }) => sum + writes.tasksOpened, 0);
  const heldBack = runs.at(-2)?.heldBack ?? 0;
  const calls = runs.map(({ calls: perBucket }) => Object.values(perBucket).reduce((sum, one) => sum + one, 0));
  const lines = [
    `ACCOUNTS  ${count(green + yellow + red + grey, 'customer')}: ${green} green, ${yellow} yellow, ${red} red, ${grey} grey (too little data to judge)`,
    `TASKS     ${opened} opened${heldBack === 0 ? '' : `; ${heldBack} held back, because their owners have enough on their list`}`,
    `API CALLS ${calls.join(' + ')} in ${count(runs.length, 'run')}; rate-limited ${runs.reduce((sum, { rateLimited }) => sum + rateLimited, 0)}`,
    '',
    'TOP RISKS',
  ];
  for (const risk of book.topRisks) {
    const facts = [
      risk.arr === null ? null : `${roundMoney(risk.arr)} at risk`,
      (risk.churnProbability90d ?? 0) < 0.01
        ? null
        : `${percent(risk.churnProbability90d)} likely to leave within 90 days`,
      risk.decisionOn === null ? null : `decides by ${risk.decisionOn}`,
    ];
    const score = risk.score === null ? '–' : risk.score.toFixed(0);
    lines.push(
      `  ${risk.band.padEnd(6)} ${score.padStart(3)}  ${clip(risk.name ?? '(no name)', 40)}: ${facts.filter((fact) => fact !== null).join(', ')}`,
      `              ${risk.reason}`,
    );
  }
  if (book.topRisks.length === 0) lines.push('  none');
  if (book.expansions.length > 0) {
    lines.push('', 'READY TO GROW');
    for (const one of book.expansions)
      lines.push(`  ${one.score.toFixed(0).padStart(3)}  ${clip(one.name ?? '(no name)', 40)}: ${one.because}`);
  }
  return lines.join('\n');
}

/** What a CSM sees in the CRM: the stories of named accounts, read back from it. */
export function sampleInWords(
  portal: SeenPortal,
  world: { readonly stories: readonly { readonly account: string; readonly story: string }[] },
  seen: Tally,
): string {
  const lines = [
    `IN THE CRM ${count(seen.companiesWithScore, 'company carries', 'companies carry')} a health band, and there ${seen.tasksOfHoldfast === 1 ? 'is 1 task' : `are ${seen.tasksOfHoldfast} tasks`} of ours.`,
  ];
  const companies = new Map(portal.all('companies').map((company) => [company.properties['name'], company]));
  const rows = world.stories.flatMap(({ account, story }) => {
    const company = companies.get(account);
    if (company === undefined) return [];
    const tasks = portal
      .links('companies', company.id, 'tasks')
      .filter((id) => isOurs(portal.get('tasks', id)?.properties ?? {})).length;
    const { properties } = company;
    return [
      [
        clip(account, 28),
        properties[BAND] ?? '–',
        properties[SCORE] ?? '–',
        properties['holdfast_decision_date'] ?? '–',
        tasks,
        story,
      ],
    ];
  });
  if (rows.length > 0) lines.push('', table(['account', 'band', 'score', 'decision', 'tasks', 'its story'], rows));
  return lines.join('\n');
}

function isOurs(properties: Readonly<Record<string, string>>): boolean {
  return (properties['holdfast_key'] ?? '') !== '' || (properties['hs_task_body'] ?? '').includes(KEY);
}

/** To whole units: nobody weighs risks by the cent. */
function roundMoney({ minor, currency }: Money): string {
  const unit = 10 ** decimalsOf(currency);
  return formatMoney({ minor: Math.round(minor / unit) * unit, currency });
}
