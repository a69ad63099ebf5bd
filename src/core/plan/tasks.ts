import type { Term } from '../model/assessment.ts';
import type { CalendarDate, Instant } from '../model/calendar-date.ts';
import type { AccountId, HoldfastKey, TermId } from '../model/ids.ts';
import type { Money } from '../model/money.ts';
import type { DueDay, PlayWish } from '../plays/play.ts';
import { runName } from '../plays/play-run.ts';
import type { LoadLimits } from '../renewals/configuration.ts';
import { dayInWords } from '../renewals/day-in-words.ts';
import { endOfTerm, findLeadingTerm, findSameTerm } from '../renewals/term-id.ts';
import type { CloseTask, CrmFields, LedgerTask, MoveTask, OpenTask, TaskWish } from './step.ts';

/** What one account asks for. */
export interface AccountTasks {
  readonly accountId: AccountId;
  readonly wishes: readonly PlayWish[];
  /** All terms of the account's assessment, decided ones too: they say why a task is no longer needed. */
  readonly terms: readonly Term[];
  /** Why no task of ours belongs on the account any more (`The company was deleted.`); null for an account in the book. */
  readonly endedBecause: string | null;
  /**
   * Why firings of plays ended, by `runName`, and why a play that follows dates did, by its number: what is still open of
   * them is closed. Absent where there are none.
   */
  readonly endedRuns?: ReadonlyMap<string, string>;
}

/** A task of ours as the CRM shows it. */
export interface ShownTask {
  readonly fields: ShownFields;
  readonly deleted: boolean;
}

type ShownFields = Readonly<Record<string, string | number | boolean | null>>;

/** How tasks are written in the CRM's words: from the mapping. */
export interface TaskWords {
  /** The CRM's name of the object: `tasks`. */
  readonly object: string;
  fieldsOf(wish: TaskWish): CrmFields;
  /** What completes a task. */
  readonly doneFields: CrmFields;
  isDone(fields: ShownFields): boolean;
  /** Fields whose change by a human makes the task theirs. */
  readonly watched: readonly string[];
  isSame(field: string, one: string | number | boolean | null, other: string | number | boolean | null): boolean;
}

export interface TaskPlanInput {
  readonly accounts: readonly AccountTasks[];
  /** Every entry of these accounts, in any state. */
  readonly ledger: readonly LedgerTask[];
  /** By the CRM's id. A task that was not read is neither moved nor closed: a human may have made it theirs. */
  readonly shown: ReadonlyMap<string, ShownTask>;
  readonly today: CalendarDate;
  readonly now: Instant;
  /** Open tasks of ours, and those made today, per owner id (`''` for unassigned). */
  readonly load: ReadonlyMap<string, { readonly open: number; readonly today: number }>;
  readonly limits: Pick<LoadLimits, 'newPerDay' | 'open'>;
  readonly movedDays: number;
  /** Null for an amount whose exchange rate is not known. */
  readonly inHomeCurrency: (amount: Money) => Money | null;
  readonly words: TaskWords;
}

export interface TaskPlan {
  /** Closed first, then moved, then opened, the most worth first: in the order they should be made. */
  readonly steps: readonly (OpenTask | MoveTask | CloseTask)[];
  /** Held back by the load cap, the most worth first. */
  readonly heldBack: readonly TaskWish[];
  /** Entries to store, because the CRM shows that a human completed, deleted or edited the task. */
  readonly ledger: readonly LedgerTask[];
}

/**
 * What to open, move and close so that the CRM shows the tasks that plays wish for.
 *
 * A task that the ledger knows is never opened again, whatever became of it, except after `undo`. One that a human
 * completed, deleted or edited is theirs for ever. One that is being created is left to the writer, who looks it up.
 * The rest follow their wish: they move with the date and the owner, tell what has come up and rise in priority by it, and are
 * closed when their term is decided, their step falls away or the firing of their play ended. A task without a wish and
 * without a reason stays.
 */
