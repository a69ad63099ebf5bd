import { describe, expect, it } from 'vitest';
import { addDays, calendarDate } from '../../../src/core/model/calendar-date.ts';
import { readPersonAct } from '../../../src/core/people/acts.ts';
import { defaultHealthConfiguration } from '../../../src/core/scoring/configuration.ts';

const today = calendarDate('2026-06-01');
const sinceOn = addDays(today, -80);
const standing = { band: 'red', reason: 'price: They want a tenth off', sinceOn };
const rules = { ...defaultHealthConfiguration.override, today, standing };
const set = { band: 'red', reason: 'price', note: 'They want a tenth off', until: addDays(today, 30) };

describe('a band that a person sets once more', () => {
  it('with the same reason and note may stand for 90 days from when it was said first', () => {
    expect(readPersonAct('override', { ...set, until: addDays(sinceOn, 90) }, rules)).toHaveProperty('act');
    expect(readPersonAct('override', set, rules)).toEqual({
      problems: [
        "'until' is later than 2026-06-11, 90 days from 2026-03-13, when this was said first. Write a new note.",
      ],
    });
  });

  it.each([{ note: 'They want a fifth off' }, { reason: 'value' }, { band: 'yellow' }])(
    'is a new judgement with another band, reason or note: %j',
    (more) => {
      const until = addDays(today, 90);
      expect(readPersonAct('override', { ...set, ...more, until }, rules)).toHaveProperty('act');
    },
  );
});
