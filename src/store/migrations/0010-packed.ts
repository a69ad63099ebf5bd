import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { packed, unpacked } from '../packed.ts';

/** Rows that are rewritten at once. */
const PAGE = 200;

/**
 * Assessments are stored packed. Use of the product looks different each day, and is kept with what is new each day: what else
 * an account was scored by then stays one part for as long as nothing of it changes. A mark of an account says whether anything
 * but its use of the product has changed.
 */
const NEW_COLUMNS = `
alter table holdfast.assessment add column packed bytea;
alter table holdfast.assessment alter column packed set storage external;
-- Three or four rows to a page, and none in a place of its own, which costs an index and more rows.
alter table holdfast.assessment set (toast_tuple_target = 8160);
alter table holdfast.assessment_input set (toast_tuple_target = 8160);
alter table holdfast.input_part set (toast_tuple_target = 8160);
alter table holdfast.touched add column is_usage_alone boolean not null default false;
`;

const OLD_COLUMNS = `
alter table holdfast.assessment alter column packed set not null, drop column assessment;
delete from holdfast.input_part p where p.account_id <> '' and not exists (
  select from holdfast.assessment_input i where i.account_id = p.account_id and i.facts = p.hash
);
alter table holdfast.assessment_input drop column usage;
`;

const WALLED = ['assessment', 'assessment_input', 'input_part'] as const;

export const packedRows: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const wall = (kind: 'no force' | 'force'): string =>
      WALLED.map((table) => `alter table holdfast.${table} ${kind} row level security;`).join('\n');
    await sql.raw(wall('no force')).execute(database);
    await sql.raw(NEW_COLUMNS).execute(database);
    await packAssessments(database);
    await packUsage(database);
    await sql.raw(OLD_COLUMNS).execute(database);
    await sql.raw(wall('force')).execute(database);
  },
};

async function packAssessments(database: Kysely<unknown>): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ installation_id: string; account_id: string; assessment: unknown }>`
      select installation_id, account_id, assessment from holdfast.assessment where packed is null limit ${PAGE}
    `.execute(database);
    for (const { installation_id, account_id, assessment } of rows) {
      await sql`
        update holdfast.assessment set packed = ${packed('assessment', assessment)}
        where installation_id = ${installation_id} and account_id = ${account_id}
      `.execute(database);
    }
    if (rows.length < PAGE) return;
  }
}

async function packUsage(database: Kysely<unknown>): Promise<void> {
  for (let after = { installation_id: '', account_id: '', day: '0001-01-01' }; ;) {
    const { rows } = await sql<typeof after & { moment: Buffer; usage: Buffer }>`
      select i.installation_id, i.account_id, i.day::text as day, i.moment, u.part as usage
      from holdfast.assessment_input i
        join holdfast.input_part u on u.installation_id = i.installation_id and u.account_id = i.account_id
          and u.hash = i.usage
      where (i.installation_id, i.account_id, i.day) > (${after.installation_id}, ${after.account_id}, ${after.day}::date)
      order by i.installation_id, i.account_id, i.day limit ${PAGE}
    `.execute(database);
    for (const { installation_id, account_id, day, moment, usage } of rows) {
      await sql`
        update holdfast.assessment_input
        set moment = ${packed('moment', { ...(unpacked('moment', moment) as object), usage: unpacked('facts', usage) })}
        where installation_id = ${installation_id} and account_id = ${account_id} and day = ${day}::date
      `.execute(database);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last;
  }
}
