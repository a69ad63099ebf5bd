import { describe, expect, it } from 'vitest';
import { assessChurn, baseRate, termProbability } from '../../../src/core/churn/churn.ts';
import type { ChurnContext } from '../../../src/core/churn/churn.ts';
import { defaultChurnConfiguration as configuration } from '../../../src/core/churn/configuration.ts';
import { defaultChampion } from '../../../src/core/measures/r4-champion.ts';
import type { Term } from '../../../src/core/model/assessment.ts';
import { addDays } from '../../../src/core/model/calendar-date.ts';
import { toTermId } from '../../../src/core/model/ids.ts';
import { money } from '../../../src/core/model/money.ts';
import { noExchangeRates } from '../../../src/core/model/rates.ts';
import { defaultCapConfiguration } from '../../../src/core/scoring/caps.ts';
import { account, ago, contact, dayAgo, deal, openTicket, snapshot, TODAY } from '../scoring/account-builder.ts';

const mid = configuration.perTerm.mid;
const { champion_departed: champion, urgent_ticket: urgent } = configuration.effects;

describe('the chance that a term is lost', () => {
  it('follows health from the segment’s base rate', () => {
    expect(termProbability(mid, 90, [], configuration)).toBeCloseTo(0.081, 3);
    expect(termProbability(mid, 70, [], configuration)).toBeCloseTo(0.15, 3);
    expect(termProbability(mid, 50, [], configuration)).toBeCloseTo(0.262, 3);
  });

  it('rises when the champion left and an escalation lasts', () => {
    const effects = [{ size: champion }, { size: urgent }];
    expect(termProbability(mid, 40, effects, configuration)).toBeCloseTo(0.649, 3);
  });

  it('never lets named effects move it by more than the limit', () => {
    const many = Array.from({ length: 6 }, () => ({ size: 1 }));
    expect(termProbability(mid, 70, many, configuration)).toBe(termProbability(mid, 70, [{ size: 2 }], configuration));
  });

  it('never claims to be certain', () => {
    expect(termProbability(mid, 0, [{ size: 2 }], configuration)).toBeLessThanOrEqual(0.97);
    expect(termProbability(0.01, 100, [{ size: -2 }], configuration)).toBe(0.02);
  });

  it('learns its base rate from the customer’s own terms, slowly', () => {
    expect(baseRate(mid, { closedTerms: 12, churnedTerms: 3 }, configuration)).toBeCloseTo(0.1694, 4);
    expect(baseRate(mid, { closedTerms: 100, churnedTerms: 20 }, configuration)).toBeCloseTo(0.1833, 4);
  });

  it('makes 4% a month for small customers 39% a year', () => {
    expect(configuration.perTerm.smb).toBeCloseTo(0.3873, 4);
  });
});

function term(more: Partial<Term> = {}): Term {
  const endOn = addDays(TODAY, 60);
  return {
    id: toTermId('term'),
    startOn: addDays(endOn, -365),
    endOn,
    decisionOn: endOn,
    noticeDays: 0,
    noticeAssumed: false,
    type: 'manual',
    targetArr: money(48_000, 'EUR'),
    outcome: 'open',
    renewalDealId: null,
    source: 'test',
    evidence: [],
    ...more,
  };
}

type Shown = Pick<ChurnContext['health'], 'score' | 'trend' | 'delta28d'>;

function churn(more: Partial<Omit<ChurnContext, 'health'>> & { term?: Term | null; health?: Shown } = {}) {
  const { term: next = term(), health, ...rest } = more;
  const renewal = { terms: next === null ? [] : [next], next, status: null, gaps: [] };
  return assessChurn(
    {
      snapshot: snapshot(),
      health: { score: 70, trend: 'stable', delta28d: null, ...health, drivers: [] },
      trendDays: 28,
      renewal,
      segment: 'mid',
      champion: defaultChampion,
      caps: defaultCapConfiguration,
      rates: noExchangeRates,
      ...rest,
    },
    configuration,
  ).churn;
}

describe('churn within 90 days', () => {
  it('is the chance at the decision when that falls into the 90 days', () => {
    expect(churn()).toMatchObject({
      probability90d: 0.15,
      risk: 'low',
      status: 'cold_start',
      arrAtRisk: { minor: 720_000, currency: 'EUR' },
    });
  });

  it('is the small chance of an early end while the decision is far', () => {
    const far = term({ decisionOn: addDays(TODAY, 91), endOn: addDays(TODAY, 91) });
    const assessed = churn({ term: far, health: { score: 20, trend: 'stable', delta28d: null } });
    expect(assessed.probability90d).toBeCloseTo(0.003, 4);
    expect(assessed.risk).toBe('high');
    expect(assessed.arrAtRisk).toEqual({ minor: 2_418_478, currency: 'EUR' });
  });

  it('counts a decision that is overdue', () => {
    expect(churn({ term: term({ decisionOn: dayAgo(10) }) }).probability90d).toBe(0.15);
  });

  it('spreads over the year when no date is known', () => {
    expect(churn({ term: null }).probability90d).toBeCloseTo(1 - 0.85 ** (90 / 365), 4);
  });

  it('is three months’ chance for a monthly contract', () => {
    const monthly = churn({ term: term({ type: 'monthly' }), segment: 'smb' });
    expect(monthly.probability90d).toBeCloseTo(1 - 0.96 ** 3, 4);
  });

  it('is nearly certain after a notice, whatever the health', () => {
    const noticed = snapshot({ account: account({ cancelledOn: dayAgo(3) }) });
    expect(churn({ snapshot: noticed, health: { score: null, trend: 'stable', delta28d: null } })).toMatchObject({
      probability90d: 0.97,
      risk: 'high',
      because: ['Raises the risk: the customer gave notice on 27 February.'],
    });
  });

  it('forgets a notice from before the contract that runs now', () => {
    const signedAgain = snapshot({ account: account({ cancelledOn: dayAgo(300), contractStartOn: dayAgo(100) }) });
    expect(churn({ snapshot: signedAgain }).probability90d).toBe(0.15);
  });

  it('is not guessed without a health score', () => {
    expect(churn({ health: { score: null, trend: 'stable', delta28d: null } })).toMatchObject({
      probability90d: null,
      risk: 'unknown',
      arrAtRisk: null,
    });
  });

  it('puts no revenue at risk that is not known', () => {
    const unknown = snapshot({ account: account({ arr: null }) });
    expect(churn({ snapshot: unknown, term: term({ targetArr: null }) }).arrAtRisk).toBeNull();
  });
});

