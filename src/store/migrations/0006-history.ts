import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * A day of health says more, and is found by day first: a day's rows are then written side by side and thinned out side
 * by side. There are as many of them as accounts times days, so they have no foreign key; it would be looked up for each.
 */
const HISTORY = `
alter table holdfast.health_day
  drop constraint health_day_pkey,
  drop constraint health_day_installation_id_fkey,
  alter column score type real,
  add column raw real,
  add column coverage real,
  add column confidence text,
  add column churn_probability real,
  add column expansion real,
  add column caps text[],
  add column model_version text,
  add primary key (installation_id, day, account_id);

-- What the book has to know of an account, beside the whole assessment, of which it is a thirtieth.
alter table holdfast.assessment add column entry json;
alter table holdfast.assessment no force row level security;
update holdfast.assessment a set entry = json_build_object(
  'accountId', a.account_id, 'name', a.name, 'place', x.place,
  'health', json_build_object('score', a.score, 'band', a.band),
  'hasNotice', (
    select coalesce(bool_or(cap ->> 'id' = 'cancellation_notice'), false) from json_array_elements(x.health -> 'caps') cap
  ),
  'churn', json_build_object('riskAlone', x.churn -> 'riskAlone', 'arrAtRisk', x.churn -> 'arrAtRisk',
    'saveValue', x.churn -> 'saveValue'),
  'expansion', json_build_object('bandAlone', x.expansion -> 'bandAlone', 'expectedValue', x.expansion -> 'expectedValue'),
  'standing', x.standing
)
from holdfast.assessment b,
  json_to_record(b.assessment) as x (place json, standing json, health json, churn json, expansion json)
where b.installation_id = a.installation_id and b.account_id = a.account_id;
alter table holdfast.assessment alter column entry set not null;
alter table holdfast.assessment force row level security;

create table holdfast.feature_month (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  account_id text collate "C" not null,
  term_id text collate "C" not null,
  month text collate "C" not null,
  features json not null,
  primary key (installation_id, account_id, term_id, month)
);

create table holdfast.term_outcome (
  installation_id text collate "C" not null references holdfast.installation on delete cascade,
  account_id text collate "C" not null,
  term_id text collate "C" not null,
  decision_on date not null,
  outcome text not null check (outcome in ('open', 'renewed', 'churned', 'superseded')),
  seen_on date not null,
  primary key (installation_id, account_id, term_id)
);
`;

export const history: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(HISTORY).execute(database);
    for (const name of ['feature_month', 'term_outcome']) {
      // The same wall as around every other table; see the first migration.
      await sql
        .raw(
          `alter table holdfast.${name} enable row level security;
           alter table holdfast.${name} force row level security;
           create policy own_rows on holdfast.${name}
             using (installation_id = current_setting('holdfast.installation', true));`,
        )
        .execute(database);
    }
  },
};
