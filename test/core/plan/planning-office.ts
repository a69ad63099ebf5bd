import { calendarDate } from '../../../src/core/model/calendar-date.ts';
import { toInstallationId, type HoldfastKey } from '../../../src/core/model/ids.ts';
import { noExchangeRates, toHomeCurrency, type ExchangeRates } from '../../../src/core/model/rates.ts';
import type { Owner } from '../../../src/core/model/records.ts';
import type { AccountSnapshot, OwnTask } from '../../../src/core/model/snapshot.ts';
import type { CrmFields, LedgerTask } from '../../../src/core/plan/step.ts';
import { planTasks, type TaskPlan, type TaskPlanInput, type TaskWords } from '../../../src/core/plan/tasks.ts';
import { wishesOf } from '../../../src/core/plays/index.ts';
import type { PlayContext } from '../../../src/core/plays/play.ts';
import type { Snooze } from '../../../src/core/plays/play-run.ts';
import { assessment, configuration } from '../renewals/builders.ts';

const owner = (id: string): Owner => ({ id, name: id, email: null, isActive: true, timeZone: 'Europe/Berlin' });

export const context: PlayContext = {
  tenant: toInstallationId('t1'),
  owners: new Map(['csm', 'owner', 'rep', 'new-csm'].map((id) => [id, owner(id)])),
  fallbackOwnerId: null,
  configuration: { renewals: configuration, rates: noExchangeRates },
};

export const words: TaskWords = {
  object: 'tasks',
  fieldsOf: (wish): CrmFields => ({
    subject: wish.subject,
    body: wish.body,
    due: wish.dueAt,
    owner: wish.ownerId,
    priority: wish.priority,
    status: 'open',
  }),
  doneFields: { status: 'done' },
  isDone: (fields) => fields['status'] === 'done',
  watched: ['subject', 'due', 'owner'],
  isSame: (_field, one, other) => (one ?? '') === (other ?? ''),
};

type Fields = LedgerTask['written'];

/** A CRM that does what it is asked, with a ledger beside it, as the write step keeps it. */
export class PlanningOffice {
  readonly tasks = new Map<string, { fields: Fields; deleted: boolean }>();
  readonly ledger = new Map<HoldfastKey, LedgerTask>();
  /** Every key ever opened, as often as it was. */
  readonly opened: HoldfastKey[] = [];
  /** What the score says of every account's renewal. */
  risk: Parameters<typeof assessment>[2];
  rates: ExchangeRates = noExchangeRates;
  snoozes: readonly Snooze[] = [];
  #made = 0;

  plan(snapshots: readonly AccountSnapshot[], limits: TaskPlanInput['limits'] = configuration.load): TaskPlan {
    const [first] = snapshots;
    const load = new Map<string, { open: number; today: number }>();
    for (const entry of this.ledger.values()) {
      const count = load.get(entry.ownerId ?? '') ?? { open: 0, today: 0 };
      if (entry.state === 'open') count.open += 1;
      if (entry.createdAt.slice(0, 10) === first?.today) count.today += 1;
      load.set(entry.ownerId ?? '', count);
    }
    return planTasks({
      accounts: snapshots.map((one) => {
        const snapshot = { ...one, ownTasks: one.ownTasks ?? ownTasksOf(one, this.ledger.values()) };
        const assessed = assessment(snapshot, 'green', this.risk);
        return {
          accountId: snapshot.account.id,
          wishes: wishesOf(assessed, snapshot, context, this.snoozes),
          terms: assessed.renewal.terms,
          endedBecause: null,
        };
      }),
      ledger: [...this.ledger.values()],
      shown: this.tasks,
      today: first?.today ?? calendarDate('2026-01-01'),
      now: first?.asOf ?? '',
      load,
      limits,
      movedDays: configuration.movedDays,
      inHomeCurrency: (amount) => toHomeCurrency(amount, 'EUR', this.rates),
      words,
    });
  }

  /** Plans and writes. */
  work(snapshots: readonly AccountSnapshot[], limits: TaskPlanInput['limits'] = configuration.load): TaskPlan {
    const plan = this.plan(snapshots, limits);
    const at = snapshots[0]?.asOf ?? '';
    for (const entry of plan.ledger) this.ledger.set(entry.key, entry);
    for (const step of plan.steps) {
      if (step.kind === 'open-task') {
        const { wish } = step;
        this.#made += 1;
        const crmId = String(this.#made);
        this.tasks.set(crmId, { fields: step.after, deleted: false });
        this.opened.push(step.key);
        const { accountId, termId, play, dueOn, ownerId, subject } = wish;
        this.ledger.set(step.key, {
          key: step.key,
          accountId,
          termId,
          play,
          step: wish.step,
          state: 'open',
          crmId,
          dueOn,
          ownerId,
          subject,
          written: step.after,
          isTouched: false,
          closedBecause: null,
          createdAt: at,
          updatedAt: at,
        });
        continue;
      }
      const entry = this.ledger.get(step.key);
      const task = this.tasks.get(step.id);
      if (entry === undefined || task === undefined) throw new Error(`nothing is known of task ${step.id}`);
      task.fields = { ...task.fields, ...step.after };
      const written = { ...entry.written, ...step.after };
      this.ledger.set(
        step.key,
        step.kind === 'close-task'
          ? { ...entry, state: 'closed', closedBecause: step.because, written }
          : { ...entry, dueOn: step.wish.dueOn, ownerId: step.wish.ownerId, subject: step.wish.subject, written },
      );
    }
    return plan;
  }

  /** A human changes, completes or deletes the task of a step. */
  human(step: string, act: 'edit' | 'complete' | 'delete'): void {
    const entry = [...this.ledger.values()].find((entry) => entry.step === step && entry.state === 'open');
    const task = entry?.crmId === null || entry === undefined ? undefined : this.tasks.get(entry.crmId);
    if (task === undefined) return;
    if (act === 'delete') task.deleted = true;
    else task.fields = { ...task.fields, ...(act === 'edit' ? { subject: 'mine' } : { status: 'done' }) };
  }

  stateOf(step: string): string | undefined {
    return [...this.ledger.values()].find((entry) => entry.step === step)?.state;
  }

  /** The steps that each late start names in its text. */
  toldLate(): Record<string, readonly string[]> {
    const told = [...this.ledger.values()].flatMap(({ step, written }): readonly [string, readonly string[]][] => {
      const named = [...String(written['body']).matchAll(/^- (\w+) .*: was due on/gm)].map(([, name]) => String(name));
      return named.length === 0 ? [] : [[step, named]];
    });
    return Object.fromEntries(told);
  }

  dueOf(step: string): string | undefined {
    return [...this.ledger.values()].find((entry) => entry.step === step)?.dueOn;
  }
}

/** What the ledger knows of an account's tasks, as a judgement sees it. */
export function ownTasksOf(
  { account }: Pick<AccountSnapshot, 'account'>,
  ledger: Iterable<LedgerTask>,
): readonly OwnTask[] {
  return [...ledger]
    .filter(({ accountId }) => accountId === account.id)
    .map(({ play, step, termId, dueOn, state, createdAt, updatedAt }) => {
      return { play, step, termId, dueOn, state, createdAt, updatedAt };
    });
}

/** `open R3`, `move R4`, in the plan's order. */
export function inShort(plan: TaskPlan, ledger: ReadonlyMap<HoldfastKey, LedgerTask>): readonly string[] {
  return plan.steps.map((step) => {
    const name = step.kind === 'close-task' ? ledger.get(step.key)?.step : step.wish.step;
    return `${step.kind.split('-')[0]} ${name}`;
  });
}
