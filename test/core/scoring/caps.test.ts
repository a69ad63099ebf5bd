import { describe, expect, it } from 'vitest';
import { defaultChampion } from '../../../src/core/measures/r4-champion.ts';
import type { CalendarDate } from '../../../src/core/model/calendar-date.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import type { AccountSnapshot } from '../../../src/core/model/snapshot.ts';
import type { Cap, CapConfiguration } from '../../../src/core/scoring/caps.ts';
import { capsOf, defaultCapConfiguration } from '../../../src/core/scoring/caps.ts';
import { account, ago, contact, dayAgo, meeting, openTicket, snapshot, TODAY } from './account-builder.ts';
import { invoice, noUsage, usage } from './signals-builder.ts';

function caps(
  of: AccountSnapshot,
  decisionOn: CalendarDate | null = null,
  held: readonly Cap[] = [],
  more: Partial<CapConfiguration> = {},
) {
  return capsOf(
    { snapshot: of, decisionOn, champion: defaultChampion, configuration: { ...defaultCapConfiguration, ...more } },
    held,
  ).map(({ id, limit, because }) => ({ id, limit, because }));
}

const left = contact('Lee', { roles: ['champion'], status: 'departed', departedAt: ago(20) });

describe('what holds a score down', () => {
  it('is a notice: at most 20', () => {
    expect(caps(snapshot({ account: account({ cancelledOn: dayAgo(1) }) }))).toEqual([
      { id: 'cancellation_notice', limit: 20, because: 'The customer gave notice on 1 March.' },
    ]);
  });

  it('is a champion who left: at most 70, and red when the decision is near', () => {
    const of = snapshot({ contacts: [left], activities: [] });
    expect(caps(of)).toMatchObject([{ limit: 70 }]);
    expect(caps(of, addDays(TODAY, 181))).toMatchObject([{ limit: 70 }]);
    expect(caps(of, addDays(TODAY, 180))).toMatchObject([
      {
        limit: 49,
        because:
          'The champion, Lee, left on 10 February and no other has been met since. The renewal decision is due on 29 August.',
      },
    ]);
  });

  it('is not a champion whose successor was met', () => {
    const contacts = [left, contact('Ana', { roles: ['champion'] })];
    expect(caps(snapshot({ contacts, activities: [meeting('m', 3, ['Ana'])] }))).toEqual([]);
  });

  it('is a product that nobody has used for 30 days, unless its usage has only stopped coming in', () => {
    const unused = (days: number) => snapshot({ usage: usage({ lastActiveAt: ago(days) }) });
    expect(caps(unused(29))).toEqual([]);
    expect(caps(unused(30))).toEqual([
      { id: 'zero_usage', limit: 40, because: 'Nobody has used the product for 30 days.' },
    ]);
    expect(caps(snapshot({ usage: noUsage }))).toEqual([]);
    const stopped = { ...unused(30), sources: { usage: { readAt: ago(10), error: null } } };
    expect(caps(stopped)).toEqual([]);
  });

  it('is an urgent ticket open for more than a week, or one that was escalated today', () => {
    expect(caps(snapshot({ tickets: [openTicket('t', 7)] }))).toEqual([]);
    expect(caps(snapshot({ tickets: [openTicket('t', 8)] }))).toMatchObject([{ id: 'urgent_ticket', limit: 60 }]);
    const escalated = openTicket('t', 0, { priority: 'low', escalated: true });
    expect(caps(snapshot({ tickets: [escalated] }))).toEqual([
      { id: 'escalation', limit: 60, because: 'A ticket is escalated.' },
    ]);
  });

  it('is an overdue invoice: more after 60 days than after 30', () => {
    const limits = [30, 31, 60, 61].map((overdueDays) => caps(snapshot({ account: account({ overdueDays }) })));
    expect(limits.map(([cap]) => cap?.limit)).toEqual([undefined, 60, 60, 45]);
  });

  it('is an invoice that billing shows as open, also when the account does not state it', () => {
    expect(caps(snapshot({ invoices: [invoice('a', 61)] }))).toMatchObject([{ id: 'overdue', limit: 45 }]);
    const paid = snapshot({
      account: account({ overdueDays: 70 }),
      invoices: [invoice('a', 61, { paidOn: dayAgo(2) })],
    });
    expect(caps(paid)).toEqual([]);
  });

  it('is told with the lowest limit first', () => {
    const of = snapshot({ account: account({ overdueDays: 70 }), tickets: [openTicket('t', 9)], contacts: [left] });
    expect(caps(of, TODAY).map(({ id }) => id)).toEqual(['overdue', 'champion_departed', 'urgent_ticket']);
  });
});

describe('a cap whose records cannot be read any more', () => {
  const held: Cap = { id: 'urgent_ticket', limit: 60, because: 'An urgent ticket is open.', toldOn: dayAgo(30) };

  it('holds on until they can be', () => {
    expect(caps(snapshot({ tickets: null }), null, [{ ...held, toldOn: dayAgo(365) }])).toMatchObject([
      { id: 'urgent_ticket', limit: 60 },
    ]);
  });

  it('lets go after so many days where an admin does without its source for good', () => {
    const after = { holdDays: 30 };
    expect(caps(snapshot({ tickets: null }), null, [held], after)).toMatchObject([{ id: 'urgent_ticket' }]);
    expect(caps(snapshot({ tickets: null }), null, [{ ...held, toldOn: dayAgo(31) }], after)).toEqual([]);
  });

  it('is gone at once when the records say so', () => {
    expect(caps(snapshot({ tickets: [] }), null, [held])).toEqual([]);
  });
});
