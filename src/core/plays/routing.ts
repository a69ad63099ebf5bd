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
 * the fallback of the installation. The CSM comes before the deal's owner where the matter is the customer and not the
 * deal. Whoever is empty, unknown to the CRM or no longer active is passed over. The manager is the one whom the CRM
 * names for the CSM (else for the account's owner), then whoever the admin named.
 */
export function routeTask(role: PlayRole, account: Account, deal: Deal | null, context: RoutingContext): Routing {
  const csm = { title: "the account's CSM", id: account.csmId };
  const dealOwner = { title: 'the owner of the renewal deal', id: deal?.ownerId ?? null };
  const owner = { title: "the account's owner", id: account.ownerId };
  const fallback = { title: 'the fallback owner', id: context.fallbackOwnerId };
  const named = { title: ROLE_TITLES[role], id: context.roleOwners?.get(role) ?? null };
  const chain = chainOf(role, { csm, dealOwner, owner, fallback, named, manager: managerOf(account, context) });

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

interface Candidate {
  readonly title: string;
  readonly id: string | null;
}

type Candidates = Readonly<Record<'csm' | 'dealOwner' | 'owner' | 'fallback' | 'named' | 'manager', Candidate>>;

function chainOf(role: PlayRole, people: Candidates): readonly Candidate[] {
  const { csm, dealOwner, owner, fallback, named, manager } = people;
  switch (role) {
    case 'csm':
      return [csm, dealOwner, owner, fallback];
    case 'account-manager':
      return [dealOwner, csm, owner, fallback];
    case 'sales-ops':
      return [named, dealOwner, csm, owner, fallback];
    case 'manager':
      return [manager, named, csm, dealOwner, owner, fallback];
    case 'finance':
    case 'support':
    case 'onboarding':
    case 'marketing':
      return [named, csm, dealOwner, owner, fallback];
    default:
      return role satisfies never;
  }
}

function managerOf({ csmId, ownerId }: Account, { owners }: RoutingContext): Candidate {
  const ids = [csmId, ownerId].map((id) => (id === null ? null : (owners.get(id)?.managerId ?? null)));
  return { title: "the CSM's manager", id: ids.find((id) => id !== null) ?? null };
}

function reasonAgainst(id: string | null, owners: ReadonlyMap<string, Owner>): string | null {
  if (id === null || id === '') return 'is not set';
  const owner = owners.get(id);
  if (owner === undefined) return 'is not a user of the CRM';
  return owner.isActive ? null : `${owner.name === null ? '' : `(${owner.name}) `}is no longer active`;
}
