import type { Instant } from '../../core/model/calendar-date.ts';
import type { AccountId } from '../../core/model/ids.ts';
import { HoldfastError } from '../../errors.ts';
import type { TenantStore } from '../../ports/store.ts';

/**
 * A person says whose a workspace is; null takes it back. Everything that it ever told counts for that account from now on.
 *
 * Errors: `input-invalid` for an unknown workspace, `account-unknown`.
 */
export async function matchByHand(
  store: TenantStore,
  match: { readonly workspaceId: string; readonly account: AccountId | null },
  at: Instant,
  actor: string,
): Promise<void> {
  const { workspaceId, account } = match;
  const outcome = await store.signals.pin(workspaceId, account, at);
  if (outcome === 'workspace-unknown') {
    throw new HoldfastError({
      code: 'input-invalid',
      message: `There is no workspace '${workspaceId}'.`,
      remedy: "'holdfast inbox' lists those without an account, as group:<id>, domain:<domain> or user:<key>.",
    });
  }
  if (outcome === 'account-unknown') {
    throw new HoldfastError({
      code: 'account-unknown',
      message: `There is no account '${account ?? ''}'.`,
      remedy: "Give its id in the CRM; a new one is known after the next 'holdfast sync'.",
    });
  }
  await store.audit.add({ at, actor, action: 'workspace-matched', details: { workspace: workspaceId, account } });
}
