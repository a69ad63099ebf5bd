import { formatMoney } from '../model/money.ts';
import type { Plan, Step } from './step.ts';

export interface DescribeOptions {
  /** How many of each kind are shown; the rest are counted. */
  readonly examples: number;
  /** What the record of a step is called, `Acme Ltd`; null where it has no name. Without it records go by their ids. */
  readonly nameOf?: (step: Step) => string | null;
}

const HEADINGS: Readonly<Record<Step['kind'], (count: number) => string>> = {
  'provision-field': (count) => `${counted(count, 'field')} to make`,
  'close-task': (count) => `${counted(count, 'task')} to close`,
  'move-task': (count) => `${counted(count, 'task')} to move`,
  'open-task': (count) => `${counted(count, 'task')} to open`,
  'open-deal': (count) => `${counted(count, 'renewal deal')} to open`,
  'set-fields': (count) => `${counted(count, 'record')} to update`,
};

const ORDER: readonly Step['kind'][] = [
  'provision-field',
  'close-task',
  'move-task',
  'open-task',
  'open-deal',
  'set-fields',
];

/** The plan as lines for people: each kind with its count, the first few steps and why, and what is held back. */
export function describePlan(plan: Plan, options: DescribeOptions): readonly string[] {
  const lines: string[] = [];
  if (plan.steps.length === 0 && plan.heldBack.length === 0) {
    lines.push('Nothing to write: the CRM shows what it should.');
  }
  for (const kind of ORDER) {
    const steps = plan.steps.filter((step) => step.kind === kind);
    if (steps.length === 0) continue;
    lines.push(HEADINGS[kind](steps.length));
    for (const step of steps.slice(0, options.examples)) lines.push(`  ${lineOf(step, options)}`);
    if (steps.length > options.examples) lines.push(`  and ${steps.length - options.examples} more`);
  }
  if (plan.heldBack.length > 0) {
    lines.push(`${counted(plan.heldBack.length, 'task')} held back, because their owners have enough on their list`);
    for (const wish of plan.heldBack.slice(0, options.examples)) {
      lines.push(`  ${wish.subject}${wish.worth === null ? '' : `, ${formatMoney(wish.worth)} at stake`}`);
    }
    if (plan.heldBack.length > options.examples) lines.push(`  and ${plan.heldBack.length - options.examples} more`);
  }
  lines.push(...suggestionsInWords(plan.suggestions, options));
  return lines;
}

/** By play, each with its count: what would be opened if the play acted. */
function suggestionsInWords(suggestions: Plan['suggestions'], { examples }: DescribeOptions): readonly string[] {
  if (suggestions.length === 0) return [];
  const lines = [`${counted(suggestions.length, 'task')} suggested by plays that do not act; none is written`];
  for (const [play, wishes] of [...Map.groupBy(suggestions, ({ play }) => play)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`  play ${play}: ${wishes.length}`);
    for (const wish of wishes.slice(0, Math.min(examples, EXAMPLES_PER_PLAY))) lines.push(`    ${wish.subject}`);
  }
  return lines;
}

const EXAMPLES_PER_PLAY = 3;

function lineOf(step: Step, options: DescribeOptions): string {
  const name = options.nameOf?.(step) ?? null;
  const record = step.id === null ? step.object : `${step.object} ${step.id}`;
  switch (step.kind) {
    case 'provision-field':
      return `${step.key}: ${step.because}`;
    case 'open-task':
    case 'move-task':
    case 'open-deal':
      return step.because;
    case 'close-task':
    case 'set-fields':
      return `${name === null ? record : `${name} (${record})`}: ${step.because}`;
    default:
      return step satisfies never;
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
