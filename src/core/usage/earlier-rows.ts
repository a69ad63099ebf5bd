import type { CalendarDate } from '../model/calendar-date.ts';
import { fingerprint } from '../plays/dedupe.ts';
import { monthOf } from './usage-ledger.ts';

const KEY_LENGTH = 26;

/**
 * What the lines of one file have told so far. Of two lines under one key the second would take the place of the first
 * without a word, so it is found here. Days are bits of their month: a file may hold a year of every account.
 */
export class EarlierRows {
  readonly #days = new Map<string, Map<string, number>>();
  readonly #facts = new Map<string, Set<string>>();
  readonly #answers = new Map<string, number>();

  /** Whether an earlier line told of this day of the workspace; from now on one has. */
  hasDay(workspaceId: string, on: CalendarDate): boolean {
    const months = this.#days.get(workspaceId) ?? new Map<string, number>();
    this.#days.set(workspaceId, months);
    const month = monthOf(on);
    const before = months.get(month) ?? 0;
    const bit = 1 << (Number(on.slice(8)) - 1);
    months.set(month, before | bit);
    return (before & bit) !== 0;
  }

  /** Whether an earlier line told of the workspace's fact of this id; from now on one has. */
  hasFact(workspaceId: string, id: string): boolean {
    const ids = this.#facts.get(workspaceId) ?? new Set<string>();
    this.#facts.set(workspaceId, ids);
    if (ids.has(id)) return true;
    ids.add(id);
    return false;
  }

  /**
   * An id for an answer that has none, made of all that the line says. Of lines that say the same each is an answer, and
   * the first is the same one in every file.
   */
  idOfAnswer(said: string): string {
    const id = fingerprint(said, KEY_LENGTH);
    const before = this.#answers.get(id) ?? 0;
    this.#answers.set(id, before + 1);
    return before === 0 ? id : fingerprint(`${id}|${before + 1}`, KEY_LENGTH);
  }
}
