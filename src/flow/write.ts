import { ConnectorError } from '../../connectors/contract/errors.ts';
import type { RawRecord, WriteOutcome } from '../../connectors/contract/record.ts';
import type { FieldSpec } from '../../connectors/contract/connector.ts';
import type {
  CloseTask,
  LedgerDeal,
  LedgerTask,
  MoveTask,
  OpenDeal,
  OpenTask,
  SetFields,
  Step,
} from '../core/plan/step.ts';
import type { Problem, RecordStore } from '../ports/store.ts';
import { linksOf, shownAfter, toChanges, toCreating, toCreatingDeal, toWritten } from './changes.ts';
import { addDefined, reportLacking } from './definitions.ts';
import { mustGoOn, type DefinedLine } from './line.ts';
import { toIncoming } from './pull.ts';

/**
 * How many tasks are handed to the CRM at once: five calls of one CRM, ten of the other, and one look for all of them at
 * what the CRM filled in. The ledger counts so many as being created meanwhile.
 */
const BATCH = 1_000;

export interface Written {
  /** Values that reached the CRM. */
  fields: number;
  records: number;
  tasksOpened: number;
  tasksMoved: number;
  tasksClosed: number;
  /** Renewal deals. */
  dealsOpened: number;
  /** Records that were planned and needed nothing. */
  skipped: number;
  /** Changes that the CRM refused; they are in the error inbox. */
  refused: number;
}

export function nothingWritten(): Written {
  return {
    fields: 0,
    records: 0,
    tasksOpened: 0,
    tasksMoved: 0,
    tasksClosed: 0,
    dealsOpened: 0,
    skipped: 0,
    refused: 0,
  };
}

/** Makes the fields of ours that the CRM lacks. Answers those that it refused, as `companies.holdfast_key`. */
export async function provision(line: DefinedLine, missing: readonly FieldSpec[]): Promise<ReadonlySet<string>> {
  if (missing.length === 0) return new Set();
  const report = await line.session.provision(missing);
  const at = line.clock.now();
  await reportLacking(line, report.refused, at);
  const refused = new Set(report.refused.map(({ object, name }) => `${object}.${name}`));
  await addDefined(
    line,
    missing.filter(({ object, name }) => !refused.has(`${object}.${name}`)),
  );
  return refused;
}

/** Closes, moves and opens tasks in the order given. */
export async function writeTasks(
  line: DefinedLine,
  steps: readonly (OpenTask | MoveTask | CloseTask)[],
  written: Written,
): Promise<void> {
  const changes = steps.filter((step) => step.kind !== 'open-task');
  await inBatches(line, changes, (batch) => changeTasks(line, batch, written));
  const opens = steps.filter((step) => step.kind === 'open-task');
  await inBatches(line, opens, (batch) => openTasks(line, batch, written));
}

/** Opens renewal deals, each remembered beforehand as tasks are. The next pull tells of them. */
export async function openDeals(line: DefinedLine, steps: readonly OpenDeal[], written: Written): Promise<void> {
  await inBatches(line, steps, async (batch) => {
    const entries = new Map(batch.map((step) => [step.key, toCreatingDeal(step, line.clock.now())]));
    await line.store.dealLedger.put([...entries.values()]);
    const made = pairs(batch, await line.session.write(toChanges(line, batch)));
    const known: LedgerDeal[] = [];
    const problems: Problem[] = [];
    for (const [step, outcome] of made) {
      const entry = entries.get(step.key);
      if (entry === undefined) continue;
      const updatedAt = line.clock.now();
      if (outcome.ok) {
        written.dealsOpened += 1;
        known.push({
          ...entry,
          state: 'open',
          crmId: outcome.id,
          written: shownAfter(step.after, outcome),
          updatedAt,
        });
      } else {
        written.refused += 1;
        known.push({ ...entry, state: 'undone', updatedAt });
        problems.push(toProblem(step.object, step.key, outcome));
      }
    }
    await line.store.dealLedger.put(known);
    await planAgainSoon(line, made);
    await line.store.problems.report(problems, line.clock.now());
    line.progress({ stage: 'write', subject: 'deals', done: written.dealsOpened, total: null });
  });
}

