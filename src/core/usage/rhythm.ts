import { addDays, addMonths, dayOf, instantOn, type CalendarDate, type Instant } from '../model/calendar-date.ts';
import type { SourceFreshness } from '../model/snapshot.ts';

/** How often files of one kind arrive. */
export type Rhythm = 'day' | 'week' | 'month' | 'quarter';

export const RHYTHMS: readonly Rhythm[] = ['day', 'week', 'month', 'quarter'];

/** How a source outside the CRM has told what it tells: through the API, by files, or both. */
export interface SourceIntake {
  /** When the API was last told something; null for never. */
  readonly sentAt: Instant | null;
  /** Up to which moment files tell, itself not included; null without any. */
  readonly file: { readonly to: Instant; readonly every: Rhythm } | null;
}

/**
 * How fresh a source is. Where both the API and files tell, the fresher one counts; the time until the next file is granted
 * to files alone, so that a source stays fresh for as long as either of them is.
 */
export function freshnessOf({ sentAt, file }: SourceIntake, timeZone: string): SourceFreshness {
  if (file === null) return { readAt: sentAt, error: null };
  const dueAt = nextFileAt(file, timeZone);
  const readAt = sentAt !== null && sentAt > file.to ? sentAt : file.to;
  return { readAt, dueAt: dueAt > readAt ? dueAt : readAt, error: null };
}

/** Up to when the next file will tell: the same time of day, a day, a week, a month or three after what is known. */
export function nextFileAt({ to, every }: NonNullable<SourceIntake['file']>, timeZone: string): Instant {
  const on = dayOf(to, timeZone);
  const intoDayMs = Date.parse(to) - Date.parse(instantOn(on, 0, timeZone));
  return new Date(Date.parse(instantOn(nextFileOn(on, every), 0, timeZone)) + intoDayMs).toISOString();
}

function nextFileOn(on: CalendarDate, every: Rhythm): CalendarDate {
  switch (every) {
    case 'day':
      return addDays(on, 1);
    case 'week':
      return addDays(on, 7);
    case 'month':
      return addMonths(on, 1);
    case 'quarter':
      return addMonths(on, 3);
    default:
      return every satisfies never;
  }
}

/**
 * After when a source is stale, in milliseconds since 1970: `freshDays` of 24 hours after what it tells, or after more was
 * due. Null for never.
 */
export function staleAfterMs({ readAt, dueAt }: SourceFreshness, freshDays: number | undefined): number | null {
  const from = dueAt ?? readAt;
  return from === null || freshDays === undefined ? null : Date.parse(from) + freshDays * 86_400_000;
}
