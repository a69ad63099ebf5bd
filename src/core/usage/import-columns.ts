import { coerceDatetime, coerceNumber, isRefusal, toText } from '../mapping/coerce.ts';
import { parseCalendarDate, type CalendarDate, type Instant } from '../model/calendar-date.ts';
import { money } from '../model/money.ts';
import type { Invoice, Milestone, SurveyResponse } from '../model/signals.ts';
import { fingerprint } from '../plays/dedupe.ts';
import { faultOfAmount, LONGEST_ID } from './bounds.ts';
import { domainOfEmail, toDomain } from './domain.ts';
import { EarlierRows } from './earlier-rows.ts';
import { keysOfWorkspace } from './match.ts';
import type { DayUsage } from './usage-ledger.ts';

/** What can be imported from a file. */
export type ImportKind = 'usage' | 'surveys' | 'invoices' | 'milestones';

export const IMPORT_KINDS: readonly ImportKind[] = ['usage', 'surveys', 'invoices', 'milestones'];

interface Column {
  readonly name: string;
  readonly isRequired: boolean;
  readonly about: string;
  readonly example: string;
}

const column = (name: string, about: string, example: string, isRequired = false): Column => ({
  name,
  isRequired,
  about,
  example,
});

const ACCOUNT = [
  column('account', "the account's id in the CRM, or the customer's id in your product", '1042'),
  column('domain', "or the customer's domain", 'acme.com'),
];

/** The columns of each kind of file, in any order; others are left alone. `…:<name>` stands for any number of columns. */
export const IMPORT_COLUMNS: Readonly<Record<ImportKind, readonly Column[]>> = {
  usage: [
    ...ACCOUNT,
    column('date', 'the day', '2026-03-01', true),
    column('active_users', 'distinct users that day', '41'),
    column('events', 'events that day', '1200'),
    column('key_actions', 'events that are key actions', '85'),
    column('key_users', 'distinct users with a key action', '17'),
    column('pricing_visits', 'visits of pages about prices', '0'),
    column('feature:<name>', 'events of a feature', '37'),
    column('metric:<name>', 'an amount used that day', '5400'),
    column('limit:<name>', 'how much of the metric is bought', '10000'),
  ],
  surveys: [
    ...ACCOUNT,
    column('email', 'of who answered; names the account when the others are empty', 'ann@acme.com'),
    column('id', 'of the answer; without one, an answer corrected is another answer', 'r-17'),
    column('kind', 'nps, csat, ces or pulse', 'nps', true),
    column('score', 'nps 0–10, csat and pulse 1–5, ces 1–7', '9', true),
    column('date', 'day or instant', '2026-03-01', true),
    column('comment', 'what was said', 'Great help'),
  ],
  invoices: [
    ...ACCOUNT,
    column('id', 'number of the invoice', 'INV-2041', true),
    column('amount', 'with a decimal point', '1200.00', true),
    column('currency', 'ISO 4217', 'EUR', true),
    column('issued', 'day', '2026-02-01'),
    column('due', 'day', '2026-03-01', true),
    column('paid', 'day; empty while it is open', ''),
    column('failed_at', 'when collecting it failed last', ''),
  ],
  milestones: [
    ...ACCOUNT,
    column('id', "of the milestone; without one, an account's titles tell them apart", 'm-3'),
    column('kind', 'onboarding or goal', 'onboarding', true),
    column('title', 'what it is', 'First report sent', true),
    column('due', 'day', '2026-03-10'),
    column('done', 'day; empty while it is open', ''),
  ],
};

/** Where a row says that it belongs. */
interface Ref {
  readonly workspaceId: string;
  readonly keys: readonly string[];
}

export type ImportedRow = Ref &
  (
    | {
        readonly kind: 'usage';
        readonly on: CalendarDate;
        readonly usage: DayUsage;
        readonly limits: Readonly<Record<string, number>>;
      }
    | { readonly kind: 'survey'; readonly fact: Omit<SurveyResponse, 'accountId'> }
    | { readonly kind: 'invoice'; readonly fact: Omit<Invoice, 'accountId'> }
    | { readonly kind: 'milestone'; readonly fact: Omit<Milestone, 'accountId'> }
  );

