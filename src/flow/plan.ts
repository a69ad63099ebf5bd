import type { FieldSpec } from '../../connectors/contract/connector.ts';
import { dayOf } from '../core/model/calendar-date.ts';
import { toAccountId, type AccountId } from '../core/model/ids.ts';
import { isWanted } from '../core/mapping/field-choice.ts';
import { ownFieldsOf } from '../core/mapping/own-fields.ts';
import { WRITTEN_ENTITIES, type WrittenEntity } from '../core/mapping/mapping.ts';
import { urgentFields, writeRules, type WriteContext, type WriteRule } from '../core/mapping/outbound.ts';
import { toCurrency, toHomeCurrency } from '../core/model/rates.ts';
import { toSnoozeReader, toTaskWords } from '../core/mapping/task-words.ts';
import { diffRecord } from '../core/plan/diff.ts';
import type { UrgentFields } from '../core/plan/plan.ts';
import {
  planTasks,
  withHumanActs,
  type AccountTasks,
  type ShownTask,
  type TaskPlan,
  type TaskPlanInput,
  type TaskWords,
} from '../core/plan/tasks.ts';
import type { LedgerDeal, LedgerTask, OpenDeal, ProvisionField, SetFields, Step, TaskWish } from '../core/plan/step.ts';
import { dayNumber, DIGEST, digestsOf } from '../core/plays/digest.ts';
import type { PlayWish } from '../core/plays/play.ts';
import { runName, type PlayRun, type Snooze } from '../core/plays/play-run.ts';
import type { Problem, StoredRecord } from '../ports/store.ts';
import { byUrgency } from './by-urgency.ts';
import { planAccountDeals, prepareDeals } from './deals.ts';
import { openBook, openCases, readOwners, type Book } from './judge.ts';
import { mustGoOn, shift, type DefinedLine } from './line.ts';
import { closeGoneRuns, GONE, openPlays, playCases, type OpenPlays } from './plays.ts';
import { recordsOf, type Showing } from './show.ts';
import type { UnheededSnooze } from './unheeded-snoozes.ts';

/** Accounts whose records are held in memory at once. */
const BATCH = 200;

/**
 * A change that the CRM refused is tried again after this long, not at every run: refusals count against the app. Less than
 * a day, so that the next day's run does it although it begins some minutes earlier.
 */
export const PARKED_MS = 20 * 3_600_000;

export interface PlanScope {
  /** Null for the whole book. */
  readonly accounts: readonly AccountId[] | null;
  /** Fields of ours that the CRM refused to make, as `companies.holdfast_key`. */
  readonly refusedFields: ReadonlySet<string>;
}

/** The fields of ours to make: those that the CRM lacks, as far as its stored definitions say. None where it makes none. */
export async function planFields(line: DefinedLine): Promise<readonly FieldSpec[]> {
  if (!line.connector.makesFields) return [];
  const described = await describedFields(line);
  return line.mapping.fieldSpecs(line.writeBack.fields).filter(({ object, name }) => {
    const fields = described.get(object);
    return fields !== undefined && !fields.has(name);
  });
}

/** Fields that the CRM refused to make not long ago, as `companies.holdfast_key`: not asked for again at every run. */
export async function parkedFields(line: DefinedLine): Promise<ReadonlySet<string>> {
  return parked(line, 'provision', ({ object, field }) => `${object}.${field}`);
}

export function toProvisionStep(spec: FieldSpec): ProvisionField {
  return {
    kind: 'provision-field',
    key: `${spec.object}.${spec.name}`,
    object: spec.object,
    id: null,
    accountId: null,
    before: {},
    after: { label: spec.label, type: spec.type },
    because: `${spec.label}: ${spec.description}`,
  };
}

export interface PlannedTasks extends TaskPlan {
  /** Tasks of plays that only suggest; never written. */
  readonly suggestions: readonly TaskWish[];
  /** Firings of plays that changed, to be stored before anything is written. */
  readonly playRuns: readonly PlayRun[];
  /** What people asked for on tasks, to be stored with the firings. */
  readonly snoozes: readonly Snooze[];
  /** What they asked for to no effect. */
  readonly unheeded: readonly UnheededSnooze[];
  /** Renewal deals to open, by key. */
  readonly deals: readonly OpenDeal[];
  /** Entries of deals to store, because the CRM shows that a human deleted the deal. */
  readonly dealLedger: readonly LedgerDeal[];
  /** Recurring revenue of each account, in minor units of the home currency; of accounts kept in it alone. */
  readonly revenues: readonly number[];
}

