import { dayOf } from '../core/model/calendar-date.ts';
import type { TaskWish } from '../core/plan/step.ts';
import type { DefinedLine } from './line.ts';

/** The kind of problem that is told here. */
const KIND = 'tasks';

/**
 * Tasks without an owner are on nobody's list: the admin is told how many there are, and how to name somebody. `heldBack`
 * is what waits over the whole book.
 */
export async function tellNobodysTasks(line: DefinedLine, heldBack: readonly TaskWish[]): Promise<void> {
  const { problems, ledger } = line.store;
  const { timeZone } = line.installation.facts;
  const at = line.clock.now();
  const open = (await ledger.load(dayOf(at, timeZone), timeZone)).get('')?.open ?? 0;
  const waiting = heldBack.filter(({ ownerId }) => ownerId === null).length;
  if (open + waiting > 0) {
    const problem = {
      kind: KIND,
      code: 'nobody-assigned',
      object: line.mapping.taskObject,
      field: '',
      crmId: '',
      message: `Tasks without an owner: ${open} open${waiting === 0 ? '' : `, and ${waiting} that wait until there are fewer`}. Nobody who is active is named on their accounts.`,
      remedy:
        "Give these accounts an owner in the CRM, or name who gets such tasks: 'holdfast plays --owner fallback=…', and 'manager=…' for those that a manager is to hear of.",
    };
    await problems.report([problem], at);
  }
  await problems.closeOlder(KIND, line.runStartedAt);
}
