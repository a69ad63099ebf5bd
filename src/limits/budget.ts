import type { ReportedUsage } from '../../connectors/contract/connector.ts';
import { ConnectorError } from '../../connectors/contract/errors.ts';
import { addDays, dayOf, instantOn } from '../core/model/calendar-date.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { Clock } from '../ports/clock.ts';
import type { DailyCalls } from '../ports/daily-calls.ts';
import type { CallStore } from '../ports/store.ts';

/**
 * What Holdfast may use of the calls that a CRM allows in a day to all of a customer's apps together. Where the CRM
 * states no daily limit, nothing is held back.
 */
export interface Budget {
  /** Counts one call. Throws `quota-exhausted` when it should not be made today. */
  spend(): void;
  heard(usage: ReportedUsage): void;
  /** What is used of the day's calls, as far as the CRM has said; null while it has named no limit. */
  daily(): DailyCalls | null;
  /** The CRM refused a call because the day's calls are spent. Answers the same error with `resetsAt`. */
  exhausted(error: ConnectorError): ConnectorError;
}

export interface BudgetParts {
  /** Where the CRM's day begins at midnight: IANA name. */
  readonly timeZone: string;
  /** The CRM counts the calls of the last 24 hours instead of those of its day. */
  readonly isRolling?: boolean | undefined;
  readonly clock: Clock;
  /** Remembers what was used earlier in the day. */
  readonly calls: Pick<CallStore, 'since'>;
  readonly allowance?: DailyAllowance | undefined;
  /** The limit as the CRM stated it to an earlier run, so that the share holds from the first call on. */
  readonly knownMax?: number | undefined;
}

export interface DailyAllowance {
  /** Part of the CRM's daily calls that Holdfast may use. */
  readonly share: number;
  /** Part of the daily calls below which the rest is left to others, whoever used the others. */
  readonly floor: number;
}

const DAY_MS = 86_400_000;

/** Where no midnight brings all calls back at once, some have come back after so long. */
const ROLLING_WAIT_MS = 3_600_000;

export const DEFAULT_ALLOWANCE: DailyAllowance = { share: 0.1, floor: 0.2 };

export async function openBudget(parts: BudgetParts): Promise<Budget> {
  const { timeZone, clock, isRolling = false } = parts;
  const { share, floor } = parts.allowance ?? DEFAULT_ALLOWANCE;
  const today = (): string => dayOf(clock.now(), timeZone);

  let day = today();
  const since = isRolling ? shift(clock.now(), -DAY_MS) : instantOn(dayOf(clock.now(), timeZone), 0, timeZone);
  let used = await usedSince(parts.calls, since);
  let max: number | null = parts.knownMax ?? null;
  let remaining: number | null = null;
  let closedUntil: Instant | null = null;

  const turnOver = (): void => {
    if (closedUntil !== null && clock.now() >= closedUntil) closedUntil = null;
    // What was made 24 hours ago falls out bit by bit; it is counted anew when the door is opened for the next run.
    if (isRolling || today() === day) return;
    day = today();
    used = 0;
    remaining = null;
  };
  const resetsAt = (): Instant =>
    isRolling ? shift(clock.now(), ROLLING_WAIT_MS) : instantOn(addDays(dayOf(clock.now(), timeZone), 1), 0, timeZone);

  const refusal = (message: string, at: Instant, cause?: unknown): ConnectorError =>
    new ConnectorError({
      code: 'quota-exhausted',
      message,
      remedy: `Nothing needs to be done: Holdfast goes on at ${at}, when the CRM counts anew.`,
      resetsAt: at,
      cause,
    });

  return {
    spend: () => {
      turnOver();
      if (closedUntil !== null) throw refusal("The CRM's API calls of today are spent.", closedUntil);
      if (max !== null && used >= max * share) {
        throw refusal(
          `Holdfast has made ${used} API calls today, its share of the ${max} that the CRM allows all apps together.`,
          resetsAt(),
        );
      }
      if (max !== null && remaining !== null && remaining < max * floor) {
        throw refusal(
          `Of the ${max} API calls that the CRM allows today, ${remaining} are left, and those are left to other apps.`,
          resetsAt(),
        );
      }
      used += 1;
    },
    heard: (usage) => {
      turnOver();
      if (usage.dailyMax !== undefined && usage.dailyMax > 0) max = usage.dailyMax;
      if (usage.dailyRemaining !== undefined) remaining = usage.dailyRemaining;
    },
    daily: () => {
      if (max === null) return null;
      const all = remaining === null ? null : Math.max(0, max - remaining);
      return { max, ours: used, all, share: Math.ceil(max * share), at: clock.now() };
    },
    exhausted: (error) => {
      closedUntil = error.resetsAt ?? resetsAt();
      return error.resetsAt === undefined ? refusal(error.message, closedUntil, error) : error;
    },
  };
}

function shift(instant: Instant, ms: number): Instant {
  return new Date(Date.parse(instant) + ms).toISOString();
}

async function usedSince(calls: Pick<CallStore, 'since'>, begin: Instant): Promise<number> {
  // Calls are stored by the hour; where the window begins within one, the whole hour counts.
  const counts = await calls.since(`${begin.slice(0, 13)}:00:00.000Z`);
  return counts.reduce((sum, count) => sum + count.calls, 0);
}
