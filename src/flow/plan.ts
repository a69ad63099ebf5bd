import type { FieldSpec } from '../../connectors/contract/connector.ts';
import { isCustomer } from '../core/assess.ts';
import { dayOf } from '../core/model/calendar-date.ts';
import { toAccountId, type AccountId } from '../core/model/ids.ts';
import { toCrmFields, writeRules, type RecordToWrite } from '../core/mapping/outbound.ts';
import { toTaskWords } from '../core/mapping/task-words.ts';
import { diffRecord } from '../core/plan/diff.ts';
import { planTasks, type AccountTasks, type ShownTask, type TaskPlan, type TaskWords } from '../core/plan/tasks.ts';
import type { LedgerTask, ProvisionField, SetFields, Step, TaskWish } from '../core/plan/step.ts';
import { wishesOf } from '../core/plays/index.ts';
import type { Problem, StoredAssessment, StoredRecord } from '../ports/store.ts';
import { openBook, openCases, readOwners } from './judge.ts';
import { mustGoOn, shift, type DefinedLine } from './line.ts';

/** Accounts whose records are held in memory at once. */
const BATCH = 200;

/**
 * A change that the CRM refused is tried again after this long, not at every run: refusals count against the app. Less than
 * a day, so that the next day's run does it although it begins some minutes earlier.
 */
export const PARKED_MS = 20 * 3_600_000;

/** Changes of one object are handed on in such portions: what one call of either CRM takes, or a multiple of it. */
const PORTION = 100;

export interface PlanScope {
  /** Null for the whole book. */
  readonly accounts: readonly AccountId[] | null;
  /** Fields of ours that the CRM refused to make, as `companies.holdfast_key`. */
  readonly refusedFields: ReadonlySet<string>;
}