/**
 * What to open, move and close, over all accounts at once, because owners' load is counted over all of them.
 * `mayAct` is false while writing is not approved: plays are watched then, and none acts.
 */
export async function planAllTasks(line: DefinedLine, scope: PlanScope, mayAct = true): Promise<PlannedTasks> {
  const { timeZone, currency } = line.installation.facts;
  const now = line.clock.now();
  const today = dayOf(now, timeZone);
  const book = await openBook(line);
  const owners = await readOwners(line.store, line.mapping);
  const plays = await openPlays(line, today, owners, mayAct);
  const words = await taskWords(line, scope);
  const renewalDeals = await prepareDeals(line, plays.book, await writableFields(line, line.mapping.dealObject, scope));
  const accounts: AccountTasks[] = [];
  const ledger: LedgerTask[] = [];
  const shown = new Map<string, ShownTask>();
  const seen = new Set<AccountId>();
  const suggestions: TaskWish[] = [];
  const playRuns: PlayRun[] = [];
  const snoozes: Snooze[] = [];
  const unheeded: UnheededSnooze[] = [];
  const snoozeIn = toSnoozeReader(line.mapping);
  const deals: OpenDeal[] = [];
  const dealLedger: LedgerDeal[] = [];
  const revenues: number[] = [];
  const parkedTasks = await parkedWrites(line);
  const isParked = ({ key }: PlayWish): boolean => parkedTasks.has(`${line.mapping.taskObject}/${key}`);
  for await (const ids of batches(line, scope, 'tasks')) {
    // Lists of what waits belong to owners, not to the account that they hang on.
    const entries = (await line.store.ledger.byAccounts(ids)).filter(({ play }) => play !== DIGEST);
    ledger.push(...entries);
    for (const [id, task] of await shownTasks(line, entries)) shown.set(id, task);
    const cases = [...(await openCases(line, book, ids))];
    for (const { accountId, stored } of cases) {
      seen.add(accountId);
      const revenue = stored?.assessment.place.revenue ?? null;
      if (revenue?.currency === currency) revenues.push(revenue.minor);
    }
    const acted = entries.map((entry) => withHumanActs(entry, { shown, words, now }));
    const played = await playCases(line, plays, cases, acted, ({ crmId }) => {
      const task = crmId === null ? undefined : shown.get(crmId);
      return task === undefined ? 'unread' : snoozeIn(task.fields);
    });
    snoozes.push(...played.newSnoozes);
    unheeded.push(...played.unheeded);
    // What the CRM refused to make does not take the place of others under the load cap, either.
    for (const { wishes, ...account } of played.accounts) {
      accounts.push({
        ...account,
        wishes: wishes.map((wish) => (isParked(wish) ? { ...wish, opensToday: false } : wish)),
      });
    }
    suggestions.push(...played.suggestions);
    playRuns.push(...played.changedRuns);
    const dealt = await planAccountDeals(line, renewalDeals, plays.book, cases);
    deals.push(...dealt.steps);
    dealLedger.push(...dealt.ledger);
  }
  const isWhole = scope.accounts === null;
  if (isWhole) {
    const gone = await addGoneAccounts(line, seen, accounts);
    ledger.push(...gone);
    for (const [id, task] of await shownTasks(line, gone)) shown.set(id, task);
    playRuns.push(...(await closeGoneRuns(line, today, seen)));
  }
  const input: Omit<TaskPlanInput, 'accounts' | 'ledger' | 'shown'> = {
    today,
    now,
    load: await line.store.ledger.load(today, timeZone),
    limits: line.configuration.renewals.load,
    movedDays: line.configuration.renewals.movedDays,
    inHomeCurrency: (amount) => toHomeCurrency(amount, currency, line.configuration.rates),
    words,
  };
  const plan = planTasks({ ...input, accounts, ledger, shown });
  // Part of the book knows only part of what waits.
  const digests = isWhole ? await planDigests(line, plays, plan.heldBack, input) : null;
  return {
    steps: [...plan.steps, ...(digests?.steps ?? [])],
    heldBack: plan.heldBack,
    ledger: [...plan.ledger, ...(digests?.ledger ?? [])],
    suggestions,
    playRuns,
    snoozes,
    unheeded,
    deals,
    dealLedger,
    revenues,
  };
}

