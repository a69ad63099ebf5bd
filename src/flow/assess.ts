import { setImmediate as letOthersIn } from 'node:timers/promises';
import { assess, isCustomer } from '../core/assess.ts';
import type { ModelConfiguration } from '../core/configuration.ts';
import { PeerCount, peerGroupOf } from '../core/expansion/peers.ts';
import { dayOf, type CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { Assessment } from '../core/model/assessment.ts';
import type { AccountSnapshot } from '../core/model/snapshot.ts';
import type { MappingProblem } from '../core/mapping/problem.ts';
import { outcomeOf } from '../core/outcome.ts';
import { segmentOf } from '../core/renewals/segment.ts';
import type { AssessedInput, Gathering, Problem, StoredAssessment } from '../ports/store.ts';
import { followMerges } from './follow-merges.ts';
import { openFollowed } from './intake/follow-accounts.ts';
import {
  customersIn,
  keepBookFacts,
  mediansOf,
  openBook,
  openCases,
  type Book,
  type Case,
  type StoredBookFacts,
} from './judge.ts';
import { learnFrom, type Lesson } from './keep-history.ts';
import { mustGoOn, type DefinedLine } from './line.ts';
import { touchWhatIsReadOtherwise } from './read-otherwise.ts';
import { settleStandings } from './settle-standings.ts';

/** Accounts that are read, and stored, at once. */
const BATCH = 100;

/** So many accounts are judged before requests, timers and the database's answers have their turn: two milliseconds. */
const ACCOUNTS_A_TURN = 2;

/** Problems of one field that are listed record by record; more of the same would hide the rest. */
const LISTED_PER_FIELD = 20;

/** A pass over this share of the customers speaks for the whole book; a day's first run leaves out what is scored already. */
const WHOLE_BOOK = 0.8;

export interface Assessed {
  /** Accounts that were looked at, scored or not, and those that stand otherwise beside the others. */
  readonly accounts: readonly AccountId[];
  readonly scored: number;
}

/**
 * Scores every account that a change has touched and, when the day is new, every account whose score is of an earlier
 * day. Each batch is stored before its marks are taken away: a killed process scores it again, and no harm is done.
 */
export async function assessTouched(line: DefinedLine, alsoDue: boolean): Promise<Assessed> {
  await touchWhatIsReadOtherwise(line, alsoDue);
  const book = await openBook(line);
  const today = dayOf(book.asOf, line.installation.facts.timeZone);
  const pass = new Pass(line);
  for (;;) {
    mustGoOn(line);
    const touched = await line.store.records.touched(BATCH);
    if (touched.length === 0) break;
    const accounts = touched.map(({ accountId }) => accountId);
    const cases = await openFollowed(line, book, accounts);
    await followMerges(line, cases);
    await store(line, await judge(line, await learnFrom(line, accounts, today), cases, pass), pass);
    await line.store.records.untouch(touched);
  }
  if (alsoDue) await assessDue(line, book, today, pass);
  await line.store.problems.report(pass.problems(), book.asOf);
  if (alsoDue) await line.store.problems.closeOlder('mapping', line.runStartedAt);
  const isWhole = pass.scored > 0 && (await keepWholeBook(line, pass, today));
  const settled = alsoDue || isWhole ? await settleStandings(line, book.asOf) : [];
  return { accounts: [...new Set([...pass.accounts, ...settled])], scored: pass.scored };
}

/**
 * Scores what was last scored on an earlier day. While one lot of accounts is judged, the next is read and the one before is
 * stored.
 */
async function assessDue(line: DefinedLine, book: Book, today: CalendarDate, pass: Pass): Promise<void> {
  const read = async (after: AccountId | null): Promise<Read> => {
    const accounts = await line.store.assessments.due(today, after, BATCH);
    return { accounts, lesson: await learnFrom(line, accounts, today), cases: await openCases(line, book, accounts) };
  };
  let ahead = read(null);
  let behind: Promise<void> = Promise.resolve();
  try {
    for (;;) {
      mustGoOn(line);
      const { accounts, lesson, cases } = await ahead;
      const last = accounts.at(-1);
      if (last === undefined) break;
      ahead = read(last);
      const lot = await judge(line, lesson, cases, pass);
      await behind;
      behind = store(line, lot, pass);
    }
    await behind;
  } finally {
    // Nothing goes on behind a failure.
    await Promise.allSettled([ahead, behind]);
  }
}

/** Accounts that were read, to be opened and judged one by one. */
interface Read {
  readonly accounts: readonly AccountId[];
  readonly lesson: Lesson;
  readonly cases: Iterable<Case>;
}

/** What is to be stored of accounts that were judged. */
interface Lot {
  readonly accounts: readonly AccountId[];
  readonly assessed: Gathering<StoredAssessment>;
  readonly inputs: Gathering<AssessedInput>;
  readonly dropped: readonly AccountId[];
  readonly lesson: Lesson;
}

async function judge(line: DefinedLine, lesson: Lesson, cases: Iterable<Case>, pass: Pass): Promise<Lot> {
  const {
    configuration,
    store: { assessments, inputs: inputStore },
  } = line;
  const accounts: AccountId[] = [];
  const assessed = assessments.gather();
  const inputs = inputStore.gather();
  const dropped: AccountId[] = [];
  for (const { accountId, snapshot, stored, problems, keptAs } of cases) {
    if (accounts.length % ACCOUNTS_A_TURN === 0) await letOthersIn();
    accounts.push(accountId);
    pass.noteProblems(problems);
    const before = stored?.assessment ?? null;
    if (snapshot === null || !isCustomer(snapshot.account, snapshot.deals)) {
      if (stored !== null) dropped.push(accountId);
      lesson.compare(accountId, before, null);
      // Base rates count the terms of those who left, also of those who left before Holdfast came.
      const isFormer = stored !== null || snapshot?.account.type === 'churned';
      if (snapshot !== null && isFormer) lesson.note({ snapshot, assessment: null, before });
      continue;
    }
    const assessment = assess(snapshot, configuration);
    lesson.note({ snapshot, assessment, before });
    lesson.compare(accountId, before, assessment);
    pass.noteAccount(snapshot);
    const { name } = snapshot.account;
    assessed.add({ assessment, name, segment: segmentOf(snapshot, configuration), on: snapshot.today });
    if (configuration.recompute.keptDays > 0) {
      const isChange = isShownOtherwise(stored, assessment);
      inputs.add({ snapshot, assessment, outcome: outcomeOf(assessment), isChange, problems, keptAs });
    }
  }
  return { accounts, assessed, inputs, dropped, lesson };
}

async function store(
  line: DefinedLine,
  { accounts, assessed, inputs, dropped, lesson }: Lot,
  pass: Pass,
): Promise<void> {
  await lesson.store();
  await assessed.store();
  await inputs.store();
  await line.store.assessments.drop(dropped);
  pass.accounts.push(...accounts);
  line.progress({ stage: 'assess', subject: 'accounts', done: pass.accounts.length, total: null });
}

/** Keeps what the pass says of the book, if it went over enough of it. Answers whether it did. */
async function keepWholeBook(line: DefinedLine, pass: Pass, today: CalendarDate): Promise<boolean> {
  const summary = await line.store.assessments.summary();
  if (pass.scored < customersIn(summary) * WHOLE_BOOK) return false;
  const medians = mediansOf(summary, line.configuration.health.medianFrom);
  await keepBookFacts(line, pass.bookFacts(today, medians, await line.store.history.decidedBySegment()));
  return true;
}

/** Whether people see another band, or another score in whole points. */
function isShownOtherwise(stored: StoredAssessment | null, { health }: Assessment): boolean {
  if (stored === null) return true;
  const before = stored.assessment.health;
  return before.band !== health.band || Math.round(before.score ?? -1) !== Math.round(health.score ?? -1);
}

/** What one walk over accounts adds up to. */
class Pass {
  readonly accounts: AccountId[] = [];
  scored = 0;
  readonly #problems = new Map<string, Problem[]>();
  readonly #peers: PeerCount;
  readonly #configuration: ModelConfiguration;
  #csatSum = 0;
  #csats = 0;

  constructor({ configuration, installation }: DefinedLine) {
    this.#configuration = configuration;
    this.#peers = new PeerCount(installation.facts.currency, configuration.rates);
  }

  noteProblems(problems: readonly MappingProblem[]): void {
    for (const { object, field, property, id, message, remedy } of problems) {
      const listed = this.#problems.get(`${object}.${field}`) ?? [];
      this.#problems.set(`${object}.${field}`, listed);
      if (listed.length >= LISTED_PER_FIELD) continue;
      listed.push({ kind: 'mapping', code: 'value-unreadable', object, field: property, crmId: id, message, remedy });
    }
  }

  noteAccount(snapshot: AccountSnapshot): void {
    this.scored += 1;
    const { expansion } = this.#configuration;
    const segment = segmentOf(snapshot, this.#configuration);
    this.#peers.note(snapshot, peerGroupOf(snapshot.account, segment, expansion));
    for (const { csat } of snapshot.tickets ?? []) this.#noteRating(csat);
    for (const { kind, score } of snapshot.surveys ?? []) if (kind === 'csat') this.#noteRating(score);
  }

  #noteRating(csat: number | null): void {
    if (csat === null) return;
    this.#csatSum += csat;
    this.#csats += 1;
  }

  problems(): readonly Problem[] {
    return [...this.#problems.values()].flat();
  }

  bookFacts(
    on: CalendarDate,
    medians: ReadonlyMap<string, number | null>,
    terms: ReadonlyMap<string, { readonly closed: number; readonly churned: number }>,
  ): StoredBookFacts {
    const segments = new Set([...terms.keys(), ...medians.keys()]);
    return {
      on,
      accounts: this.scored,
      meanCsat: this.#csats === 0 ? null : this.#csatSum / this.#csats,
      segments: Object.fromEntries(
        [...segments].map((segment) => [
          segment,
          {
            medianHealth: medians.get(segment) ?? null,
            closedTerms: terms.get(segment)?.closed ?? 0,
            churnedTerms: terms.get(segment)?.churned ?? 0,
          },
        ]),
      ),
      peers: this.#peers.facts(),
    };
  }
}