export function planTasks(input: TaskPlanInput): TaskPlan {
  const entriesOf = Map.groupBy(input.ledger, (entry) => entry.accountId);
  const opening: PlayWish[] = [];
  const moves: MoveTask[] = [];
  const closes: CloseTask[] = [];
  const changed: LedgerTask[] = [];

  for (const account of input.accounts) {
    const found = (entriesOf.get(account.accountId) ?? []).filter((entry) => entry.state !== 'undone');
    const entries = found.map((entry) => {
      const seen = withHumanActs(entry, input);
      if (seen !== entry) changed.push(seen);
      return seen;
    });
    const current = currentTerms(entries, account, input.movedDays);
    const wished = new Set<HoldfastKey>();
    for (const wish of account.wishes) {
      const entry = findEntry(wish, entries, current);
      const settledBecause = wish.settledBecause ?? null;
      if (entry === null) {
        if (settledBecause !== null) continue;
        const isDue = wish.opensToday && isTimely(wish, entries) && !standsInForKnown(wish, account, entries, current);
        if (isDue) opening.push(notOverdue(wish, input.today));
        continue;
      }
      wished.add(entry.key);
      if (settledBecause !== null) {
        if (isOurs(entry, input)) closes.push(closeOf(entry, settledBecause, input));
        continue;
      }
      if (wish.escalates !== null && !isTimely(wish, entries)) {
        if (isOurs(entry, input)) closes.push(closeOf(entry, 'Somebody has begun.', input));
        continue;
      }
      const move = isOurs(entry, input) ? moveOf(entry, wish, input) : null;
      if (move !== null) moves.push(move);
    }
    for (const entry of entries) {
      if (wished.has(entry.key) || !isOurs(entry, input)) continue;
      const because = reasonToClose(entry, account, input.movedDays);
      if (because !== null) closes.push(closeOf(entry, because, input));
    }
  }

  const { opens, heldBack } = withinLoad(opening, input);
  return {
    steps: [...closes.sort(byKey), ...moves.sort(byKey), ...opens.map((wish) => openOf(wish, input))],
    heldBack,
    ledger: changed.sort(byKey),
  };
}

/** The entry with what the CRM shows of it taken in; the same object when nothing happened, or when it was not read. */
export function withHumanActs(
  entry: LedgerTask,
  { shown, words, now }: Pick<TaskPlanInput, 'shown' | 'words' | 'now'>,
): LedgerTask {
  const task = entry.crmId === null ? undefined : shown.get(entry.crmId);
  if (entry.state !== 'open' || task === undefined) return entry;
  if (task.deleted) return { ...entry, state: 'deleted', isTouched: true, updatedAt: now };
  if (words.isDone(task.fields)) return { ...entry, state: 'done', isTouched: true, updatedAt: now };
  if (entry.isTouched) return entry;
  const isEdited = words.watched.some((field) => {
    const value = task.fields[field];
    return value !== undefined && !words.isSame(field, entry.written[field] ?? null, value);
  });
  return isEdited ? { ...entry, isTouched: true, updatedAt: now } : entry;
}

/** Open, seen, and nobody's but ours. */
function isOurs(entry: LedgerTask, { shown }: TaskPlanInput): entry is LedgerTask & { readonly crmId: string } {
  return entry.state === 'open' && !entry.isTouched && entry.crmId !== null && shown.has(entry.crmId);
}

/**
 * The terms of entries, and whose wishes each goes by today: its own, although an id holds the end date and that may have
 * moved, or those of the term that it is renewed together with. A term that was not found has no wishes any more.
 */
function currentTerms(
  entries: readonly LedgerTask[],
  account: AccountTasks,
  movedDays: number,
): ReadonlyMap<TermId, TermId> {
  const current = new Map<TermId, TermId>();
  for (const { termId } of entries) {
    if (termId === null || current.has(termId)) continue;
    const leading = findLeadingTerm(termId, account.terms, movedDays);
    if (leading !== null) current.set(termId, leading.id);
  }
  return current;
}

/** The entry of a wish: by its key, or the same step of the same term before its end moved. */
function findEntry(
  wish: PlayWish,
  entries: readonly LedgerTask[],
  current: ReadonlyMap<TermId, TermId>,
): LedgerTask | null {
  const own = entries.find((entry) => entry.key === wish.key);
  if (own !== undefined || wish.termId === null) return own ?? null;
  const moved = entries.find(
    ({ play, step, termId }) =>
      play === wish.play && step === wish.step && termId !== null && current.get(termId) === wish.termId,
  );
  return moved ?? null;
}

