import { describe, expect, it } from 'vitest';
import { answerAbout } from '../../../manifest/hubspot/test/a-company.ts';
import { longestNote, overrideDays } from '../../../manifest/hubspot/src/app/cards/limits.ts';
import { readPersonAct } from '../../../src/core/people/acts.ts';
import { parseCalendarDate, addDays, type CalendarDate } from '../../../src/core/model/calendar-date.ts';
import { cardView } from '../../../src/server/card-view.ts';

const today = parseCalendarDate('2026-03-02') as CalendarDate;

describe('the cards and the server', () => {
  it('mean the same answer: what the cards are tested with is one that the server may give', () => {
    expect(cardView.safeParse(answerAbout()).error?.issues).toBeUndefined();
    const override = { band: 'red', reason: 'New information: bought', until: '2026-04-01', by: 'kim@acme.example' };
    expect(cardView.safeParse(answerAbout({ override, pulse: 2 })).error?.issues).toBeUndefined();
  });

  it('draw the same lines: the last day and the longest note that a card lets through are taken, one more is not', () => {
    const set = (days: number, characters: number): object => {
      const until = addDays(today, days);
      return readPersonAct('override', { band: 'red', reason: 'other', note: 'x'.repeat(characters), until }, today);
    };
    expect(set(overrideDays.most, longestNote)).toHaveProperty('act');
    expect(set(overrideDays.most + 1, longestNote)).toHaveProperty('problems');
    expect(set(overrideDays.most, longestNote + 1)).toHaveProperty('problems');
  });

  it('take a pulse with a note and without', () => {
    expect(readPersonAct('pulse', { pulse: 2 }, today)).toHaveProperty('act');
    expect(readPersonAct('pulse', { pulse: 2, note: 'Quiet.' }, today)).toHaveProperty('act');
    expect(readPersonAct('end-override', {}, today)).toHaveProperty('act');
  });
});
