import { lackingOf, type Verdict } from '../core/validation/in-words.ts';
import { readValidation, type Validation } from '../flow/validation.ts';
import type { TenantStore } from '../ports/store.ts';

/** Whether scores of an installation are validated, as the last check found. */
export async function readVerdict({ settings }: Pick<TenantStore, 'settings'>): Promise<Verdict> {
  return toVerdict(await readValidation(settings));
}

export function toVerdict(found: Validation | null): Verdict {
  if (found === null) return { verdict: 'unvalidated', lacking: ['not checked yet'] };
  return { verdict: found.verdict, lacking: lackingOf(found) };
}
