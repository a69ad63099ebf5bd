import type { PipelineStage } from '../../../connectors/contract/connector.ts';
import type { RawValue } from '../../../connectors/contract/record.ts';
import type { HoldfastKey } from '../model/ids.ts';
import { toHoldfastKey } from '../model/ids.ts';
import type { CrmFields, TaskWish } from '../plan/step.ts';
import type { ConnectorMapping, TaskWrite } from './mapping.ts';
import { toClippedText, toCrmValue } from './outbound.ts';
import { TASK_OUTPUTS } from './outputs.ts';
import type { PortalObject } from './portal.ts';
import { describedFields } from './portal.ts';

/** How a key looks, so that a word behind the marker in somebody's own text is not taken for one. */
const KEY = /^[A-Za-z0-9]{16,64}$/;

/** A task carries no amounts, and its fields of ours are text. */
const WITHOUT_MONEY = { inItsCurrency: () => null, hasOption: () => true };

type TaskMapping = Pick<ConnectorMapping, 'taskWrite' | 'writeBack'>;

/**
 * A wish as the CRM's fields. The key stands in a field of ours where the CRM has it, and always on the last line of the
 * body, so that the task is recognised where custom fields on tasks are not allowed. A wish without an owner leaves the
 * owner empty.
 */
export function toTaskFields(mapping: TaskMapping, wish: TaskWish, hasField: (name: string) => boolean): CrmFields {
  const { subject, body, due, status, priority, owner, always } = mapping.taskWrite;
  const fields: Record<string, string | null> = {
    ...always,
    [subject.field]: toClippedText(wish.subject.replaceAll(/\s+/g, ' '), subject.maxLength),
    [body.field]: toBody(mapping.taskWrite, wish),
    [due.field]: due.as === 'date' ? wish.dueOn : wish.dueAt,
    [status.field]: status.open,
    [priority.field]: priority[wish.priority],
    [owner.field]: wish.ownerId,
  };
  for (const field of mapping.writeBack.task) {
    const output = field.value === null ? undefined : TASK_OUTPUTS[field.value];
    if (output === undefined || !hasField(field.name)) continue;
    // The outcome comes when the play ends: until then nothing is said of it.
    const value = output.read({ ...wish, outcome: null });
    if (value !== null) fields[field.name] = toCrmValue(field, value, output.type, WITHOUT_MONEY);
  }
  return fields;
}

/**
 * The words for a task as this customer's CRM has them. A status that it lacks gives way to its own first one that means
 * the same (open, done), by what the CRM says of its statuses; a priority that it lacks is left to the CRM.
 */
export function fitTaskWrite(taskWrite: TaskWrite, definition: PortalObject | undefined): TaskWrite {
  const described = describedFields(definition);
  const stages = (definition?.pipelines ?? []).flatMap((pipeline) => pipeline.stages);
  const knows = (field: string, word: string): boolean => {
    const options = described?.get(field)?.options ?? [];
    return options.length === 0 || options.some(({ value }) => value === word);
  };
  const status = (word: string, outcome: PipelineStage['outcome']): string => {
    if (knows(taskWrite.status.field, word)) return word;
    return stages.find((stage) => stage.outcome === outcome && knows(taskWrite.status.field, stage.id))?.id ?? word;
  };
  const priority = (word: string | null): string | null =>
    word !== null && knows(taskWrite.priority.field, word) ? word : null;
  const { high, medium, low } = taskWrite.priority;
  return {
    ...taskWrite,
    status: {
      ...taskWrite.status,
      open: status(taskWrite.status.open, 'open'),
      done: status(taskWrite.status.done, 'won'),
    },
    priority: { ...taskWrite.priority, high: priority(high), medium: priority(medium), low: priority(low) },
  };
}

/** The fields that complete a task. */
export function toTaskDone(mapping: Pick<TaskMapping, 'taskWrite'>): CrmFields {
  const { status } = mapping.taskWrite;
  return { [status.field]: status.done };
}

/** Our key on a task, from its own field or from the marker in its body; null when the task is not one of ours. */
export function taskKeyIn(mapping: TaskMapping, fields: Readonly<Record<string, RawValue>>): HoldfastKey | null {
  const own = mapping.writeBack.task.filter(({ value }) => value === 'key').map(({ name }) => name);
  return keyIn(fields, own, mapping.taskWrite.body);
}

/** A key from the first of `own` that holds one, else from behind the marker in a body. */
export function keyIn(
  fields: Readonly<Record<string, RawValue>>,
  own: readonly string[],
  body: { readonly field: string; readonly marker: string },
): HoldfastKey | null {
  for (const name of own) {
    const value = textIn(fields, name);
    if (KEY.test(value)) return toHoldfastKey(value);
  }
  const text = textIn(fields, body.field);
  const at = text.lastIndexOf(body.marker);
  if (at < 0) return null;
  const [word = ''] = text
    .slice(at + body.marker.length)
    .trimStart()
    .split(/[^A-Za-z0-9]/, 1);
  return KEY.test(word) ? toHoldfastKey(word) : null;
}

/** The fields that `taskKeyIn` looks at. */
export function keyFields(mapping: TaskMapping): readonly string[] {
  const own = mapping.writeBack.task.filter((field) => field.value === 'key').map((field) => field.name);
  return [...own, mapping.taskWrite.body.field];
}

/** The fields whose change by a human makes a task theirs. The body is not among them: CRMs rewrite its markup. */
export function touchedFields({ subject, due, status, priority, owner }: TaskWrite): readonly string[] {
  return [subject.field, due.field, status.field, priority.field, owner.field];
}

function textIn(fields: Readonly<Record<string, RawValue>>, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : null;
  return value === null || value === undefined ? '' : String(value).trim();
}

/** A text with the marker and our key on its last line, so that the record is recognised without a field of ours. */
export function toMarkedText(
  text: string,
  key: HoldfastKey,
  { marker, maxLength }: { readonly marker: string; readonly maxLength: number },
): string {
  const last = `${marker} ${key}`;
  return `${toClippedText(text, maxLength - last.length - 2) ?? ''}\n\n${last}`.trimStart();
}

function toBody({ body }: TaskWrite, wish: TaskWish): string {
  if (body.format === 'text') return toMarkedText(wish.body, wish.key, body);
  const last = `${body.marker} ${wish.key}`;
  const end = `<p>${escapeHtml(last)}</p>`;
  return `${toHtml(wish.body, body.maxLength - end.length)}${end}`;
}

/** Plain text as paragraphs, cut to `maxLength` by dropping text from its end, never markup. */
function toHtml(text: string, maxLength: number): string {
  const whole = paragraphs(text);
  if (whole.length <= maxLength) return whole;
  let kept = toClippedText(text, maxLength) ?? '';
  while (kept.length > 1 && paragraphs(kept).length > maxLength) {
    kept = toClippedText(kept, Math.floor(kept.length * 0.9)) ?? '';
  }
  return paragraphs(kept);
}

function paragraphs(text: string): string {
  return text
    .trim()
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
