import type { Churn, RenewalCalls, Term } from '../model/assessment.ts';
import type { Deal, RenewalCall } from '../model/records.ts';

const BY_RISK: Readonly<Record<Churn['riskAlone'], RenewalCall | null>> = {
  high: 'at_risk',
  medium: 'monitor',
  low: 'good',
  unknown: null,
};

/** The calls on the renewal of a term: people's stand on its renewal deal, the system's follows from the risk. */
export function callsOf(deal: Deal | null, { riskAlone }: Pick<Churn, 'riskAlone'>): RenewalCalls {
  const system = BY_RISK[riskAlone];
  const csm = deal?.csmCall ?? null;
  const stated = deal?.finalCall ?? null;
  const final = stated === 'monitor' ? null : stated;
  return { system, csm, final, disagree: isOpposite(final ?? csm, system) };
}

/** No call of anybody: for assessments that were made before calls were read. */
export const NO_CALLS: RenewalCalls = { system: null, csm: null, final: null, disagree: false };

/** The calls on a term, as assessed. */
export function callsIn(
  progress: readonly { readonly termId: Term['id']; readonly calls: RenewalCalls }[] | undefined,
  term: Pick<Term, 'id'>,
): RenewalCalls {
  return progress?.find(({ termId }) => termId === term.id)?.calls ?? NO_CALLS;
}

/** Why a step of the cadence needs no task any more, because its call stands on the deal; null while it does. */
export function recordedCall(step: string, { system, csm, final }: RenewalCalls): string | null {
  if (step === 'R0' && system !== null && csm !== null) return 'Both calls are recorded on the renewal deal.';
  if (step === 'R3' && final !== null) return 'The final call is recorded on the renewal deal.';
  return null;
}

/** `monitor` agrees with either: it says that it is too early to tell. */
function isOpposite(one: RenewalCall | null, other: RenewalCall | null): boolean {
  return (one === 'good' && other === 'at_risk') || (one === 'at_risk' && other === 'good');
}
