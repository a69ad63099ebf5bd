import { describe, expect, it } from 'vitest';
import { calendarDate } from '../../../src/core/model/calendar-date.ts';
import { IMPORT_COLUMNS, IMPORT_KINDS, openRows, type ImportKind } from '../../../src/core/usage/import-columns.ts';

const RULES = {
  latestOn: calendarDate('2026-03-11'),
  earliestUsageOn: calendarDate('2025-02-03'),
  timeZone: 'Europe/Berlin',
  freeMailDomains: ['gmail.com'],
};

function readRow(kind: ImportKind, cells: Readonly<Record<string, string>>) {
  const reader = openRows(kind, Object.keys(cells), RULES);
  if ('message' in reader) throw new Error(reader.message);
  return reader.read(Object.values(cells));
}

const LONG = 'x'.repeat(300);

/** One file, whose lines are told in the columns of the first. */
function readFile(kind: ImportKind, lines: readonly Readonly<Record<string, string>>[]) {
  const reader = openRows(kind, Object.keys(lines[0] ?? {}), RULES);
  if ('message' in reader) throw new Error(reader.message);
  return lines.map((line) => reader.read(Object.values(line)));
}

const invoice = {
  account: '1042',
  id: 'INV-1',
  amount: '1200.50',
  currency: 'eur',
  due: '2026-02-01',
  paid: '',
};

describe('rows of an imported file', () => {
  it('are read as the help shows them, every kind with its own example', () => {
    for (const kind of IMPORT_KINDS) {
      const cells = Object.fromEntries(IMPORT_COLUMNS[kind].map(({ name, example }) => [name, example]));
      expect(readRow(kind, cells)).toMatchObject({ workspaceId: 'group:1042' });
    }
  });

  it('of usage give a day with its features and metrics; empty cells say nothing', () => {
    const row = readRow('usage', {
      Account: 'acme-17',
      Date: '2026-03-01',
      active_users: '41',
      events: '',
      'feature:Reports': '37',
      'metric:api_calls': '5400',
      'limit:api_calls': '10000',
      'our own column': 'x',
    });
    expect(row).toMatchObject({
      workspaceId: 'group:acme-17',
      keys: ['id:acme-17', 'external:acme-17'],
      on: '2026-03-01',
      usage: { userCount: 41, features: { Reports: 37 }, metered: { api_calls: 5400 } },
      limits: { api_calls: 10_000 },
    });
    expect(row).not.toHaveProperty('usage.events');
  });

  it('of invoices hold money to the minor unit, and what is still open', () => {
    expect(readRow('invoices', invoice)).toMatchObject({
      fact: { amount: { minor: 120_050, currency: 'EUR' }, dueOn: '2026-02-01', paidOn: null },
    });
  });

  it('of surveys may name their account by who answered; the same answer has the same id', () => {
    const answer = { email: 'Ann@Acme.com', kind: 'NPS', score: '9', date: '2026-03-01' };
    const row = readRow('surveys', answer);
    expect(row).toMatchObject({ workspaceId: 'domain:acme.com', fact: { contactEmail: 'ann@acme.com', score: 9 } });
    expect(readRow('surveys', answer)).toEqual(row);
  });

  it.each<[string, ImportKind, Readonly<Record<string, string>>, string]>([
    [
      'a negative count',
      'usage',
      { account: '1', date: '2026-03-01', events: '-5' },
      "'events' holds -5, which is negative",
    ],
    ['a day to come', 'usage', { account: '1', date: '2026-04-01' }, "'date' holds 2026-04-01, which is in the future"],
    ['usage older than it is kept', 'usage', { account: '1', date: '2024-01-01' }, 'older than usage is kept'],
    ['no such day', 'usage', { account: '1', date: '2026-02-30' }, 'not a day'],
    ['no account', 'usage', { account: '', date: '2026-03-01' }, 'no column names the account'],
    ['an unknown currency', 'invoices', { ...invoice, currency: 'XQZ' }, "'XQZ', which is not in ISO 4217"],
    ['an amount with two meanings', 'invoices', { ...invoice, amount: '1,200.00' }, 'not certain which mark'],
    ['an account of endless length', 'usage', { account: LONG, date: '2026-03-01' }, 'holds 300 characters, and 256'],
    ['a domain of endless length', 'invoices', { ...invoice, domain: `${LONG}.com` }, "'domain' holds 304 characters"],
    ['an id of endless length', 'invoices', { ...invoice, id: LONG }, "'id' holds 300 characters"],
    [
      'more events than anybody can mean',
      'usage',
      { account: '1', date: '2026-03-01', events: '1e30' },
      "'events' holds 1e+30, which is more than 1,000,000,000,000,000",
    ],
    [
      'more of a metric than anybody can mean',
      'usage',
      { account: '1', date: '2026-03-01', 'metric:calls': '1e300' },
      "the column of 'calls' holds 1e300, which is more than",
    ],
    [
      'an amount whose cents cannot be counted',
      'invoices',
      { ...invoice, amount: '1e15' },
      "'amount' holds 1e15, which",
    ],
    [
      'a score off the scale',
      'surveys',
      { account: '1', kind: 'nps', score: '11', date: '2026-03-01' },
      'nps goes from 0 to 10',
    ],
    [
      'an answer by free mail alone',
      'surveys',
      { email: 'ann@gmail.com', kind: 'nps', score: '9', date: '2026-03-01' },
      'no column names the account',
    ],
    [
      'another kind of milestone',
      'milestones',
      { account: '1', kind: 'party', title: 'x' },
      'not one of onboarding, goal',
    ],
  ])('say what is wrong with %s', (_, kind, cells, words) => {
    expect(readRow(kind, cells)).toEqual({ message: expect.stringContaining(words) as string });
  });

  it('need a heading that names what they need', () => {
    expect(openRows('usage', ['account', 'events'], RULES)).toMatchObject({
      message: "There is no column 'date'; there are account, events.",
    });
    expect(openRows('usage', ['date'], RULES)).toMatchObject({
      message: expect.stringContaining('names the account') as string,
    });
    expect(openRows('usage', ['date', 'account', 'Date'], RULES)).toMatchObject({
      message: "The column 'date' is there twice.",
    });
  });

  it('have as many cells as the heading', () => {
    const reader = openRows('usage', ['account', 'date'], RULES);
    expect('read' in reader && reader.read(['1', '2026-03-01', 'x'])).toMatchObject({
      message: 'There are 3 cells where the first line names 2 columns.',
    });
  });
});

