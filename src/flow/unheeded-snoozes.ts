import type { CalendarDate } from '../core/model/calendar-date.ts';
import type { LedgerTask } from '../core/plan/step.ts';
import { dayInWords } from '../core/renewals/day-in-words.ts';
import type { Problem } from '../ports/store.ts';
import type { DefinedLine } from './line.ts';

/** The kind of problem that is told here. */
const KIND = 'snooze';

/** What a person entered on a task, and nothing waits for it. */
export interface UnheededSnooze {
  readonly task: LedgerTask;
  readonly untilOn: CalendarDate;
  /** The decision of the renewal that is too near to be put off; null where the reason is missing. */
  readonly decisionOn: CalendarDate | null;
}

/** Whoever fills in a snooze counts on it: the admin is told of each that does nothing. Closed by a pass over the whole book. */
export async function tellUnheededSnoozes(
  line: DefinedLine,
  unheeded: readonly UnheededSnooze[],
  isWhole: boolean,
): Promise<void> {
  const { problems } = line.store;
  if (unheeded.length > 0) {
    const { snoozeEndsDays } = line.configuration.renewals;
    const told = unheeded.map((snooze) => toProblem(snooze, line.mapping.taskObject, snoozeEndsDays));
    await problems.report(told, line.clock.now());
  }
  if (isWhole) await problems.closeOlder(KIND, line.runStartedAt);
}

function toProblem({ task, untilOn, decisionOn }: UnheededSnooze, object: string, snoozeEndsDays: number): Problem {
  const asked = `'${task.subject}' is to wait until ${dayInWords(untilOn)}`;
  return {
    kind: KIND,
    code: decisionOn === null ? 'no-reason' : 'decision-near',
    object,
    field: '',
    crmId: task.crmId ?? '',
    ...(decisionOn === null
      ? {
          message: `${asked}, and nobody says why: it does not wait.`,
          remedy: "Fill in 'Snooze because' on the task, or empty 'Snooze until'.",
        }
      : {
          message: `${asked}: the decision is on ${dayInWords(decisionOn)}, and in the last ${snoozeEndsDays} days before it nothing waits.`,
          remedy:
            "Empty 'Snooze until' on the task. Where this one task has to wait, change its due date: it is yours from then on.",
        }),
  };
}
