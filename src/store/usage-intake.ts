import { sql } from 'kysely';
import { addDays, dayOf, instantOn, type CalendarDate, type Instant } from '../core/model/calendar-date.ts';
import type { InstallationId } from '../core/model/ids.ts';
import { attribute, type KnownUser, type WorkspaceNews } from '../core/usage/attribute.ts';
import type { UsageMessage } from '../core/usage/message.ts';
import {
  monthOf,
  UsageLedger,
  type MonthKey,
  type MonthUsage,
  type UserMonth,
  type UserMonthKey,
} from '../core/usage/usage-ledger.ts';
import { mergeTraits, NO_TRAITS, traitsAt } from '../core/usage/workspace-traits.ts';
import type { FileIntake, ImportedDay, Intake, ReceivedUsage } from '../ports/store.ts';
import { DOCUMENTS, inBatches, SMALL_ROWS } from './batches.ts';
import type { Scope } from './database.ts';
import { toStorableJson } from './json.ts';
import { noteFile, noteSent } from './signal-sources.ts';
import { joinWorkspaces, learnWorkspaces, lockIntake } from './workspaces.ts';

/** That a user is still around is noted once in so many days: it only has to be right to within the retention. */
const SEEN_DAYS = 30;

/** All or none of the messages, in one transaction. */
export async function receiveMessages(
  scope: Scope,
  installation: InstallationId,
  messages: readonly UsageMessage[],
  { at, timeZone, configuration }: Intake,
): Promise<ReceivedUsage> {
  if (messages.length === 0) return { stored: 0, repeated: 0 };
  await lockIntake(scope, installation);
  const dayAt = daysIn(timeZone);
  const today = dayAt(at);
  const fresh = await withoutKnown(scope, installation, messages, today);
  const known = await readUsers(scope, fresh, addDays(today, -SEEN_DAYS));
  const { contributions, workspaces, users, joined } = attribute(fresh, known.users);
  await putUsers(scope, installation, new Map([...known.seenLongAgo, ...users]), today);
  await learnWorkspaces(scope, installation, [...workspaces.values()], at, 'usage');
  await joinWorkspaces(scope, installation, joined, at);

  const months = new Map<string, MonthKey>();
  const userMonths = new Map<string, UserMonthKey>();
  for (const { workspaceId, at: when, usage } of contributions) {
    const month = monthOf(dayAt(when));
    months.set(`${month} ${workspaceId}`, { workspaceId, month });
    for (const userKey of [...usage.userKeys, ...usage.keyUserKeys]) {
      userMonths.set(`${month} ${userKey} ${workspaceId}`, { workspaceId, month, userKey });
    }
  }
  const ledger = new UsageLedger(
    await readMonths(scope, installation, [...months.values()], 'messages'),
    await readUserMonths(scope, installation, [...userMonths.values()]),
    configuration.featuresPerDay,
  );
  for (const contribution of contributions) ledger.add(contribution, dayAt(contribution.at));
  await putMonths(scope, installation, ledger.months(), 'messages');
  await putUserMonths(scope, installation, ledger.users());
  await noteSent(scope, installation, 'usage', at);
  return { stored: fresh.length, repeated: messages.length - fresh.length };
}

