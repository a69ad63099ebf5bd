import type { RawChange } from '../../connectors/contract/record.ts';
import type { LedgerTask } from '../core/plan/step.ts';
import type { HoldfastKey } from '../core/model/ids.ts';
import { mustGoOn, type DefinedLine } from './line.ts';

const BATCH = 100;
const PAGE = 500;

/** What taking Holdfast away again means for one customer. */
export interface UndoPlan {
  /** Fields of ours that exist there, as `companies.holdfast_health_score`. Their values go with them. */
  readonly fields: readonly string[];
  /** Open tasks of ours that nobody has touched. */
  readonly tasks: number;
  /** Tasks of ours that a human completed or changed: theirs now, and kept unless asked otherwise. */
  readonly touchedTasks: number;
}

export interface Undone {
  readonly fields: number;
  readonly tasks: number;
  readonly keptTasks: number;
  readonly refused: readonly { readonly what: string; readonly message: string; readonly remedy: string }[];
}

/** Says what `undo` would take away. Calls nothing. */
export async function planUndo(line: DefinedLine): Promise<UndoPlan> {
  const prefix = line.connector.words.ownPrefix;
  const fields: string[] = [];
  for (const object of line.mapping.objectsToDescribe) {
    const definition = await line.store.definitions.get(object);
    for (const { name } of definition?.fields ?? []) if (name.startsWith(prefix)) fields.push(`${object}.${name}`);
  }
  const tasks = await ourTasks(line);
  const touched = tasks.filter((task) => isTheirs(task));
  return { fields, tasks: tasks.length - touched.length, touchedTasks: touched.length };
}

/**
 * Takes away every field of ours with its values, and every task of ours that no human made theirs. Writing stops until
 * the admin approves again. Running it twice does no harm.
 */
export async function undo(line: DefinedLine, request: { readonly alsoTouchedTasks: boolean }): Promise<Undone> {
  await line.store.updateInstallation({ approvedAt: null, approvedPlan: null });
  const refused: { what: string; message: string; remedy: string }[] = [];
  const all = await ourTasks(line);
  const going = request.alsoTouchedTasks ? all : all.filter((task) => !isTheirs(task));
  let tasks = 0;
  for (let start = 0; start < going.length; start += BATCH) {
    mustGoOn(line);
    const batch = going.slice(start, start + BATCH);
    const outcomes = await line.session.write(
      batch.map((task): RawChange => ({ kind: 'archive', object: line.mapping.taskObject, id: task.crmId ?? '' })),
    );
    const undone: LedgerTask[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const task = batch[index];
      if (task === undefined) continue;
      if (outcome.ok || outcome.code === 'record-gone') {
        undone.push({ ...task, state: 'undone', updatedAt: line.clock.now() });
        tasks += 1;
      } else {
        refused.push({ what: `task ${task.crmId ?? ''}`, message: outcome.message, remedy: 'Delete it by hand.' });
      }
    }
    await line.store.ledger.put(undone);
    line.progress({
      stage: 'write',
      subject: 'tasks',
      done: Math.min(start + BATCH, going.length),
      total: going.length,
    });
  }
  const report = await line.session.unprovision(line.mapping.fieldSpecs('extended'));
  await line.store.records.clearShown();
  for (const { object, name, message, remedy } of report.refused) {
    refused.push({ what: `${object}.${name}`, message, remedy });
  }
  const now = line.clock.now();
  for (const object of line.mapping.objectsToDescribe) {
    const definition = await line.store.definitions.get(object);
    if (definition === null || definition.fields === null) continue;
    const gone = new Set(report.done);
    const fields = definition.fields.filter(({ name }) => !gone.has(`${object}.${name}`));
    await line.store.definitions.put(object, { ...definition, fields });
  }
  const result = { fields: report.done.length, tasks, keptTasks: all.length - going.length, refused };
  await line.store.audit.add({
    at: now,
    actor: 'admin',
    action: 'undone',
    details: { ...result, refused: refused.length },
  });
  return result;
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
