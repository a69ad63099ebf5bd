import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Why published data could not be loaded. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
  /** What a person should do. */
  readonly remedy: string;

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.remedy = remedy;
  }
}

/** One row of a file. Each reader takes a column that was asked for, and throws `DatasetError` for what it cannot read. */
export interface CsvRow<Column extends string> {
  /** As written; '' where the cell is empty. */
  text(column: Column): string;
  /** A finite number. */
  number(column: Column): number;
  /** `YYYY-MM-DD`. */
  date(column: Column): string;
}

/**
 * Reads a gzipped file of comma-separated values whose first line names the columns, and hands over each row in order.
 * Cells are plain: a quotation mark anywhere is refused rather than guessed at. `onRow` must not keep the row, which is
 * one object used again. Columns in `mayLack` are empty where the file lacks them. Throws `DatasetError` for a file that is missing, cut short or not as described.
 */
export async function readGzippedCsv<Column extends string>(
  path: string,
  columns: readonly Column[],
  onRow: (row: CsvRow<Column>) => void,
  mayLack: readonly Column[] = [],
): Promise<void> {
  const file = basename(path);
  let cells: readonly string[] = [];
  let line = 0;
  let places: ReadonlyMap<Column, number> | null = null;
  let width = 0;

  const refuse = (column: Column, wanted: string): DatasetError =>
    new DatasetError(
      `${file}, line ${line}: column '${column}' holds '${row.text(column)}', which is not ${wanted}`,
      'Mend that cell, or fetch the published file again.',
    );
  const row: CsvRow<Column> = {
    text: (column) => cells[places?.get(column) ?? -1] ?? '',
    number(column) {
      const value = row.text(column).trim();
      if (value === '' || !Number.isFinite(Number(value))) throw refuse(column, 'a number');
      return Number(value);
    },
    date(column) {
      const value = row.text(column);
      const ms = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
      // Date.parse takes 31 February for 3 March, so the day is read back.
      if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== value) {
        throw refuse(column, 'a date (YYYY-MM-DD)');
      }
      return value;
    },
  };

  for await (const text of linesOf(path)) {
    line += 1;
    if (text === '') continue;
    if (text.includes('"')) {
      throw new DatasetError(
        `${file}, line ${line}: there is a quotation mark, and only plain cells are read`,
        'Write the file again without quoted cells.',
      );
    }
    cells = text.split(',');
    if (places === null) {
      places = findColumns(file, cells, columns, mayLack);
      width = cells.length;
      continue;
    }
    if (cells.length !== width) {
      throw new DatasetError(
        `${file}, line ${line}: there are ${cells.length} cells where the first line names ${width} columns`,
        'Mend that line, or fetch the published file again.',
      );
    }
    onRow(row);
  }
  if (places === null) {
    throw new DatasetError(`${file} is empty`, 'Fetch the published file again.');
  }
}

function findColumns<Column extends string>(
  file: string,
  header: readonly string[],
  columns: readonly Column[],
  mayLack: readonly Column[],
): ReadonlyMap<Column, number> {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new DatasetError(
      `${file} has no column ${missing.map((column) => `'${column}'`).join(', ')}; it has ${header.join(', ')}`,
      'Give the file as it was published, with the first line that names its columns.',
    );
  }
  const optional = mayLack.filter((column) => header.includes(column));
  return new Map([...columns, ...optional].map((column) => [column, header.indexOf(column)]));
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = pipeline(createReadStream(path), createGunzip(), () => {
    // Whatever went wrong is thrown by the iteration below.
  });
  stream.setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of stream) {
      const lines = (rest + String(chunk)).split(/\r?\n/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  if (rest !== '') yield rest;
}

function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  if (code === 'ENOENT') {
    return new DatasetError(
      `there is no file ${path}`,
      'Give the folder that holds the published data set, with its files as they were downloaded.',
      error,
    );
  }
  if (code.startsWith('Z_')) {
    return new DatasetError(
      `${path} is not a whole gzip file: ${error.message}`,
      'Fetch the published file again; it may have been cut short or already unpacked.',
      error,
    );
  }
  return new DatasetError(`${path} cannot be read: ${error.message}`, 'Check that the file may be read.', error);
}
