import type { LackingField } from '../../connectors/contract/connector.ts';
import type { TenantStore } from '../ports/store.ts';

/** Fields of ours that the CRM lacks or does not let us write, as the last run found it; by object, then name. */
export async function readLacking(store: Pick<TenantStore, 'problems'>): Promise<readonly LackingField[]> {
  const problems = (await store.problems.list(100_000)).filter(({ kind }) => kind === 'provision');
  const lacking = problems.map(({ object, field, message, remedy }) => ({ object, name: field, message, remedy }));
  const place = ({ object, name }: LackingField): string => `${object}.${name}`;
  return lacking.sort((a, b) => (place(a) < place(b) ? -1 : 1));
}
