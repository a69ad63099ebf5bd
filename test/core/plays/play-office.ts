import { defaultConfiguration, type ModelConfiguration } from '../../../src/core/configuration.ts';
import type { Assessment, Churn, Driver, Expansion, Health } from '../../../src/core/model/assessment.ts';
import type { HoldfastKey } from '../../../src/core/model/ids.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import type { LedgerTask } from '../../../src/core/plan/step.ts';
import { planTasks, withHumanActs, type TaskPlan } from '../../../src/core/plan/tasks.ts';
import { modeIn } from '../../../src/core/plays/modes.ts';
import type { PlayMode, PlayRole } from '../../../src/core/plays/play.ts';
import { playAccount, type PlayBook, type Played } from '../../../src/core/plays/play-account.ts';
import { runName, type PlayRun, type Snooze } from '../../../src/core/plays/play-run.ts';
import { context, ownTasksOf, words } from '../plan/planning-office.ts';
import { assessment } from '../renewals/builders.ts';

/** What is said of an account on one day; all that is left out is calm. */
export interface Said {
  readonly health?: Partial<Health>;
  readonly churn?: Partial<Churn>;
  readonly expansion?: Partial<Expansion>;
  /** Measures that can be read, by id. */
  readonly measures?: Readonly<Record<string, number>>;
  readonly leftBecause?: string;
}

export type HumanAct = 'edit' | 'complete' | 'delete';

/** A CRM that does what it is asked, with ledger and firings beside it, for one account over days. The renewal cadence is off. */
export class PlayOffice {
  readonly tasks = new Map<string, { fields: LedgerTask['written']; deleted: boolean }>();
  readonly ledger = new Map<HoldfastKey, LedgerTask>();
  readonly runs = new Map<string, PlayRun>();
  /** Every key ever opened, as often as it was. */
  readonly opened: HoldfastKey[] = [];
  snoozes: Snooze[] = [];
  modes: Readonly<Record<string, PlayMode>>;
  topArrFrom: number | null = null;
  /** False while the lists of all owners are full. */
  hasRoom = true;
  heldOut: ReadonlySet<string> = new Set();
  /** Whom the admin named for roles. */
  roleOwners: ReadonlyMap<PlayRole, string> = new Map();
  readonly #configuration: ModelConfiguration;
  #made = 0;

  /** Without modes, every play acts. */
  constructor(
    modes: Readonly<Record<string, PlayMode>> = {},
    configuration: ModelConfiguration = defaultConfiguration,
  ) {
    this.modes = modes;
    this.#configuration = configuration;
  }

