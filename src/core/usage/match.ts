import type { Instant } from '../model/calendar-date.ts';
import type { Account } from '../model/records.ts';
import { LONGEST_ID } from './bounds.ts';
import { domainAndParents, toDomain } from './domain.ts';

/** How a workspace found its account. */
export type MatchedBy = 'person' | 'id' | 'external id' | 'domain';

/** What is said about whose a workspace is. */
export interface WorkspaceRefs {
  /** The product's own id of the customer, or the CRM's. */
  readonly groupId: string | null;
  /** The CRM's id, where the product knows it. */
  readonly crmId: string | null;
  /** The group's own domain. */
  readonly domain: string | null;
  /** The domain of a user's e-mail address. */
  readonly mailDomain: string | null;
}

/**
 * The keys by which an account can be found: `id:…`, `external:…`, `domain:…`. External ids and domains are compared
 * without regard to case; ids of CRMs differ by it.
 */
export function keysOfAccount(account: Pick<Account, 'id' | 'externalId' | 'domain'>): readonly string[] {
  const domain = account.domain === null ? null : toDomain(account.domain);
  const external = account.externalId === null ? null : account.externalId.trim().toLowerCase();
  return [
    `id:${account.id}`,
    // No workspace has a longer one, and no index would take it.
    ...(external === null || external === '' || external.length > LONGEST_ID ? [] : [`external:${external}`]),
    ...(domain === null ? [] : [`domain:${domain}`]),
  ];
}

/**
 * The keys that a workspace looks for, the surest first: ids, the external id, its domain and those above it, and last the
 * domains of its users (`mail:…`), who may be guests from elsewhere.
 */
export function keysOfWorkspace({ groupId, crmId, domain, mailDomain }: WorkspaceRefs): readonly string[] {
  const ids = [crmId, groupId].filter((id) => id !== null);
  const domains = [domain, groupId === null ? null : toDomain(groupId)].filter((one) => one !== null);
  const keys = [
    ...ids.map((id) => `id:${id}`),
    ...(groupId === null ? [] : [`external:${groupId.toLowerCase()}`]),
    ...domains.flatMap(domainAndParents).map((one) => `domain:${one}`),
    ...(mailDomain === null ? [] : domainAndParents(mailDomain).map((one) => `mail:${one}`)),
  ];
  return [...new Set(keys)];
}

/**
 * The key of a workspace that belongs to another one, whose account is its own: what a person did before anybody knew which
 * customer they are of.
 */
export function keyOfJoined(workspaceId: string): string {
  return `in:${workspaceId}`;
}

/** The other way round; null for a key of another kind. */
export function joinedIn(key: string): string | null {
  return key.startsWith('in:') ? key.slice('in:'.length) : null;
}

/** Whether a key may be shared by many who are no customer's: of mail, or of a whole company. */
export function isShared(accountKey: string): boolean {
  return accountKey.startsWith('domain:');
}

/** The keys that say more of whose a workspace is than its own id and the addresses of its users do. */
export function namingKeys(workspaceId: string, keys: readonly string[]): readonly string[] {
  if (!workspaceId.startsWith('group:')) return [];
  const groupId = workspaceId.slice('group:'.length);
  const own = keysOfWorkspace({ groupId, crmId: null, domain: null, mailDomain: null });
  return keys.filter((key) => !key.startsWith('mail:') && !own.includes(key));
}

const KINDS = ['in:', 'id:', 'external:', 'domain:', 'mail:'];

/** A workspace with guests from everywhere is not found by them anyway. */
const MOST_KEYS = 40;

/**
 * The surest first; within a kind those that were told for the latest moment, a domain before those above it. Keys without
 * a moment come behind those, as they are.
 */
export function surestFirst(keys: readonly string[], toldAt: (key: string) => Instant | null): readonly string[] {
  return [...new Set(keys)]
    .map((key) => ({ key, kind: KINDS.findIndex((kind) => key.startsWith(kind)), at: toldAt(key) }))
    .sort((a, b) => {
      if (a.kind !== b.kind) return a.kind - b.kind;
      if (a.at !== b.at) return (a.at ?? '') > (b.at ?? '') ? -1 : 1;
      if (a.at === null) return 0;
      return b.key.length - a.key.length || (a.key < b.key ? -1 : 1);
    })
    .slice(0, MOST_KEYS)
    .map(({ key }) => key);
}

/** The key under which an account is listed for a key that a workspace looks for. */
export function accountKeyOf(workspaceKey: string): string {
  return workspaceKey.replace(/^mail:/, 'domain:');
}

/** The keys by which workspaces look for accounts that are listed under a key. */
export function workspaceKeysOf(accountKey: string): readonly string[] {
  return accountKey.startsWith('domain:') ? [accountKey, accountKey.replace(/^domain:/, 'mail:')] : [accountKey];
}

/** The account that a workspace belongs to, or why it belongs to none: nothing fits, or several accounts do. */
export type Match =
  | { readonly accountId: string; readonly by: MatchedBy }
  | { readonly accountId: null; readonly candidates: readonly string[] };

/**
 * The surest key that any account has decides. When several accounts have it (two records of one company with the same
 * domain, guests of another customer) nobody is chosen: usage on the wrong account is worse than usage that waits.
 * `accountsByKey` is by the accounts' own keys.
 */
export function findMatch(keys: readonly string[], accountsByKey: ReadonlyMap<string, readonly string[]>): Match {
  const accountsOf = (key: string): readonly string[] => accountsByKey.get(accountKeyOf(key)) ?? [];
  const mails = keys.filter((key) => key.startsWith('mail:'));
  for (const key of keys) {
    const found = mails.includes(key) ? mails.flatMap(accountsOf) : accountsOf(key);
    const [accountId, ...others] = new Set(found);
    if (accountId === undefined) continue;
    if (others.length > 0) return { accountId: null, candidates: [accountId, ...others] };
    if (key.startsWith('id:') || joinedIn(key) !== null) return { accountId, by: 'id' };
    return { accountId, by: key.startsWith('external:') ? 'external id' : 'domain' };
  }
  return { accountId: null, candidates: [] };
}
