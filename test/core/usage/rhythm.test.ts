import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, calendarDate, dayOf, instantOn } from '../../../src/core/model/calendar-date.ts';
import { defaultHealthConfiguration } from '../../../src/core/scoring/configuration.ts';
import { freshnessOf, nextFileAt, RHYTHMS, staleAfterMs, type SourceIntake } from '../../../src/core/usage/rhythm.ts';

const ZONE = 'Europe/Berlin';
const { billing, usage } = defaultHealthConfiguration.freshDays;

const staleAfter = (intake: SourceIntake, freshDays: number | undefined): string | null => {
  const ms = staleAfterMs(freshnessOf(intake, ZONE), freshDays);
  return ms === null ? null : new Date(ms).toISOString();
};

describe('a source that comes in files', () => {
  it('is fresh until the next file is due, and for its days of grace after that', () => {
    const invoices: SourceIntake = { sentAt: null, file: { to: '2025-12-03T10:00:00.000Z', every: 'month' } };
    expect(freshnessOf(invoices, ZONE)).toMatchObject({ dueAt: '2026-01-03T10:00:00.000Z' });
    expect(staleAfter(invoices, billing)).toBe('2026-01-05T10:00:00.000Z');
  });

  it('is due on the same day of a shorter month, and at the same hour when the clocks are set', () => {
    expect(nextFileAt({ to: '2026-01-31T11:00:00.000Z', every: 'month' }, ZONE)).toBe('2026-02-28T11:00:00.000Z');
    expect(nextFileAt({ to: '2026-01-31T11:00:00.000Z', every: 'quarter' }, ZONE)).toBe('2026-04-30T10:00:00.000Z');
    const week = { to: instantOn(calendarDate('2026-10-19'), 0, ZONE), every: 'week' } as const;
    expect(dayOf(nextFileAt(week, ZONE), ZONE)).toBe('2026-10-26');
  });

  it('and through the API is as fresh as the fresher of the two, and only the file is waited for', () => {
    const file = { to: '2026-03-01T23:00:00.000Z', every: 'week' } as const;
    const [live, silent] = ['2026-03-20T08:00:00.000Z', '2026-02-01T08:00:00.000Z'];
    expect(freshnessOf({ sentAt: live, file }, ZONE)).toMatchObject({ readAt: live, dueAt: live });
    expect(freshnessOf({ sentAt: silent, file }, ZONE)).toEqual(freshnessOf({ sentAt: null, file }, ZONE));
    expect(staleAfter({ sentAt: live, file: null }, usage)).toBe('2026-03-23T08:00:00.000Z');
  });

  it('never goes stale where nothing says after how many days', () => {
    const surveys: SourceIntake = { sentAt: null, file: { to: '2026-03-01T10:00:00.000Z', every: 'quarter' } };
    expect(staleAfter(surveys, defaultHealthConfiguration.freshDays.surveys)).toBeNull();
  });

  it('never goes stale earlier for a file, nor for a longer rhythm', () => {
    const moments = fc
      .integer({ min: 0, max: 3_000 })
      .map((days) => instantOn(addDays(calendarDate('2024-01-01'), days), days % 24, ZONE));
    const staleMs = (intake: SourceIntake): number => staleAfterMs(freshnessOf(intake, ZONE), usage) ?? 0;
    fc.assert(
      fc.property(moments, moments, (sentAt, to) => {
        const alone = staleMs({ sentAt, file: null });
        const withFile = RHYTHMS.map((every) => staleMs({ sentAt, file: { to, every } }));
        expect([alone, ...withFile]).toEqual([alone, ...withFile].sort((a, b) => a - b));
      }),
    );
  });
});
