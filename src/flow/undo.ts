import type { RawChange } from '../../connectors/contract/record.ts';
import type { LedgerTask } from '../core/plan/step.ts';
import { withHumanActs, type ShownTask } from '../core/plan/tasks.ts';
import type { HoldfastKey } from '../core/model/ids.ts';
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
}

export interface Undone {
  /** Fields that went, or were emptied. */
  readonly fields: number;
  readonly fieldsStay: boolean;
  readonly tasks: number;
  readonly keptTasks: number;
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
  return {
    fields: fieldsStay ? present.filter((field) => !peoples.has(field)) : present,
    fieldsStay,
    peoplesFields: present.filter((field) => peoples.has(field)),
    tasks: tasks.length - touched.length,
    touchedTasks: touched.length,
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
 * Takes away every field of ours with its values (or, where fields stay, the values that are ours), and every task of ours
 * that no human made theirs: each is looked at once more before it goes. Writing stops until the admin approves again. Running it twice does no harm.
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
  const result = { fields: report.done.length, fieldsStay, tasks, keptTasks, refused };
  await line.store.audit.add({
    at: now,
    actor: 'admin',
    action: 'undone',
    details: { ...result, refused: refused.length },
  });
  return result;
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
