import type { ChurnType, RiskReason, Term, TermResult } from '../model/assessment.ts';
import { addDays } from '../model/calendar-date.ts';
import { toMajor, type Money } from '../model/money.ts';
import type { Deal } from '../model/records.ts';
import type { RenewalConfiguration } from './configuration.ts';

/** Of which kind a loss for this reason is: whether anything could have been done about it. */
export const CHURN_TYPES: Readonly<Record<RiskReason, ChurnType>> = {
  payment: 'involuntary',
  closure: 'involuntary',
  onboarding: 'avoidable',
  adoption: 'avoidable',
  value: 'avoidable',
  product_gap: 'avoidable',
  support: 'avoidable',
  relationship: 'avoidable',
  price: 'avoidable',
  competitor: 'avoidable',
  strategy_change: 'inevitable',
  budget: 'inevitable',
  merger: 'inevitable',
  bad_fit: 'inevitable',
  unknown: 'unknown',
};

/** How a decided term went; null for an open one. A loss without a coded reason is of type `unknown`. */
export function resultOf(
  term: Term,
  deal: Deal | null,
  configuration: Pick<RenewalConfiguration, 'windowDays' | 'flatWithin'>,
): TermResult | null {
  switch (term.outcome) {
    case 'open':
      return null;
    case 'superseded':
      return { outcome: 'superseded', timing: null, churn: null };
    case 'churned':
      return lossOf(deal);
    case 'renewed': {
      const isSigned = deal?.stage?.outcome === 'won';
      // What renews by itself goes on as it was.
      const outcome = isSigned ? changeOf(term.targetArr, valueOf(deal), configuration.flatWithin) : 'renewed_flat';
      return { outcome, timing: isSigned ? timingOf(term, deal, configuration) : null, churn: null };
    }
    default:
      return term.outcome satisfies never;
  }
}

/** What is said of a renewal that was lost, by the reason that people gave on its deal. */
export function lossOf(deal: Pick<Deal, 'churnReason'> | null): TermResult {
  const reason = deal?.churnReason ?? 'unknown';
  return { outcome: 'churned', timing: null, churn: { type: CHURN_TYPES[reason], reason } };
}

function changeOf(before: Money | null, after: Money | null, flatWithin: number): TermResult['outcome'] {
  if (before === null || after === null || before.currency !== after.currency || before.minor <= 0) return null;
  const change = after.minor / before.minor - 1;
  // 21,000 ÷ 20,000 − 1 is 0.05000000000000004 in binary.
  if (Math.abs(change) <= flatWithin + 1e-9) return 'renewed_flat';
  return change > 0 ? 'renewed_up' : 'renewed_down';
}

/** What the deal is worth in a year; null where it does not say over which time its amount runs. */
function valueOf({ arr, amount, termMonths }: Deal): Money | null {
  if (arr !== null) return arr;
  if (amount === null || termMonths === null || toMajor(amount) <= 0) return null;
  return { minor: Math.round((amount.minor * 12) / termMonths), currency: amount.currency };
}

function timingOf(
  { endOn, decisionOn }: Term,
  { closeOn }: Deal,
  { windowDays }: Pick<RenewalConfiguration, 'windowDays'>,
): TermResult['timing'] {
  if (closeOn === null) return null;
  if (closeOn > endOn) return 'late';
  return closeOn < addDays(decisionOn, -windowDays) ? 'early' : 'on_time';
}