export async function importUsageDays(
  scope: Scope,
  installation: InstallationId,
  days: readonly ImportedDay[],
  { at, timeZone, every }: FileIntake,
): Promise<void> {
  if (days.length === 0) return;
  await lockIntake(scope, installation);
  const news = new Map<string, WorkspaceNews>();
  const months = new Map<string, { key: MonthKey; days: MonthUsage }>();
  for (const { workspaceId, keys, on, usage, limits } of days) {
    const noon = instantOn(on, 12, timeZone);
    const isActive = Math.max(usage.userCount ?? 0, usage.users ?? 0) > 0;
    const known = news.get(workspaceId);
    news.set(workspaceId, {
      id: workspaceId,
      traits: mergeTraits(known?.traits ?? NO_TRAITS, traitsAt(workspaceId, noon, { keys, limits })),
      // Sums of days that may come again are not added up.
      events: 0,
      firstAt: known === undefined || noon < known.firstAt ? noon : known.firstAt,
      lastAt: known === undefined || noon > known.lastAt ? noon : known.lastAt,
      activeAt: isActive && noon > (known?.activeAt ?? '') ? noon : (known?.activeAt ?? null),
    });
    const key = { workspaceId, month: monthOf(on) };
    months.set(`${key.month} ${workspaceId}`, { key, days: {} });
  }
  const kept = await readMonths(
    scope,
    installation,
    [...months.values()].map(({ key }) => key),
    'import',
  );
  for (const { workspaceId, month, days: before } of kept) {
    months.set(`${month} ${workspaceId}`, { key: { workspaceId, month }, days: before });
  }
  for (const { workspaceId, on, usage } of days) {
    const place = `${monthOf(on)} ${workspaceId}`;
    const month = months.get(place);
    if (month !== undefined) months.set(place, { ...month, days: { ...month.days, [on.slice(8)]: usage } });
  }
  await putMonths(
    scope,
    installation,
    [...months.values()].map(({ key, days: ofMonth }) => ({ ...key, days: ofMonth })),
    'import',
  );
  await learnWorkspaces(scope, installation, [...news.values()], at, 'usage');
  await noteFile(scope, installation, 'usage', { to: endOf(days, { at, timeZone }), every });
}

/** The end of the newest day; of a day that has not ended yet, now. */
function endOf(days: readonly ImportedDay[], { at, timeZone }: Pick<FileIntake, 'at' | 'timeZone'>): Instant {
  const newest = days.map(({ on }) => on).reduce((one, other) => (one > other ? one : other));
  const end = instantOn(addDays(newest, 1), 0, timeZone);
  return end < at ? end : at;
}

/** The day of an instant; remembered by the minute, since no zone begins its day within one. */
function daysIn(timeZone: string): (at: Instant) => CalendarDate {
  const known = new Map<string, CalendarDate>();
  return (at) => {
    const minute = at.slice(0, 16);
    const day = known.get(minute) ?? dayOf(at, timeZone);
    known.set(minute, day);
    return day;
  };
}

async function withoutKnown(
  scope: Scope,
  installation: InstallationId,
  messages: readonly UsageMessage[],
  today: CalendarDate,
): Promise<readonly UsageMessage[]> {
  const keys = [...new Set(messages.flatMap(({ messageKey }) => messageKey ?? []))];
  const fresh = new Set<string>();
  await inBatches(keys, SMALL_ROWS, async (batch) => {
    const { rows } = await sql<{ key: string }>`
      insert into holdfast.usage_message (installation_id, message_key, received_on)
      select ${installation}, key, ${today}::date from unnest(${[...batch]}::uuid[]) as key
      on conflict do nothing
      returning replace(message_key::text, '-', '') as key
    `.execute(scope);
    for (const { key } of rows) fresh.add(key);
  });
  // Of a message that comes twice in one request the first counts.
  return messages.filter(({ messageKey }) => messageKey === null || fresh.delete(messageKey));
}

interface UserRow extends Pick<KnownUser, 'workspaceId' | 'department'> {
  readonly key: string;
  readonly placed_at: Date | null;
  readonly department_at: Date | null;
  readonly isLongAgo: boolean;
}

async function readUsers(
  scope: Scope,
  messages: readonly UsageMessage[],
  longAgo: CalendarDate,
): Promise<{ readonly users: ReadonlyMap<string, KnownUser>; readonly seenLongAgo: ReadonlyMap<string, KnownUser> }> {
  const summarised = messages.flatMap(({ usage }) => usage?.userKeys ?? []);
  const keys = [...new Set([...messages.flatMap(({ userKey }) => userKey ?? []), ...summarised])];
  const users = new Map<string, KnownUser>();
  const seenLongAgo = new Map<string, KnownUser>();
  await inBatches(keys, SMALL_ROWS, async (batch) => {
    const { rows } = await sql<UserRow>`
      select replace(user_key::text, '-', '') as key, workspace_id as "workspaceId", placed_at, department, department_at,
        seen_on < ${longAgo}::date as "isLongAgo"
      from holdfast.product_user where user_key = any(${[...batch]}::uuid[])
    `.execute(scope);
    for (const { key, isLongAgo, placed_at, department_at, ...rest } of rows) {
      const user = {
        ...rest,
        placedAt: placed_at?.toISOString() ?? null,
        departmentAt: department_at?.toISOString() ?? null,
      };
      users.set(key, user);
      if (isLongAgo) seenLongAgo.set(key, user);
    }
  });
  return { users, seenLongAgo };
}

