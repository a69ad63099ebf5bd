import { sql } from 'kysely';
import { toAccountId, type AccountId, type InstallationId } from '../core/model/ids.ts';
import { openEraser, type Eraser } from '../core/people/erase.ts';
import type { ErasedPerson, ErasureStore } from '../ports/store.ts';
import { DOCUMENTS } from './batches.ts';
import type { Database, Scope } from './database.ts';
import { toStorableJson } from './json.ts';
import { packed, unpacked, unpackedText, type PackedKind } from './packed.ts';

/** Where words about people may stand, beside the records themselves. */
interface Place {
  readonly table: string;
  readonly key: readonly string[];
  readonly texts: readonly string[];
  readonly documents: readonly { readonly column: string; readonly type: 'json' | 'jsonb' }[];
  /** The column that names the account concerned, where there is one. */
  readonly account?: string;
}

const json = (column: string) => ({ column, type: 'json' }) as const;
const jsonb = (column: string) => ({ column, type: 'jsonb' }) as const;

/** Every table that holds what people or CRMs have written, by hand: a test holds it against the database's own list. */
export const PLACES: readonly Place[] = [
  {
    table: 'record',
    key: ['object', 'crm_id'],
    texts: [],
    documents: [jsonb('inputs'), jsonb('shown'), jsonb('links')],
    account: 'account_id',
  },
  {
    table: 'assessment',
    key: ['account_id'],
    texts: ['name'],
    documents: [json('entry')],
    account: 'account_id',
  },
  {
    table: 'disagreement',
    key: ['account_id', 'begun_on'],
    texts: ['note', 'made_by'],
    documents: [],
    account: 'account_id',
  },
  { table: 'ledger_task', key: ['key'], texts: [], documents: [json('task')], account: 'account_id' },
  { table: 'ledger_deal', key: ['key'], texts: [], documents: [json('deal')], account: 'account_id' },
  {
    table: 'play_run',
    key: ['account_id', 'play', 'occurrence'],
    texts: [],
    documents: [json('run')],
    account: 'account_id',
  },
  { table: 'snooze', key: ['account_id', 'play'], texts: [], documents: [json('snooze')], account: 'account_id' },
  { table: 'run', key: ['run_id'], texts: [], documents: [json('error'), json('result')] },
  { table: 'problem', key: ['kind', 'code', 'object', 'field', 'crm_id'], texts: ['message', 'remedy'], documents: [] },
  { table: 'setting', key: ['name'], texts: [], documents: [json('setting')] },
  { table: 'audit_entry', key: ['entry_id'], texts: ['actor'], documents: [json('details')] },
  { table: 'workspace', key: ['workspace_id'], texts: ['name'], documents: [] },
  {
    table: 'configuration',
    key: ['number'],
    texts: ['note', 'made_by'],
    documents: [json('changes'), json('whole'), json('preview')],
  },
  { table: 'person', key: ['user_id'], texts: ['name'], documents: [] },
  { table: 'web_session', key: ['session_hash'], texts: ['name'], documents: [] },
  { table: 'signal_fact', key: ['workspace_id', 'kind', 'fact_id'], texts: [], documents: [json('fact')] },
];

/** Tables that hold ids, figures, hashes and sealed secrets only: nobody is named in them. */
export const WITHOUT_PEOPLE: readonly string[] = [
  'installation',
  'hold',
  'secret',
  'checkpoint',
  'touched',
  'definition',
  'health_day',
  'call_count',
  'account_key',
  'workspace_key',
  'usage_month',
  'usage_message',
  'signal_source',
  'write_key',
  'erased_person',
  'feature_month',
  'term_outcome',
  'expansion_won',
  'consent',
  'sign_in_link',
];

/** Tables in which a person, or an account as it was with them, has rows of its own, which go as a whole. */
export const ROWS_OF_PEOPLE: readonly string[] = [
  'product_user',
  'usage_user_month',
  'former_champion',
  'noticed_record',
  'assessment_input',
  'input_part',
];

