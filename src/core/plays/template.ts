import { HoldfastError } from '../../errors.ts';
import { didYouMean } from '../mapping/did-you-mean.ts';
import type { Health, Term } from '../model/assessment.ts';
import { formatMoney } from '../model/money.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import type { SignalPlay, TaskTemplate } from './play.ts';

/** What a task's texts may name in braces, with what each becomes. */
export const TEMPLATE_VARIABLES = {
  account: "the account's name",
  because: 'why the task is there',
  score: 'the health score, or "unknown"',
  band: 'the health band',
  reason: 'why the health score is what it is',
  arr: 'annual recurring revenue, or "unknown"',
  renewal: 'the end of the contract, or "unknown"',
  decision: 'the last day on which the customer can decide, or "unknown"',
  seats: 'seats used of seats paid, or "unknown"',
} as const;

export type TemplateVariable = keyof typeof TEMPLATE_VARIABLES;
export type TemplateValues = Readonly<Record<TemplateVariable, string>>;

const VARIABLE = /\{([^{}]*)\}/g;
const UNKNOWN = 'unknown';

/**
 * The text with its variables filled in.
 *
 * Errors: `config-invalid` on a variable that does not exist.
 */
export function fillTemplate(text: string, values: TemplateValues): string {
  return text.replaceAll(VARIABLE, (whole: string, name: string) => {
    if (isVariable(name)) return values[name];
    throw new HoldfastError({
      code: 'config-invalid',
      message: `There is no variable ${whole} in '${text}'.`,
      remedy: remedyFor(name),
    });
  });
}

/** What a task's texts are about. */
export interface TemplateFacts {
  readonly snapshot: Pick<AccountSnapshot, 'account'>;
  /** Null for a customer who left. */
  readonly health: Pick<Health, 'score' | 'band' | 'reason'> | null;
  /** The term that the texts mean by the renewal; null where none is ahead. */
  readonly term: Term | null;
}

export function templateValues(facts: TemplateFacts, because: string): TemplateValues {
  const { account } = facts.snapshot;
  const { health, term } = facts;
  const { seatsUsed, seatsPaid } = account;
  return {
    account: nameOf(facts),
    because,
    score: health === null || health.score === null ? UNKNOWN : String(health.score),
    band: health?.band ?? UNKNOWN,
    reason: health?.reason ?? UNKNOWN,
    arr: account.arr === null ? UNKNOWN : formatMoney(account.arr),
    renewal: term === null ? UNKNOWN : dayInWords(term.endOn),
    decision: term === null ? UNKNOWN : dayInWords(term.decisionOn),
    seats: seatsUsed === null || seatsPaid === null ? UNKNOWN : `${seatsUsed} of ${seatsPaid}`,
  };
}

/** As people know the customer: name, else domain, else its id. */
export function nameOf({ snapshot: { account } }: Pick<TemplateFacts, 'snapshot'>): string {
  return account.name ?? account.domain ?? `Account ${account.id}`;
}

/** What is wrong with the tasks of plays, one sentence each, for whoever edits them; empty when nothing is. */
export function templateProblems(plays: readonly Pick<SignalPlay, 'id' | 'settings'>[]): readonly string[] {
  return plays.flatMap(({ id, settings: { tasks } }) => {
    const problems = tasks.flatMap((task) => unknownVariables(id, task));
    const twice = tasks.filter((task, index) => tasks.findIndex((other) => other.id === task.id) !== index);
    problems.push(...twice.map((task) => `Play ${id} has two tasks '${task.id}'.`));
    if (tasks.length === 0) problems.push(`Play ${id} has no task.`);
    return problems;
  });
}

function unknownVariables(play: string, task: TaskTemplate): string[] {
  return [task.title, task.whatToDo, task.doneWhen]
    .flatMap(unknownVariablesIn)
    .map((name) => `Play ${play}, task '${task.id}': there is no variable {${name}}. ${remedyFor(name)}`);
}

/** The names in braces that nothing is filled in for. */
export function unknownVariablesIn(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)].map(([, name = '']) => name).filter((name) => !isVariable(name));
}

function isVariable(name: string): name is TemplateVariable {
  return Object.hasOwn(TEMPLATE_VARIABLES, name);
}

function remedyFor(name: string): string {
  const known = Object.keys(TEMPLATE_VARIABLES);
  return `Known are ${known.map((one) => `{${one}}`).join(', ')}.${didYouMean(name, known)}`;
}
