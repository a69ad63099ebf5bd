import { describe, expect, it } from 'vitest';
import { toAccountId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';
import type { TaskWish } from '../../../src/core/plan/step.ts';
import { digestsOf } from '../../../src/core/plays/digest.ts';
import { context, PlanningOffice } from '../plan/planning-office.ts';
import { on, snapshot } from '../renewals/builders.ts';

const today = on('2026-11-20');
const book = Array.from({ length: 3 }, (_, index) =>
  snapshot(today, {
    id: toAccountId(String(index)),
    name: `Account ${index}`,
    arr: money(10_000 * (index + 1), 'EUR'),
    renewalOn: on('2027-03-31'),
  }),
);
const heldBack = new PlanningOffice().plan(book, { newPerDay: 0, open: 0 }).heldBack;
const digests = (of: readonly TaskWish[], day = today, office = context) =>
  digestsOf({ heldBack: of, today: day, timeZone: 'Europe/Berlin', context: office });

describe('the list of what waits', () => {
  it('is one task for each owner, due on the next working day, the most worth first', () => {
    const all = digests(heldBack);
    expect(all.map(({ ownerId, subject }) => [ownerId, subject])).toEqual([
      ['csm', '6 more tasks are waiting for you (list of 20 November 2026)'],
    ]);
    expect(all[0]).toMatchObject({ dueOn: today, accountId: '2', isExempt: true });
    const lines = all[0]?.body.split('\n').filter((line) => line.startsWith('- ')) ?? [];
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe(
      '- EUR 30,000: Account 2: Check the renewal for risk – ends 31 March 2027 (R0), due on 1 December 2026',
    );
    expect(digests(heldBack, on('2026-11-21'))[0]?.dueOn).toBe('2026-11-23');
  });

  it('has another key each day and for each owner, and the same one all day long', () => {
    const key = (of: readonly TaskWish[], day = today) => digests(of, day)[0]?.key;
    expect(key(heldBack)).toBe(key(heldBack.slice(1)));
    expect(key(heldBack)).not.toBe(key(heldBack, on('2026-11-21')));
    expect(key(heldBack)).not.toBe(key(heldBack.map((wish) => ({ ...wish, ownerId: 'owner' }))));
  });

  it('counts what does not fit, and leaves out tasks that are nobody’s', () => {
    const many = Array.from({ length: 60 }, () => heldBack)
      .flat()
      .slice(0, 60);
    expect(digests(many)[0]?.body).toContain('and 20 more');
    const { renewals, rates } = context.configuration;
    const short = {
      ...context,
      configuration: { rates, renewals: { ...renewals, load: { ...renewals.load, listed: 5 } } },
    };
    expect(digests(many, today, short)[0]?.body).toContain('and 55 more');
    expect(digests(heldBack.map((wish) => ({ ...wish, ownerId: null })))).toEqual([]);
    expect(digests([])).toEqual([]);
  });
});
