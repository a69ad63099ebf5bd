import { describe, expect, it } from 'vitest';
import { defaultConfiguration } from '../../../src/core/configuration.ts';
import type { MeasureContext, Reading } from '../../../src/core/measures/measure.ts';
import { defaultMeasureConfiguration, measuresOf } from '../../../src/core/measures/index.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import {
  account,
  activity,
  ago,
  contact,
  dayAgo,
  deal,
  meeting,
  openTicket,
  snapshot,
  ticket,
} from '../scoring/account-builder.ts';

const measures = measuresOf(defaultMeasureConfiguration);

/** No renewal in sight, and not being brought on board. */
const nothing: MeasureContext = {
  term: null,
  decisionOn: null,
  isTermLost: false,
  isOnboarding: false,
  usageWindows: defaultConfiguration.usage.windows,
};

function read(id: string, of: AccountSnapshot, context: Partial<MeasureContext> = {}): Reading {
  const measure = measures.find((one) => one.id === id);
  if (measure === undefined) throw new Error(`there is no measure ${id}`);
  return measure.read(of, { ...nothing, ...context });
}

const champion = contact('Ana', { roles: ['champion'] });
const sponsor = contact('Bo', { roles: ['exec_sponsor'] });

describe('every measure', () => {
  it('says that it cannot read, rather than anything good, when only the account is known', () => {
    for (const measure of measures) expect(['missing', 'na']).toContain(measure.read(snapshot(), nothing).state);
  });

  it('has weights that add up to at most one within its dimension', () => {
    const sums = new Map<string, number>();
    for (const { dimension, weight } of measures) sums.set(dimension, (sums.get(dimension) ?? 0) + weight);
    for (const sum of sums.values()) expect(sum).toBeLessThanOrEqual(1 + 1e-9);
  });

  it('has an id of its own', () => {
    expect(new Set(measures.map(({ id }) => id)).size).toBe(measures.length);
  });
});

describe('the last two-way contact', () => {
  it('counts days since the newest reply, meeting or inbound call', () => {
    const of = snapshot({ contacts: [], activities: [meeting('m', 121), activity('e', 200)] });
    expect(read('R1', of)).toMatchObject({
      state: 'ok',
      value: 121,
      because: 'No two-way contact for 121 days; the last was a meeting on 1 November 2025.',
      evidence: [{ kind: 'activity', id: 'm' }],
    });
  });

  it('does not count our own e-mails, notes, missed calls, or meetings that may not have taken place', () => {
    const activities = [
      activity('ours', 2, { direction: 'outbound' }),
      activity('note', 3, { kind: 'note', direction: null }),
      activity('missed', 4, { kind: 'call', happened: false }),
      activity('planned', 5, { kind: 'meeting', direction: null, happened: null }),
      activity('reply', 40),
    ];
    expect(read('R1', snapshot({ contacts: [], activities }))).toMatchObject({ value: 40 });
  });

  it('does not count a meeting that is still to come', () => {
    const of = snapshot({ contacts: [], activities: [meeting('next week', -7), meeting('last week', 7)] });
    expect(read('R1', of)).toMatchObject({ value: 7, score: 100 });
  });

  it('takes the CRM’s own roll-up on a contact when it is newer', () => {
    const contacts = [contact('Ana', { lastTwoWayAt: ago(3) })];
    expect(read('R1', snapshot({ contacts, activities: [meeting('m', 50)] }))).toMatchObject({ value: 3 });
    expect(read('R1', snapshot({ contacts }))).toMatchObject({ value: 3 });
  });

  it('takes long silence to our e-mails as bad, but never short silence as good', () => {
    const ours = (days: number) => [activity('ours', days, { direction: 'outbound' })];
    expect(read('R1', snapshot({ contacts: [], activities: ours(160) }))).toMatchObject({ state: 'ok', score: 0 });
    expect(read('R1', snapshot({ contacts: [], activities: ours(3) })).state).toBe('missing');
  });

  it('counts days on the calendar where the customer is', () => {
    const lateEvening = activity('e', 0, { at: '2026-03-01T23:30:00.000Z' });
    expect(read('R1', snapshot({ contacts: [], activities: [lateEvening] }))).toMatchObject({
      value: 0,
      because: 'The last two-way contact was a reply today.',
    });
  });
});

