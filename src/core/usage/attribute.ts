import type { Instant } from '../model/calendar-date.ts';
import { keysOfWorkspace } from './match.ts';
import type { MessageUsage, UsageMessage } from './message.ts';
import { mergeTraits, NO_TRAITS, traitsAt, type WorkspaceTraits } from './workspace-traits.ts';

/**
 * A customer's own place in the product: what senders call a group, workspace or organisation. Users who are in no group
 * share one by the domain of their e-mail address; a user of whom only the id is known has one alone. Usage is kept by
 * workspace, so that it waits without loss until its account is known, and moves with it when that changes.
 */
export interface WorkspaceNews {
  readonly id: string;
  traits: WorkspaceTraits;
  events: number;
  firstAt: Instant;
  lastAt: Instant;
  /** The newest usage; null when there was none. */
  activeAt: Instant | null;
}

/** What is remembered of a user: where they belong, and their department. */
export interface KnownUser {
  readonly workspaceId: string;
  /** For which moment they were put there by `identify` or `group`; null when they were only seen there. */
  readonly placedAt: Instant | null;
  readonly department: string | null;
  /** For which moment it was told; null as long as it was not. */
  readonly departmentAt: Instant | null;
}

/** One message's usage, with whose it is. */
export interface Contribution {
  readonly workspaceId: string;
  readonly at: Instant;
  readonly usage: MessageUsage;
  /** By user: their department, where it is known. */
  readonly departmentOf: (userKey: string) => string | null;
}

export interface Attributed {
  readonly contributions: readonly Contribution[];
  readonly workspaces: ReadonlyMap<string, WorkspaceNews>;
  /** Users of whom something new was learnt. */
  readonly users: ReadonlyMap<string, KnownUser>;
  /** A user's own workspace → the one that they turned out to belong to, whose account it shares from now on. */
  readonly joined: ReadonlyMap<string, string>;
}

/**
 * Says whose each message is: its group's, else that of the group which its user was last put into by `identify` or
 * `group`, else that of the user's e-mail domain, else the user's own. What comes late puts nobody back.
 */
export function attribute(messages: readonly UsageMessage[], known: ReadonlyMap<string, KnownUser>): Attributed {
  const users = new Map<string, KnownUser>();
  const workspaces = new Map<string, WorkspaceNews>();
  const contributions: Contribution[] = [];
  const joined = new Map<string, string>();
  const userOf = (key: string): KnownUser | null => users.get(key) ?? known.get(key) ?? null;
  const departmentOf = (key: string): string | null => userOf(key)?.department ?? null;

  for (const message of messages) {
    const { userKey, at, usage } = message;
    const before = userKey === null ? null : userOf(userKey);
    const place = placeOf(message, before);
    learn(workspaces, place, message);
    if (userKey !== null) {
      const now = learnUser(before ?? { workspaceId: place.id, ...UNTOLD }, message);
      if (now !== before) users.set(userKey, now);
      // What the user did before anybody knew where they belong follows them.
      if (before?.workspaceId === `user:${userKey}` && now.workspaceId !== before.workspaceId) {
        joined.set(before.workspaceId, now.workspaceId);
      }
    }
    if (usage !== null) contributions.push({ workspaceId: place.id, at, usage, departmentOf });
  }
  return { contributions, workspaces, users, joined };
}

const UNTOLD = { placedAt: null, department: null, departmentAt: null };

/** The user as they are after a message: the same one when it tells nothing newer. */
function learnUser(before: KnownUser, message: UsageMessage): KnownUser {
  const { at, department } = message;
  const told = placeTold(message);
  const moves = told !== null && isSurer(told, at, before);
  const tells = department !== null && at >= (before.departmentAt ?? '');
  if (!moves && !tells) return before;
  return {
    ...before,
    ...(moves && { workspaceId: told, placedAt: at }),
    ...(tells && { department, departmentAt: at }),
  };
}

/** Where a message puts its user; null when it only sees them somewhere. */
function placeTold({ type, groupId, userDomain }: UsageMessage): string | null {
  if (type !== 'identify' && type !== 'group') return null;
  if (groupId !== null) return `group:${groupId}`;
  return userDomain === null ? null : `domain:${userDomain}`;
}

const SUREST_LAST = ['user:', 'domain:', 'group:'];

/** A group before a domain before nothing known; of two alike the newer. */
function isSurer(place: string, at: Instant, before: KnownUser): boolean {
  const sureness = (id: string): number => SUREST_LAST.findIndex((kind) => id.startsWith(kind));
  const more = sureness(place) - sureness(before.workspaceId);
  return more === 0 ? at >= (before.placedAt ?? '') : more > 0;
}

interface Place {
  readonly id: string;
  readonly keys: readonly string[];
}

function placeOf({ groupId, group, userKey, userDomain }: UsageMessage, before: KnownUser | null): Place {
  if (groupId !== null) {
    const crmId = group?.crmId ?? null;
    const domain = group?.domain ?? null;
    return { id: `group:${groupId}`, keys: keysOfWorkspace({ groupId, crmId, domain, mailDomain: userDomain }) };
  }
  const mailKeys = keysOfWorkspace({ groupId, crmId: null, domain: null, mailDomain: userDomain });
  if (before?.workspaceId.startsWith('group:') === true) return { id: before.workspaceId, keys: mailKeys };
  if (userDomain !== null) {
    return {
      id: `domain:${userDomain}`,
      keys: keysOfWorkspace({ groupId, crmId: null, domain: userDomain, mailDomain: null }),
    };
  }
  return { id: before?.workspaceId ?? `user:${userKey ?? ''}`, keys: [] };
}

function learn(workspaces: Map<string, WorkspaceNews>, place: Place, message: UsageMessage): void {
  const { at, group, usage } = message;
  const news = workspaces.get(place.id) ?? {
    id: place.id,
    traits: NO_TRAITS,
    events: 0,
    firstAt: at,
    lastAt: at,
    activeAt: null,
  };
  workspaces.set(place.id, news);
  news.traits = mergeTraits(news.traits, traitsAt(place.id, at, { ...group, keys: place.keys }));
  if (at < news.firstAt) news.firstAt = at;
  if (at > news.lastAt) news.lastAt = at;
  if (usage !== null) {
    news.events += usage.events;
    if (usage.events > 0 && (news.activeAt === null || at > news.activeAt)) news.activeAt = at;
  }
}
