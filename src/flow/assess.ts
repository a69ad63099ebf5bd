import { assess, isCustomer } from '../core/assess.ts';
import { dayOf, type CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { Assessment } from '../core/model/assessment.ts';
import type { AccountSnapshot } from '../core/model/snapshot.ts';
import type { MappingProblem } from '../core/mapping/problem.ts';
import { outcomeOf } from '../core/outcome.ts';
import type { AssessedInput, Problem, StoredAssessment } from '../ports/store.ts';
import { openFollowed } from './intake/follow-accounts.ts';
import { keepBookFacts, mediansOf, openBook, openCases, type Book, type StoredBookFacts } from './judge.ts';
import { keepForLearning, type Judged } from './keep-history.ts';
import { mustGoOn, type DefinedLine } from './line.ts';
import { settleStandings } from './settle-standings.ts';

/** Accounts whose records are held in memory at once. */
const BATCH = 200;

/** Problems of one field that are listed record by record; more of the same would hide the rest. */
const LISTED_PER_FIELD = 20;

/** A pass over this share of the accounts speaks for the whole book; a day's first run leaves out what is scored already. */
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
  const book = await openBook(line);
  const today = dayOf(book.asOf, line.installation.facts.timeZone);
  const pass = new Pass();
  for (;;) {
    mustGoOn(line);
    const touched = await line.store.records.touched(BATCH);
    if (touched.length === 0) break;
    await assessBatch(
      line,
      book,
      touched.map(({ accountId }) => accountId),
      pass,
      openFollowed,
    );
    await line.store.records.untouch(touched);
  }
  let after: AccountId | null = null;
  while (alsoDue) {
    mustGoOn(line);
    const due: readonly AccountId[] = await line.store.assessments.due(today, after, BATCH);
    if (due.length === 0) break;
    await assessBatch(line, book, due, pass, openCases);
    after = due.at(-1) ?? null;
  }
  await line.store.problems.report(pass.problems(), book.asOf);
  if (alsoDue) await line.store.problems.closeOlder('mapping', line.runStartedAt);
  const known = (await line.store.records.count()).get(line.mapping.accountObject)?.alive ?? 0;
  const isWhole = pass.accounts.length > 0 && pass.accounts.length >= known * WHOLE_BOOK;
  if (isWhole) {
    await keepBookFacts(line, pass.bookFacts(today, mediansOf(await line.store.assessments.summary())));
  }
  if (alsoDue || isWhole) await settleStandings(line, book.asOf);
  return { accounts: pass.accounts, scored: pass.scored };
}

async function assessBatch(
  line: DefinedLine,
  book: Book,
  accounts: readonly AccountId[],
  pass: Pass,
  open: typeof openCases,
): Promise<void> {
  const assessed: StoredAssessment[] = [];
  const dropped: AccountId[] = [];
  const inputs: AssessedInput[] = [];
  const judged: Judged[] = [];
  for (const { accountId, snapshot, stored, problems } of await open(line, book, accounts)) {
    pass.noteProblems(problems);
    if (snapshot === null || !isCustomer(snapshot.account, snapshot.deals)) {
      if (stored === null) continue;
      dropped.push(accountId);
      if (snapshot !== null) judged.push({ snapshot, assessment: null, before: stored.assessment });
      continue;
    }
    const assessment = assess(snapshot, line.configuration);
    judged.push({ snapshot, assessment, before: stored?.assessment ?? null });
    pass.noteAssessment(assessment, snapshot);
    assessed.push({
      assessment,
      name: snapshot.account.name,
      segment: snapshot.account.segment,
      on: snapshot.today,
    });
    inputs.push({
      snapshot,
      assessment,
      outcome: outcomeOf(assessment),
      isChange: isShownOtherwise(stored, assessment),
    });
  }
  await keepForLearning(line, judged);
  await line.store.assessments.put(assessed);
  if (line.configuration.recompute.keptDays > 0) await line.store.inputs.put(inputs);
  await line.store.assessments.drop(dropped);
  pass.accounts.push(...accounts);
  line.progress({ stage: 'assess', subject: 'accounts', done: pass.accounts.length, total: null });
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
  readonly #terms: Record<string, { closed: number; churned: number }> = {};
  #csatSum = 0;
  #csats = 0;

  noteProblems(problems: readonly MappingProblem[]): void {
    for (const { object, field, property, id, message, remedy } of problems) {
      const listed = this.#problems.get(`${object}.${field}`) ?? [];
      this.#problems.set(`${object}.${field}`, listed);
      if (listed.length >= LISTED_PER_FIELD) continue;
      listed.push({ kind: 'mapping', code: 'value-unreadable', object, field: property, crmId: id, message, remedy });
    }
  }

  noteAssessment(assessment: Assessment, snapshot: AccountSnapshot): void {
    this.scored += 1;
    const terms = (this.#terms[snapshot.account.segment ?? ''] ??= { closed: 0, churned: 0 });
    for (const { outcome } of assessment.renewal.terms) {
      if (outcome === 'renewed' || outcome === 'churned') terms.closed += 1;
      if (outcome === 'churned') terms.churned += 1;
    }
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

  bookFacts(on: CalendarDate, medians: ReadonlyMap<string, number | null>): StoredBookFacts {
    const segments = new Set([...Object.keys(this.#terms), ...medians.keys()]);
    return {
      on,
      accounts: this.scored,
      meanCsat: this.#csats === 0 ? null : this.#csatSum / this.#csats,
      segments: Object.fromEntries(
        [...segments].map((segment) => [
          segment,
          {
            medianHealth: medians.get(segment) ?? null,
            closedTerms: this.#terms[segment]?.closed ?? 0,
            churnedTerms: this.#terms[segment]?.churned ?? 0,
          },
        ]),
      ),
    };
  }
}