describe('contact with executives', () => {
  it('counts only people who hold the role and are still there', () => {
    const gone = contact('Gone', { roles: ['exec_sponsor'], status: 'departed' });
    const activities = [meeting('m1', 1, ['Gone']), meeting('m2', 70, ['Bo'])];
    expect(read('R2', snapshot({ contacts: [sponsor, gone], activities }))).toMatchObject({
      value: 70,
      because: 'The last executive contact was with Bo on 22 December 2025, 70 days ago.',
    });
  });

  it('is missing when no executive is named', () => {
    expect(read('R2', snapshot({ contacts: [champion], activities: [] }))).toMatchObject({
      state: 'missing',
      because: 'No executive sponsor or economic buyer is named among the contacts.',
    });
  });

  it('takes an executive nobody ever met as bad once that has lasted', () => {
    const activities = [meeting('m', 300, ['Ana'])];
    expect(read('R2', snapshot({ contacts: [sponsor], activities }))).toMatchObject({ state: 'ok', score: 0 });
    const fresh = contact('Bo', { roles: ['exec_sponsor'], createdAt: ago(5) });
    expect(read('R2', snapshot({ contacts: [fresh], activities })).state).toBe('missing');
  });
});

describe('people in contact', () => {
  it('counts each person once, within 90 days, and not those who left', () => {
    const contacts = [contact('Ana'), contact('Bo'), contact('Cy', { status: 'departed' }), contact('Di')];
    const activities = [meeting('m1', 5, ['Ana', 'Bo', 'Cy']), meeting('m2', 9, ['Ana']), meeting('m3', 91, ['Di'])];
    expect(read('R3', snapshot({ contacts, activities }))).toMatchObject({
      value: 2,
      because: '2 people were in two-way contact in the last 90 days.',
      evidence: [
        { kind: 'contact', id: 'Ana' },
        { kind: 'contact', id: 'Bo' },
      ],
    });
  });

  it('speaks of one person in the singular', () => {
    const of = snapshot({ contacts: [contact('Ana')], activities: [meeting('m', 5, ['Ana'])] });
    expect(read('R3', of)).toMatchObject({ because: '1 person was in two-way contact in the last 90 days.' });
  });
});

describe('the champion', () => {
  const left = contact('Lee', { roles: ['champion'], status: 'departed', departedAt: ago(20) });

  it('is active while in touch and quiet after 60 days', () => {
    const met = (days: number) => snapshot({ contacts: [champion], activities: [meeting('m', days, ['Ana'])] });
    expect(read('R4', met(60))).toMatchObject({ score: 100 });
    expect(read('R4', met(61))).toMatchObject({
      score: 40,
      because: 'The champion, Ana, has been quiet for 61 days.',
    });
  });

  it('counts as departed when nobody took over', () => {
    expect(read('R4', snapshot({ contacts: [left], activities: [] }))).toMatchObject({
      score: 0,
      because: 'The champion, Lee, left on 10 February and no other has been met since.',
    });
  });

  it('counts as replaced when another champion is in touch', () => {
    const of = snapshot({ contacts: [left, champion], activities: [meeting('m', 10, ['Ana'])] });
    expect(read('R4', of)).toMatchObject({ score: 60 });
  });

  it('counts as departed when another champion is named but was never met', () => {
    expect(read('R4', snapshot({ contacts: [left, champion], activities: [] }))).toMatchObject({ score: 0 });
  });

  it('is a matter of the past when another one has been there for long', () => {
    const longGone = { ...left, departedAt: ago(300) };
    const of = snapshot({ contacts: [longGone, champion], activities: [meeting('m', 10, ['Ana'])] });
    expect(read('R4', of)).toMatchObject({ score: 100 });
  });

  it('is missing when none is named', () => {
    expect(read('R4', snapshot({ contacts: [sponsor], activities: [] })).state).toBe('missing');
  });
});