export function openErasures(database: Database, installation: InstallationId): ErasureStore {
  return {
    erase: (person, at) =>
      database.inInstallation(installation, async (scope) => {
        const accounts = new Set<string>();
        await dropRecords(scope, installation, person, accounts);
        await dropUsage(scope, installation, person);
        const eraser = openEraser(person);
        for (const place of PLACES) await erasePlace(scope, installation, place, eraser, accounts);
        await eraseAssessments(scope, installation, eraser, accounts);
        await dropInputs(scope, installation, person, accounts);
        await sql`
          insert into holdfast.erased_person (installation_id, hash, erased_at)
          select ${installation}, hash, ${at}::timestamptz from unnest(${[...person.hashes]}::uuid[]) as hash
          on conflict do nothing
        `.execute(scope);
        return [...accounts].map((id): AccountId => toAccountId(id));
      }),
    erasedAmong: (hashes) =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql<{ hash: string }>`
          select replace(hash::text, '-', '') as hash from holdfast.erased_person
          where installation_id = ${installation} and hash = any(${[...hashes]}::uuid[])
        `.execute(scope);
        return new Set(rows.map(({ hash }) => hash));
      }),
    isAnyErased: () =>
      database.inInstallation(installation, async (scope) => {
        const { rows } = await sql`
          select from holdfast.erased_person where installation_id = ${installation} limit 1
        `.execute(scope);
        return rows.length > 0;
      }),
  };
}

async function dropRecords(
  scope: Scope,
  installation: InstallationId,
  { object, ids }: ErasedPerson,
  accounts: Set<string>,
): Promise<void> {
  const gone = sql`${[...ids]}::text[]`;
  const { rows } = await sql<{ account: string | null }>`
    delete from holdfast.record where installation_id = ${installation} and object = ${object} and crm_id = any(${gone})
    returning account_id as account
  `.execute(scope);
  const { rows: linked } = await sql<{ account: string | null }>`
    update holdfast.record r set
      contact_id = case when r.contact_id = any(${gone}) then null else r.contact_id end,
      links = jsonb_set(r.links, array[${object}::text], (
        select coalesce(jsonb_agg(link.id order by link.place), '[]')
        from jsonb_array_elements_text(r.links -> ${object}) with ordinality as link(id, place)
        where not link.id = any(${gone})
      ))
    where r.installation_id = ${installation} and r.links -> ${object} ?| ${gone}
    returning account_id as account
  `.execute(scope);
  for (const { account } of [...rows, ...linked]) if (account !== null) accounts.add(account);
  await sql`
    delete from holdfast.former_champion where installation_id = ${installation} and contact_id = any(${gone})
  `.execute(scope);
  await sql`
    delete from holdfast.problem
    where installation_id = ${installation} and object = ${object} and crm_id = any(${gone})
  `.execute(scope);
}

/** Of a user in the product only hashes are kept: those that follow from what we know of the person go. */
async function dropUsage(scope: Scope, installation: InstallationId, { userKeys }: ErasedPerson): Promise<void> {
  const keys = sql`${[...userKeys]}::uuid[]`;
  await sql`delete from holdfast.product_user where installation_id = ${installation} and user_key = any(${keys})`.execute(
    scope,
  );
  await sql`delete from holdfast.usage_user_month where installation_id = ${installation} and user_key = any(${keys})`.execute(
    scope,
  );
  const alone = sql`${userKeys.map((key) => `user:${key}`)}::text[]`;
  for (const table of ['usage_month', 'signal_fact', 'workspace'] as const) {
    await sql`
      delete from ${sql.table(`holdfast.${table}`)} where installation_id = ${installation} and workspace_id = any(${alone})
    `.execute(scope);
  }
}

/**
 * What scores were computed from is compressed and known by its hash: a person cannot be struck out of it. Of every account
 * that it shows them with, today's or an earlier one's, nothing of it is kept; the next score begins anew.
 */
