import { describe, expect, it } from 'vitest';
import { formerDealOf, settledDeals, type KnownOfDeal } from '../../../src/core/renewals/former-deal.ts';
import { configuration, deal, on, snapshot } from './builders.ts';

const nothingKnown: KnownOfDeal = {
  shown: { outcome: '', category: 'pipeline' },
  settlement: null,
  mayHaveTerm: false,
};
const lost = { category: 'omitted', result: { outcome: 'churned', timing: null } };

describe('a deal that no longer is what was said of it', () => {
  it('has nothing said of it while it is open, whatever it showed', () => {
    const open = deal('open', 'new', '2026-12-31');
    expect(formerDealOf(open, nothingKnown)).toEqual({ isOpen: true, settlement: null });
    const churned = { ...nothingKnown, shown: { outcome: 'churned', category: 'omitted' } };
    expect(formerDealOf(open, churned)).toEqual({ isOpen: true, settlement: null });
  });

  it('keeps that the contract ended while the deal was left open', () => {
    const churned = { shown: { outcome: 'churned', category: 'omitted' }, settlement: null, mayHaveTerm: true };
    const open = deal('open', 'renewal', '2026-12-31', { churnReason: 'merger' });
    expect(formerDealOf(open, churned)).toMatchObject({
      isOpen: false,
      settlement: { ...lost, result: { churn: { type: 'inevitable', reason: 'merger' } } },
    });
    const renewed = { ...churned, shown: { outcome: 'renewed_flat', category: 'closed' } };
    expect(formerDealOf(open, renewed)).toEqual({ isOpen: false, settlement: null });
  });

  it.each([
    ['won', 'closed'],
    ['lost', 'omitted'],
  ] as const)('that was %s keeps its result, and is no forecast any more', (outcome, category) => {
    const decided = deal(outcome, 'renewal', '2026-12-31');
    const settlement = { category, result: null };
    expect(formerDealOf(decided, nothingKnown)).toEqual({ isOpen: false, settlement });
    const expansion = { ...nothingKnown, shown: { outcome: '', category: '' } };
    expect(formerDealOf(decided, expansion)).toEqual({ isOpen: false, settlement: null });
  });

  it('keeps how it was renewed after it was won, however often the date moves on', () => {
    const won = deal('won', 'renewal', '2026-12-31');
    const known = { ...nothingKnown, shown: { outcome: 'renewed_up', category: 'closed' } };
    expect(formerDealOf(won, known).settlement?.result).toBeNull();
  });

  it('is left as it is where its stage cannot be read', () => {
    const unread = deal('open', 'renewal', '2026-12-31', { stage: null });
    expect(formerDealOf(unread, nothingKnown)).toEqual({ isOpen: false, settlement: null });
  });
});

describe('how the renewals of a customer went who has left', () => {
  const today = '2026-11-20';
  const of = (type: 'churned' | 'prospect', ...deals: readonly ReturnType<typeof deal>[]) =>
    settledDeals(snapshot(today, { type, renewalOn: on('2026-12-31') }, { deals }), configuration);

  it('is lost, for the reason on the deal, closed or not', () => {
    for (const outcome of ['open', 'lost'] as const) {
      const renewal = deal(outcome, 'renewal', '2026-12-31', { churnReason: 'price' });
      expect(of('churned', renewal).get(renewal.id)).toEqual({
        category: 'omitted',
        result: { outcome: 'churned', timing: null, churn: { type: 'avoidable', reason: 'price' } },
      });
    }
  });

  it('is open for an account that was no customer after all, until its deal is closed', () => {
    expect(of('prospect', deal('open', 'renewal', '2026-12-31'))).toEqual(new Map());
    expect([...of('prospect', deal('lost', 'renewal', '2026-12-31')).values()]).toMatchObject([lost]);
  });

  it('says nothing of deals that renew no term', () => {
    expect(of('churned', deal('open', 'upsell', '2026-12-31'))).toEqual(new Map());
  });
});