type WrittenRecord = Parameters<RecordStore['markWrittenMany']>[1][number];

/** Writes values on records of one object; a refused record is put into the error inbox and the others are written. */
export async function writeValues(line: DefinedLine, steps: readonly SetFields[], written: Written): Promise<void> {
  mustGoOn(line);
  const outcomes = await line.session.write(toChanges(line, steps));
  const shown: WrittenRecord[] = [];
  const problems: Problem[] = [];
  for (const [step, outcome] of pairs(steps, outcomes)) {
    if (outcome.ok) {
      written.records += 1;
      written.fields += Object.keys(step.after).length;
      shown.push({ id: step.id, shown: shownAfter(step.after, outcome), modifiedAt: outcome.modifiedAt });
      continue;
    }
    written.refused += 1;
    problems.push(toProblem(step.object, step.id, outcome));
    // A record that is gone there is gone here; the next walk or sweep brings it back if that was wrong.
    if (outcome.code === 'record-gone') await line.store.records.markDeleted(step.object, [step.id], line.clock.now());
  }
  const [first] = steps;
  if (first !== undefined) await line.store.records.markWrittenMany(first.object, shown);
  await planAgainSoon(line, pairs(steps, outcomes));
  await line.store.problems.report(problems, line.clock.now());
  line.progress({ stage: 'write', subject: first?.object ?? '', done: written.records, total: null });
}

/**
 * The ledger says `creating` before the call. If the answer is lost, the next run looks the task up before it would make
 * it again.
 */
async function openTasks(line: DefinedLine, steps: readonly OpenTask[], written: Written): Promise<void> {
  const entries = steps.map((step) => toCreating(step, line.clock.now()));
  await line.store.ledger.put(entries);
  const outcomes = await line.session.write(toChanges(line, steps));
  const problems: Problem[] = [];
  const known: LedgerTask[] = [];
  for (const [index, [step, outcome]] of pairs(steps, outcomes).entries()) {
    const entry = entries[index];
    if (entry === undefined) continue;
    const at = line.clock.now();
    if (outcome.ok) {
      written.tasksOpened += 1;
      known.push(toWritten(entry, step, outcome, at));
    } else {
      written.refused += 1;
      // Refused means that it was not made: it may be planned again when the reason is gone.
      known.push({ ...entry, state: 'undone', updatedAt: at });
      problems.push(toProblem(step.object, step.key, outcome));
    }
  }
  await line.store.ledger.put(known);
  await rememberTasks(line, pairs(steps, outcomes));
  await planAgainSoon(line, pairs(steps, outcomes));
  await line.store.problems.report(problems, line.clock.now());
  line.progress({ stage: 'write', subject: 'tasks', done: written.tasksOpened, total: null });
}

async function changeTasks(
  line: DefinedLine,
  steps: readonly (MoveTask | CloseTask)[],
  written: Written,
): Promise<void> {
  const outcomes = await line.session.write(toChanges(line, steps));
  const found = await line.store.ledger.get(steps.map((step) => step.key));
  const entries = new Map(found.map((entry) => [entry.key, entry]));
  const changed: LedgerTask[] = [];
  const problems: Problem[] = [];
  for (const [step, outcome] of pairs(steps, outcomes)) {
    const entry = entries.get(step.key);
    if (entry === undefined) continue;
    const at = line.clock.now();
    if (outcome.ok) {
      if (step.kind === 'close-task') written.tasksClosed += 1;
      else written.tasksMoved += 1;
      changed.push(toWritten(entry, step, outcome, at));
    } else if (outcome.code === 'record-gone') {
      // A human deleted it: it is never made again for this term.
      changed.push({ ...entry, state: 'deleted', isTouched: true, updatedAt: at });
    } else {
      written.refused += 1;
      problems.push(toProblem(step.object, step.id, outcome));
    }
  }
  await line.store.ledger.put(changed);
  await rememberTasks(line, pairs(steps, outcomes));
  await planAgainSoon(line, pairs(steps, outcomes));
  await line.store.problems.report(problems, line.clock.now());
}