/** A row that cannot be what it says: `column 'score' holds 'x', which is not a number`. */
export interface RowError {
  readonly message: string;
}

/** Reads the rows of one file, in their order; a second row of what an earlier one told is an error. */
export interface RowReader {
  read(cells: readonly string[]): ImportedRow | RowError;
}

/** What a row may say. */
export interface ImportRules {
  /** An import cannot tell of days to come, nor of usage that would be forgotten at once. */
  readonly latestOn: CalendarDate;
  readonly earliestUsageOn: CalendarDate;
  readonly timeZone: string;
  /** Domains of e-mail addresses that say nothing about where somebody works. */
  readonly freeMailDomains: readonly string[];
}

/** Says how rows under this heading are read, or what is wrong with the heading. */
export function openRows(kind: ImportKind, heading: readonly string[], rules: ImportRules): RowReader | RowError {
  const names = heading.map((name) => name.trim().toLowerCase());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) return { message: `The column '${twice}' is there twice.` };
  const missing = IMPORT_COLUMNS[kind].filter(({ name, isRequired }) => isRequired && !names.includes(name));
  const references = kind === 'surveys' ? ['account', 'domain', 'email'] : ['account', 'domain'];
  if (missing.length > 0) {
    return {
      message: `There is no column ${missing.map(({ name }) => `'${name}'`).join(', ')}; there are ${names.join(', ')}.`,
    };
  }
  if (!references.some((name) => names.includes(name))) {
    return { message: `There is no column that names the account: one of ${references.join(', ')}.` };
  }
  // Names of features and metrics are the product's own, so their case is kept.
  const places = new Map(names.map((name, index) => [name, index]));
  const named = (prefix: string): readonly (readonly [name: string, place: number])[] =>
    heading.flatMap((title, index) => {
      const text = toText(title);
      return text.toLowerCase().startsWith(`${prefix}:`)
        ? [[toText(text.slice(prefix.length + 1)), index] as const]
        : [];
    });
  const columnsOf = { feature: named('feature'), metric: named('metric'), limit: named('limit') };
  const earlier = new EarlierRows();
  return {
    read: (cells) => {
      if (cells.length !== heading.length) {
        return { message: `There are ${cells.length} cells where the first line names ${heading.length} columns.` };
      }
      const row = new Row(cells, places, rules);
      try {
        return refuseSecond(readRow(kind, row, columnsOf, earlier), earlier);
      } catch (error) {
        if (error instanceof CellError) return { message: error.message };
        throw error;
      }
    },
  };
}

type NamedColumns = Readonly<
  Record<'feature' | 'metric' | 'limit', readonly (readonly [name: string, place: number])[]>
>;

function readRow(kind: ImportKind, row: Row, columns: NamedColumns, earlier: EarlierRows): ImportedRow {
  switch (kind) {
    case 'usage':
      return { kind: 'usage', ...row.ref([]), ...usageOf(row, columns) };
    case 'surveys':
      return { kind: 'survey', ...row.ref(['email']), fact: surveyOf(row, earlier) };
    case 'invoices':
      return { kind: 'invoice', ...row.ref([]), fact: invoiceOf(row) };
    case 'milestones':
      return { kind: 'milestone', ...row.ref([]), fact: milestoneOf(row) };
    default:
      return kind satisfies never;
  }
}

function refuseSecond(row: ImportedRow, earlier: EarlierRows): ImportedRow {
  if (row.kind === 'usage') {
    if (!earlier.hasDay(row.workspaceId, row.on)) return row;
    throw new CellError(
      `column 'date' holds ${row.on}, which an earlier line has of this account: put both in one line`,
    );
  }
  if (!earlier.hasFact(row.workspaceId, row.fact.id)) return row;
  const what =
    row.kind === 'milestone' ? `the ${row.kind} '${row.fact.title}'` : `the ${row.kind} with the id '${row.fact.id}'`;
  throw new CellError(`an earlier line has ${what} of this account: each needs an id of its own`);
}

