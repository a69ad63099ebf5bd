import { HoldfastError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { TenantStore } from '../ports/store.ts';

/**
 * The admin allows Holdfast to write. `digest` stands for the plan that was shown; `expected` for the one that the admin
 * means, when it was named.
 *
 * Errors: `not-approved` when the plan has changed since it was looked at.
 */
export async function approve(
  store: TenantStore,
  clock: Clock,
  approval: { readonly digest: string; readonly expected: string | null; readonly actor: string },
): Promise<void> {
  const { digest, expected, actor } = approval;
  if (expected !== null && expected !== digest) {
    throw new HoldfastError({
      code: 'not-approved',
      message: `The plan is no longer ${expected}: it is ${digest} now.`,
      remedy: "Look at it again with 'holdfast plan', then approve that one.",
    });
  }
  const at = clock.now();
  await store.updateInstallation({ approvedAt: at, approvedPlan: digest });
  await store.audit.add({ at, actor, action: 'approved', details: { plan: digest } });
}
