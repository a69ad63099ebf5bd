import { localDay } from '../measures/facts/local-day.ts';
import type { Assessment } from '../model/assessment.ts';
import type { CalendarDate } from '../model/calendar-date.ts';
import type { AccountId } from '../model/ids.ts';
import type { Contact } from '../model/records.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';

/** Somebody who was a champion of an account and left it. Wherever they go, they are known to sales. */
export interface FormerChampion {
  readonly accountId: AccountId;
  readonly contactId: string;
  /** The day on which they left as the CRM tells it, else the first on which they were not there. */
  readonly untilOn: CalendarDate;
}

export type ChampionId = Pick<FormerChampion, 'accountId' | 'contactId'>;

/** How the champions of an account changed from one look to the next; all empty on most days. */
export interface ChampionChanges {
  /** Marked as having left. */
  readonly departed: readonly FormerChampion[];
  /** Not among the account's contacts any more: their record tells whether they moved, or were deleted or merged. */
  readonly missing: readonly FormerChampion[];
  /** Champions who were none at the last look: new ones, and those who are back. */
  readonly arrived: readonly ChampionId[];
}

const NO_CHANGES: ChampionChanges = { departed: [], missing: [], arrived: [] };

/**
 * `before` is null at the first look, which finds those who had left already. Nothing can be said while contacts cannot
 * be read.
 */
export function championChanges(
  { account: { id: accountId }, contacts, today, timeZone }: AccountSnapshot,
  before: Assessment | null,
  after: Assessment,
): ChampionChanges {
  if (contacts === null) return NO_CHANGES;
  const were = new Set(championsIn(before));
  const knownGone = new Set(
    before?.people.stakeholders?.filter(({ status }) => status === 'departed').map(({ contactId }) => contactId),
  );
  const leftOn = ({ departedAt }: Contact): CalendarDate => {
    const on = departedAt === null ? today : localDay(departedAt, { timeZone });
    return on < today ? on : today;
  };
  const isNews = ({ id, status, roles }: Contact): boolean =>
    status === 'departed' && (were.has(id) || (roles.includes('champion') && !knownGone.has(id)));
  const present = new Set(contacts.map(({ id }) => id));
  return {
    departed: contacts
      .filter(isNews)
      .map((contact) => ({ accountId, contactId: contact.id, untilOn: leftOn(contact) })),
    missing: [...were].filter((id) => !present.has(id)).map((contactId) => ({ accountId, contactId, untilOn: today })),
    arrived:
      before === null
        ? []
        : championsIn(after)
            .filter((id) => !were.has(id))
            .map((contactId) => ({ accountId, contactId })),
  };
}

function championsIn(assessment: Assessment | null): readonly string[] {
  return assessment?.history.held?.champions?.map(({ id }) => id) ?? [];
}

/** Where somebody works now: at an account of the CRM, or at a company that is known by name alone. */
export type Employer = { readonly accountId: AccountId } | { readonly name: string };

/** Where a champion works who left `accountId`, as their record says it now; null where it does not, or they are back. */
export function newEmployerOf(
  { accountId: at, status, newCompany }: Contact,
  { accountId }: Pick<FormerChampion, 'accountId'>,
): Employer | null {
  if (at !== null && at !== accountId) return { accountId: at };
  const isGone = at === null || status === 'departed';
  return isGone && newCompany !== undefined ? { name: newCompany } : null;
}