/** Whether the task that a wish waits for is completed, and the one that it escalates is still waiting for somebody. */
function isTimely({ waitsFor, escalates }: PlayWish, entries: readonly LedgerTask[]): boolean {
  const find = (key: HoldfastKey): LedgerTask | undefined => entries.find((entry) => entry.key === key);
  if (waitsFor !== null && find(waitsFor)?.state !== 'done') return false;
  if (escalates === null) return true;
  const waiting = find(escalates);
  return waiting?.state === 'open' && !waiting.isTouched;
}

/** A task that was held back, or waited for another one, is due as soon as possible. */
function notOverdue(wish: PlayWish, today: CalendarDate): PlayWish {
  return wish.dueOn >= today ? wish : { ...wish, dueOn: wish.soonest.on, dueAt: wish.soonest.at };
}

function standsInForKnown(
  wish: PlayWish,
  account: AccountTasks,
  entries: readonly LedgerTask[],
  current: ReadonlyMap<TermId, TermId>,
): boolean {
  return account.wishes.some(
    (other) => wish.standsInFor.includes(other.key) && findEntry(other, entries, current) !== null,
  );
}

function moveOf(
  entry: LedgerTask & { readonly crmId: string },
  wish: PlayWish,
  { shown, today, words }: TaskPlanInput,
): MoveTask | null {
  const isHandedOver = wish.ownerId !== null && wish.ownerId !== entry.ownerId;
  // What stands in for other steps tells how things were on the day it was made: only its owner may change.
  const isFixed = wish.standsInFor.length > 0 && wish.putOffBecause === undefined;
  const due = isFixed ? { on: entry.dueOn, at: wish.dueAt } : dueAfter(entry, wish, isHandedOver, today);
  const isRaised = !isFixed && wish.news !== null && (wish.notes ?? 0) > (entry.notes ?? 0);
  if (due.on === entry.dueOn && !isHandedOver && !isRaised) return null;

  const moved: TaskWish = {
    ...wish,
    key: entry.key,
    termId: entry.termId,
    dueOn: due.on,
    dueAt: due.at,
    ownerId: wish.ownerId ?? entry.ownerId,
    subject: isFixed ? entry.subject : wish.subject,
  };
  const now = { ...entry.written, ...shown.get(entry.crmId)?.fields };
  const unmoved = isFixed ? words.fieldsOf({ ...moved, ownerId: entry.ownerId }) : now;
  const after = Object.fromEntries(
    Object.entries(words.fieldsOf(moved)).filter(
      ([field, value]) => !words.isSame(field, value, unmoved[field] ?? null),
    ),
  );
  if (Object.keys(after).length === 0) return null;
  const reasons = [
    due.on === entry.dueOn ? null : `due on ${dayInWords(due.on)} instead of ${dayInWords(entry.dueOn)}`,
    wish.putOffBecause === undefined ? null : `put off: ${wish.putOffBecause}`,
    isHandedOver ? (wish.ownerNote ?? 'the owner changed') : null,
    isRaised ? `more has come up: ${wish.news}` : null,
  ];
  return {
    kind: 'move-task',
    key: entry.key,
    object: words.object,
    id: entry.crmId,
    accountId: entry.accountId,
    before: valuesOf(after, now),
    after,
    because: `${entry.subject}: ${reasons.filter((reason) => reason !== null).join('; ')}`,
    wish: moved,
  };
}

/** The wished day; where that is past, at least not later than the next working day, and never back and forth. */
function dueAfter(entry: LedgerTask, wish: PlayWish, isHandedOver: boolean, today: CalendarDate): DueDay {
  if (wish.dueOn >= today || wish.dueOn === entry.dueOn) return { on: wish.dueOn, at: wish.dueAt };
  return entry.dueOn > wish.soonest.on || isHandedOver ? wish.soonest : { on: entry.dueOn, at: wish.dueAt };
}

