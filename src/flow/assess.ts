import { setImmediate as letOthersIn } from 'node:timers/promises';
import { assess, isCustomer, segmentOf } from '../core/assess.ts';
import type { ModelConfiguration } from '../core/configuration.ts';
import { PeerCount, peerGroupOf } from '../core/expansion/peers.ts';
import { dayOf, type CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { Assessment } from '../core/model/assessment.ts';
import type { AccountSnapshot } from '../core/model/snapshot.ts';
import type { MappingProblem } from '../core/mapping/problem.ts';
import { outcomeOf } from '../core/outcome.ts';
import type { AssessedInput, Problem, StoredAssessment } from '../ports/store.ts';
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
import { keepForLearning, type Judged } from './keep-history.ts';
import { mustGoOn, type DefinedLine } from './line.ts';
import { touchWhatIsReadOtherwise } from './read-otherwise.ts';
import { settleStandings } from './settle-standings.ts';

/** Accounts that are read, and stored, at once. */
const BATCH = 200;

/** So many accounts are judged before requests, timers and the database's answers have their turn: a few milliseconds. */
const ACCOUNTS_A_TURN = 5;

/** Problems of one field that are listed record by record; more of the same would hide the rest. */
const LISTED_PER_FIELD = 20;

/** A pass over this share of the customers speaks for the whole book; a day's first run leaves out what is scored already. */
const WHOLE_BOOK = 0.8;

export interface Assessed {
  /** Accounts that were looked at, scored or not. */
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
    await store(line, await judge(line, await openFollowed(line, book, accounts), pass), pass);
    await line.store.records.untouch(touched);
  }
  if (alsoDue) await assessDue(line, book, today, pass);
  await line.store.problems.report(pass.problems(), book.asOf);
  if (alsoDue) await line.store.problems.closeOlder('mapping', line.runStartedAt);
  const isWhole = pass.scored > 0 && (await keepWholeBook(line, pass, today));
  if (alsoDue || isWhole) await settleStandings(line, book.asOf);
  return { accounts: pass.accounts, scored: pass.scored };
}

/**
 * Scores what was last scored on an earlier day. While one lot of accounts is judged, the next is read and the one before is
 * stored.
 */
async function assessDue(line: DefinedLine, book: Book, today: CalendarDate, pass: Pass): Promise<void> {
  const read = async (after: AccountId | null): Promise<readonly Case[]> =>
    await openCases(line, book, await line.store.assessments.due(today, after, BATCH));
  let ahead = read(null);
  let behind: Promise<void> = Promise.resolve();
  try {
    for (;;) {
      mustGoOn(line);
      const cases = await ahead;
      const last = cases.at(-1);
      if (last === undefined) break;
      ahead = read(last.accountId);
      const lot = await judge(line, cases, pass);
      await behind;
      behind = store(line, lot, pass);
    }
    await behind;
  } finally {
    // Nothing goes on behind a failure.
    await Promise.allSettled([ahead, behind]);
  }
}

/** Accounts that were judged, and what is to be stored of them. */
interface Lot {
  readonly accounts: readonly AccountId[];
  readonly assessed: readonly StoredAssessment[];
  readonly dropped: readonly AccountId[];
  readonly inputs: readonly AssessedInput[];
  readonly judged: readonly Judged[];
}

async function judge(line: DefinedLine, cases: readonly Case[], pass: Pass): Promise<Lot> {
  const assessed: StoredAssessment[] = [];
  const dropped: AccountId[] = [];
  const inputs: AssessedInput[] = [];
  const judged: Judged[] = [];
  for (const [index, { accountId, snapshot, stored, problems, keptAs }] of cases.entries()) {
    if (index % ACCOUNTS_A_TURN === 0) await letOthersIn();
    pass.noteProblems(problems);
    if (snapshot === null || !isCustomer(snapshot.account, snapshot.deals)) {
      if (stored !== null) dropped.push(accountId);
      // Base rates count the terms of those who left, also of those who left before Holdfast came.
      const isFormer = stored !== null || snapshot?.account.type === 'churned';
      if (snapshot !== null && isFormer)
        judged.push({ snapshot, assessment: null, before: stored?.assessment ?? null });
      continue;
    }
    const assessment = assess(snapshot, line.configuration);
    judged.push({ snapshot, assessment, before: stored?.assessment ?? null });
    pass.noteAccount(snapshot);
    assessed.push({
      assessment,
      name: snapshot.account.name,
      segment: segmentOf(snapshot.account, line.configuration),
      on: snapshot.today,
    });
    inputs.push({
      snapshot,
      assessment,
      outcome: outcomeOf(assessment),
      isChange: isShownOtherwise(stored, assessment),
      problems,
      keptAs,
    });
  }
  return { accounts: cases.map(({ accountId }) => accountId), assessed, dropped, inputs, judged };
}

async function store(line: DefinedLine, lot: Lot, pass: Pass): Promise<void> {
  await keepForLearning(line, lot.judged);
  await line.store.assessments.put(lot.assessed);
  if (line.configuration.recompute.keptDays > 0) await line.store.inputs.put(lot.inputs);
  await line.store.assessments.drop(lot.dropped);
  pass.accounts.push(...lot.accounts);
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
    const segment = segmentOf(snapshot.account, this.#configuration);
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
