import { addDays, dayOf, type Instant } from '../../core/model/calendar-date.ts';
import type { UsageConfiguration } from '../../core/usage/configuration.ts';
import { CsvError, CsvReader, type CsvRecord } from '../../core/usage/csv.ts';
import {
  openRows,
  type ImportRules,
  type ImportedRow,
  type ImportKind,
  type RowReader,
} from '../../core/usage/import-columns.ts';
import type { Rhythm } from '../../core/usage/rhythm.ts';
import type { FileIntake, ImportedDay, ImportedFact, TenantStore } from '../../ports/store.ts';
import { HoldfastError } from '../../errors.ts';

/** Rows that are stored in one transaction. */
const SLICE = 1_000;

export interface ImportRequest {
  readonly store: TenantStore;
  readonly kind: ImportKind;
  /** The file's text, in pieces cut anywhere. */
  readonly text: AsyncIterable<string>;
  readonly at: Instant;
  /** How often such files come; null leaves what was said before. */
  readonly every: Rhythm | null;
  readonly configuration: UsageConfiguration;
  /** Reads all of it and stores nothing. */
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
  readonly progress: (rows: number) => void;
}

export interface ImportResult {
  readonly kind: ImportKind;
  readonly isDryRun: boolean;
  /** Rows that can be read, which are stored unless it was a dry run. */
  readonly rows: number;
  readonly errors: readonly LineError[];
}

export interface LineError {
  readonly line: number;
  readonly message: string;
}

/**
 * Reads a file of comma-separated values and stores what can be read of it. Rows that cannot are named by their line.
 * Importing again changes nothing but what the file says otherwise.
 *
 * Throws `input-invalid` for a file without the columns that it needs.
 */
export async function importFile(request: ImportRequest): Promise<ImportResult> {
  const { store, kind, isDryRun, signal, progress } = request;
  const { facts } = await store.getInstallation();
  const today = dayOf(request.at, facts.timeZone);
  const rules: ImportRules = {
    latestOn: addDays(today, request.configuration.aheadDays),
    earliestUsageOn: addDays(today, -request.configuration.retentionDays),
    timeZone: facts.timeZone,
    freeMailDomains: request.configuration.freeMailDomains,
  };
  const errors: LineError[] = [];
  let reader: RowReader | null = null;
  let waiting: ImportedRow[] = [];
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (!isDryRun) await storeRows(store, waiting, { at: request.at, timeZone: facts.timeZone, every: request.every });
    rows += waiting.length;
    waiting = [];
    progress(rows);
  };
  for await (const { line, cells } of recordsOf(request.text, errors)) {
    if (signal.aborted) throw stopped(rows, isDryRun);
    if (reader === null) {
      reader = openHeading(kind, cells, rules);
      continue;
    }
    const row = reader.read(cells);
    if ('message' in row) errors.push({ line, message: row.message });
    else waiting.push(row);
    if (waiting.length >= SLICE) await flush();
  }
  if (reader === null) openHeading(kind, [], rules);
  await flush();
  return { kind, isDryRun, rows, errors };
}

/** A file that breaks off within quotes gives the records up to there. */
async function* recordsOf(text: AsyncIterable<string>, errors: LineError[]): AsyncGenerator<CsvRecord> {
  const csv = new CsvReader();
  for await (const piece of text) yield* csv.push(piece);
  try {
    yield* csv.end();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    errors.push({ line: error.line, message: error.message });
  }
}

function openHeading(kind: ImportKind, cells: readonly string[], rules: ImportRules): RowReader {
  const reader = openRows(kind, cells, rules);
  if ('read' in reader) return reader;
  throw new HoldfastError({
    code: 'input-invalid',
    message: `The first line does not name the columns of ${kind}. ${reader.message}`,
    remedy: `See 'holdfast import --help' for the columns; the file must be UTF-8.`,
  });
}

async function storeRows(store: TenantStore, rows: readonly ImportedRow[], how: FileIntake): Promise<void> {
  const days: ImportedDay[] = [];
  const facts: ImportedFact[] = [];
  for (const row of rows) {
    if (row.kind === 'usage') days.push(row);
    else facts.push(row);
  }
  if (days.length > 0) await store.signals.importDays(days, how);
  if (facts.length > 0) await store.signals.importFacts(facts, how);
}

function stopped(rows: number, isDryRun: boolean): HoldfastError {
  return new HoldfastError({
    code: 'stopped',
    message: `The import was stopped after ${rows} rows${isDryRun ? '' : ', which are stored'}.`,
    remedy: 'Start it again: what is stored already stays as it is.',
  });
}