function usageOf(row: Row, { feature, metric, limit }: NamedColumns) {
  const on = row.need('date', row.day('date'));
  if (on < row.rules.earliestUsageOn)
    throw new CellError(`column 'date' holds ${on}, which is older than usage is kept`);
  const usage = {
    events: row.amount('events'),
    keyActions: row.amount('key_actions'),
    userCount: row.amount('active_users'),
    keyUserCount: row.amount('key_users'),
    pricingVisits: row.amount('pricing_visits'),
  };
  const told = Object.entries(usage).filter(([, amount]) => amount !== null);
  return {
    on,
    usage: { ...Object.fromEntries(told), features: row.amounts(feature), metered: row.amounts(metric) },
    limits: row.amounts(limit),
  };
}

const SCORES: Readonly<Record<SurveyResponse['kind'], readonly [least: number, most: number]>> = {
  nps: [0, 10],
  csat: [1, 5],
  ces: [1, 7],
  pulse: [1, 5],
};

function surveyOf(row: Row, earlier: EarlierRows): Omit<SurveyResponse, 'accountId'> {
  const kind = row.oneOf('kind', ['nps', 'csat', 'ces', 'pulse']);
  const score = row.need('score', row.number('score'));
  const [least, most] = SCORES[kind];
  if (score < least || score > most) {
    throw new CellError(`column 'score' holds ${score}, and ${kind} goes from ${least} to ${most}`);
  }
  const contactEmail = row.shortText('email')?.toLowerCase() ?? null;
  const at = row.need('date', row.instant('date'));
  const comment = row.text('comment');
  const who = [row.text('account'), row.text('domain'), contactEmail].join('|');
  // Nobody is named in an anonymous survey: a day has many answers of one account, and some are alike.
  const id = row.shortText('id') ?? earlier.idOfAnswer(`survey|${who}|${kind}|${at}|${score}|${comment ?? ''}`);
  return { id, contactEmail, kind, score, comment, at };
}

function invoiceOf(row: Row): Omit<Invoice, 'accountId'> {
  const currency = row.need('currency', row.text('currency')).toUpperCase();
  if (!CURRENCIES.has(currency)) throw new CellError(`column 'currency' holds '${currency}', which is not in ISO 4217`);
  const amount = money(row.need('amount', row.amount('amount')), currency);
  if (!Number.isSafeInteger(amount.minor)) {
    throw new CellError(`column 'amount' holds ${row.text('amount')}, which is too large to be an amount`);
  }
  return {
    id: row.need('id', row.shortText('id')),
    amount,
    issuedOn: row.day('issued'),
    dueOn: row.need('due', row.anyDay('due')),
    paidOn: row.day('paid'),
    failedAt: row.instant('failed_at'),
  };
}

