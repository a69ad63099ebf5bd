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
  manager: 'the named manager',
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
 * names for the CSM, then the one of the account's owner, then whoever the admin named.
 */
export function routeTask(role: PlayRole, account: Account, deal: Deal | null, context: RoutingContext): Routing {
  const csm = { title: "the account's CSM", id: account.csmId };
  const dealOwner = { title: 'the owner of the renewal deal', id: deal?.ownerId ?? null };
  const owner = { title: "the account's owner", id: account.ownerId };
  const fallback = { title: 'the fallback owner', id: context.fallbackOwnerId };
  const named = { title: ROLE_TITLES[role], id: context.roleOwners?.get(role) ?? null };
  const managers = managersOf([csm, owner], context.owners);
  return firstOf(chainOf(role, { csm, dealOwner, owner, fallback, named, managers }), context.owners);
}

/**
 * Who hears that nobody has begun with a task: the manager of `holderId`, who has it, then the managers of the account's
 * people, whoever the admin named for managers, and the fallback. Never the holder, who knows: rather nobody, and the task
 * says how to name somebody.
 */
export function routeEscalation(holderId: string | null, account: Account, context: RoutingContext): Routing {
  const csm = { title: "the account's CSM", id: account.csmId };
  const owner = { title: "the account's owner", id: account.ownerId };
  const known = [csm, owner];
  const holder = known.find(({ id }) => id === holderId) ?? { title: 'whoever has the first task', id: holderId };
  const people = holderId === null ? known : [holder, ...known.filter(({ id }) => id !== holderId)];
  const chain = [
    ...managersOf(people, context.owners),
    { title: ROLE_TITLES.manager, id: context.roleOwners?.get('manager') ?? null },
    { title: 'the fallback owner', id: context.fallbackOwnerId },
  ];
  const routing = firstOf(chain, context.owners, holderId);
  if (routing.ownerId !== null) return routing;
  return { ...routing, note: `${routing.note ?? ''} Name somebody: holdfast plays --owner manager=…` };
}

/** The first who can be given a task; `knowsId` has heard of it already. */
function firstOf(
  chain: readonly Candidate[],
  owners: RoutingContext['owners'],
  knowsId: string | null = null,
): Routing {
  const passedOver: string[] = [];
  for (const candidate of chain) {
    const reason =
      candidate.id !== null && candidate.id === knowsId ? 'has the first task' : reasonAgainst(candidate.id, owners);
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

interface Candidates extends Readonly<Record<'csm' | 'dealOwner' | 'owner' | 'fallback' | 'named', Candidate>> {
  readonly managers: readonly Candidate[];
}

function chainOf(role: PlayRole, people: Candidates): readonly Candidate[] {
  const { csm, dealOwner, owner, fallback, named, managers } = people;
  switch (role) {
    case 'csm':
      return [csm, dealOwner, owner, fallback];
    case 'account-manager':
      return [dealOwner, csm, owner, fallback];
    case 'sales-ops':
      return [named, dealOwner, csm, owner, fallback];
    case 'manager':
      return [...managers, named, csm, dealOwner, owner, fallback];
    case 'finance':
    case 'support':
    case 'onboarding':
    case 'marketing':
      return [named, csm, dealOwner, owner, fallback];
    default:
      return role satisfies never;
  }
}

/** The managers of these people, in their order, as far as the CRM names any. */
function managersOf(people: readonly Candidate[], owners: RoutingContext['owners']): readonly Candidate[] {
  return people.map(({ title, id }) => ({
    title: `the manager of ${title}`,
    id: id === null ? null : (owners.get(id)?.managerId ?? null),
  }));
}

function reasonAgainst(id: string | null, owners: ReadonlyMap<string, Owner>): string | null {
  if (id === null || id === '') return 'is not set';
  const owner = owners.get(id);
  if (owner === undefined) return 'is not a user of the CRM';
  return owner.isActive ? null : `${owner.name === null ? '' : `(${owner.name}) `}is no longer active`;
}
