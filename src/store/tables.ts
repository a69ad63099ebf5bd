import type { ColumnType, Generated } from 'kysely';

/** The schema as `kysely` sees it. `migrations/` makes it; every table but those of the migrations is listed here. */
export interface Tables {
  'holdfast.installation': InstallationTable;
  'holdfast.hold': HoldTable;
  'holdfast.secret': SecretTable;
  'holdfast.checkpoint': CheckpointTable;
  'holdfast.record': RecordTable;
  'holdfast.touched': TouchedTable;
  'holdfast.definition': DefinitionTable;
  'holdfast.assessment': AssessmentTable;
  'holdfast.health_day': HealthDayTable;
  'holdfast.ledger_task': LedgerTaskTable;
  'holdfast.run': RunTable;
  'holdfast.call_count': CallCountTable;
  'holdfast.problem': ProblemTable;
  'holdfast.setting': SettingTable;
  'holdfast.audit_entry': AuditEntryTable;
}

/** Read as an object, written as JSON text. */
type Json = ColumnType<unknown, string, string>;

interface InstallationTable {
  installation_id: string;
  connector: string;
  crm_account_id: string;
  base_url: string;
  facts: Json;
  status: string;
  status_reason: string | null;
  approved_at: Date | null;
  approved_plan: string | null;
  created_at: Date;
}

interface HoldTable {
  installation_id: string;
  token: string;
  holder: string;
  expires_at: Date;
}

interface SecretTable {
  installation_id: string;
  name: string;
  sealed: string;
}

interface CheckpointTable {
  installation_id: string;
  stream: string;
  checkpoint: Json;
}

interface RecordTable {
  installation_id: string;
  object: string;
  crm_id: string;
  inputs: Json;
  shown: Json;
  links: Json;
  account_id: string | null;
  contact_id: string | null;
  is_account: boolean;
  created_at: Date | null;
  modified_at: Date;
  shown_at: Date | null;
  observed_at: Date;
  deleted_at: Date | null;
  merged_into: string | null;
  seen_walk: string | null;
}

interface TouchedTable {
  installation_id: string;
  account_id: string;
  waiting_since: Date;
  touched_at: Date;
}

interface DefinitionTable {
  installation_id: string;
  object: string;
  definition: Json;
}

interface AssessmentTable {
  installation_id: string;
  account_id: string;
  name: string | null;
  segment: string | null;
  band: string;
  score: number | null;
  /** A `date`. Select it as text: `pg` would make it midnight where the server happens to stand. */
  assessed_on: ColumnType<never, string, string>;
  assessment: Json;
}

interface HealthDayTable {
  installation_id: string;
  account_id: string;
  /** A `date`, like `assessed_on`. */
  day: ColumnType<never, string, string>;
  score: number | null;
  band: string;
}

interface LedgerTaskTable {
  installation_id: string;
  key: string;
  account_id: string;
  state: string;
  crm_id: string | null;
  owner_id: string | null;
  created_at: Date;
  task: Json;
}

interface RunTable {
  installation_id: string;
  run_id: string;
  kind: string;
  trigger: string;
  stage: string;
  started_at: Date;
  finished_at: Date | null;
  error: ColumnType<unknown, string | null, string | null>;
  result: Json;
}

interface CallCountTable {
  installation_id: string;
  bucket: string;
  hour: Date;
  calls: number;
  rate_limited: number;
  failed: number;
}

interface ProblemTable {
  installation_id: string;
  kind: string;
  code: string;
  object: string;
  field: string;
  crm_id: string;
  message: string;
  remedy: string;
  first_at: Date;
  last_at: Date;
  times: number;
  closed_at: Date | null;
}

interface SettingTable {
  installation_id: string;
  name: string;
  setting: Json;
}

interface AuditEntryTable {
  installation_id: string;
  entry_id: Generated<string>;
  at: Date;
  actor: string;
  action: string;
  details: Json;
}
