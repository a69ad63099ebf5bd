import type { Deal } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';
import type { StatedTerm } from './stated-term.ts';

type Reference = Pick<Deal, 'priorContractId'>;

/** Whether it says that the contract of this term came before it. */
export function names({ priorContractId }: Reference, { contractId, evidence }: StatedTerm): boolean {
  if (priorContractId === null) return false;
  return (
    priorContractId === contractId || evidence.some(({ kind, id }) => kind === 'contract' && id === priorContractId)
  );
}

/** Whether it names one of these. A reference that does not, as a contract's number in a field of text, tells nothing. */
export function namesAny({ priorContractId }: Reference, known: ReadonlySet<string>): boolean {
  return priorContractId !== null && known.has(priorContractId);
}

/**
 * The contracts that a reference can tell from each other: those of the terms, and others of their kind. Where lines of a
 * contract state the terms, the contract's own id does not tell which of them is meant.
 */
export function knownContracts(terms: readonly StatedTerm[], { contracts }: AccountSnapshot): ReadonlySet<string> {
  const known = new Set(terms.flatMap(({ contractId }) => contractId ?? []));
  const kinds = new Set((contracts ?? []).filter(({ id }) => known.has(id)).map(({ keptAs }) => keptAs));
  for (const { id, keptAs } of contracts ?? []) if (kinds.has(keptAs)) known.add(id);
  return known;
}