function reasonToClose(entry: LedgerTask, account: AccountTasks, movedDays: number): string | null {
  if (account.endedBecause !== null) return account.endedBecause;
  const { termId, play, occurrence } = entry;
  if (occurrence !== undefined) return account.endedRuns?.get(runName({ play, occurrence })) ?? null;
  const ended = account.endedRuns?.get(play) ?? null;
  if (ended !== null) return ended;
  const endOn = termId === null ? null : endOfTerm(termId);
  if (termId === null || endOn === null) return null;
  const term = findSameTerm(termId, account.terms, movedDays);
  if (term === null) {
    const [current] = account.terms;
    return current === undefined
      ? null
      : `The term that was to end on ${dayInWords(endOn)} now ends on ${dayInWords(current.endOn)}.`;
  }
  switch (term.outcome) {
    case 'renewed':
      return `The term to ${dayInWords(term.endOn)} is renewed.`;
    case 'churned':
      return `The term to ${dayInWords(term.endOn)} is lost.`;
    case 'superseded':
      return `The term to ${dayInWords(term.endOn)} is renewed together with another one.`;
    case 'open':
      return `Step ${entry.step} does not belong to the renewal on ${dayInWords(term.endOn)} any more.`;
    default:
      return term.outcome satisfies never;
  }
}

function closeOf(
  entry: LedgerTask & { readonly crmId: string },
  because: string,
  { shown, words }: TaskPlanInput,
): CloseTask {
  const now = { ...entry.written, ...shown.get(entry.crmId)?.fields };
  return {
    kind: 'close-task',
    key: entry.key,
    object: words.object,
    id: entry.crmId,
    accountId: entry.accountId,
    before: valuesOf(words.doneFields, now),
    after: words.doneFields,
    because,
  };
}

function openOf(wish: PlayWish, { words }: TaskPlanInput): OpenTask {
  const after = words.fieldsOf(wish);
  return {
    kind: 'open-task',
    key: wish.key,
    object: words.object,
    id: null,
    accountId: wish.accountId,
    before: {},
    after,
    because: `${wish.subject}: due on ${dayInWords(wish.dueOn)}${wish.ownerNote === null ? '' : `. ${wish.ownerNote}`}`,
    wish,
  };
}

/** The most worth first until an owner's day or list is full; what is exempt opens in any case, and counts. */
function withinLoad(
  wishes: readonly PlayWish[],
  { load, limits, inHomeCurrency }: TaskPlanInput,
): { readonly opens: readonly PlayWish[]; readonly heldBack: readonly PlayWish[] } {
  const counts = new Map<string, { open: number; today: number }>();
  const opens: PlayWish[] = [];
  const heldBack: PlayWish[] = [];
  const worthOf = ({ worth }: PlayWish): number => (worth === null ? null : inHomeCurrency(worth))?.minor ?? -1;
  for (const wish of [...wishes].sort((a, b) => byWorth(a, b, worthOf))) {
    const owner = wish.ownerId ?? '';
    const count = counts.get(owner) ?? { open: 0, today: 0, ...load.get(owner) };
    counts.set(owner, count);
    if (!wish.isExempt && (count.today >= limits.newPerDay || count.open >= limits.open)) {
      heldBack.push(wish);
      continue;
    }
    count.today += 1;
    count.open += 1;
    opens.push(wish);
  }
  return { opens, heldBack };
}

/** What cannot be told in the home currency is not compared by its figure: it comes last, as what has no worth. */
function byWorth(a: PlayWish, b: PlayWish, worthOf: (wish: PlayWish) => number): number {
  if (a.isExempt !== b.isExempt) return a.isExempt ? -1 : 1;
  const [worthA, worthB] = [worthOf(a), worthOf(b)];
  if (worthA !== worthB) return worthB - worthA;
  if (a.dueOn !== b.dueOn) return a.dueOn < b.dueOn ? -1 : 1;
  if (a.step !== b.step) return a.step < b.step ? -1 : 1;
  return byKey(a, b);
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function valuesOf(of: CrmFields, now: ShownFields): CrmFields {
  return Object.fromEntries(
    Object.keys(of).map((field) => {
      const value = now[field] ?? null;
      return [field, value === null ? null : String(value)];
    }),
  );
}
