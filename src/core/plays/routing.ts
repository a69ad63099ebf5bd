import type { Account, Deal, Owner } from '../model/records.ts';
import type { PlayRole } from './play.ts';

export interface Routing {
  /** Null when nobody active was found and there is no fallback. */
  readonly ownerId: string | null;
  /** Why it is not the first choice, in one sentence; null when it is. */
  readonly note: string | null;
}

export interface RoutingContext {
  readonly owners: ReadonlyMap<string, Owner>;
  readonly fallbackOwnerId: string | null;
  /** Whom the admin named for roles that no record names. */
  readonly roleOwners?: ReadonlyMap<PlayRole, string>;
}

const ROLE_TITLES: Readonly<Record<PlayRole, string>> = {
  csm: "the account's CSM",
  'account-manager': 'the account manager',
  manager: 'the manager',
  finance: 'finance',
  support: 'support',
  onboarding: 'onboarding',
  'sales-ops': 'sales operations',
  marketing: 'marketing',
};

/**
 * Who gets a task: the role of the step, then the owner of the renewal deal, the account's CSM, the account's owner,
 * the fallback of the installation. Whoever is empty, unknown to the CRM or no longer active is passed over. The manager
 * is the one whom the CRM names for the CSM (else for the account's owner), then whoever the admin named.
 */
export function routeTask(role: PlayRole, account: Account, deal: Deal | null, context: RoutingContext): Routing {
  const csm = { title: "the account's CSM", id: account.csmId };
  const dealOwner = { title: 'the owner of the renewal deal', id: deal?.ownerId ?? null };
  const owner = { title: "the account's owner", id: account.ownerId };
  const fallback = { title: 'the fallback owner', id: context.fallbackOwnerId };
  const named = { title: ROLE_TITLES[role], id: context.roleOwners?.get(role) ?? null };
  const chain =
    role === 'csm'
      ? [csm, dealOwner, owner, fallback]
      : role === 'account-manager'
        ? [dealOwner, csm, owner, fallback]
        : [...(role === 'manager' ? [managerOf(account, context)] : []), named, csm, dealOwner, owner, fallback];

  const passedOver: string[] = [];
  for (const candidate of chain) {
    const reason = reasonAgainst(candidate.id, context.owners);
    if (reason === null) {
      const note = passedOver.length === 0 ? null : `Assigned to ${candidate.title}: ${passedOver.join(', ')}.`;
      return { ownerId: candidate.id, note };
    }
    passedOver.push(`${candidate.title} ${reason}`);
  }
  return { ownerId: null, note: `Nobody is assigned: ${passedOver.join(', ')}.` };
}

function managerOf({ csmId, ownerId }: Account, { owners }: RoutingContext): { title: string; id: string | null } {
  const ids = [csmId, ownerId].map((id) => (id === null ? null : (owners.get(id)?.managerId ?? null)));
  return { title: "the CSM's manager", id: ids.find((id) => id !== null) ?? null };
}

function reasonAgainst(id: string | null, owners: ReadonlyMap<string, Owner>): string | null {
  if (id === null || id === '') return 'is not set';
  const owner = owners.get(id);
  if (owner === undefined) return 'is not a user of the CRM';
  return owner.isActive ? null : `${owner.name === null ? '' : `(${owner.name}) `}is no longer active`;
}