describe('ticket volume', () => {
  it('compares the last month with the account’s own habit', () => {
    const habit = Array.from({ length: 15 }, (_, i) => ticket(`h${i}`, { openedAt: ago(40 + i * 9) }));
    const recent = Array.from({ length: 9 }, (_, i) => ticket(`r${i}`, { openedAt: ago(1 + i) }));
    expect(read('S1', snapshot({ tickets: [...habit, ...recent] }))).toMatchObject({
      value: 2.25,
      because: '9 tickets in the last 30 days; about 4 would be usual.',
    });
  });

  it('never calls one or two tickets many', () => {
    expect(read('S1', snapshot({ tickets: [openTicket('t', 2)] }))).toMatchObject({
      value: 0.5,
      score: 90,
      because: '1 ticket in the last 30 days; up to 2 are nothing unusual.',
    });
    const quiet = snapshot({ tickets: [ticket('t', { openedAt: ago(60), closedAt: ago(58), isOpen: false })] });
    expect(read('S1', quiet)).toMatchObject({
      because: 'No ticket was opened in the last 30 days; up to 2 are nothing unusual.',
    });
  });

  it('is middling when nobody asks anything', () => {
    expect(read('S1', snapshot({ tickets: [] }))).toMatchObject({ state: 'ok', score: 75 });
  });
});

describe('urgent tickets', () => {
  it('counts the open ones that are urgent or escalated', () => {
    const tickets = [
      openTicket('a', 12),
      openTicket('b', 3, { priority: 'low', escalated: true }),
      openTicket('c', 50, { priority: 'high' }),
      ticket('d', { priority: 'urgent' }),
    ];
    expect(read('S2', snapshot({ tickets }))).toMatchObject({
      value: 2,
      score: 50,
      because: '2 urgent tickets are open, the oldest for 12 days now.',
    });
  });

  it('takes a ticket without status and closing date as open', () => {
    const unknown = openTicket('t', 1, { isOpen: null });
    expect(read('S2', snapshot({ tickets: [unknown] }))).toMatchObject({
      value: 1,
      because: '1 urgent ticket is open, for 1 day now.',
    });
  });

  it('gives no credit to an account that never had a ticket', () => {
    expect(read('S2', snapshot({ tickets: [] })).state).toBe('missing');
  });
});

describe('time to resolve', () => {
  it('is the median against the target of each priority', () => {
    const closed = (id: string, hours: number, priority: 'urgent' | 'medium') =>
      ticket(id, {
        priority,
        openedAt: ago(20),
        closedAt: new Date(Date.parse(ago(20)) + hours * 3_600_000).toISOString(),
      });
    // Half of 24 hours, the whole of 120, and three times 24.
    const tickets = [closed('a', 12, 'urgent'), closed('b', 120, 'medium'), closed('c', 72, 'urgent')];
    expect(read('S3', snapshot({ tickets }))).toMatchObject({
      value: 1,
      score: 75,
      because: '3 tickets were closed in the last 90 days; the typical one was solved within the target time.',
    });
    expect(read('S3', snapshot({ tickets: [closed('c', 72, 'urgent')] }))).toMatchObject({
      because: '1 ticket was closed in the last 90 days; it took 3 times the target time.',
    });
  });

  it('leaves out tickets that were closed before they were opened', () => {
    const wrong = ticket('t', { openedAt: ago(10), closedAt: ago(11) });
    expect(read('S3', snapshot({ tickets: [wrong] })).state).toBe('missing');
  });
});