async function putUsers(
  scope: Scope,
  installation: InstallationId,
  users: ReadonlyMap<string, KnownUser>,
  today: CalendarDate,
): Promise<void> {
  const rows = [...users].map(([key, user]) => ({ key, ...user }));
  await inBatches(rows, DOCUMENTS, async (batch) => {
    await sql`
      insert into holdfast.product_user as u (
        installation_id, user_key, workspace_id, placed_at, department, department_at, seen_on
      )
      select ${installation}, key, "workspaceId", "placedAt", department, "departmentAt", ${today}::date
      from json_to_recordset(${toStorableJson(batch)}::json) as x (
        key uuid, "workspaceId" text, "placedAt" timestamptz, department text, "departmentAt" timestamptz
      )
      on conflict (installation_id, user_key) do update set
        workspace_id = excluded.workspace_id, placed_at = excluded.placed_at, department = excluded.department,
        department_at = excluded.department_at, seen_on = excluded.seen_on
    `.execute(scope);
  });
}

async function readMonths(
  scope: Scope,
  installation: InstallationId,
  keys: readonly MonthKey[],
  origin: 'messages' | 'import',
): Promise<readonly (MonthKey & { readonly days: MonthUsage })[]> {
  const months: (MonthKey & { readonly days: MonthUsage })[] = [];
  await inBatches(keys, DOCUMENTS, async (batch) => {
    const { rows } = await sql<MonthKey & { readonly days: MonthUsage }>`
      select m.workspace_id as "workspaceId", m.month, m.days
      from json_to_recordset(${toStorableJson(batch)}::json) as x ("workspaceId" text, month text)
        join holdfast.usage_month m on m.installation_id = ${installation} and m.workspace_id = x."workspaceId"
          and m.month = x.month and m.origin = ${origin}
    `.execute(scope);
    months.push(...rows);
  });
  return months;
}

async function putMonths(
  scope: Scope,
  installation: InstallationId,
  months: readonly (MonthKey & { readonly days: MonthUsage })[],
  origin: 'messages' | 'import',
): Promise<void> {
  await inBatches(months, DOCUMENTS, async (batch) => {
    await sql`
      insert into holdfast.usage_month (installation_id, workspace_id, month, origin, days)
      select ${installation}, "workspaceId", month, ${origin}, days
      from json_to_recordset(${toStorableJson(batch)}::json)
        as x ("workspaceId" text, month text, days json)
      on conflict (installation_id, workspace_id, month, origin) do update set days = excluded.days
    `.execute(scope);
  });
}

async function readUserMonths(
  scope: Scope,
  installation: InstallationId,
  keys: readonly UserMonthKey[],
): Promise<readonly (UserMonthKey & UserMonth)[]> {
  const users: (UserMonthKey & UserMonth)[] = [];
  await inBatches(keys, SMALL_ROWS, async (batch) => {
    const { rows } = await sql<UserMonthKey & UserMonth>`
      select m.workspace_id as "workspaceId", m.month, replace(m.user_key::text, '-', '') as "userKey", m.active, m.key,
        m.gates
      from json_to_recordset(${toStorableJson(batch)}::json)
          as x ("workspaceId" text, month text, "userKey" uuid)
        join holdfast.usage_user_month m on m.installation_id = ${installation} and m.workspace_id = x."workspaceId"
          and m.month = x.month and m.user_key = x."userKey"
    `.execute(scope);
    users.push(...rows);
  });
  return users;
}

async function putUserMonths(
  scope: Scope,
  installation: InstallationId,
  users: readonly (UserMonthKey & UserMonth)[],
): Promise<void> {
  await inBatches(users, SMALL_ROWS, async (batch) => {
    await sql`
      insert into holdfast.usage_user_month (installation_id, workspace_id, month, user_key, active, key, gates)
      select ${installation}, "workspaceId", month, "userKey", active, key, gates
      from json_to_recordset(${toStorableJson(batch)}::json)
        as x ("workspaceId" text, month text, "userKey" uuid, active integer, key integer, gates json)
      on conflict (installation_id, workspace_id, month, user_key) do update set
        active = excluded.active, key = excluded.key, gates = excluded.gates
    `.execute(scope);
  });
}
