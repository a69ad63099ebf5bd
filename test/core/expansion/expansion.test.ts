import { describe, expect, it } from 'vitest';
import { defaultExpansionConfiguration as configuration } from '../../../src/core/expansion/configuration.ts';
import type { ExpansionContext } from '../../../src/core/expansion/expansion.ts';
import { assessExpansion, expansionProbability } from '../../../src/core/expansion/expansion.ts';
import type { Account } from '../../../src/core/model/records.ts';
import type { AccountHistory, AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import {
  account,
  ago,
  contact,
  dayAgo,
  deal,
  meeting,
  openTicket,
  snapshot,
  TODAY,
} from '../scoring/account-builder.ts';

const renewal = { terms: [], next: null, status: null, gaps: [] };

function expansion(of: AccountSnapshot, more: Partial<ExpansionContext> = {}) {
  return assessExpansion(
    { snapshot: of, health: { score: 85, profile: 'steady' }, renewal, churn: { probability90d: 0.1 }, ...more },
    configuration,
  );
}

const seats = (used: number, paid: number, more: Partial<Account> = {}) =>
  snapshot({ account: account({ seatsUsed: used, seatsPaid: paid, ...more }) });

function remembered(held: Partial<NonNullable<AccountHistory['held']>>): AccountHistory {
  return {
    lastOn: dayAgo(1),
    ewma: 85,
    band: 'green',
    bandSinceOn: dayAgo(50),
    daysWorse: 0,
    daysBetter: 0,
    days: [],
    lastGood: {},
    held: {
      seen: [],
      profile: 'steady',
      decisionOn: null,
      caps: [],
      override: null,
      signals: [],
      seatsHighSinceOn: null,
      ...held,
    },
  };
}

describe('the chance of an expansion', () => {
  it('grows with the score', () => {
    const chance = (score: number) => Math.round(expansionProbability(score, configuration) * 1000) / 1000;
    expect([10, 30, 50, 70].map(chance)).toEqual([0.031, 0.08, 0.191, 0.391]);
  });
});

describe('signs of room to grow', () => {
  it('are seats that run out', () => {
    expect(expansion(seats(97, 100)).expansion.signals).toMatchObject([
      { id: 'E1', points: 25, because: '97 of 100 paid seats are used (97%).' },
    ]);
    expect(expansion(seats(104, 100)).expansion.score).toBe(30);
    expect(expansion(seats(79, 100)).expansion.score).toBe(0);
  });

  it('are seats at 80% only once that has lasted for two weeks', () => {
    const first = expansion(seats(85, 100));
    expect(first.expansion.score).toBe(0);
    expect(first.held.seatsHighSinceOn).toBe(TODAY);
    const lasting = { ...seats(85, 100), history: remembered({ seatsHighSinceOn: dayAgo(14) }) };
    expect(expansion(lasting).expansion.score).toBe(15);
  });

  it('are a recent word with an executive and a new champion', () => {
    const of = snapshot({
      contacts: [
        contact('Bo', { roles: ['economic_buyer'] }),
        contact('Ana', { roles: ['champion'], createdAt: ago(5) }),
      ],
      activities: [meeting('m', 30, ['Bo'])],
    });
    expect(expansion(of).expansion.signals).toMatchObject([
      { id: 'E7-champion', points: 5, because: 'Ana became a champion 5 days ago.' },
      { id: 'E7-executive', points: 5, because: 'Two-way contact with Bo on 31 January.' },
    ]);
  });

  it('fade over 45 days once they are gone', () => {
    const signal = { id: 'E1', points: 30, because: 'Full.', trueOn: dayAgo(15) };
    const faded = expansion({ ...seats(50, 100), history: remembered({ signals: [signal] }) });
    expect(faded.expansion.signals).toMatchObject([{ points: 20, because: 'Last true on 15 February: Full.' }]);
    const gone = { ...signal, trueOn: dayAgo(45) };
    expect(expansion({ ...seats(50, 100), history: remembered({ signals: [gone] }) }).held.signals).toEqual([]);
  });
});

describe('what stands in the way of asking', () => {
  const full = seats(104, 100);

  it('is nothing for a healthy customer whose seats ran out', () => {
    expect(expansion(full).expansion).toMatchObject({ band: 'warm', blocker: null });
  });

  it('is health, with room for a yellow customer whose seats ran out', () => {
    const health = (score: number | null) => ({ health: { score, profile: 'steady' } });
    expect(expansion(full, health(60)).expansion.blocker).toBeNull();
    expect(expansion(full, health(49)).expansion).toMatchObject({
      band: 'blocked',
      blocker: 'Health is 49; expansion waits for 50.',
    });
    expect(expansion(seats(97, 100), health(60)).expansion.blocker).toBe('Health is 60; expansion waits for 75.');
    expect(expansion(full, health(null)).expansion.blocker).toMatch(/Too little is known/);
  });

  it('is an urgent ticket, an overdue invoice, onboarding, or an ask that is open or was just declined', () => {
    expect(expansion({ ...full, tickets: [openTicket('t', 2)] }).expansion.blocker).toBe(
      '1 urgent ticket is open, for 2 days now.',
    );
    expect(expansion(seats(104, 100, { overdueDays: 16 })).expansion.blocker).toBe('An invoice is 16 days overdue.');
    expect(expansion(full, { health: { score: 85, profile: 'onboarding' } }).expansion.blocker).toBe(
      'Onboarding is not done.',
    );
    expect(expansion({ ...full, deals: [deal('Seats', 'open', { kind: 'upsell' })] }).expansion.blocker).toBe(
      'An expansion deal is open already (Seats).',
    );
    const lost = deal('Seats', 'lost', { kind: 'upsell', closeOn: dayAgo(90) });
    expect(expansion({ ...full, deals: [lost] }).expansion.blocker).toBe(
      'An expansion was declined on 2 December 2025.',
    );
  });

  it('is not named when there is nothing to ask for', () => {
    expect(expansion(seats(10, 100), { health: { score: 20, profile: 'steady' } }).expansion).toMatchObject({
      band: 'cold',
      blocker: null,
    });
  });
});

describe('the expected value', () => {
  it('is the chance times the price of the missing seats, if the account stays', () => {
    // 97 used seats want 122 paid ones; 22 more at EUR 480 are EUR 10,560, at 6.3% and 90% to stay.
    expect(expansion(seats(97, 100)).expansion.expectedValue).toEqual({
      minor: Math.round(expansionProbability(25, configuration) * 1_056_000 * 0.9),
      currency: 'EUR',
    });
  });

  it('is not guessed without a price per seat or a churn probability', () => {
    expect(expansion(seats(97, 100, { arr: null })).expansion.expectedValue).toBeNull();
    expect(expansion(seats(97, 100), { churn: { probability90d: null } }).expansion.expectedValue).toBeNull();
  });
});