describe('ticket satisfaction', () => {
  it('draws few ratings to the mean of the whole book', () => {
    const tickets = [ticket('t', { openedAt: ago(9), closedAt: ago(8), csat: 1 })];
    const book = { ...snapshot().book, meanCsat: 4.5 };
    expect(read('S4', snapshot({ tickets, book }))).toMatchObject({ value: (1 + 5 * 4.5) / 6 });
  });

  it('is an error when a rating is off the scale', () => {
    const tickets = [ticket('t', { openedAt: ago(9), closedAt: ago(8), csat: 10 })];
    expect(read('S4', snapshot({ tickets }))).toMatchObject({
      state: 'error',
      because: 'Ticket t is rated 10; ratings go from 1 to 5.',
    });
  });
});

describe('overdue invoices', () => {
  it('fall on the score by the days that the account states', () => {
    expect(read('C1', snapshot({ account: account({ overdueDays: 45 }) }))).toMatchObject({
      score: 25,
      because: 'An invoice is 45 days overdue.',
    });
    expect(read('C1', snapshot({ account: account({ overdueDays: 0 }) }))).toMatchObject({ score: 100 });
  });
});

describe('commercial change', () => {
  it('is what the last won upsell, cross-sell or downsell of a year did', () => {
    const expanded = deal('More seats', 'won', { kind: 'upsell', closeOn: dayAgo(40) });
    const reduced = deal('Fewer seats', 'won', { kind: 'downsell', closeOn: dayAgo(200) });
    expect(read('C2', snapshot({ deals: [expanded, reduced] }))).toMatchObject({
      score: 100,
      because: 'The customer expanded on 21 January (More seats).',
    });
    expect(read('C2', snapshot({ deals: [reduced] }))).toMatchObject({ score: 30 });
  });

  it('is flat when nothing but renewals was signed', () => {
    expect(read('C2', snapshot({ deals: [deal('r', 'won', { kind: 'renewal', closeOn: dayAgo(3) })] }))).toMatchObject({
      score: 75,
      because: 'Nothing was added or reduced in the last 12 months.',
    });
  });

  it('is missing without a single deal', () => {
    expect(read('C2', snapshot({ deals: [] })).state).toBe('missing');
  });
});

describe('the CSM pulse', () => {
  const pulse = (value: number, days: number | null) =>
    snapshot({ account: account({ csmPulse: value, csmPulseAt: days === null ? null : ago(days) }) });

  it('counts what a person entered, and is stale after 90 days', () => {
    expect(read('N2', pulse(4, 20))).toMatchObject({ state: 'ok', score: 80 });
    expect(read('N2', pulse(4, 95))).toMatchObject({ state: 'stale', score: 80, at: ago(95) });
  });

  it('ages from when it was first seen if the CRM does not date it', () => {
    const first = pulse(4, null);
    const history = {
      lastOn: dayAgo(1),
      ewma: 70,
      band: 'yellow' as const,
      bandSinceOn: dayAgo(100),
      daysWorse: 0,
      daysBetter: 0,
      days: [],
      lastGood: { N2: { value: 4, score: 80, at: ago(95) } },
    };
    expect(read('N2', { ...first, history }).state).toBe('stale');
    expect(read('N2', { ...pulse(2, null), history }).state).toBe('ok');
  });

  it('is an error off its scale', () => {
    expect(read('N2', pulse(9, 1)).state).toBe('error');
  });
});

describe('seat use', () => {
  it('needs both numbers and at least one paid seat', () => {
    expect(read('U1', snapshot({ account: account({ seatsPaid: 0, seatsUsed: 3 }) })).state).toBe('missing');
    expect(read('U1', snapshot({ account: account({ seatsPaid: 50, seatsUsed: 40 }) }))).toMatchObject({
      value: 0.8,
      score: 75,
      because: '40 of 50 paid seats are used (80%).',
    });
  });
});
