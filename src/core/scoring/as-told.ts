import { departureRank } from '../measures/facts/champion.ts';
import { firstWonOn } from '../measures/facts/customer-since.ts';
import type { Account, Contact } from '../model/records.ts';
import type { AccountSnapshot, HeldFacts } from '../model/snapshot.ts';

/** By these it is decided how an account is weighed and when it decides. Nobody says anything by emptying one. */
const LOST_WHEN_EMPTY = [
  'segment',
  'arr',
  'customerSinceOn',
  'liveOn',
  'contractStartOn',
  'renewalOn',
  'autoRenew',
  'noticeDays',
  'termMonths',
] as const satisfies readonly (keyof Account)[];

/** Emptying one of these says something: a notice is taken back, a customer is on board. They are lost when unreadable. */
const LOST_WHEN_UNREADABLE = [
  'cancelledOn',
  'lifecycle',
  'competitor',
  'budgetAtRisk',
] as const satisfies readonly (keyof Account)[];

const FIELDS = [...LOST_WHEN_EMPTY, ...LOST_WHEN_UNREADABLE];
const ROLES = ['champion', 'exec_sponsor'] as const;

export type ToldFields = Partial<Pick<Account, (typeof FIELDS)[number]>>;

/**
 * The account as it told of itself last, for judging its health and its risk: what has been lost since stands as it stood,
 * because losing an input never raises a score. That goes for fields that decide how the account is weighed, and for
 * champions and sponsors who left and whose records went after them. The snapshot itself where nothing is lost.
 *
 * What is shown of the renewal, opened for it or written goes by the snapshot itself.
 */
export function asTold(snapshot: AccountSnapshot): AccountSnapshot {
  const held = snapshot.history?.held;
  if (held === undefined) return snapshot;
  const lost = lostFields(snapshot, held.told ?? {});
  const gone = goneContacts(snapshot, held.departed ?? []);
  if (lost === null && gone.length === 0) return snapshot;
  return {
    ...snapshot,
    account: { ...snapshot.account, ...lost },
    contacts: snapshot.contacts && [...snapshot.contacts, ...gone],
  };
}

/** What has to be remembered of the account `asTold`, for the day on which it tells less. */
export function toldBy(told: AccountSnapshot): Pick<HeldFacts, 'told' | 'departed' | 'firstWonOn'> {
  const { account, contacts, history } = told;
  const fields = Object.fromEntries(
    FIELDS.flatMap((field) => (isEmpty(account[field]) ? [] : [[field, account[field]]])),
  ) as ToldFields;
  const departed =
    contacts === null ? (history?.held?.departed ?? []) : ROLES.flatMap((role) => lastDeparted(contacts, role));
  return { told: fields, firstWonOn: firstWonOn(told), ...(departed.length > 0 && { departed }) };
}

function lostFields({ account, unreadable = [] }: AccountSnapshot, told: ToldFields): ToldFields | null {
  let lost: ToldFields | null = null;
  const restore = (field: (typeof FIELDS)[number]): void => {
    if (isEmpty(account[field]) && !isEmpty(told[field])) lost = { ...lost, [field]: told[field] };
  };
  for (const field of LOST_WHEN_EMPTY) restore(field);
  for (const field of LOST_WHEN_UNREADABLE) if (unreadable.includes(field)) restore(field);
  return lost;
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined;

type Departed = NonNullable<HeldFacts['departed']>[number];

function lastDeparted(contacts: readonly Contact[], role: Departed['role']): readonly Departed[] {
  const left = contacts.filter(({ status, roles }) => status === 'departed' && roles.includes(role));
  const [first, ...others] = left;
  if (first === undefined) return [];
  const { id, departedAt } = others.reduce(
    (one, other) => (departureRank(other) > departureRank(one) ? other : one),
    first,
  );
  return [{ contactId: id === ERASED ? null : id, role, departedAt }];
}

/** Somebody of whom nothing is left but that they were here. */
const ERASED = '';

function goneContacts({ account, contacts }: AccountSnapshot, departed: readonly Departed[]): readonly Contact[] {
  if (contacts === null) return [];
  return departed
    .filter(({ contactId }) => !contacts.some(({ id }) => id === contactId))
    .map(({ contactId, role, departedAt }) => ({
      id: contactId ?? ERASED,
      accountId: account.id,
      email: null,
      name: null,
      title: null,
      roles: [role],
      status: 'departed',
      departedAt,
      lastTwoWayAt: null,
      createdAt: null,
      modifiedAt: departedAt ?? account.modifiedAt,
    }));
}

/** True when deals or contracts were read before and cannot be now, so that dates and profile are not as they were. */
export function isTermLost({ deals, contracts, history }: AccountSnapshot): boolean {
  const seen = history?.held?.seen ?? [];
  return (deals === null && seen.includes('deals')) || (contracts === null && seen.includes('contracts'));
}