/** The renewal deals to open over the whole book, by account, as `planAllTasks` plans them. Reads nothing where none are. */
export async function planAllDeals(line: DefinedLine, scope: PlanScope): Promise<readonly OpenDeal[]> {
  const today = dayOf(line.clock.now(), line.installation.facts.timeZone);
  const plays = await openPlays(line, today, await readOwners(line.store, line.mapping), true);
  const renewalDeals = await prepareDeals(line, plays.book, await writableFields(line, line.mapping.dealObject, scope));
  if (renewalDeals.words === null) return [];
  const book = await openBook(line);
  const deals: OpenDeal[] = [];
  for await (const ids of batches(line, scope, 'deals')) {
    const cases = [...(await openCases(line, book, ids))];
    deals.push(...(await planAccountDeals(line, renewalDeals, plays.book, cases)).steps);
  }
  return deals;
}

/** Each owner's list of what waits: one a day, in the place of an older one that nobody has touched. */
async function planDigests(
  line: DefinedLine,
  { book, today }: OpenPlays,
  heldBack: readonly TaskWish[],
  input: Omit<TaskPlanInput, 'accounts' | 'ledger' | 'shown'>,
): Promise<TaskPlan> {
  const { timeZone } = line.installation.facts;
  const wishes = digestsOf({ heldBack, today, timeZone, context: book });
  const known = await line.store.ledger.get(wishes.map(({ key }) => key));
  const made = new Set(known.filter(({ state }) => state !== 'undone').map(({ key }) => key));
  const open = await line.store.ledger.openOf(DIGEST);
  const older = open.filter(({ occurrence }) => occurrence !== undefined && occurrence < dayNumber(today));
  const accounts = [
    ...wishes.filter(({ key }) => !made.has(key)).map((wish) => ({ accountId: wish.accountId, wish, entry: null })),
    ...older.map((entry) => ({ accountId: entry.accountId, wish: null, entry })),
  ];
  return planTasks({
    ...input,
    accounts: [...Map.groupBy(accounts, ({ accountId }) => accountId)].map(([accountId, parts]) => ({
      accountId,
      wishes: parts.flatMap(({ wish }) => wish ?? []),
      terms: [],
      endedBecause: null,
      endedRuns: new Map(
        parts.flatMap(({ entry }) => {
          const occurrence = entry?.occurrence;
          return occurrence === undefined
            ? []
            : [[runName({ play: DIGEST, occurrence }), 'A newer list took its place.']];
        }),
      ),
    })),
    ledger: older,
    shown: await shownTasks(line, older),
  });
}

/** Steps that wait in memory for more urgent ones: about two kilobytes each. */
const HELD_AT_MOST = 5_000;

/** Values to write, in portions of one object as large as the CRM likes them; memory does not grow with the book. */
export function planValues(line: DefinedLine, scope: PlanScope): AsyncGenerator<readonly SetFields[]> {
  return valuesInPortions(line, scope, []);
}

/** The same with where renewals stand first, then bands, then the rest: to be written as they come. */
export function planUrgentValuesFirst(line: DefinedLine, scope: PlanScope): AsyncGenerator<readonly SetFields[]> {
  return valuesInPortions(line, scope, urgentFields(line.connectorMapping));
}

function valuesInPortions(
  line: DefinedLine,
  scope: PlanScope,
  urgent: UrgentFields,
): AsyncGenerator<readonly SetFields[]> {
  return byUrgency({
    plan: (accounts) => planEachValue(line, { ...scope, accounts }),
    accounts: scope.accounts,
    urgent,
    atOnce: line.connector.writesAtOnce,
    heldAtMost: HELD_AT_MOST,
  });
}

async function* planEachValue(line: DefinedLine, scope: PlanScope): AsyncGenerator<SetFields> {
  const described = await describedFields(line);
  const parkedRecords = await parkedWrites(line);
  const toMake = new Set((await planFields(line)).map(({ object, name }) => `${object}.${name}`));
  const hasField = (object: string, name: string): boolean => {
    const field = `${object}.${name}`;
    return !scope.refusedFields.has(field) && (described.get(object)?.has(name) === true || toMake.has(field));
  };
  const rules = new Map(
    WRITTEN_ENTITIES.map((section): [WrittenEntity, ReadonlyMap<string, WriteRule>] => [
      section,
      writeRules(line.connectorMapping.writeBack, section),
    ]),
  );
  const hasOption = await knownOptions(line);
  let book: Promise<Book> | null = null;
  const readBook = (): Promise<Book> => (book ??= openBook(line));
  for await (const ids of batches(line, scope, 'values')) {
    const wanted = await recordsOf(line, ids, { hasField, readBook });
    const shown = await shownRecords(line, wanted);
    for (const { accountId, record } of wanted) {
      const there = shown.get(`${record.object}/${record.id}`);
      if (there === undefined || parkedRecords.has(`${record.object}/${record.id}`)) continue;
      const step = diffRecord({
        object: record.object,
        id: record.id,
        accountId,
        desired: record.toFields({
          choice: line.writeBack.fields,
          inItsCurrency: amountsOn(line, there),
          hasField,
          hasOption,
        }),
        shown: there.shown,
        rules: rules.get(record.section) ?? new Map(),
        heartbeatDays: line.configuration.writing.heartbeatDays,
      });
      if (step !== null) yield step;
    }
  }
}

