/** One record of a file of comma-separated values. */
export interface CsvRecord {
  /** The line on which it begins, from 1. Records with line breaks in quotes span several. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** The file cannot be cut into records any further: a quoted cell never ends. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const SEPARATORS = [',', ';', '\t'];

/**
 * Cuts text into records as RFC 4180 says: cells in quotes may hold separators, line breaks and doubled quotes. Lines end
 * with LF, CRLF or CR; a byte order mark and empty lines are skipped. Commas, semicolons or tabs separate, whichever the
 * first line has most of: spreadsheets write semicolons where the comma is the decimal mark. Text may come in pieces cut
 * anywhere.
 */
export class CsvReader {
  #separator: string | null = null;
  #state: 'start' | 'plain' | 'quoted' | 'closed' = 'start';
  #cell = '';
  #cells: string[] = [];
  #line = 1;
  #began = 1;
  /** Text that is not read yet: the first line until its separator is known, a CR whose LF may follow. */
  #rest = '';
  #isFirst = true;

  /** The records that end in this piece. */
  push(piece: string): readonly CsvRecord[] {
    this.#rest += piece;
    if (this.#isFirst && this.#rest !== '') {
      if (this.#rest.startsWith('\uFEFF')) this.#rest = this.#rest.slice(1);
      this.#isFirst = false;
    }
    if (this.#separator === null) {
      if (!/[\r\n]/.test(this.#rest)) return [];
      this.#separator = separatorOf(this.#rest);
    }
    return this.#read(false);
  }

  /** The last record, where the file does not end with a line break. Throws `CsvError` within quotes. */
  end(): readonly CsvRecord[] {
    this.#separator ??= separatorOf(this.#rest);
    const records = [...this.#read(true)];
    if (this.#state === 'quoted') {
      throw new CsvError(this.#began, `A quoted cell of the record in line ${this.#began} never ends.`);
    }
    this.#endRecord(records);
    return records;
  }

  #read(isEnd: boolean): readonly CsvRecord[] {
    const records: CsvRecord[] = [];
    const text = this.#rest;
    // A CR or a quote at the end may belong together with what comes next.
    const until = isEnd ? text.length : text.length - 1;
    let at = 0;
    while (at < until) {
      const char = text.charAt(at);
      const isBreak = char === '\n' || char === '\r';
      const length = char === '\r' && text.charAt(at + 1) === '\n' ? 2 : 1;
      if (this.#state === 'quoted') {
        if (char === '"' && text.charAt(at + 1) === '"') {
          this.#cell += '"';
          at += 2;
          continue;
        }
        if (char === '"') this.#state = 'closed';
        else this.#cell += text.slice(at, at + length);
        if (isBreak) this.#line += 1;
        at += char === '"' ? 1 : length;
        continue;
      }
      if (char === '"' && this.#state === 'start') this.#state = 'quoted';
      else if (char === this.#separator) this.#endCell();
      else if (isBreak) this.#endRecord(records);
      else {
        this.#cell += char;
        if (this.#state === 'start') this.#state = 'plain';
      }
      if (isBreak) {
        this.#line += 1;
        this.#began = this.#line;
      }
      at += isBreak ? length : 1;
    }
    this.#rest = text.slice(at);
    return records;
  }

  #endCell(): void {
    this.#cells.push(this.#cell);
    this.#cell = '';
    this.#state = 'start';
  }

  #endRecord(records: CsvRecord[]): void {
    const isEmpty = this.#cells.length === 0 && this.#cell === '' && this.#state === 'start';
    if (!isEmpty) {
      this.#endCell();
      records.push({ line: this.#began, cells: this.#cells });
    }
    this.#cells = [];
    this.#state = 'start';
  }
}

function separatorOf(text: string): string {
  const line = text.split(/[\r\n]/, 1)[0]?.replaceAll(/"[^"]*"/g, '') ?? '';
  const counts = SEPARATORS.map((separator) => line.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}
