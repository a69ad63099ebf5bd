import { urgencyOf, type UrgentFields } from '../core/plan/plan.ts';
import type { SetFields } from '../core/plan/step.ts';
import type { AccountId } from '../core/model/ids.ts';

export interface UrgencyRequest {
  /** The steps of these accounts, null for the whole book. */
  readonly plan: (accounts: readonly AccountId[] | null) => AsyncIterable<SetFields>;
  readonly accounts: readonly AccountId[] | null;
  readonly urgent: UrgentFields;
  /** Steps in a portion. */
  readonly atOnce: number;
  /** Steps that may wait in memory for more urgent ones. The accounts of others are planned once more when it is their turn. */
  readonly heldAtMost: number;
}

/**
 * Steps in portions of one object, the more urgent ones first, however many there are: each is there once, and a portion may
 * be written as soon as it comes. Only what fills up a call that goes out anyway comes before its turn.
 */
export async function* byUrgency(request: UrgencyRequest): AsyncGenerator<readonly SetFields[]> {
  const { plan, urgent, atOnce, heldAtMost } = request;
  const turns = Array.from({ length: urgent.length + 1 }, () => ({
    held: [] as SetFields[],
    accounts: new Set<AccountId>(),
  }));
  const onceHeld = new Set<string>();
  for (const [turn, { held, accounts }] of turns.entries()) {
    const portions = new Map<string, SetFields[]>();
    /** Answers with the portion that the step has filled. */
    const addTo = (step: SetFields): SetFields[] | null => {
      const portion = portions.get(step.object) ?? [];
      portions.set(step.object, portion);
      portion.push(step);
      return portion.length < atOnce ? null : portion.splice(0);
    };
    for (const step of held.splice(0)) {
      const full = addTo(step);
      if (full !== null) yield full;
    }
    const planned = turn === 0 ? request.accounts : [...accounts];
    for await (const step of planned === null || planned.length > 0 ? plan(planned) : []) {
      const its = urgencyOf(step, urgent);
      const record = `${step.object}/${step.id}`;
      const later = turns[its];
      if (its === turn && !onceHeld.has(record)) {
        const full = addTo(step);
        if (full !== null) yield full;
      } else if (turn === 0 && later !== undefined) {
        if (step.accountId === null || onceHeld.size < heldAtMost) {
          later.held.push(step);
          onceHeld.add(record);
        } else later.accounts.add(step.accountId);
      }
    }
    for (const [object, portion] of portions) {
      if (portion.length === 0) continue;
      for (const later of turns.slice(turn + 1)) portion.push(...takeOf(later.held, object, atOnce - portion.length));
      yield portion;
    }
  }
}

/** The first steps of an object, taken out of a list. */
function takeOf(steps: SetFields[], object: string, atMost: number): readonly SetFields[] {
  const taken = new Set(steps.filter((step) => step.object === object).slice(0, atMost));
  const others = steps.filter((step) => !taken.has(step));
  steps.splice(0, steps.length, ...others);
  return [...taken];
}
