import type { RawChange } from '../../connectors/contract/record.ts';
import { isDealTouched } from '../core/plan/deals.ts';
import type { LedgerDeal, LedgerTask } from '../core/plan/step.ts';
import { withHumanActs, type ShownTask } from '../core/plan/tasks.ts';
import type { HoldfastKey } from '../core/model/ids.ts';
import { dealWords } from './deals.ts';
import { mustGoOn, type DefinedLine } from './line.ts';
import { shownTasks, taskWords } from './plan.ts';

const BATCH = 200;
const PAGE = 500;

/** What taking Holdfast away again means for one customer. */
export interface UndoPlan {
  /** Fields of ours that exist there and go or are emptied, as `companies.holdfast_health_score`. */
  readonly fields: readonly string[];
  /** Do the fields stay, emptied? Where an admin installed them, only the admin can take them away. */
  readonly fieldsStay: boolean;
  /** Those that people fill: of `fields` where fields go, and kept as they are where fields stay. */
  readonly peoplesFields: readonly string[];
  /** Open tasks of ours that nobody has touched. */
  readonly tasks: number;
  /** Tasks of ours that a human completed or changed: theirs now, and kept unless asked otherwise. */
  readonly touchedTasks: number;
  /** Renewal deals of ours that nobody has touched. */
  readonly deals: number;
  /** Those that a human changed, moved to another stage or closed: kept in any case. */
  readonly touchedDeals: number;
}

export interface Undone {
  /** Fields that went, or were emptied. */
  readonly fields: number;
  readonly fieldsStay: boolean;
  readonly tasks: number;
  readonly keptTasks: number;
  readonly deals: number;
  readonly keptDeals: number;
  readonly refused: readonly Refusal[];
}

interface Refusal {
  readonly what: string;
  readonly message: string;
  readonly remedy: string;
}

/** Says what `undo` would take away, as far as the last run knew. Calls nothing. */
export async function planUndo(line: DefinedLine): Promise<UndoPlan> {
  const fieldsStay = !line.connector.makesFields;
  const present = await ourFields(line, fieldsStay);
  const specs = line.mapping.fieldSpecs('extended').filter(({ filledByPeople }) => filledByPeople);
  const peoples = new Set(specs.map(({ object, name }) => `${object}.${name}`));
  const known = await ourTasks(line);
  const tasks = (await withActs(line, known, await shownTasks(line, known))).filter(({ state }) => state !== 'deleted');
  const touched = tasks.filter((task) => isTheirs(task));
  const deals = await ourDeals(line);
  const storedDeals = await dealsInStore(line, deals);
  const untouchedDeals = await untouched(line, deals, storedDeals);
  return {
    fields: fieldsStay ? present.filter((field) => !peoples.has(field)) : present,
    fieldsStay,
    peoplesFields: present.filter((field) => peoples.has(field)),
    tasks: tasks.length - touched.length,
    touchedTasks: touched.length,
    deals: untouchedDeals.length,
    touchedDeals: storedDeals.size - untouchedDeals.length,
  };
}

/** Fields of ours that the CRM had when it was last read; of those that stay, what we may write. */
async function ourFields(line: DefinedLine, fieldsStay: boolean): Promise<readonly string[]> {
  const prefix = line.connector.words.ownPrefix;
  const fields: string[] = [];
  for (const object of line.mapping.objectsToDescribe) {
    const definition = await line.store.definitions.get(object);
    for (const { name, readOnly } of definition?.fields ?? []) {
      if (name.startsWith(prefix) && !(fieldsStay && readOnly)) fields.push(`${object}.${name}`);
    }
  }
  return fields;
}

/**
 * Takes away every field of ours with its values (or, where fields stay, the values that are ours), and every task and
 * renewal deal of ours that no human made theirs: each is looked at once more before it goes. Writing stops until the admin approves again. Running it twice does no harm.
 */