describe('churn within other spans', () => {
  const within = (assessed: ReturnType<typeof churn>) =>
    Object.fromEntries((assessed.horizons ?? []).map(({ days, probability }) => [days, probability]));

  it('is the chance at the decision from the span on that reaches it, and that of an early end before', () => {
    expect(within(churn())).toEqual({ 30: 0.001, 60: 0.15, 90: 0.15, 180: 0.15 });
  });

  it('grows month by month for a monthly contract', () => {
    const monthly = within(churn({ term: term({ type: 'monthly' }), segment: 'smb' }));
    expect(monthly).toEqual({ 30: 0.04, 60: 0.0784, 90: 0.1153, 180: 0.2172 });
  });

  it('is as near to certain after a notice, however short the span', () => {
    const noticed = snapshot({ account: account({ cancelledOn: dayAgo(3) }) });
    expect(within(churn({ snapshot: noticed }))).toEqual({ 30: 0.97, 60: 0.97, 90: 0.97, 180: 0.97 });
  });

  it('agrees with the 90 days that are written to the CRM', () => {
    const assessed = churn({ term: null });
    expect(within(assessed)[90]).toBe(assessed.probability90d);
  });
});

describe('the time to a loss', () => {
  it('is the time to the decision, a little less where the contract may end before it', () => {
    expect(churn({ term: term({ decisionOn: addDays(TODAY, 360) }) }).monthsToLoss).toBe(11.6);
    expect(churn({ term: term({ decisionOn: dayAgo(10) }) }).monthsToLoss).toBe(0);
  });

  it('is told by the monthly chance for a monthly contract, and not at all without a date', () => {
    expect(churn({ term: term({ type: 'monthly' }), segment: 'smb' }).monthsToLoss).toBe(25);
    expect(churn({ term: null }).monthsToLoss).toBeNull();
  });
});

describe('what moves the risk', () => {
  it('is told strongest first, each with its direction', () => {
    const of = snapshot({
      account: account({ overdueDays: 45 }),
      contacts: [
        contact('Lee', { roles: ['champion'], status: 'departed', departedAt: ago(20) }),
        contact('Max', { roles: ['exec_sponsor'], status: 'departed', departedAt: ago(30) }),
      ],
      activities: [],
      deals: [
        deal('Fewer seats', 'open', { kind: 'downsell' }),
        deal('Add-on', 'won', { kind: 'cross_sell', closeOn: dayAgo(100) }),
        deal('Renewal', 'open', { id: 'renewal', kind: 'renewal', upliftPercent: 9 }),
      ],
      tickets: [openTicket('t', 20)],
    });
    const first = term({ type: 'auto_renew', renewalDealId: 'renewal', startOn: dayAgo(725) });
    const { because } = churn({
      snapshot: of,
      term: first,
      health: { score: 60, trend: 'sharp_decline', delta28d: -18.2 },
    });
    expect(because).toEqual([
      'Raises the risk: the executive sponsor, Max, left on 31 January.',
      'Raises the risk: the champion, Lee, left on 10 February and no other has been met since.',
      'Raises the risk: a downgrade is being negotiated (Fewer seats).',
      'Lowers the risk: the contract renews automatically.',
      'Raises the risk: an invoice is 45 days overdue.',
      'Lowers the risk: the customer expanded on 22 November 2025.',
      'Raises the risk: health fell by 18.2 points in 28 days.',
      'Raises the risk: 1 urgent ticket is open, for 20 days now.',
      'Raises the risk: this is the first renewal.',
      'Raises the risk: the renewal raises the price by 9%.',
    ]);
    const fell = churn({ health: { score: 60, trend: 'sharp_decline', delta28d: -18.2 }, trendDays: 21 });
    expect(fell.because).toContain('Raises the risk: health fell by 18.2 points in 21 days.');
  });

  it('is a competitor or a budget cut where the CRM tells of one, and gives the loss its reason', () => {
    const of = snapshot({ account: account({ competitor: ' Rival Suite ', budgetAtRisk: true }) });
    const assessed = churn({ snapshot: of, health: { score: 60, trend: 'stable', delta28d: null } });
    expect(assessed).toMatchObject({
      reason: 'competitor',
      because: [
        'Raises the risk: the customer is talking to a competitor (Rival Suite).',
        'Raises the risk: their budget is being cut, or they are being merged.',
      ],
    });
    expect(assessed.atDecision).toBeCloseTo(0.4789, 4);
    expect(churn({ snapshot: snapshot({ account: account({ budgetAtRisk: false }) }) }).because).toEqual([]);
  });

  it('is not an old departure of a sponsor who has a successor', () => {
    const contacts = [
      contact('Max', { roles: ['exec_sponsor'], status: 'departed', departedAt: ago(300) }),
      contact('Old', { roles: ['exec_sponsor'], status: 'departed' }),
      contact('New', { roles: ['exec_sponsor'] }),
    ];
    expect(churn({ snapshot: snapshot({ contacts, activities: [] }) }).because).toEqual([]);
  });
});