describe('lines of one file that tell of the same', () => {
  const idsOf = (rows: ReturnType<typeof readFile>) => rows.map((row) => ('fact' in row ? row.fact.id : row));

  it('are all kept when they are answers of people who are not named, alike or not', () => {
    const answer = { account: '1', kind: 'nps', score: '9', date: '2026-03-01', comment: '' };
    const answers = [answer, { ...answer, score: '2' }, { ...answer, comment: 'Great' }, answer];
    const ids = idsOf(readFile('surveys', answers));
    expect(new Set(ids).size).toBe(4);
    // The same file again tells of the same answers, in whatever order its lines are.
    expect(idsOf(readFile('surveys', answers))).toEqual(ids);
    expect(new Set(idsOf(readFile('surveys', answers.toReversed())))).toEqual(new Set(ids));
  });

  it.each<[string, ImportKind, readonly Readonly<Record<string, string>>[], string]>([
    [
      'a day of usage',
      'usage',
      [
        { account: '1', date: '2026-03-01', 'feature:a': '10', 'feature:b': '' },
        { account: '1', date: '2026-03-01', 'feature:a': '', 'feature:b': '7' },
      ],
      "'date' holds 2026-03-01, which an earlier line has of this account",
    ],
    ['an invoice', 'invoices', [invoice, { ...invoice, amount: '5' }], "the invoice with the id 'INV-1'"],
    [
      'an answer with an id',
      'surveys',
      [
        { account: '1', id: 'r-1', kind: 'nps', score: '9', date: '2026-03-01' },
        { account: '1', id: 'r-1', kind: 'nps', score: '2', date: '2026-03-01' },
      ],
      "the survey with the id 'r-1'",
    ],
    [
      'a milestone without an id',
      'milestones',
      [
        { account: '1', kind: 'goal', title: 'Review', due: '2026-03-01' },
        { account: '1', kind: 'goal', title: 'Review', due: '2026-06-01' },
      ],
      "the milestone 'Review'",
    ],
  ])('are an error from the second on when they tell of %s', (_, kind, lines, words) => {
    const [first, second] = readFile(kind, lines);
    expect(first).toHaveProperty('workspaceId');
    expect(second).toEqual({ message: expect.stringContaining(words) as string });
  });

  it('are two things when their accounts or days differ, or when the first could not be read', () => {
    const day = { account: '1', date: '2026-03-01', events: '5' };
    const days = [{ ...day, events: '-1' }, day, { ...day, account: '2' }, { ...day, date: '2026-02-01' }];
    expect(readFile('usage', days).map((row) => 'message' in row)).toEqual([true, false, false, false]);
    const bills = [invoice, { ...invoice, account: '1043' }];
    expect(readFile('invoices', bills).map((row) => 'message' in row)).toEqual([false, false]);
  });
});