async function dropInputs(
  scope: Scope,
  installation: InstallationId,
  { ids, emails, names }: ErasedPerson,
  accounts: ReadonlySet<string>,
): Promise<void> {
  const mayTell = searchPacked('facts', [...ids, ...emails, ...names]);
  const found = new Set(accounts);
  let after = { account_id: '', hash: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const { rows } = await sql<{ account_id: string; hash: string; part: Buffer }>`
      select account_id, hash::text as hash, part from holdfast.input_part
      where installation_id = ${installation} and account_id <> ''
        and (account_id, hash) > (${after.account_id}, ${after.hash}::uuid)
      order by account_id, hash limit ${DOCUMENTS}
    `.execute(scope);
    for (const { account_id, part } of rows) {
      if (found.has(account_id)) continue;
      if (mayTell(part)) found.add(account_id);
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last;
  }
  const named = sql`${[...found]}::text[]`;
  for (const table of ['assessment_input', 'input_part'] as const) {
    await sql`
      delete from ${sql.table(`holdfast.${table}`)} where installation_id = ${installation} and account_id = any(${named})
    `.execute(scope);
  }
}

/** Assessments are compressed, so each is looked into here. */
async function eraseAssessments(
  scope: Scope,
  installation: InstallationId,
  eraser: Eraser,
  accounts: Set<string>,
): Promise<void> {
  const mayTell = searchPacked('assessment', eraser.traces);
  for (let after = ''; ;) {
    const { rows } = await sql<{ account_id: string; packed: Buffer }>`
      select account_id, packed from holdfast.assessment
      where installation_id = ${installation} and account_id > ${after} order by account_id limit ${DOCUMENTS}
    `.execute(scope);
    for (const { account_id, packed: bytes } of rows) {
      if (!mayTell(bytes)) continue;
      const before = unpacked('assessment', bytes);
      const left = eraser.eraseDocument(before);
      if (JSON.stringify(left) === JSON.stringify(before)) continue;
      await sql`
        update holdfast.assessment set packed = ${packed('assessment', left)}
        where installation_id = ${installation} and account_id = ${account_id}
      `.execute(scope);
      accounts.add(account_id);
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.account_id;
  }
}

/** Whether a compressed document holds one of these words, in whatever letters. */
function searchPacked(kind: PackedKind, words: readonly string[]): (bytes: Buffer) => boolean {
  const wanted = words.map((word) => JSON.stringify(word).slice(1, -1).toLowerCase());
  return (bytes) => {
    const text = unpackedText(kind, bytes).toLowerCase();
    return wanted.some((word) => text.includes(word));
  };
}

/** Goes through the rows that may tell of the person, and writes back those that do. */
async function erasePlace(
  scope: Scope,
  installation: InstallationId,
  { table, key, texts, documents, account }: Place,
  eraser: Eraser,
  accounts: Set<string>,
): Promise<void> {
  const columns = [...texts, ...documents.map(({ column }) => column)];
  const patterns = eraser.traces.map(
    (trace) =>
      `%${JSON.stringify(trace)
        .slice(1, -1)
        .replaceAll(/[\\%_]/g, '\\$&')}%`,
  );
  const mayTell = sql.join(
    columns.map((column) => sql`${sql.ref(column)}::text ilike any(${patterns}::text[])`),
    sql` or `,
  );
  const wanted = [...new Set([...key, ...(account === undefined ? [] : [account])])];
  const { rows } = await sql<Record<string, string | null>>`
    select ${sql.join([...wanted, ...columns].map((column) => sql`${sql.ref(column)}::text as ${sql.ref(column)}`))}
    from ${sql.table(`holdfast.${table}`)} where installation_id = ${installation} and (${mayTell})
  `.execute(scope);
  for (const row of rows) {
    const changes = [
      ...texts.flatMap((column) => {
        const before = row[column] ?? null;
        const after = before === null ? null : eraser.eraseText(before);
        return after === before ? [] : [sql`${sql.ref(column)} = ${after}`];
      }),
      ...documents.flatMap(({ column, type }) => {
        const before = row[column] ?? null;
        if (before === null) return [];
        const parsed: unknown = JSON.parse(before);
        const after = eraser.eraseDocument(parsed);
        if (JSON.stringify(after) === JSON.stringify(parsed)) return [];
        return [sql`${sql.ref(column)} = ${toStorableJson(after)}::${sql.raw(type)}`];
      }),
    ];
    if (changes.length === 0) continue;
    const isRow = sql.join(
      key.map((column) => sql`${sql.ref(column)}::text = ${row[column] ?? ''}`),
      sql` and `,
    );
    await sql`
      update ${sql.table(`holdfast.${table}`)} set ${sql.join(changes)}
      where installation_id = ${installation} and ${isRow}
    `.execute(scope);
    const concerned = account === undefined ? null : (row[account] ?? null);
    if (concerned !== null) accounts.add(concerned);
  }
}
