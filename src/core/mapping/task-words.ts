import type { RawValue } from '../../../connectors/contract/record.ts';
import { parseCalendarDate, type CalendarDate } from '../model/calendar-date.ts';
import type { TaskWords } from '../plan/tasks.ts';
import type { CompiledMapping } from './compile.ts';
import { toReading } from './field-reader.ts';
import { placesOf, type ConnectorMapping } from './mapping.ts';
import { isSameValue } from './same-value.ts';
import { toTaskDone, toTaskFields, touchedFields } from './task-write.ts';

/** How tasks are written and recognised in the CRM's words, for the plan. `hasField` is false for fields of ours that the CRM has not. */
export function toTaskWords(compiled: CompiledMapping, hasField: (name: string) => boolean): TaskWords {
  const { mapping, taskObject } = compiled;
  const { due } = mapping.taskWrite;
  const isDone = compiled.readers.get('task')?.['isDone'];
  return {
    object: taskObject,
    fieldsOf: (wish) => toTaskFields(mapping, wish, hasField),
    doneFields: toTaskDone(mapping),
    isDone: (fields) => isDone?.(toReading(fields)) === true,
    watched: touchedFields(mapping.taskWrite),
    isSame: (field, one, other) =>
      isSameValue(field === due.field ? due.as : 'text', one === null ? null : String(one), other),
  };
}

/** What a person asked for on a task of ours. */
export interface AskedSnooze {
  readonly untilOn: CalendarDate;
  /** Null where they gave no reason, and nothing waits. */
  readonly because: string | null;
}

/** Reads from a task's fields until when its matter can wait, and why; null where no day is given. */
export function toSnoozeReader(
  compiled: CompiledMapping,
): (fields: Readonly<Record<string, RawValue>>) => AskedSnooze | null {
  const { snoozeUntilOn, snoozeReason } = compiled.readers.get('task') ?? {};
  return (fields) => {
    const reading = toReading(fields);
    const untilOn = parseCalendarDate(textOf(snoozeUntilOn?.(reading)));
    const because = textOf(snoozeReason?.(reading)).trim();
    return untilOn === null ? null : { untilOn, because: because === '' ? null : because };
  };
}

/** The fields of ours on which people enter a snooze, as `tasks.holdfast_snooze_until`. */
export function snoozeFieldsOf({ entities: { task }, writeBack }: ConnectorMapping): readonly string[] {
  const { snoozeUntilOn, snoozeReason } = task.fields;
  const read = [snoozeUntilOn, snoozeReason].flatMap((field) => (field === undefined ? [] : placesOf(field)));
  return writeBack.task.flatMap(({ name }) => (read.includes(name) ? [`${task.object}.${name}`] : []));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