/** The fields of ours that the CRM lacks, as far as its stored definitions say. */
export async function planFields(line: DefinedLine): Promise<readonly FieldSpec[]> {
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

/** What to open, move and close, over all accounts at once, because owners' load is counted over all of them. */
export async function planAllTasks(line: DefinedLine, scope: PlanScope): Promise<TaskPlan> {
  const { timeZone } = line.installation.facts;
  const now = line.clock.now();
  const today = dayOf(now, timeZone);
  const book = await openBook(line);
  const owners = await readOwners(line);
  const accounts: AccountTasks[] = [];
  const ledger: LedgerTask[] = [];
  const seen = new Set<AccountId>();
  for await (const ids of batches(line, scope)) {
    const entries = await line.store.ledger.byAccounts(ids);
    const withEntries = new Set(entries.map((entry) => entry.accountId));
    ledger.push(...entries);
    for (const one of await openCases(line, book, ids)) {
      seen.add(one.accountId);
      const { snapshot, stored } = one;
      const isOurs = snapshot !== null && stored !== null && isCustomer(snapshot.account, snapshot.deals);
      const wishes = isOurs
        ? wishesOf(stored.assessment, snapshot, {
            tenant: line.installation.id,
            owners,
            fallbackOwnerId: line.writeBack.fallbackOwnerId,
            configuration: line.configuration,
          })
        : [];
      if (wishes.length === 0 && !withEntries.has(one.accountId)) continue;
      accounts.push({
        accountId: one.accountId,
        wishes,
        terms: isOurs ? stored.assessment.renewal.terms : [],
        endedBecause: isOurs ? null : (one.goneBecause ?? 'The company is no longer a customer.'),
      });
    }
  }
  if (scope.accounts === null) await addGoneAccounts(line, seen, accounts, ledger);
  return planTasks({
    accounts,
    ledger,
    shown: await shownTasks(line, ledger),
    today,
    now,
    load: await line.store.ledger.load(today, timeZone),
    limits: line.configuration.renewals.load,
    movedDays: line.configuration.renewals.movedDays,
    words: await taskWords(line, scope),
  });
}

/** Values to write, in portions of one object; memory does not grow with the book. */
export async function* planValues(line: DefinedLine, scope: PlanScope): AsyncGenerator<readonly SetFields[]> {
  const described = await describedFields(line);
  const parkedRecords = await parked(line, 'write', ({ object, crmId }) => `${object}/${crmId}`);
  const toMake = new Set((await planFields(line)).map(({ object, name }) => `${object}.${name}`));
  const hasField = (object: string, name: string): boolean => {
    const field = `${object}.${name}`;
    return !scope.refusedFields.has(field) && (described.get(object)?.has(name) === true || toMake.has(field));
  };
  const rules = {
    account: writeRules(line.connectorMapping.writeBack, 'account'),
    deal: writeRules(line.connectorMapping.writeBack, 'deal'),
  };
  const waiting = new Map<string, SetFields[]>();
  for await (const ids of batches(line, scope)) {
    const stored = await line.store.assessments.get(ids);
    const wanted = ids.flatMap((id) => wantedRecords(line, id, stored.get(id), hasField));
    const shown = await shownRecords(line, wanted);
    for (const { accountId, record } of wanted) {
      const there = shown.get(`${record.object}/${record.id}`);
      if (there === undefined || parkedRecords.has(`${record.object}/${record.id}`)) continue;
      const step = diffRecord({
        object: record.object,
        id: record.id,
        accountId,
        desired: record.fields,
        shown: there.shown,
        rules: rules[record.section],
      });
      if (step === null) continue;
      const portion = waiting.get(step.object) ?? [];
      waiting.set(step.object, portion);
      portion.push(step);
      if (portion.length === PORTION) yield portion.splice(0);
    }
  }
  for (const portion of waiting.values()) if (portion.length > 0) yield portion;
}

async function* batches(line: DefinedLine, scope: PlanScope): AsyncGenerator<readonly AccountId[]> {
  if (scope.accounts !== null) {
    for (let start = 0; start < scope.accounts.length; start += BATCH) {
      mustGoOn(line);
      yield scope.accounts.slice(start, start + BATCH);
    }
    return;
  }
  let after: string | null = null;
  for (;;) {
    mustGoOn(line);
    const page: readonly StoredRecord[] = await line.store.records.page(line.mapping.accountObject, after, BATCH);
    if (page.length > 0) yield page.map((record) => toAccountId(record.raw.id));
    if (page.length < BATCH) return;
    after = page.at(-1)?.raw.id ?? null;
  }
}

/** Open tasks of companies that are no longer in the book. */
async function addGoneAccounts(
  line: DefinedLine,
  seen: ReadonlySet<AccountId>,
  accounts: AccountTasks[],
  ledger: LedgerTask[],
): Promise<void> {
  let after: LedgerTask['key'] | null = null;
  const added = new Set<AccountId>();
  for (;;) {
    const page: readonly LedgerTask[] = await line.store.ledger.byState(['open'], after, 500);
    for (const entry of page) {
      if (seen.has(entry.accountId)) continue;
      ledger.push(entry);
      if (added.has(entry.accountId)) continue;
      added.add(entry.accountId);
      accounts.push({
        accountId: entry.accountId,
        wishes: [],
        terms: [],
        endedBecause: 'The company does not exist any more.',
      });
    }
    if (page.length < 500) return;
    after = page.at(-1)?.key ?? null;
  }
}

interface Wanted {
  readonly accountId: AccountId;
  readonly record: RecordToWrite;
}

/** What should stand on the account and its renewal deals; on an account without a score, nothing of ours. */
function wantedRecords(
  line: DefinedLine,
  accountId: AccountId,
  stored: StoredAssessment | undefined,
  hasField: (object: string, name: string) => boolean,
): readonly Wanted[] {
  if (stored === undefined) {
    const object = line.mapping.accountObject;
    const fields: Record<string, null> = {};
    for (const { name, value } of line.connectorMapping.writeBack.account) {
      if (value !== null && hasField(object, name)) fields[name] = null;
    }
    return [{ accountId, record: { section: 'account', object, id: accountId, fields } }];
  }
  const context = { choice: line.writeBack.fields, currency: line.installation.facts.currency, hasField };
  return toCrmFields(line.connectorMapping, stored.assessment, context).map((record) => ({ accountId, record }));
}

async function shownRecords(line: DefinedLine, wanted: readonly Wanted[]): Promise<ReadonlyMap<string, StoredRecord>> {
  const shown = new Map<string, StoredRecord>();
  for (const [object, group] of Map.groupBy(wanted, ({ record }) => record.object)) {
    const records = await line.store.records.byIds(
      object,
      group.map(({ record }) => record.id),
    );
    for (const record of records) if (record.deletedAt === null) shown.set(`${object}/${record.raw.id}`, record);
  }
  return shown;
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
  const object = line.mapping.taskObject;
  const described = (await describedFields(line)).get(object);
  const toMake = new Set((await planFields(line)).map((spec) => `${spec.object}.${spec.name}`));
  return toTaskWords(line.mapping, (name) => {
    const field = `${object}.${name}`;
    return !scope.refusedFields.has(field) && (described?.has(name) === true || toMake.has(field));
  });
}

/** By object; objects that may not be read or are not known yet are absent. */
async function describedFields(line: DefinedLine): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const described = new Map<string, ReadonlySet<string>>();
  for (const object of line.mapping.objectsToDescribe) {
    const definition = await line.store.definitions.get(object);
    if (definition !== null && definition.fields !== null) {
      described.set(object, new Set(definition.fields.map(({ name }) => name)));
    }
  }
  return described;
}

async function parked(
  line: DefinedLine,
  kind: string,
  nameOf: (problem: Problem) => string,
): Promise<ReadonlySet<string>> {
  const since = shift(line.clock.now(), -PARKED_MS);
  const problems = await line.store.problems.list(100_000);
  return new Set(problems.filter((problem) => problem.kind === kind && problem.lastAt > since).map(nameOf));
}

/** Every step of the next write, without making any: for people. Memory grows with what is to be written. */
export async function planEverything(line: DefinedLine): Promise<{
  readonly steps: readonly Step[];
  readonly heldBack: readonly TaskWish[];
}> {
  const scope: PlanScope = { accounts: null, refusedFields: await parkedFields(line) };
  const missing = (await planFields(line)).filter((spec) => !scope.refusedFields.has(`${spec.object}.${spec.name}`));
  const steps: Step[] = missing.map(toProvisionStep);
  const tasks = await planAllTasks(line, scope);
  steps.push(...tasks.steps);
  for await (const portion of planValues(line, scope)) steps.push(...portion);
  return { steps, heldBack: tasks.heldBack };
}