/**
 * Stores the tasks as the CRM shows them after our write. Until its search index has caught up, a pull would still bring
 * how they were, and that would look like a human's edit.
 */
async function rememberTasks(
  line: DefinedLine,
  made: readonly (readonly [OpenTask | MoveTask | CloseTask, WriteOutcome])[],
): Promise<void> {
  const pulled = line.mapping.objectsToPull.find(({ entity }) => entity === 'task');
  if (pulled === undefined) return;
  const outcomes = made.flatMap(([step, outcome]) => (outcome.ok ? [{ step, outcome }] : []));
  if (outcomes.length === 0) return;
  const ids = outcomes.map(({ outcome }) => outcome.id);
  const stored = new Map((await line.store.records.byIds(pulled.object, ids)).map((record) => [record.raw.id, record]));
  const at = line.clock.now();
  const records = outcomes.map(({ step, outcome }): RawRecord => {
    const before = stored.get(outcome.id);
    return {
      object: pulled.object,
      id: outcome.id,
      fields: { ...before?.inputs, ...before?.shown, ...only(shownAfter(step.after, outcome), pulled.fields) },
      links: step.kind === 'open-task' ? only(linksOf(line, step.wish), pulled.links) : {},
      createdAt: before?.raw.createdAt ?? at,
      modifiedAt: outcome.modifiedAt ?? at,
      deleted: false,
      mergedIds: [],
    };
  });
  await line.store.records.storePage({
    object: pulled.object,
    records: records.map((record) => toIncoming(line, pulled, record)),
    walk: null,
    stream: `${pulled.object}:written`,
    checkpoint: { at },
    touches: false,
    at,
  });
}

/** A lock is gone in seconds: what met one is planned again by the next run, not only by tomorrow's. */
async function planAgainSoon(line: DefinedLine, tried: readonly (readonly [Step, WriteOutcome])[]): Promise<void> {
  const locked = tried.flatMap(([{ accountId }, outcome]) =>
    !outcome.ok && outcome.code === 'record-locked' && accountId !== null ? [accountId] : [],
  );
  if (locked.length > 0) await line.store.records.touch(locked, line.clock.now());
}

function only<V>(fields: Readonly<Record<string, V>>, names: readonly string[]): Record<string, V> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
}

async function inBatches<T>(
  line: DefinedLine,
  all: readonly T[],
  work: (batch: readonly T[]) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < all.length; start += BATCH) {
    mustGoOn(line);
    await work(all.slice(start, start + BATCH));
  }
}

function toProblem(object: string, crmId: string, outcome: WriteOutcome & { readonly ok: false }): Problem {
  return {
    kind: 'write',
    code: outcome.code,
    object,
    field: outcome.field ?? '',
    crmId,
    message: outcome.message,
    remedy: remedyFor(outcome.code),
  };
}

function remedyFor(code: (WriteOutcome & { readonly ok: false })['code']): string {
  switch (code) {
    case 'value-refused':
      return 'A rule in the CRM refuses this change. Relax the rule for Holdfast or fill in what it asks for; Holdfast tries again tomorrow.';
    case 'record-gone':
      return 'The record was deleted or merged. Nothing has to be done.';
    case 'record-locked':
      return 'The record was busy. Nothing has to be done: the next run tries again.';
    case 'permission-missing':
      return 'Give Holdfast the right to edit this object, then reconnect.';
    default:
      return code satisfies never;
  }
}

/** Each member of one list beside its partner in the other. A connector that breaks the length is at fault. */
function pairs<A, B>(left: readonly A[], right: readonly B[]): readonly (readonly [A, B])[] {
  if (left.length !== right.length) {
    throw new ConnectorError({
      code: 'response-unexpected',
      message: `${left.length} changes were sent and ${right.length} outcomes came back.`,
      remedy: 'This is a fault in the connector: please report it.',
      maybeDone: true,
    });
  }
  return left.flatMap((a, index) => {
    const b = right[index];
    return b === undefined ? [] : [[a, b] as const];
  });
}