/** The accounts of a plan, some at a time, which tells how far the planning of `subject` has come. */
async function* batches(
  line: DefinedLine,
  scope: PlanScope,
  subject: 'tasks' | 'deals' | 'values',
): AsyncGenerator<readonly AccountId[]> {
  const total = scope.accounts?.length ?? null;
  let done = 0;
  const next = (ids: readonly AccountId[]): readonly AccountId[] => {
    done += ids.length;
    line.progress({ stage: 'plan', subject: `accounts for ${subject}`, done, total });
    return ids;
  };
  if (scope.accounts !== null) {
    for (let start = 0; start < scope.accounts.length; start += BATCH) {
      mustGoOn(line);
      yield next(scope.accounts.slice(start, start + BATCH));
    }
    return;
  }
  let after: string | null = null;
  for (;;) {
    mustGoOn(line);
    const page: readonly StoredRecord[] = await line.store.records.page(line.mapping.accountObject, after, BATCH);
    if (page.length > 0) yield next(page.map((record) => toAccountId(record.raw.id)));
    if (page.length < BATCH) return;
    after = page.at(-1)?.raw.id ?? null;
  }
}

/** Adds companies that are no longer in the book and have open tasks; answers those. */
async function addGoneAccounts(
  line: DefinedLine,
  seen: ReadonlySet<AccountId>,
  accounts: AccountTasks[],
): Promise<readonly LedgerTask[]> {
  const ledger: LedgerTask[] = [];
  let after: LedgerTask['key'] | null = null;
  const added = new Set<AccountId>();
  for (;;) {
    const page: readonly LedgerTask[] = await line.store.ledger.byState(['open'], after, 500);
    for (const entry of page) {
      if (seen.has(entry.accountId) || entry.play === DIGEST) continue;
      ledger.push(entry);
      if (added.has(entry.accountId)) continue;
      added.add(entry.accountId);
      accounts.push({
        accountId: entry.accountId,
        wishes: [],
        terms: [],
        endedBecause: GONE,
      });
    }
    if (page.length < 500) return ledger;
    after = page.at(-1)?.key ?? null;
  }
}

async function shownRecords(line: DefinedLine, wanted: readonly Showing[]): Promise<ReadonlyMap<string, StoredRecord>> {
  const shown = new Map<string, StoredRecord>();
  const add = (record: StoredRecord): void => {
    if (record.deletedAt === null) shown.set(`${record.raw.object}/${record.raw.id}`, record);
  };
  for (const { there } of wanted) if (there !== undefined) add(there);
  const unread = wanted.filter(({ there }) => there === undefined);
  for (const [object, group] of Map.groupBy(unread, ({ record }) => record.object)) {
    const ids = group.map(({ record }) => record.id);
    for (const record of await line.store.records.byIds(object, ids)) add(record);
  }
  return shown;
}

/** Where a record says its currency, amounts of ours on it are in that; else in the customer's home currency. */
function amountsOn(line: DefinedLine, { inputs }: StoredRecord): WriteContext['inItsCurrency'] {
  const home = line.installation.facts.currency;
  const field = line.connectorMapping.writeBack.currency;
  const stated = field === null ? null : inputs[field];
  const currency = typeof stated === 'string' && stated !== '' ? stated : home;
  return (amount) => toCurrency(amount, currency, home, line.configuration.rates);
}

