import type { RawChange, WriteOutcome } from '../../connectors/contract/record.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type {
  CloseTask,
  LedgerDeal,
  LedgerTask,
  MoveTask,
  OpenDeal,
  OpenTask,
  Step,
  TaskWish,
} from '../core/plan/step.ts';
import type { DefinedLine } from './line.ts';

/** Steps as the connector is asked for them. Fields to provision have a call of their own and are left out. */
export function toChanges(line: DefinedLine, steps: readonly Step[]): readonly RawChange[] {
  return steps.flatMap((step): RawChange[] => {
    switch (step.kind) {
      case 'provision-field':
        return [];
      case 'open-task':
        return [{ kind: 'create', object: step.object, fields: step.after, links: linksOf(line, step.wish) }];
      case 'open-deal':
        return [
          {
            kind: 'create',
            object: step.object,
            fields: step.after,
            links: { [line.mapping.accountObject]: [step.wish.accountId] },
          },
        ];
      case 'set-fields':
      case 'move-task':
      case 'close-task':
        return [{ kind: 'update', object: step.object, id: step.id, fields: step.after }];
      default:
        return step satisfies never;
    }
  });
}

/** The records that a task hangs on. */
export function linksOf(line: DefinedLine, wish: TaskWish): Readonly<Record<string, readonly string[]>> {
  const account = { [line.mapping.accountObject]: [wish.accountId] };
  return wish.dealId === null ? account : { ...account, [line.mapping.dealObject]: [wish.dealId] };
}

/** The entry that is stored before a task is created, so that a lost answer can never lead to a second task. */
export function toCreating({ wish }: OpenTask, at: Instant): LedgerTask {
  return {
    key: wish.key,
    accountId: wish.accountId,
    termId: wish.termId,
    play: wish.play,
    step: wish.step,
    ...(wish.occurrence !== undefined && { occurrence: wish.occurrence }),
    priority: wish.priority,
    ...(wish.notes !== undefined && { notes: wish.notes }),
    state: 'creating',
    crmId: null,
    dueOn: wish.dueOn,
    ownerId: wish.ownerId,
    subject: wish.subject,
    written: {},
    isTouched: false,
    closedBecause: null,
    createdAt: at,
    updatedAt: at,
  };
}

/** The entry that is stored before a deal is created, as `toCreating`. */
export function toCreatingDeal({ wish }: OpenDeal, at: Instant): LedgerDeal {
  return {
    key: wish.key,
    accountId: wish.accountId,
    termId: wish.termId,
    state: 'creating',
    crmId: null,
    name: wish.name,
    written: {},
    createdAt: at,
    updatedAt: at,
  };
}

/** The entry once the CRM made the change. `written` is what it shows now: what differs later, a human changed. */
export function toWritten(
  entry: LedgerTask,
  step: OpenTask | MoveTask | CloseTask,
  outcome: WriteOutcome & { readonly ok: true },
  at: Instant,
): LedgerTask {
  // What the answer leaves out, the CRM shows as it was sent.
  const written = { ...entry.written, ...shownAfter(step.after, outcome) };
  const seen: LedgerTask = { ...entry, crmId: outcome.id, written, updatedAt: at };
  switch (step.kind) {
    case 'open-task':
      return { ...seen, state: 'open' };
    case 'move-task':
      return {
        ...seen,
        dueOn: step.wish.dueOn,
        ownerId: step.wish.ownerId,
        subject: step.wish.subject,
        priority: step.wish.priority,
        ...(step.wish.notes !== undefined && { notes: step.wish.notes }),
      };
    case 'close-task':
      return { ...seen, state: 'closed', closedBecause: step.because };
    default:
      return step satisfies never;
  }
}

/** The written fields as the CRM shows them; it may have normalised them. */
export function shownAfter(sent: Step['after'], outcome: WriteOutcome & { readonly ok: true }): LedgerTask['written'] {
  const answered = Object.entries(outcome.fields).filter(([name]) => Object.hasOwn(sent, name));
  return { ...sent, ...Object.fromEntries(answered) };
}
