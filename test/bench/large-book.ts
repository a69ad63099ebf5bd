import { createHash } from 'node:crypto';
import { defaultUsageConfiguration } from '../../src/core/usage/configuration.ts';
import { keysOfWorkspace } from '../../src/core/usage/match.ts';
import type { UsageMessage } from '../../src/core/usage/message.ts';
import type { AccountId } from '../../src/core/model/ids.ts';
import { calendarDate } from '../../src/core/model/calendar-date.ts';
import { money } from '../../src/core/model/money.ts';
import type { ImportedFact, TenantStore } from '../../src/ports/store.ts';
import { openDatabase } from '../../src/store/database.ts';

const DAY_MS = 86_400_000;
const USERS = 8;
const WEEKS = 12;
const SLICE = 1_000;

/** Gives every account what a connected product, a billing system and a survey tell of it: three months, eight users. */
export async function tellSignals(store: TenantStore, accounts: readonly AccountId[], now: number): Promise<void> {
  const at = new Date(now).toISOString();
  const how = { at, timeZone: 'Europe/Berlin', configuration: defaultUsageConfiguration };
  const messages = accounts.flatMap((account, index) => messagesOf(account, index, now));
  for (let from = 0; from < messages.length; from += SLICE) {
    await store.signals.receive(messages.slice(from, from + SLICE), how);
  }
  await store.signals.importFacts(
    accounts.flatMap((account) => factsOf(account, now)),
    { at, every: null },
  );
}

/** Each user comes on one or two days a week, and some only in the first weeks. */
function messagesOf(account: AccountId, index: number, now: number): readonly UsageMessage[] {
  const messages: UsageMessage[] = [];
  for (let user = 0; user < USERS; user += 1) {
    const weeks = (index + user) % 5 === 0 ? 4 : WEEKS;
    for (let week = 0; week < weeks; week += 1) {
      const day = now - (WEEKS - week) * 7 * DAY_MS + ((user * 3 + week) % 7) * DAY_MS;
      messages.push(messageOf(account, `${account}:${user}`, new Date(day).toISOString(), user % 2 === 0));
    }
  }
  return messages;
}

function messageOf(account: AccountId, user: string, at: string, isKey: boolean): UsageMessage {
  const userKey = createHash('sha256').update(user).digest('hex').slice(0, 32);
  return {
    type: 'track',
    messageKey: null,
    at,
    userKey,
    userDomain: null,
    department: isKey ? 'Finance' : 'Sales',
    groupId: account,
    group: null,
    usage: {
      events: 12,
      keyActions: isKey ? 3 : 0,
      userKeys: [userKey],
      keyUserKeys: isKey ? [userKey] : [],
      userCount: 0,
      features: { reports: 4, exports: 2, dashboards: 6 },
      metered: { calls: 250 },
      levels: { seats: USERS },
      gate: null,
      pricingVisits: 0,
    },
  };
}

function factsOf(account: AccountId, now: number): readonly ImportedFact[] {
  const dayAgo = (days: number) => calendarDate(new Date(now - days * DAY_MS).toISOString().slice(0, 10));
  const ref = {
    workspaceId: `group:${account}`,
    keys: keysOfWorkspace({ groupId: account, crmId: null, domain: null, mailDomain: null }),
  };
  const invoice = (id: string, dueDaysAgo: number, isPaid: boolean): ImportedFact => ({
    kind: 'invoice',
    ...ref,
    fact: {
      id: `${account}-${id}`,
      amount: money(1_200, 'EUR'),
      issuedOn: dayAgo(dueDaysAgo + 30),
      dueOn: dayAgo(dueDaysAgo),
      paidOn: isPaid ? dayAgo(dueDaysAgo) : null,
      failedAt: null,
    },
  });
  const at = new Date(now - 30 * DAY_MS).toISOString();
  const nps = { id: `${account}-nps`, contactEmail: null, kind: 'nps' as const, score: 8, comment: null, at };
  return [invoice('1', 40, true), invoice('2', 10, false), { kind: 'survey', ...ref, fact: nps }];
}

/**
 * Makes every account of a data folder's only installation stand there `times` over, with all that hangs on it, under
 * other ids. Assessments are left out: they are what is to be made.
 */
export async function multiplyBook(dataDir: string, times: number): Promise<void> {
  const database = await openDatabase({ databaseUrl: null, dataDir });
  try {
    // Rows are copies of rows that were checked when they came.
    await database.executeSql('set session_replication_role = replica');
    for (const text of copies(times - 1)) await database.executeSql(text);
    await database.executeSql('set session_replication_role = default');
    await database.executeSql('vacuum (analyze)');
  } finally {
    await database.close();
  }
}

function copies(count: number): readonly string[] {
  const each = `cross join generate_series(1, ${count}) as copy`;
  const other = (column: string): string => `${column} || 'x' || copy as ${column}`;
  return [
    `insert into holdfast.record
     select installation_id, object, ${other('crm_id')}, inputs - 'hs_parent_company_id', shown,
       regexp_replace(links::text, '"([0-9]+)"', '"\\1x' || copy || '"', 'g')::jsonb, ${other('account_id')},
       ${other('contact_id')}, is_account, created_at, modified_at, shown_at, observed_at, deleted_at, merged_into,
       seen_walk
     from holdfast.record ${each} where is_account or account_id is not null or contact_id is not null`,
    `insert into holdfast.workspace
     select installation_id, ${other('workspace_id')}, name, array(select key || 'x' || copy from unnest(keys) as key),
       pinned_account, ${other('account_id')}, candidates, limits, core_features, events, first_at, last_at, active_at
     from holdfast.workspace ${each} where account_id is not null`,
    `insert into holdfast.workspace_key
     select installation_id, ${other('key')}, ${other('workspace_id')}
     from holdfast.workspace_key ${each}`,
    `insert into holdfast.usage_month
     select installation_id, ${other('workspace_id')}, month, origin, days
     from holdfast.usage_month ${each}`,
    `insert into holdfast.usage_user_month
     select installation_id, ${other('workspace_id')}, month, user_key, active, key, gates
     from holdfast.usage_user_month ${each}`,
    `insert into holdfast.signal_fact
     select installation_id, kind, ${other('fact_id')}, ${other('workspace_id')}, fact
     from holdfast.signal_fact ${each}`,
  ];
}