/** Whether the customer's field has an option, as far as is known. */
async function knownOptions(line: DefinedLine): Promise<WriteContext['hasOption']> {
  const definitions = await line.store.definitions.list();
  const options = new Map<string, ReadonlySet<string>>();
  for (const object of line.mapping.objectsToDescribe) {
    for (const field of definitions.get(object)?.fields ?? []) {
      if (field.options.length === 0) continue;
      options.set(`${object}.${field.name}`, new Set(field.options.map(({ value }) => value)));
    }
  }
  return (object, name, option) => options.get(`${object}.${name}`)?.has(option) ?? true;
}

/** Tasks as they were when they were last read, by the CRM's id. */
export async function shownTasks(
  line: DefinedLine,
  ledger: readonly LedgerTask[],
): Promise<ReadonlyMap<string, ShownTask>> {
  const ids = ledger.flatMap((entry) => (entry.state === 'open' && entry.crmId !== null ? [entry.crmId] : []));
  const shown = new Map<string, ShownTask>();
  for (let start = 0; start < ids.length; start += 1_000) {
    const records = await line.store.records.byIds(line.mapping.taskObject, ids.slice(start, start + 1_000));
    for (const record of records) {
      const entry = { fields: { ...record.inputs, ...record.shown }, deleted: record.deletedAt !== null };
      shown.set(record.raw.id, entry);
    }
  }
  return shown;
}

/** How tasks are written and recognised in this CRM. */
export async function taskWords(line: DefinedLine, scope: Pick<PlanScope, 'refusedFields'>): Promise<TaskWords> {
  return toTaskWords(line.mapping, await writableFields(line, line.mapping.taskObject, scope));
}

/** Whether a field of an object may be written, or will be once the missing ones are made. One of ours that is not wanted may not. */
async function writableFields(
  line: DefinedLine,
  object: string,
  scope: Pick<PlanScope, 'refusedFields'>,
): Promise<(name: string) => boolean> {
  const described = (await describedFields(line)).get(object);
  const toMake = new Set((await planFields(line)).map((spec) => `${spec.object}.${spec.name}`));
  const unwanted = new Set(
    ownFieldsOf(line.connectorMapping)
      .filter((own) => own.object === object && !isWanted(line.writeBack.fields, object, own.field))
      .map(({ field }) => field.name),
  );
  return (name) => {
    const field = `${object}.${name}`;
    if (unwanted.has(name)) return false;
    return !scope.refusedFields.has(field) && (described?.has(name) === true || toMake.has(field));
  };
}

/** Fields that may be written, by object; objects that may not be read or are not known yet are absent. */
async function describedFields(line: DefinedLine): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const definitions = await line.store.definitions.list();
  const described = new Map<string, ReadonlySet<string>>();
  for (const object of line.mapping.objectsToDescribe) {
    const definition = definitions.get(object);
    if (definition !== undefined && definition.fields !== null) {
      // A field of ours that may be read and not written is as good as missing: the admin is told, and the rest is written.
      const writable = definition.fields.filter(({ readOnly }) => !readOnly);
      described.set(object, new Set(writable.map(({ name }) => name)));
    }
  }
  return described;
}

/** What the CRM refused to take or to make not long ago, as `companies/12`; a task that was not made by its key. */
function parkedWrites(line: DefinedLine): Promise<ReadonlySet<string>> {
  return parked(line, 'write', ({ object, crmId }) => `${object}/${crmId}`);
}

async function parked(
  line: DefinedLine,
  kind: string,
  nameOf: (problem: Problem) => string,
): Promise<ReadonlySet<string>> {
  const since = shift(line.clock.now(), -PARKED_MS);
  const problems = await line.store.problems.list(100_000);
  const refused = problems.filter((problem) => problem.kind === kind && problem.lastAt > since);
  // A lock is gone in seconds.
  return new Set(refused.filter(({ code }) => code !== 'record-locked').map(nameOf));
}

/** Every step of the next write, without making any: for people. Memory grows with what is to be written. */
export async function planEverything(line: DefinedLine): Promise<{
  readonly steps: readonly Step[];
  readonly heldBack: readonly TaskWish[];
  readonly suggestions: readonly TaskWish[];
}> {
  const scope: PlanScope = { accounts: null, refusedFields: await parkedFields(line) };
  const missing = (await planFields(line)).filter((spec) => !scope.refusedFields.has(`${spec.object}.${spec.name}`));
  const steps: Step[] = missing.map(toProvisionStep);
  const tasks = await planAllTasks(line, scope);
  steps.push(...tasks.steps, ...tasks.deals);
  for await (const portion of planValues(line, scope)) steps.push(...portion);
  return { steps, heldBack: tasks.heldBack, suggestions: tasks.suggestions };
}
