import type { CompiledMapping } from '../core/mapping/compile.ts';
import { mapRecord } from '../core/mapping/inbound.ts';
import type { CalendarDate } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { Account, Contact } from '../core/model/records.ts';
import { newEmployerOf, type Employer, type FormerChampion } from '../core/people/former-champions.ts';
import type { TenantStore } from '../ports/store.ts';

/** A champion who works somewhere else now: they know the product, so that sales may begin there. */
export interface ChampionMove {
  readonly contact: string;
  readonly name: string | null;
  readonly from: { readonly account: AccountId; readonly name: string | null };
  readonly untilOn: CalendarDate;
  /** The account is null where the company is known by name alone. */
  readonly to: { readonly account: AccountId | null; readonly name: string | null };
  /** Name or e-mail address of who owns the new company; null where nobody does, or it is no record of the CRM. */
  readonly owner: string | null;
}

export interface ChampionMoves {
  /** Who left last, first. */
  readonly moves: readonly ChampionMove[];
  /** There are older ones. */
  readonly isMore: boolean;
}

/** Contacts whose records are read at once. */
const BATCH = 200;

/** Champions of whom it is known where they went, `top` at most. */
export async function listChampionMoves(
  store: TenantStore,
  mapping: CompiledMapping,
  top: number,
): Promise<ChampionMoves> {
  const former = await store.formerChampions.list();
  const moves: ChampionMove[] = [];
  for (let from = 0; from < former.length && moves.length <= top; from += BATCH) {
    moves.push(...(await toMoves(store, mapping, former.slice(from, from + BATCH))));
  }
  return { moves: moves.slice(0, top), isMore: moves.length > top };
}

/** Champions who went from this account to another company, or came to it from another account. */
export async function readChampionMoves(
  store: TenantStore,
  mapping: CompiledMapping,
  account: AccountId,
): Promise<readonly ChampionMove[]> {
  const former = await store.formerChampions.ofAccount(account, mapping.contactObject);
  return toMoves(store, mapping, former);
}

/** Those of whom it is known, by their records as they are now, in the order given. */
async function toMoves(
  store: TenantStore,
  mapping: CompiledMapping,
  former: readonly FormerChampion[],
): Promise<readonly ChampionMove[]> {
  if (former.length === 0) return [];
  const contacts = await readContacts(
    store,
    mapping,
    former.map(({ contactId }) => contactId),
  );
  const moved = former.flatMap((one) => {
    const contact = contacts.get(one.contactId);
    const employer = contact === undefined ? null : newEmployerOf(contact, one);
    return contact === undefined || employer === null ? [] : [{ ...one, contact, employer }];
  });
  const companies = await readCompanies(
    store,
    mapping,
    moved.flatMap(({ accountId, employer }) => ('accountId' in employer ? [accountId, employer.accountId] : accountId)),
  );
  const ownerIds = moved.flatMap(({ employer }) => ownerIdOf(employer, companies) ?? []);
  const owners = await readOwnerNames(store, mapping, ownerIds);
  return moved.map(({ accountId, contactId, untilOn, contact, employer }) => ({
    contact: contactId,
    name: contact.name,
    from: { account: accountId, name: companies.get(accountId)?.name ?? null },
    untilOn,
    to:
      'accountId' in employer
        ? { account: employer.accountId, name: companies.get(employer.accountId)?.name ?? null }
        : { account: null, name: employer.name },
    owner: owners.get(ownerIdOf(employer, companies) ?? '') ?? null,
  }));
}

/** Who sells to a company is its owner; it has no customer success manager yet. */
function ownerIdOf(employer: Employer, companies: ReadonlyMap<string, Account>): string | null {
  if (!('accountId' in employer)) return null;
  return companies.get(employer.accountId)?.ownerId ?? null;
}

/** Those that were neither deleted nor merged, by id. */
async function readContacts(
  store: TenantStore,
  mapping: CompiledMapping,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Contact>> {
  const records = await store.records.byIds(mapping.contactObject, ids);
  const alive = records.filter(({ deletedAt }) => deletedAt === null);
  return new Map(alive.map((record) => [record.raw.id, mapRecord('contact', mapping, record).record]));
}

/** By id, those that are gone included: their name is still what people know them by. */
async function readCompanies(
  store: TenantStore,
  mapping: CompiledMapping,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<string, Account>> {
  const records = await store.records.byIds(mapping.accountObject, ids);
  return new Map(records.map((record) => [record.raw.id, mapRecord('account', mapping, record).record]));
}

/** Name or e-mail address, by id. */
async function readOwnerNames(
  store: TenantStore,
  mapping: CompiledMapping,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const object = mapping.mapping.entities.owner?.object;
  if (object === undefined || ids.length === 0) return new Map();
  const records = await store.records.byIds(object, ids);
  return new Map(
    records.flatMap((record) => {
      const { name, email } = mapRecord('owner', mapping, record).record;
      const known = name ?? email;
      return known === null ? [] : [[record.raw.id, known] as const];
    }),
  );
}