export async function undo(line: DefinedLine, request: { readonly alsoTouchedTasks: boolean }): Promise<Undone> {
  await line.store.updateInstallation({ approvedAt: null, approvedPlan: null });
  const refused: Refusal[] = [];
  let tasks = 0;
  let keptTasks = 0;
  const all = await ourTasks(line);
  for (let start = 0; start < all.length; start += BATCH) {
    mustGoOn(line);
    const batch = all.slice(start, start + BATCH);
    const seen = await withActs(line, batch, await readTasks(line, batch));
    const there = seen.filter(({ state }) => state !== 'deleted');
    const going = request.alsoTouchedTasks ? there : there.filter((task) => !isTheirs(task));
    await line.store.ledger.put(seen.filter((task) => !going.includes(task)));
    const gone = await takeAway(line, going, refused);
    await line.store.ledger.put(gone);
    tasks += gone.length;
    keptTasks += there.length - going.length;
    line.progress({ stage: 'write', subject: 'tasks', done: start + batch.length, total: all.length });
  }
  const { deals, keptDeals } = await takeAwayDeals(line, refused);
  const report = await line.session.unprovision(line.mapping.fieldSpecs('extended'));
  await line.store.records.clearShown();
  for (const { object, name, message, remedy } of report.refused) {
    refused.push({ what: `${object}.${name}`, message, remedy });
  }
  const now = line.clock.now();
  for (const object of line.connector.makesFields ? line.mapping.objectsToDescribe : []) {
    const definition = await line.store.definitions.get(object);
    if (definition === null || definition.fields === null) continue;
    const gone = new Set(report.done);
    const fields = definition.fields.filter(({ name }) => !gone.has(`${object}.${name}`));
    await line.store.definitions.put(object, { ...definition, fields });
  }
  const fieldsStay = !line.connector.makesFields;
  const result = { fields: report.done.length, fieldsStay, tasks, keptTasks, deals, keptDeals, refused };
  await line.store.audit.add({
    at: now,
    actor: 'admin',
    action: 'undone',
    details: { ...result, refused: refused.length },
  });
  return result;
}

/** Archives the renewal deals of ours that no human changed, each looked at once more before it goes. */
async function takeAwayDeals(line: DefinedLine, refused: Refusal[]): Promise<Pick<Undone, 'deals' | 'keptDeals'>> {
  let deals = 0;
  let keptDeals = 0;
  const object = line.mapping.dealObject;
  const all = await ourDeals(line);
  for (let start = 0; start < all.length; start += BATCH) {
    mustGoOn(line);
    const batch = all.slice(start, start + BATCH);
    const ids = batch.flatMap(({ crmId }) => crmId ?? []);
    const found = await line.session.read(object, ids, line.mapping.dealFields);
    const shown = new Map(found.map(({ id, fields }) => [id, fields]));
    const going = await untouched(line, batch, shown);
    const updatedAt = line.clock.now();
    const outcomes =
      going.length === 0
        ? []
        : await line.session.write(going.map(({ crmId }) => ({ kind: 'archive', object, id: crmId ?? '' }) as const));
    const known: LedgerDeal[] = batch
      .filter(({ crmId }) => !shown.has(crmId ?? ''))
      .map((deal) => ({ ...deal, state: 'deleted', updatedAt }));
    for (const [index, deal] of going.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok === true || outcome?.code === 'record-gone') {
        known.push({ ...deal, state: 'undone', updatedAt });
        deals += 1;
        continue;
      }
      const message = outcome?.message ?? 'The CRM did not say what became of it.';
      refused.push({ what: `deal ${deal.crmId ?? ''}`, message, remedy: 'Delete it by hand.' });
    }
    keptDeals += shown.size - going.length;
    await line.store.dealLedger.put(known);
  }
  return { deals, keptDeals };
}

/** Those that the CRM shows as they were made. Where they could not be compared they count as changed. */
async function untouched(
  line: DefinedLine,
  deals: readonly LedgerDeal[],
  shown: ReadonlyMap<string, LedgerDeal['written']>,
): Promise<readonly LedgerDeal[]> {
  const words = await dealWords(line, () => true);
  return deals.filter((deal) => {
    const fields = shown.get(deal.crmId ?? '');
    return words !== null && fields !== undefined && !isDealTouched(deal, fields, words);
  });
}

