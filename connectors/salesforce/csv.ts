import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** Rows of a bulk job by column. Every value is text, and `''` stands for nothing. */
export type CsvRow = Readonly<Record<string, string>>;

/** Reads the rows of a bulk job. Throws `Error` for text that is no CSV. */
export function parseCsv(text: string): readonly CsvRow[] {
  // NUL bytes do occur in values, and no database takes them.
  return parse(text.replaceAll('\0', ''), { columns: true, bom: true, skip_empty_lines: true });
}

/** What empties a field; a cell without anything leaves it as it is. */
const EMPTIED = '#N/A';

/** Rows as a bulk job takes them. A column that a row does not name is left as it is, one that is null is emptied. */
export function toCsv(columns: readonly string[], rows: readonly Readonly<Record<string, string | null>>[]): string {
  const cells = rows.map((row) =>
    columns.map((column) => (Object.hasOwn(row, column) ? (row[column] ?? EMPTIED) : '')),
  );
  return stringify([columns, ...cells], { record_delimiter: '\n' });
}
