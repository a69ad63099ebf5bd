import { describe, expect, it } from 'vitest';
import { answerAbout } from '../../../manifest/hubspot/test/a-company.ts';
import { longestNote } from '../../../manifest/hubspot/src/app/cards/limits.ts';
import { readPersonAct } from '../../../src/core/people/acts.ts';
import { defaultHealthConfiguration } from '../../../src/core/scoring/configuration.ts';
import { parseCalendarDate, addDays, type CalendarDate } from '../../../src/core/model/calendar-date.ts';
import { cardView } from '../../../src/server/card-view.ts';

const today = parseCalendarDate('2026-03-02') as CalendarDate;
const rules = { ...defaultHealthConfiguration.override, today, standing: null };

describe('the cards and the server', () => {
  it('mean the same answer: what the cards are tested with is one that the server may give', () => {
    expect(cardView.safeParse(answerAbout()).error?.issues).toBeUndefined();
    const own = { score: 78.2, band: 'green' };
    expect(cardView.safeParse(answerAbout({ own })).error?.issues).toBeUndefined();
    const override = { band: 'red', reason: 'Other: bought', until: '2026-04-01', by: 'kim@acme.example' };
    expect(cardView.safeParse(answerAbout({ override, pulse: 2 })).error?.issues).toBeUndefined();
  });

  it('draw the same line: the longest note that a card lets through is taken, one more character is not', () => {
    const set = (characters: number): object => {
      const until = addDays(today, rules.longestDays);
      return readPersonAct('override', { band: 'red', reason: 'other', note: 'x'.repeat(characters), until }, rules);
    };
    expect(set(longestNote)).toHaveProperty('act');
    expect(set(longestNote + 1)).toHaveProperty('problems');
  });

  it('take a pulse with a note and without', () => {
    expect(readPersonAct('pulse', { pulse: 2 }, rules)).toHaveProperty('act');
    expect(readPersonAct('pulse', { pulse: 2, note: 'Quiet.' }, rules)).toHaveProperty('act');
    expect(readPersonAct('end-override', {}, rules)).toHaveProperty('act');
  });
});
