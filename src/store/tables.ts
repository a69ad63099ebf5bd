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
  'holdfast.feature_month': FeatureMonthTable;
  'holdfast.term_outcome': TermOutcomeTable;
  'holdfast.disagreement': DisagreementTable;
  'holdfast.expansion_won': ExpansionWonTable;
  'holdfast.former_champion': FormerChampionTable;
  'holdfast.ledger_task': LedgerTaskTable;
  'holdfast.ledger_deal': LedgerDealTable;
  'holdfast.play_run': PlayRunTable;
  'holdfast.snooze': SnoozeTable;
  'holdfast.run': RunTable;
  'holdfast.call_count': CallCountTable;
  'holdfast.problem': ProblemTable;
  'holdfast.setting': SettingTable;
  'holdfast.audit_entry': AuditEntryTable;
  'holdfast.workspace': WorkspaceTable;
  'holdfast.account_key': AccountKeyTable;
  'holdfast.workspace_key': WorkspaceKeyTable;
  'holdfast.product_user': ProductUserTable;
  'holdfast.usage_month': UsageMonthTable;
  'holdfast.usage_user_month': UsageUserMonthTable;
  'holdfast.usage_message': UsageMessageTable;
  'holdfast.signal_fact': SignalFactTable;
  'holdfast.signal_source': SignalSourceTable;
  'holdfast.write_key': WriteKeyTable;
  'holdfast.configuration': ConfigurationTable;
  'holdfast.assessment_input': AssessmentInputTable;
  'holdfast.input_part': InputPartTable;
  'holdfast.consent': ConsentTable;
  'holdfast.person': PersonTable;
  'holdfast.web_session': WebSessionTable;
  'holdfast.sign_in_link': SignInLinkTable;
  'holdfast.noticed_record': NoticedRecordTable;
  'holdfast.erased_person': ErasedPersonTable;
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
  is_usage_alone: boolean;
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
  packed: Uint8Array;
  entry: Json;
}

interface HealthDayTable {
  installation_id: string;
  account_id: string;
  /** A `date`, like `assessed_on`. */
  day: ColumnType<never, string, string>;
  score: number | null;
  band: string;
  raw: number | null;
  coverage: number | null;
  confidence: string | null;
  churn_probability: number | null;
  expansion: number | null;
  caps: string[] | null;
  model_version: string | null;
}

interface FeatureMonthTable {
  installation_id: string;
  account_id: string;
  /** Empty for an account without a term. */
  term_id: string;
  /** `2026-03`. */
  month: string;
  features: Json;
}

interface TermOutcomeTable {
  installation_id: string;
  account_id: string;
  term_id: string;
  /** A `date`, like `assessed_on`. */
  decision_on: ColumnType<never, string, string>;
  outcome: string;
  segment: string | null;
  /** A `date`, like `assessed_on`. */
  seen_on: ColumnType<never, string, string>;
}

interface ExpansionWonTable {
  installation_id: string;
  account_id: string;
  deal_id: string;
  /** A `date`, like `assessed_on`. */
  won_on: ColumnType<never, string, string>;
  /** A `date`, like `assessed_on`. */
  seen_on: ColumnType<never, string, string>;
}

interface DisagreementTable {
  installation_id: string;
  account_id: string;
  /** A `date`, like `assessed_on`. */
  begun_on: ColumnType<never, string, string>;
  band: string;
  code: string;
  note: string;
  made_by: string | null;
  computed_band: string;
  computed_score: number | null;
  /** A `date`, like `assessed_on`. */
  until_on: ColumnType<never, string, string>;
  /** A `date`, like `assessed_on`. */
  ended_on: ColumnType<never, string | null, string | null>;
  ended_by: string | null;
}

