import type { CsvRow } from './csv.ts';
import { toOwnName } from './shapes.ts';
import type { Shape } from './shapes.ts';
import type { WireRow } from './wire.ts';

/** A row of a bulk job, in which everything is text, with the values that REST gives for the same record. */
export function toTypedRow(shape: Shape, row: CsvRow): WireRow {
  const entries = Object.entries(row).map(([wireName, text]) => {
    const name = toOwnName(wireName);
    return [name, toTyped(shape, name, text)] as const;
  });
  return Object.fromEntries(entries);
}

const NUMBERS = new Set(['int', 'long', 'double', 'currency', 'percent']);

function toTyped(shape: Shape, name: string, text: string): string | number | boolean | null {
  if (text === '') return null;
  const type = shape.fields.get(name)?.wire.type;
  if (type === 'boolean') return text === 'true';
  return type !== undefined && NUMBERS.has(type) ? Number(text) : text;
}