/** Deals as they were when they were last read, by the CRM's id; what was deleted since is left out. */
async function dealsInStore(
  line: DefinedLine,
  deals: readonly LedgerDeal[],
): Promise<ReadonlyMap<string, LedgerDeal['written']>> {
  const ids = deals.flatMap(({ crmId }) => crmId ?? []);
  const records = await line.store.records.byIds(line.mapping.dealObject, ids);
  const deleted = new Set(records.filter(({ deletedAt }) => deletedAt !== null).map(({ raw }) => raw.id));
  const read = new Map(records.map(({ raw, inputs }) => [raw.id, inputs]));
  // One that no pull has told of yet is as it was made.
  return new Map(ids.filter((id) => !deleted.has(id)).map((id) => [id, read.get(id) ?? {}]));
}

async function ourDeals(line: DefinedLine): Promise<readonly LedgerDeal[]> {
  const deals: LedgerDeal[] = [];
  let after: HoldfastKey | null = null;
  for (;;) {
    const page: readonly LedgerDeal[] = await line.store.dealLedger.byState(['open'], after, PAGE);
    deals.push(...page.filter(({ crmId }) => crmId !== null));
    if (page.length < PAGE) return deals;
    after = page.at(-1)?.key ?? null;
  }
}

/** Archives tasks; answers those that are gone now. */
async function takeAway(
  line: DefinedLine,
  going: readonly LedgerTask[],
  refused: Refusal[],
): Promise<readonly LedgerTask[]> {
  if (going.length === 0) return [];
  const object = line.mapping.taskObject;
  const outcomes = await line.session.write(
    going.map((task): RawChange => ({ kind: 'archive', object, id: task.crmId ?? '' })),
  );
  const updatedAt = line.clock.now();
  return going.flatMap((task, index): readonly LedgerTask[] => {
    const outcome = outcomes[index];
    if (outcome?.ok === true || outcome?.code === 'record-gone') return [{ ...task, state: 'undone', updatedAt }];
    const message = outcome?.message ?? 'The CRM did not say what became of it.';
    refused.push({ what: `task ${task.crmId ?? ''}`, message, remedy: 'Delete it by hand.' });
    return [];
  });
}

/** Tasks as the CRM shows them now, in one call. One that it no longer shows was deleted. */
async function readTasks(line: DefinedLine, tasks: readonly LedgerTask[]): Promise<ReadonlyMap<string, ShownTask>> {
  const ids = tasks.flatMap(({ crmId }) => crmId ?? []);
  const found = await line.session.read(line.mapping.taskObject, ids, line.mapping.taskFields);
  const alive = new Map(found.map(({ id, fields }) => [id, { fields, deleted: false }]));
  return new Map(ids.map((id) => [id, alive.get(id) ?? { fields: {}, deleted: true }]));
}

async function withActs(
  line: DefinedLine,
  tasks: readonly LedgerTask[],
  shown: ReadonlyMap<string, ShownTask>,
): Promise<readonly LedgerTask[]> {
  const words = await taskWords(line, { refusedFields: new Set() });
  const now = line.clock.now();
  return tasks.map((task) => withHumanActs(task, { shown, words, now }));
}

/** Tasks of ours that exist in the CRM, as far as we know. */
async function ourTasks(line: DefinedLine): Promise<readonly LedgerTask[]> {
  const tasks: LedgerTask[] = [];
  let after: HoldfastKey | null = null;
  for (;;) {
    const page: readonly LedgerTask[] = await line.store.ledger.byState(['open', 'done', 'closed'], after, PAGE);
    tasks.push(...page.filter((task) => task.crmId !== null));
    if (page.length < PAGE) return tasks;
    after = page.at(-1)?.key ?? null;
  }
}

function isTheirs(task: LedgerTask): boolean {
  return task.isTouched || task.state === 'done';
}