interface FormerChampionTable {
  installation_id: string;
  account_id: string;
  contact_id: string;
  /** A `date`, like `assessed_on`. */
  until_on: ColumnType<never, string, string>;
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

interface LedgerDealTable {
  installation_id: string;
  key: string;
  account_id: string;
  state: string;
  deal: Json;
}

interface PlayRunTable {
  installation_id: string;
  account_id: string;
  play: string;
  occurrence: number;
  state: string;
  /** A `date`, like `assessed_on`. */
  opened_on: ColumnType<never, string | null, string | null>;
  run: Json;
}

interface SnoozeTable {
  installation_id: string;
  account_id: string;
  play: string;
  /** A `date`, like `assessed_on`. */
  until_on: ColumnType<never, string, string>;
  snooze: Json;
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

interface WorkspaceTable {
  installation_id: string;
  workspace_id: string;
  name: string | null;
  keys: string[];
  pinned_account: string | null;
  account_id: string | null;
  candidates: string[];
  limits: Json;
  core_features: ColumnType<unknown, string | null, string | null>;
  events: number;
  first_at: Date;
  last_at: Date;
  active_at: Date | null;
  told_at: Generated<Json>;
}

interface WorkspaceKeyTable {
  installation_id: string;
  key: string;
  workspace_id: string;
}

interface AccountKeyTable {
  installation_id: string;
  record_id: string;
  key: string;
  account_id: string;
}

interface ProductUserTable {
  installation_id: string;
  user_key: string;
  workspace_id: string;
  placed_at: Date | null;
  department: string | null;
  department_at: Date | null;
  /** A `date`, like `assessed_on`. */
  seen_on: ColumnType<never, string, string>;
}

interface UsageMonthTable {
  installation_id: string;
  workspace_id: string;
  /** `2026-03`. */
  month: string;
  origin: string;
  days: Json;
}

interface UsageUserMonthTable {
  installation_id: string;
  workspace_id: string;
  month: string;
  user_key: string;
  active: number;
  key: number;
  gates: Json;
}

interface UsageMessageTable {
  installation_id: string;
  message_key: string;
  /** A `date`, like `assessed_on`. */
  received_on: ColumnType<never, string, string>;
}

interface SignalFactTable {
  installation_id: string;
  kind: string;
  fact_id: string;
  workspace_id: string;
  fact: Json;
}

interface SignalSourceTable {
  installation_id: string;
  source: string;
  told_at: Date | null;
  file_to: Date | null;
  every: string | null;
}

interface WriteKeyTable {
  installation_id: string;
  key_hash: string;
  hint: string;
  created_at: Date;
  revoked_at: Date | null;
}

interface ConfigurationTable {
  installation_id: string;
  number: number;
  state: string;
  changes: Json;
  whole: Json;
  note: string;
  made_by: string;
  created_at: Date;
  published_at: Date | null;
  preview: ColumnType<unknown, string | null, string | null>;
}

interface AssessmentInputTable {
  installation_id: string;
  account_id: string;
  day: ColumnType<never, string, string>;
  facts: string;
  shared: string;
  is_change: boolean;
  moment: Uint8Array;
}

interface InputPartTable {
  installation_id: string;
  account_id: string;
  hash: string;
  part: Uint8Array;
}

interface ConsentTable {
  state_hash: string;
  connector: string;
  purpose: string;
  browser_hash: string;
  login_url: string | null;
  sealed_verifier: string | null;
  go_to: string;
  expires_at: Date;
}

interface PersonTable {
  installation_id: string;
  user_id: string;
  name: string | null;
  role: string;
}

interface WebSessionTable {
  installation_id: string;
  session_hash: string;
  user_id: string;
  name: string | null;
  role: string;
  began_at: Date;
  seen_at: Date;
}

interface SignInLinkTable {
  installation_id: string;
  link_hash: string;
  expires_at: Date;
}

interface NoticedRecordTable {
  installation_id: string;
  object: string;
  crm_id: string;
  mark: Generated<string>;
  erases: boolean;
  noticed_at: Date;
}

interface ErasedPersonTable {
  installation_id: string;
  hash: string;
  erased_at: Date;
}