function milestoneOf(row: Row): Omit<Milestone, 'accountId'> {
  const kind = row.oneOf('kind', ['onboarding', 'goal']);
  const title = row.need('title', row.text('title'));
  const whose = [row.text('account'), row.text('domain')].join('|');
  return {
    id: row.shortText('id') ?? fingerprint(`milestone|${whose}|${kind}|${title}`, 26),
    kind,
    title,
    dueOn: row.anyDay('due'),
    doneOn: row.day('done'),
  };
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

class CellError extends Error {
  override readonly name = 'CellError';
}

/** The cells of one row by the names of their columns; empty ones are null. */
class Row {
  readonly rules: ImportRules;
  readonly #cells: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(cells: readonly string[], places: ReadonlyMap<string, number>, rules: ImportRules) {
    this.#cells = cells;
    this.#places = places;
    this.rules = rules;
  }

  text(name: string): string | null {
    const place = this.#places.get(name);
    const text = place === undefined ? '' : toText(this.#cells[place] ?? '');
    return text === '' ? null : text;
  }

  /** An id, a domain or an e-mail address. */
  shortText(name: string): string | null {
    const text = this.text(name);
    if (text === null || text.length <= LONGEST_ID) return text;
    throw new CellError(`column '${name}' holds ${text.length} characters, and ${LONGEST_ID} are the most`);
  }

  need<T>(name: string, value: T | null): T {
    if (value === null) throw new CellError(`column '${name}' is empty`);
    return value;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const text = this.need(name, this.text(name));
    const found = values.find((value) => value === text.toLowerCase());
    if (found !== undefined) return found;
    throw new CellError(`column '${name}' holds '${text}', which is not one of ${values.join(', ')}`);
  }

  number(name: string): number | null {
    const text = this.text(name);
    return text === null ? null : numberIn(`column '${name}'`, text);
  }

  /** Neither negative nor more than anybody can mean. */
  amount(name: string): number | null {
    const number = this.number(name);
    const fault = number === null ? null : faultOfAmount(number);
    if (fault !== null) throw new CellError(`column '${name}' holds ${number}, ${fault}`);
    return number;
  }

  amounts(columns: readonly (readonly [name: string, place: number])[]): Readonly<Record<string, number>> {
    const amounts: [string, number][] = [];
    for (const [name, place] of columns) {
      const text = (this.#cells[place] ?? '').trim();
      if (text === '' || name === '') continue;
      const amount = numberIn(`the column of '${name}'`, text);
      const fault = faultOfAmount(amount);
      if (fault !== null) throw new CellError(`the column of '${name}' holds ${text}, ${fault}`);
      amounts.push([name, amount]);
    }
    return Object.fromEntries(amounts);
  }

  anyDay(name: string): CalendarDate | null {
    const text = this.text(name);
    const day = text === null ? null : parseCalendarDate(text);
    if (text === null || day !== null) return day;
    throw new CellError(`column '${name}' holds '${text}', which is not a day (YYYY-MM-DD)`);
  }

  /** A day that is not ahead. */
  day(name: string): CalendarDate | null {
    const day = this.anyDay(name);
    if (day !== null && day > this.rules.latestOn)
      throw new CellError(`column '${name}' holds ${day}, which is in the future`);
    return day;
  }

  instant(name: string): Instant | null {
    const text = this.text(name);
    if (text === null) return null;
    const read = coerceDatetime(text, this.rules.timeZone);
    if (isRefusal(read)) throw new CellError(`column '${name}' holds '${text}', ${read.refused}`);
    if (read.value.slice(0, 10) > this.rules.latestOn) {
      throw new CellError(`column '${name}' holds ${text}, which is in the future`);
    }
    return read.value;
  }

  /** The account that the row names; `further` columns hold e-mail addresses of its people. */
  ref(further: readonly string[]): Ref {
    const groupId = this.shortText('account');
    const said = this.shortText('domain');
    const domain = said === null ? null : toDomain(said);
    if (said !== null && domain === null) throw new CellError(`column 'domain' holds '${said}', which is none`);
    if (groupId !== null) {
      const keys = keysOfWorkspace({ groupId, crmId: null, domain, mailDomain: null });
      return { workspaceId: `group:${groupId}`, keys };
    }
    const alone = domain ?? this.#mailDomain(further);
    if (alone === null) throw new CellError('no column names the account');
    const keys = keysOfWorkspace({ groupId: null, crmId: null, domain: alone, mailDomain: null });
    return { workspaceId: `domain:${alone}`, keys };
  }

  #mailDomain(columns: readonly string[]): string | null {
    for (const name of columns) {
      const text = this.shortText(name);
      const domain = text === null ? null : domainOfEmail(text);
      if (domain !== null && !this.rules.freeMailDomains.includes(domain)) return domain;
    }
    return null;
  }
}

function numberIn(where: string, text: string): number {
  const read = coerceNumber(text);
  if (isRefusal(read)) throw new CellError(`${where} holds '${text}', ${read.refused}`);
  return read.value;
}
