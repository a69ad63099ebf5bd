import type { FieldDefinition, Value } from './field-definition.ts';
import { parseId } from './ids.ts';
import { problem } from './refusal.ts';
import type { RecordProblem } from './refusal.ts';
import { isDay, parseWireTime } from './wire-time.ts';

/** What was sent is nothing that the field could hold. */
export interface Misfit {
  readonly misfit: string;
}

/** A sent value as the org would keep it; text is trimmed, numbers are rounded to the field's scale. */
export function toValue(field: FieldDefinition, sent: unknown): Value | Misfit {
  if (sent === null || sent === undefined) return null;
  if (typeof sent !== 'string' && typeof sent !== 'number' && typeof sent !== 'boolean')
    return { misfit: 'a structure' };
  const text = String(sent).trim();
  const misfit: Misfit = { misfit: text };
  switch (field.type) {
    case 'boolean':
      if (text !== 'true' && text !== 'false') return misfit;
      return text === 'true';
    case 'int':
    case 'double':
    case 'currency':
    case 'percent': {
      const number = text === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(number) || (field.type === 'int' && !Number.isInteger(number))) return misfit;
      return Number(number.toFixed(field.scale));
    }
    case 'date': {
      // A datetime is taken too, and cut to its day in UTC.
      const day = isDay(text) ? text : (parseWireTime(text)?.slice(0, 10) ?? null);
      return day ?? misfit;
    }
    case 'datetime':
      return parseWireTime(text) ?? misfit;
    case 'id':
    case 'reference':
      return text === '' ? null : (parseId(text) ?? text);
    case 'string':
    case 'textarea':
    case 'picklist':
    case 'multipicklist':
    case 'combobox':
    case 'email':
    case 'phone':
    case 'url':
    case 'address':
      return text === '' ? null : text;
    default:
      return field.type satisfies never;
  }
}

/** What is wrong with a value of the right kind; null when it can be written. */
export function checkValue(field: FieldDefinition, value: Value): RecordProblem | null {
  const { name, label } = field;
  if (typeof value === 'number' && field.precision > 0) {
    if (Math.abs(value) < 10 ** (field.precision - field.scale)) return null;
    const why = `${label}: value outside of valid range on numeric field: ${value}`;
    return problem('NUMBER_OUTSIDE_VALID_RANGE', why, [name]);
  }
  if (typeof value !== 'string') return null;
  if (field.isRestricted && !value.split(';').every((one) => field.values.some((known) => known.value === one))) {
    const why = `${label}: bad value for restricted picklist field: ${value}`;
    return problem('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', why, [name]);
  }
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
    return problem('INVALID_EMAIL_ADDRESS', `${label}: invalid email address: ${value}`, [name]);
  }
  const isText = field.type !== 'reference' && field.type !== 'date' && field.type !== 'datetime';
  if (isText && field.length > 0 && value.length > field.length) {
    const why = `${label}: data value too large: ${value} (max length=${field.length})`;
    return problem('STRING_TOO_LONG', why, [name]);
  }
  return null;
}