  plan(of: AccountSnapshot, said: Said = {}): { readonly played: Played; readonly plan: TaskPlan } {
    const { today, asOf: now, account } = of;
    const seeing = { shown: this.tasks, words, now };
    const ledger = [...this.ledger.values()];
    const snapshot = { ...of, ownTasks: of.ownTasks ?? ownTasksOf(of, ledger) };
    const judged = judge(snapshot, said);
    const choice = { modes: { ...ALL_ACT, ...this.modes }, roleOwners: {} };
    const book: PlayBook = {
      ...context,
      configuration: this.#configuration,
      modeOf: modeIn(choice, this.#configuration.plays, true),
      mayAct: true,
      heldOut: this.heldOut,
      roleOwners: this.roleOwners,
      topArrFrom: this.topArrFrom,
    };
    const leftBecause = said.leftBecause ?? null;
    const played = playAccount(
      {
        snapshot,
        assessment: leftBecause === null ? judged : null,
        renewal: judged.renewal,
        runs: [...this.runs.values()],
        snoozes: this.snoozes,
        tasks: ledger.map((entry) => withHumanActs(entry, seeing)),
        leftBecause,
      },
      book,
    );
    const plan = planTasks({
      accounts: [
        {
          accountId: account.id,
          wishes: played.wishes,
          terms: judged.renewal.terms,
          endedBecause: leftBecause,
          endedRuns: played.ended,
        },
      ],
      ledger,
      ...seeing,
      today,
      load: new Map(),
      limits: this.hasRoom ? { newPerDay: 100, open: 100 } : { newPerDay: 0, open: 0 },
      movedDays: 45,
      inHomeCurrency: (amount) => amount,
    });
    return { played, plan };
  }

  /** Plans and writes a day. */
  day(snapshot: AccountSnapshot, said: Said = {}): { readonly played: Played; readonly plan: TaskPlan } {
    const both = this.plan(snapshot, said);
    for (const run of both.played.changedRuns) this.runs.set(runName(run), run);
    for (const entry of both.plan.ledger) this.ledger.set(entry.key, entry);
    for (const step of both.plan.steps) this.#write(step, snapshot.asOf);
    return both;
  }

  /** A person does something with the open task of a step. */
  human(step: string, act: HumanAct): void {
    const entry = [...this.ledger.values()].find((entry) => entry.step === step && entry.state === 'open');
    const task = this.tasks.get(entry?.crmId ?? '');
    if (task === undefined) return;
    if (act === 'delete') task.deleted = true;
    else task.fields = { ...task.fields, ...(act === 'edit' ? { subject: 'mine' } : { status: 'done' }) };
  }

  /** `diagnose open`, in the order in which the tasks were made. */
  shown(): readonly string[] {
    return [...this.ledger.values()].map(({ step, state }) => `${step} ${state}`);
  }

  /** `01 open`, `04 closed resolved`; watched ones are left out. */
  firings(): readonly string[] {
    return [...this.runs.values()]
      .filter(({ state }) => state !== 'watching')
      .map(({ play, state, outcome }) => `${play} ${state}${outcome === null ? '' : ` ${outcome}`}`);
  }

  #write(step: TaskPlan['steps'][number], at: string): void {
    if (step.kind === 'open-task') {
      this.#made += 1;
      const crmId = String(this.#made);
      this.tasks.set(crmId, { fields: step.after, deleted: false });
      this.opened.push(step.key);
      const { accountId, termId, play, occurrence, priority, notes = 0, dueOn, ownerId, subject } = step.wish;
      this.ledger.set(step.key, {
        key: step.key,
        accountId,
        termId,
        play,
        step: step.wish.step,
        ...(occurrence !== undefined && { occurrence }),
        priority,
        notes,
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
      return;
    }
    const entry = this.ledger.get(step.key);
    const task = this.tasks.get(step.id);
    if (entry === undefined || task === undefined) throw new Error(`nothing is known of task ${step.id}`);
    task.fields = { ...task.fields, ...step.after };
    const written = { ...entry.written, ...step.after };
    if (step.kind === 'close-task') {
      this.ledger.set(step.key, { ...entry, state: 'closed', closedBecause: step.because, written });
      return;
    }
    const { dueOn, ownerId, priority, notes = 0 } = step.wish;
    this.ledger.set(step.key, { ...entry, dueOn, ownerId, priority, notes, written });
  }
}

const ALL_ACT: Readonly<Record<string, PlayMode>> = {
  ...Object.fromEntries(Array.from({ length: 22 }, (_, index) => [String(index + 1).padStart(2, '0'), 'act' as const])),
  '05': 'off',
};

/** An assessment as it was said. */
export function judge(snapshot: AccountSnapshot, said: Said): Assessment {
  const { riskAlone = 'low', atDecision = null } = said.churn ?? {};
  const calm = assessment(snapshot, 'green', { riskAlone, atDecision });
  const drivers = Object.entries(said.measures ?? {}).map(([measure, value]) => driver(measure, value));
  return {
    ...calm,
    health: { ...calm.health, drivers, ...said.health },
    churn: { ...calm.churn, risk: 'low', riskAlone: 'low', ...said.churn },
    expansion: { ...calm.expansion, ...said.expansion },
    place: { ...calm.place, revenue: snapshot.account.arr },
  };
}

function driver(measure: string, value: number): Driver {
  return {
    measure,
    title: measure,
    dimension: 'usage',
    state: 'ok',
    value,
    score: 50,
    weight: 0.1,
    contribution: 0,
    because: `${measure} is ${value}.`,
    evidence: [],
    at: null,
  };
}
