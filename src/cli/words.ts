import type { LackingField } from '../../connectors/contract/connector.ts';
import type { PlanPreview } from '../queries/plan-preview.ts';
import type { SyncResult } from '../flow/sync.ts';
import type { DailyCalls } from '../ports/daily-calls.ts';

/** `1 task`, `2 tasks`, `1,200 tasks`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** `Holdfast 120 of its 10,000, all apps 2,345 of 100,000`. */
export function dailyInWords({ ours, share, all, max }: DailyCalls): string {
  const [own, allowed, together, limit] = [ours, share, all ?? 0, max].map((calls) => calls.toLocaleString('en-US'));
  return `Holdfast ${own} of its ${allowed}, all apps ${all === null ? 'an unknown number' : together} of ${limit}`;
}

/** What a run did, in a few lines. */
export function syncInWords(result: SyncResult): string {
  const pulled = Object.entries(result.pulled)
    .filter(([, number]) => number > 0)
    .map(([object, number]) => `${number.toLocaleString('en-US')} ${object}`);
  const { writes } = result;
  const calls = Object.entries(result.calls).map(([bucket, number]) => `${number.toLocaleString('en-US')} ${bucket}`);
  const lines = [
    `Read ${pulled.length === 0 ? 'nothing new' : pulled.join(', ')}; scored ${count(result.accountsScored, 'account')}.`,
    result.awaitsApproval
      ? `Nothing was written: the first write waits for approval. See 'holdfast plan ${result.installation}'.`
      : `Wrote ${count(writes.fields, 'value')} on ${count(writes.records, 'record')}, opened ${count(writes.tasksOpened, 'task')}, moved ${writes.tasksMoved}, closed ${writes.tasksClosed}${writes.dealsOpened === 0 ? '' : `; opened ${count(writes.dealsOpened, 'renewal deal')}`}.`,
  ];
  if (writes.refused > 0) {
    lines.push(`${count(writes.refused, 'change was', 'changes were')} refused by the CRM; see 'holdfast doctor'.`);
  }
  lines.push(
    `API calls: ${calls.length === 0 ? 'none' : calls.join(', ')}; rate-limited ${result.rateLimited}; ${result.seconds} s.`,
    ...(result.daily === null ? [] : [`Calls of the day: ${dailyInWords(result.daily)}.`]),
  );
  return lines.join('\n');
}

/** What the admin has to do about fields of ours: each remedy once, with the first few of the fields that it is for. */
export function lackingInWords(lacking: readonly LackingField[], first: number): readonly string[] {
  if (lacking.length === 0) return [];
  const lines = [`${count(lacking.length, 'field')} cannot be written; every other one is:`];
  for (const [remedy, fields] of Map.groupBy(lacking, (field) => field.remedy)) {
    lines.push(`  ${remedy}`, ...fields.slice(0, first).map(({ message }) => `    ${message}`));
    if (fields.length > first) lines.push(`    and ${fields.length - first} more (--json lists all)`);
  }
  return lines;
}

/** A plan for a person: what, how much, and how to allow it. */
export function planInWords(plan: PlanPreview, first: number): string {
  const lines = [planInBrief(plan, first)];
  if (plan.awaitsApproval) {
    lines.push(`Nothing is written until you approve: holdfast approve ${plan.installation} --plan ${plan.digest}`);
  }
  return lines.join('\n');
}

/** A plan without how to allow it: for those who are about to. */
export function planInBrief(plan: PlanPreview, first: number): string {
  const lines = [...plan.describe(first), ...lackingInWords(plan.lacking, first)];
  if (plan.steps.length > 0) lines.push(`This costs ${count(plan.calls, 'API call')}. Plan ${plan.digest}.`);
  return lines.join('\n');
}
