import { fingerprint } from '../plays/dedupe.ts';
import type { Plan, PlanTally, SetFields, Step, TaskWish } from './step.ts';

export { describePlan, type DescribeOptions } from './describe-plan.ts';

export interface PlanParts {
  readonly steps: readonly Step[];
  readonly heldBack: readonly TaskWish[];
  /** Absent where no play suggests anything. */
  readonly suggestions?: readonly TaskWish[];
  readonly urgentFields: UrgentFields;
}

/** Fields whose change is written before all others, as `companies.holdfast_health_band`: the most urgent ones first. */
export type UrgentFields = readonly ReadonlySet<string>[];

/**
 * Puts steps into the order in which they are made, so that a budget that runs out cuts off what matters least: fields
 * to provision, tasks (closed, moved, opened in the order given), renewal deals to open, records whose urgent fields change,
 * other records.
 */
export function toPlan({ steps, heldBack, suggestions = [], urgentFields }: PlanParts): Plan {
  const ranked = steps.map((step, position) => ({ step, position, rank: rankOf(step, urgentFields) }));
  ranked.sort((a, b) => a.rank - b.rank || compareWithin(a, b));
  const ordered = ranked.map(({ step }) => step);
  return { steps: ordered, heldBack, suggestions, tally: tallyOf(ordered) };
}

/**
 * 26 characters that stand for what a plan would do, in whatever order: an approval holds for exactly that.
 * `except` names fields that differ from run to run without meaning anything: the stamps.
 */
export function digestOf(steps: readonly Step[], except: ReadonlySet<string>): string {
  const lines = steps.map((step) => {
    const values = Object.entries(step.after).filter(([field]) => !except.has(field));
    return JSON.stringify([step.kind, step.object, step.id, step.key, values.sort(byText)]);
  });
  return fingerprint(lines.sort().join('\n'), 26);
}

export function tallyOf(steps: readonly Step[]): PlanTally {
  const tally = {
    fieldsToProvision: 0,
    recordsToUpdate: 0,
    valuesToWrite: 0,
    tasksToOpen: 0,
    tasksToMove: 0,
    tasksToClose: 0,
    dealsToOpen: 0,
  };
  for (const step of steps) {
    switch (step.kind) {
      case 'provision-field':
        tally.fieldsToProvision += 1;
        break;
      case 'set-fields':
        tally.recordsToUpdate += 1;
        tally.valuesToWrite += Object.keys(step.after).length;
        break;
      case 'open-task':
        tally.tasksToOpen += 1;
        break;
      case 'move-task':
        tally.tasksToMove += 1;
        break;
      case 'close-task':
        tally.tasksToClose += 1;
        break;
      case 'open-deal':
        tally.dealsToOpen += 1;
        break;
    }
  }
  return tally;
}

/** 0 for the most urgent; as many as there are lists of urgent fields for a step that changes none of these. */
export function urgencyOf({ object, after }: SetFields, urgent: UrgentFields): number {
  const changed = Object.keys(after).map((field) => `${object}.${field}`);
  const urgency = urgent.findIndex((fields) => changed.some((field) => fields.has(field)));
  return urgency < 0 ? urgent.length : urgency;
}

function rankOf(step: Step, urgentFields: UrgentFields): number {
  switch (step.kind) {
    case 'provision-field':
      return 0;
    case 'close-task':
      return 1;
    case 'move-task':
      return 2;
    case 'open-task':
      return 3;
    case 'open-deal':
      return 4;
    case 'set-fields':
      return 5 + urgencyOf(step, urgentFields);
    default:
      return step satisfies never;
  }
}

interface Ranked {
  readonly step: Step;
  readonly position: number;
}

/** Tasks come ranked by worth; other steps are put in the order of their records. */
function compareWithin(a: Ranked, b: Ranked): number {
  if (a.step.kind === 'open-task') return a.position - b.position;
  return byText([a.step.object, a.step.key], [b.step.object, b.step.key]);
}

function byText([a, a2 = '']: readonly (string | null)[], [b, b2 = '']: readonly (string | null)[]): number {
  const [left, right] = [`${a}\n${a2}`, `${b}\n${b2}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
