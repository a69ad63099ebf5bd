import type { RawValue } from '../../../connectors/contract/record.ts';
import type { WriteType } from './schema.ts';
import { coerceDate, coerceDatetime, isRefusal } from './coerce.ts';

/**
 * Do a value that we would write and one that the CRM shows mean the same? CRMs normalise what is written: `72.0` comes
 * back as `72`, a day as milliseconds at midnight UTC, several options in another order, line ends as they like.
 */
export function isSameValue(type: WriteType, desired: string | null, shown: RawValue | undefined): boolean {
  const left = textOf(desired);
  const right = textOf(shown);
  // Some CRMs cannot leave a checkbox empty, others show one that was never touched as empty.
  if (type === 'boolean')
    return (left === '' ? 'false' : left.toLowerCase()) === (right === '' ? 'false' : right.toLowerCase());
  if (left === '' || right === '') return left === right;
  if (left === right) return true;
  switch (type) {
    case 'number':
    case 'currency':
    case 'percent':
      return isSameNumber(Number(left), Number(right));
    case 'date':
      return isSameResult(coerceDate(left, 'date', 'UTC'), coerceDate(right, 'date', 'UTC'));
    case 'datetime':
      return isSameResult(coerceDatetime(left, 'UTC'), coerceDatetime(right, 'UTC'));
    case 'multi-enumeration':
      return sorted(left) === sorted(right);
    case 'text':
    case 'long-text':
      return withoutLineEnds(left) === withoutLineEnds(right);
    case 'enumeration':
    case 'url':
      return false;
    default:
      return type satisfies never;
  }
}

/** Do two texts differ in more than figures and days? `Quiet for 61 days.` says what `Quiet for 62 days.` says. */
export function isReworded(desired: string | null, shown: RawValue | undefined): boolean {
  return withoutFigures(textOf(desired)) !== withoutFigures(textOf(shown));
}

const MONTHS = 'January|February|March|April|May|June|July|August|September|October|November|December';
const FIGURES = new RegExp(`[+−-]?\\d[\\d.,:]*|\\b(?:${MONTHS})\\b|\\bdays?\\b`, 'g');

function withoutFigures(text: string): string {
  return withoutLineEnds(text).replaceAll(FIGURES, '#');
}

function textOf(value: RawValue | undefined): string {
  return value === null || value === undefined ? '' : String(value).trim();
}

/** Equal but for what is lost when a decimal number is held in binary. */
function isSameNumber(left: number, right: number): boolean {
  return Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left));
}

function isSameResult(left: object, right: object): boolean {
  if (isRefusal(left) || isRefusal(right)) return false;
  return 'value' in left && 'value' in right && left.value === right.value;
}

function sorted(list: string): string {
  const values = new Set(list.split(';').map((value) => value.trim()));
  values.delete('');
  return [...values].sort().join(';');
}

function withoutLineEnds(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').normalize('NFC');
}
