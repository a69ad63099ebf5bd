import type { Instant } from '../model/calendar-date.ts';
import { keysOfWorkspace, mergeKeys } from './match.ts';
import type { MessageUsage, UsageMessage } from './message.ts';

/**
 * A customer's own place in the product: what senders call a group, workspace or organisation. Users who are in no group
 * share one by the domain of their e-mail address; a user of whom only the id is known has one alone. Usage is kept by
 * workspace, so that it waits without loss until its account is known, and moves with it when that changes.
 */
export interface WorkspaceNews {
  readonly id: string;
  /** What is looked for to find its account, the surest first. */
  keys: readonly string[];
  name: string | null;
  limits: Readonly<Record<string, number>>;
  coreFeatures: readonly string[] | null;
  events: number;
  firstAt: Instant;
  lastAt: Instant;
  /** The newest usage; null when there was none. */
  activeAt: Instant | null;
}

/** What is remembered of a user: where they were seen last, and their department. */
export interface KnownUser {
  readonly workspaceId: string;
  readonly department: string | null;
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
 * `group`, else that of the user's e-mail domain, else the user's own.
 */
export function attribute(messages: readonly UsageMessage[], known: ReadonlyMap<string, KnownUser>): Attributed {
  const users = new Map<string, KnownUser>();
  const workspaces = new Map<string, WorkspaceNews>();
  const contributions: Contribution[] = [];
  const joined = new Map<string, string>();
  const userOf = (key: string): KnownUser | null => users.get(key) ?? known.get(key) ?? null;
  const departmentOf = (key: string): string | null => userOf(key)?.department ?? null;

  for (const message of messages) {
    const { type, userKey, at, usage } = message;
    const before = userKey === null ? null : userOf(userKey);
    const place = placeOf(message, before);
    learn(workspaces, place, message);
    if (userKey !== null) {
      const tells = type === 'identify' || type === 'group' || before === null;
      const moves = tells && (message.groupId !== null || before === null || !before.workspaceId.startsWith('group:'));
      const now: KnownUser = {
        workspaceId: moves || before === null ? place.id : before.workspaceId,
        department: message.department ?? before?.department ?? null,
      };
      if (now.workspaceId !== before?.workspaceId || now.department !== before.department) users.set(userKey, now);
      // What the user did before anybody knew where they belong follows them.
      if (before?.workspaceId === `user:${userKey}` && now.workspaceId !== before.workspaceId) {
        joined.set(before.workspaceId, now.workspaceId);
      }
    }
    if (usage !== null) contributions.push({ workspaceId: place.id, at, usage, departmentOf });
  }
  return { contributions, workspaces, users, joined };
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
    keys: [],
    name: null,
    limits: {},
    coreFeatures: null,
    events: 0,
    firstAt: at,
    lastAt: at,
    activeAt: null,
  };
  workspaces.set(place.id, news);
  news.keys = mergeKeys(news.keys, place.keys);
  news.name = group?.name ?? news.name;
  news.limits = { ...news.limits, ...group?.limits };
  news.coreFeatures = group?.coreFeatures ?? news.coreFeatures;
  if (at < news.firstAt) news.firstAt = at;
  if (at > news.lastAt) news.lastAt = at;
  if (usage !== null) {
    news.events += usage.events;
    if (usage.events > 0 && (news.activeAt === null || at > news.activeAt)) news.activeAt = at;
  }
}
