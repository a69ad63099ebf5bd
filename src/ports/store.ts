import type { AccountFacts, FieldDescription, Pipeline } from '../../connectors/contract/connector.ts';
import type { Secret } from '../../connectors/contract/auth.ts';
import type { RawRecord, RawValue } from '../../connectors/contract/record.ts';
import type { BookEntry } from '../core/book/entry.ts';
import type { ConfigurationChanges } from '../core/configuration/changes.ts';
import type { DecidedTerm, FeatureSnapshot, TermOutcome } from '../core/churn/features.ts';
import type { ExpansionCount } from '../core/expansion/learn.ts';
import type { AccountExpansions } from '../core/expansion/won-expansions.ts';
import type { Assessment } from '../core/model/assessment.ts';
import type { CalendarDate, Instant } from '../core/model/calendar-date.ts';
import type { HealthDay } from '../core/history/health-day.ts';
import type { AccountId, HoldfastKey, InstallationId, TermId } from '../core/model/ids.ts';
import type { AccountUsage, Invoice, Milestone, SurveyResponse } from '../core/model/signals.ts';
import type { AccountSnapshot } from '../core/model/snapshot.ts';
import type { MappingProblem } from '../core/mapping/problem.ts';
import type { Outcome } from '../core/outcome.ts';
import type { LedgerDeal, LedgerTask } from '../core/plan/step.ts';
import type { Traces } from '../core/people/erase.ts';
import type { ChampionId, FormerChampion } from '../core/people/former-champions.ts';
import type { OutcomeCounts } from '../core/plays/effect.ts';
import type { Arm } from '../core/plays/hold-out.ts';
import type { PlayRun, Snooze } from '../core/plays/play-run.ts';
import type { Disagreement, DisagreementChange } from '../core/scoring/disagreement.ts';
import type { UsageView } from '../core/usage/account-usage.ts';
import type { UsageConfiguration } from '../core/usage/configuration.ts';
import type { UsageMessage } from '../core/usage/message.ts';
import type { Rhythm, SourceIntake } from '../core/usage/rhythm.ts';
import type { DayUsage } from '../core/usage/usage-ledger.ts';

/** Everything Holdfast remembers. One PostgreSQL schema, embedded or on a server. */
export interface Store {
  /** Where it is, for people: `embedded, /path` or `PostgreSQL 18.1 on db.example`. Holds no password. */
  readonly title: string;
  readonly kind: 'embedded' | 'server';
  /** Installations across customers: only what the schedule and the list of installations need. */
  readonly installations: InstallationRegistry;
  /** Consents that were begun and not come back yet: they belong to no installation. */
  readonly consents: ConsentStore;
  /** Where CRMs' notices of changes come in. */
  readonly notices: NoticeIntake;
  /** All other rows. No query made through it can read or write another installation's rows. */
  of(installation: InstallationId): TenantStore;
  /** Answers `true` when the database does. */
  isReachable(): Promise<boolean>;
  /**
   * Copies the embedded database, unless its newest copy is younger than `everyMs`. Answers the copy's folder; null when
   * there was nothing to do, on a server, and in a process that uses the database through another one.
   */
  backUp(at: Instant, everyMs: number): Promise<string | null>;
  close(): Promise<void>;
}

export interface Installation {
  readonly id: InstallationId;
  readonly connector: string;
  /** The CRM's id of the customer's account. Unique with `connector`. */
  readonly crmAccountId: string;
  readonly baseUrl: string;
  readonly facts: AccountFacts;
  readonly status: InstallationStatus;
  /** Why it is paused or lost, in words; null otherwise. */
  readonly statusReason: string | null;
  /** When the admin approved the first write, and the digest of the plan that was approved; null before. */
  readonly approvedAt: Instant | null;
  readonly approvedPlan: string | null;
  readonly createdAt: Instant;
}

/** `active` works; `paused` waits for an admin; `lost` means that the CRM took our access away. */
export type InstallationStatus = 'active' | 'paused' | 'lost';

export interface InstallationRegistry {
  /** Makes or finds the installation of this CRM account; facts and base URL are brought up to date. */
  register(installation: {
    connector: string;
    crmAccountId: string;
    baseUrl: string;
    facts: AccountFacts;
    at: Instant;
  }): Promise<Installation>;
  /** By id, by the CRM's account id, or by a beginning of either that only one installation has. Null when none. */
  find(idOrAccount: string): Promise<Installation | null>;
  /** Oldest first. */
  list(): Promise<readonly Installation[]>;
}

export interface TenantStore {
  readonly id: InstallationId;
  getInstallation(): Promise<Installation>;
  updateInstallation(
    change: Partial<
      Pick<Installation, 'baseUrl' | 'facts' | 'status' | 'statusReason' | 'approvedAt' | 'approvedPlan'>
    >,
  ): Promise<void>;
  /** Deletes every row of the installation, itself included. */
  forget(): Promise<void>;

  /**
   * Runs `work` while no other process works on this installation. Null when another one does.
   * The hold ends with the call. That of a process that was killed ends within a minute, on its own machine at once.
   */
  whileHeld<T>(holder: string, work: () => Promise<T>): Promise<{ readonly value: T } | null>;

  readonly secrets: SecretStore;
  readonly checkpoints: CheckpointStore;
  readonly records: RecordStore;
  readonly definitions: DefinitionStore;
  readonly assessments: AssessmentStore;
  readonly history: HistoryStore;
  readonly disagreements: DisagreementStore;
  readonly expansions: ExpansionStore;
  readonly formerChampions: FormerChampionStore;
  readonly ledger: LedgerStore;
  readonly dealLedger: DealLedger;
  readonly plays: PlayStore;
  readonly runs: RunStore;
  readonly calls: CallStore;
  readonly problems: ProblemStore;
  readonly settings: SettingStore;
  readonly audit: AuditStore;
  readonly signals: SignalStore;
  readonly configurations: ConfigurationStore;
  readonly inputs: InputStore;
  readonly people: PeopleStore;
  readonly notices: NoticeStore;
  readonly erasures: ErasureStore;
}

/** Sealed with AES-256-GCM, bound to installation and name. */
export interface SecretStore {
  get(name: string): Promise<Secret | null>;
  put(name: string, secret: Secret): Promise<void>;
  /** Leaves what is there as it is. Answers what is there now: of several who begin at once, all get the same. */
  putFirst(name: string, secret: Secret): Promise<Secret>;
  drop(name: string): Promise<void>;
}

/** Where each stream of a pull stopped. `stream` is `companies:changed`, `deals:all`. */
export interface CheckpointStore {
  get(stream: string): Promise<Checkpoint | null>;
  put(stream: string, checkpoint: Checkpoint): Promise<void>;
  drop(stream: string): Promise<void>;
  list(): Promise<ReadonlyMap<string, Checkpoint>>;
}

/** Small and JSON: the pull decides what it holds. */
export type Checkpoint = Readonly<Record<string, string | number | boolean | null>>;

/** One raw record split into what decides (inputs) and what we wrote (shown). */
export interface IncomingRecord {
  readonly raw: RawRecord;
  /** Mapped fields that are not ours. A change of these alone is a change. */
  readonly inputs: Readonly<Record<string, RawValue>>;
  /** Our own fields as the CRM shows them. */
  readonly shown: Readonly<Record<string, RawValue>>;
  /** The account it rolls up to by its own links; null when it has none. An account's is its own id. */
  readonly accountId: AccountId | null;
  /** The first linked contact, through which an activity without a company finds its account. */
  readonly contactId: string | null;
}

export interface StoredRecord extends IncomingRecord {
  readonly observedAt: Instant;
  readonly deletedAt: Instant | null;
  readonly mergedInto: string | null;
}

export interface PageToStore {
  readonly object: string;
  readonly records: readonly IncomingRecord[];
  /** Marks the records as seen by this walk, for reconciliation by absence; null outside a full walk. */
  readonly walk: string | null;
  readonly stream: string;
  readonly checkpoint: Checkpoint;
  /** False for objects that no score looks at: their accounts are not marked as touched. */
  readonly touches: boolean;
  readonly at: Instant;
}

export interface PageOutcome {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
}

export interface RecordStore {
  /**
   * Stores a page and its checkpoint in one transaction. A record older than the stored one changes nothing; one with the
   * same inputs and links counts as unchanged. Links that were not read keep their stored value. `raw.mergedIds` are
   * marked as merged into the record, and whatever was linked to them follows. Accounts that any of this concerns, the
   * old one and the new, are marked as touched.
   */
  storePage(page: PageToStore): Promise<PageOutcome>;
  /**
   * Replaces the links to one object; touches accounts where they changed. Answers how many records changed.
   * `rollsUp` says what the first link means: the record's account, its contact, or neither.
   */
  storeLinks(
    object: string,
    to: string,
    links: ReadonlyMap<string, readonly string[]>,
    at: Instant,
    rollsUp: 'account' | 'contact' | null,
  ): Promise<number>;
  /** Marks records as deleted in the CRM. Answers how many were not so already. */
  markDeleted(object: string, ids: readonly string[], at: Instant): Promise<number>;
  /** Takes back a deletion. */
  markRestored(object: string, ids: readonly string[], at: Instant): Promise<number>;
  /** What we wrote is what the CRM shows, from `modifiedAt` on. Touches nothing. */
  markWritten(
    object: string,
    id: string,
    shown: Readonly<Record<string, RawValue>>,
    modifiedAt: Instant | null,
  ): Promise<void>;
  /** `markWritten` for many records in one statement. */
  markWrittenMany(
    object: string,
    written: readonly {
      readonly id: string;
      readonly shown: Readonly<Record<string, RawValue>>;
      readonly modifiedAt: Instant | null;
    }[],
  ): Promise<void>;
  /** Forgets what the CRM shows of our fields, because they were taken away there: of one object's fields, or of all. */
  clearShown(of?: { readonly object: string; readonly fields: readonly string[] }): Promise<void>;
  /** Alive records of an object after an id, in the order of ids as text. */
  page(object: string, afterId: string | null, limit: number): Promise<readonly StoredRecord[]>;
  /** Alive or deleted. */
  byIds(object: string, ids: readonly string[]): Promise<readonly StoredRecord[]>;
  /** Ids of the records that were merged into one of these. */
  mergedInto(object: string, ids: readonly string[]): Promise<readonly string[]>;
  /** Alive records that roll up to these accounts, per object, by their own link or through their contact. */
  byAccounts(
    objects: readonly string[],
    accounts: readonly AccountId[],
  ): Promise<ReadonlyMap<AccountId, ReadonlyMap<string, readonly StoredRecord[]>>>;
  /**
   * Alive records of an object that belong to these accounts by their own link and show something of ours in one of these
   * fields: text, a figure, or yes. By id.
   */
  showing(object: string, accounts: readonly AccountId[], fields: readonly string[]): Promise<readonly StoredRecord[]>;
  /** Alive records of an object that the walk did not see and that were stored before it began, by id. */
  unseen(
    object: string,
    walk: string,
    walkBeganAt: Instant,
    afterId: string | null,
    limit: number,
  ): Promise<readonly string[]>;
  /** Ids marked as deleted (not merged) since an instant, by id. */
  deletedSince(object: string, since: Instant, afterId: string | null, limit: number): Promise<readonly string[]>;
  count(): Promise<ReadonlyMap<string, { readonly alive: number; readonly deleted: number }>>;

  /** Accounts to assess again, longest waiting first. */
  touched(limit: number): Promise<readonly { readonly accountId: AccountId; readonly touchedAt: Instant }[]>;
  touch(accounts: readonly AccountId[], at: Instant): Promise<void>;
  /** Removes the mark unless the account was touched again after `touchedAt`. */
  untouch(accounts: readonly { readonly accountId: AccountId; readonly touchedAt: Instant }[]): Promise<void>;
}

/** What the customer's CRM looks like: fields and pipelines per object. */
export interface DefinitionStore {
  get(object: string): Promise<ObjectDefinition | null>;
  put(object: string, definition: ObjectDefinition): Promise<void>;
  /** By object. */
  list(): Promise<ReadonlyMap<string, ObjectDefinition>>;
}

export interface ObjectDefinition {
  /** Null when the object may not be read. */
  readonly fields: readonly FieldDescription[] | null;
  readonly pipelines: readonly Pipeline[];
  readonly readAt: Instant;
}

/** A document as it is stored, opened each time it is asked for: open, it takes ten times the room. */
export type Folded<Document> = () => Document;

/** Documents that are folded one by one, as they are made, and stored all at once. Of two of one account the later counts. */
export interface Gathering<Document> {
  add(document: Document): void;
  store(): Promise<void>;
}

export interface AssessmentStore {
  /** Stores the newest assessment of each account and the day's point of its history. */
  put(assessments: readonly StoredAssessment[]): Promise<void>;
  /** For many assessments: what `put` does, with little in memory. */
  gather(): Gathering<StoredAssessment>;
  get(accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, StoredAssessment>>;
  getFolded(accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Folded<StoredAssessment>>>;
  /** By account id as text. */
  page(afterId: AccountId | null, limit: number): Promise<readonly StoredAssessment[]>;
  drop(accounts: readonly AccountId[]): Promise<void>;
  /** Accounts whose newest assessment is of an earlier day than `today`; by id. */
  due(today: CalendarDate, afterId: AccountId | null, limit: number): Promise<readonly AccountId[]>;
  /** What the book has to know of each account, by account id as text: a fraction of what `page` reads. */
  bookEntries(afterId: AccountId | null, limit: number): Promise<readonly BookEntry[]>;
  /** Accounts per band as they are shown, and the median of their own scores per segment, of the newest assessments. */
  summary(): Promise<AssessmentSummary>;
}

export interface StoredAssessment {
  readonly assessment: Assessment;
  readonly name: string | null;
  readonly segment: string | null;
  readonly on: CalendarDate;
}

export interface AssessmentSummary {
  readonly bands: Readonly<Record<'green' | 'yellow' | 'red' | 'grey', number>>;
  /** Per segment, `''` for none: how many scores and their median. */
  readonly segments: ReadonlyMap<string, { readonly scores: number; readonly median: number | null }>;
}

/** What was said of accounts on earlier days, and what was known of their terms. */
export interface HistoryStore {
  /** Days on which the account was assessed, from `from` to `to`, the oldest first. */
  days(account: AccountId, from: CalendarDate, to: CalendarDate): Promise<readonly HealthDay[]>;
  /** The first day that is kept of an account; null when there is none. */
  firstDayOf(account: AccountId): Promise<CalendarDate | null>;
  /** The first day of any account; null when there is none. */
  firstDay(): Promise<CalendarDate | null>;
  /** Of each month from that of `from` to that of `to` the last day on which any account was assessed, the oldest first. */
  lastDays(from: CalendarDate, to: CalendarDate): Promise<readonly CalendarDate[]>;
  /** Forgets this day of every account that has a later one in the same month. Answers how many were forgotten. */
  thin(day: CalendarDate): Promise<number>;

  /** Keeps what was known of accounts and their terms, in the month of `on`. What is kept of a term and month already stays as it is. */
  keepFeatures(features: readonly FeatureSnapshot[]): Promise<void>;
  /** The terms of these accounts of which something is kept in the month (`2026-03`), by account; null for that without a term. */
  keptTerms(month: string, accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, readonly (TermId | null)[]>>;
  /** Says how terms stand, in the place of what was said of them before. */
  putOutcomes(outcomes: readonly TermOutcome[]): Promise<void>;
  /** Terms that were renewed or lost, and those of them that were lost, by the segment of their account. */
  decidedBySegment(): Promise<ReadonlyMap<string, { readonly closed: number; readonly churned: number }>>;
  /** Terms that were renewed or lost and should have been decided by a day, of accounts after an id, by account and term. */
  decidedTerms(by: CalendarDate, afterId: AccountId | null, accounts: number): Promise<readonly DecidedTerm[]>;
  /** All that is kept of terms of these accounts, by account, term and month. */
  features(accounts: readonly AccountId[]): Promise<readonly FeatureSnapshot[]>;
}

/** Bands that people set by hand, kept until the installation is forgotten. */
export interface DisagreementStore {
  /**
   * Notes what became of them, in the order given, all or none. One that begins ends an open one of an earlier day, and
   * takes the place of one of the same day. Again is the same.
   */
  put(changes: readonly DisagreementChange[]): Promise<void>;
  /** The newest first. */
  list(): Promise<readonly KnownDisagreement[]>;
}

export interface KnownDisagreement {
  readonly disagreement: Disagreement;
  /** Of the account; null where it is not assessed any more. */
  readonly name: string | null;
  /** How the first term went whose outcome was seen on a later day; null while there is none. */
  readonly outcome: 'renewed' | 'churned' | null;
}

/** Expansions that accounts have won, and how often one followed a score. */
export interface ExpansionStore {
  /** Says which expansions these accounts have won, in the place of what was said before; all or none. Again is the same. */
  put(accounts: readonly AccountExpansions[]): Promise<void>;
  /** Accounts assessed on a day, by expansion score (the lowest first), and those that won an expansion in so many days after. */
  followed(day: CalendarDate, withinDays: number): Promise<readonly ExpansionCount[]>;
  /** Different expansions that were won in so many days after one of these, by an account that was assessed on it. */
  countFollowing(days: readonly CalendarDate[], withinDays: number): Promise<number>;
}

/** Champions who left, wherever they went; kept until they are back or erased. */
export interface FormerChampionStore {
  /** What is known of one already stays as it is. */
  put(left: readonly FormerChampion[]): Promise<void>;
  drop(champions: readonly ChampionId[]): Promise<void>;
  /** Those who left last first. */
  list(): Promise<readonly FormerChampion[]>;
  /** Those who left this account, and those whose record belongs to it now; in the same order. */
  ofAccount(account: AccountId, contactObject: string): Promise<readonly FormerChampion[]>;
}

export interface LedgerStore {
  /** Adds or replaces by key. */
  put(tasks: readonly LedgerTask[]): Promise<void>;
  get(keys: readonly HoldfastKey[]): Promise<readonly LedgerTask[]>;
  byAccounts(accounts: readonly AccountId[]): Promise<readonly LedgerTask[]>;
  byState(
    states: readonly LedgerTask['state'][],
    afterKey: HoldfastKey | null,
    limit: number,
  ): Promise<readonly LedgerTask[]>;
  byCrmIds(crmIds: readonly string[]): Promise<readonly LedgerTask[]>;
  /** Open tasks of a play, by key. */
  openOf(play: string): Promise<readonly LedgerTask[]>;
  /** Open tasks and tasks made on `today` that were not undone, per owner id (`''` for nobody), for the load cap. */
  load(
    today: CalendarDate,
    timeZone: string,
  ): Promise<ReadonlyMap<string, { readonly open: number; readonly today: number }>>;
}

/** The renewal deals that we made. */
export interface DealLedger {
  /** Adds or replaces by key. */
  put(deals: readonly LedgerDeal[]): Promise<void>;
  /** By key. */
  byAccounts(accounts: readonly AccountId[]): Promise<readonly LedgerDeal[]>;
  /** By key. */
  byState(
    states: readonly LedgerDeal['state'][],
    afterKey: HoldfastKey | null,
    limit: number,
  ): Promise<readonly LedgerDeal[]>;
}

/** What plays remember of accounts. */
export interface PlayStore {
  /** Adds or replaces by account, play and occurrence. */
  put(runs: readonly PlayRun[]): Promise<void>;
  /** Every firing of these accounts, by account, play and occurrence. */
  byAccounts(accounts: readonly AccountId[]): Promise<readonly PlayRun[]>;
  /** Accounts with an open firing, by id as text. */
  openAccounts(afterId: AccountId | null, limit: number): Promise<readonly AccountId[]>;
  /** By play, of every play that was ever looked at. */
  summary(): Promise<ReadonlyMap<string, PlaySummary>>;
  /** Firings that opened, the newest first. */
  recent(limit: number): Promise<readonly PlayRun[]>;
  /** Adds or replaces the snooze of this play on this account; of the renewal cadence, that of the term. */
  snooze(snooze: Snooze): Promise<void>;
  /** Ends the snoozes of a play. Answers false when there was none. */
  wake(account: AccountId, play: string): Promise<boolean>;
  /** Those whose day is after this one, by account. */
  snoozes(after: CalendarDate): Promise<readonly Snooze[]>;
}

export interface PlaySummary {
  /** Firings that are open, that ever opened, and when the last one did. */
  readonly open: number;
  readonly fired: number;
  readonly lastOpenedOn: CalendarDate | null;
  /** Those that ended. */
  readonly outcomes: OutcomeCounts;
  /** The same of those that were measured and began to act; an arm without any is absent. */
  readonly arms: Readonly<Partial<Record<Arm, OutcomeCounts>>>;
}

export type RunKind = 'incremental' | 'full' | 'daily';
export type RunStage = 'definitions' | 'pull' | 'reconcile' | 'assess' | 'plan' | 'write' | 'done';

export interface Run {
  readonly id: string;
  readonly kind: RunKind;
  readonly trigger: 'schedule' | 'person' | 'install';
  readonly stage: RunStage;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  /** Null while it runs and when all went well. */
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string } | null;
  /** What `sync --json` prints; grows while the run goes on. */
  readonly result: Readonly<Record<string, unknown>>;
}

export interface RunStore {
  put(run: Run): Promise<void>;
  /** The newest run of a kind that ended without an error. */
  lastGood(kind: RunKind): Promise<Run | null>;
  /** The newest run that is to go on: its process was killed or stopped, or it failed and is tried again. */
  unfinished(): Promise<Run | null>;
  recent(limit: number): Promise<readonly Run[]>;
}

/** API calls per bucket and hour, for the budget and the numbers people see. */
export interface CallStore {
  add(counts: readonly CallCount[]): Promise<void>;
  /** Sums per bucket from an instant on. */
  since(from: Instant): Promise<readonly CallCount[]>;
}

export interface CallCount {
  readonly bucket: string;
  /** The hour that they fell in. */
  readonly hour: Instant;
  readonly calls: number;
  readonly rateLimited: number;
  readonly failed: number;
}

/** The error inbox: what a person has to look at, once per thing, with a count. */
export interface ProblemStore {
  report(problems: readonly Problem[], at: Instant): Promise<void>;
  /** Problems of this kind that were not reported again since `at` are closed. */
  closeOlder(kind: string, at: Instant): Promise<void>;
  /** Open ones, newest first. */
  list(
    limit: number,
  ): Promise<readonly (Problem & { readonly firstAt: Instant; readonly lastAt: Instant; readonly count: number })[]>;
}

export interface Problem {
  /** `mapping`, `write`, `read`, `renewal`, `tasks`, `snooze`: who closes it. */
  readonly kind: string;
  readonly code: string;
  /** `companies`, and the field or record concerned; both may be empty. */
  readonly object: string;
  readonly field: string;
  readonly crmId: string;
  readonly message: string;
  readonly remedy: string;
}

/** Per-installation choices: mapping overrides, write-back set, budget. JSON by name. */
export interface SettingStore {
  get(name: string): Promise<unknown>;
  put(name: string, value: unknown): Promise<void>;
  drop(name: string): Promise<void>;
}

export interface AuditStore {
  add(entry: {
    readonly at: Instant;
    readonly actor: string;
    readonly action: string;
    readonly details: Readonly<Record<string, unknown>>;
  }): Promise<void>;
  recent(limit: number): Promise<
    readonly {
      readonly at: Instant;
      readonly actor: string;
      readonly action: string;
      readonly details: Readonly<Record<string, unknown>>;
    }[]
  >;
}

/** What reaches us from elsewhere than the CRM, by workspace: a customer's own place in the product or the billing. */
export interface SignalStore {
  /**
   * Adds messages to the daily sums, all or none: a message that is known by its key counts once. Workspaces that are new
   * look for their account; the accounts concerned are marked as touched.
   */
  receive(messages: readonly UsageMessage[], how: Intake): Promise<ReceivedUsage>;
  /** Puts days in the place of what is known of them, by workspace. Again is the same. */
  importDays(days: readonly ImportedDay[], how: FileIntake): Promise<void>;
  /** Adds or replaces by workspace, kind and id; a fact may come by its account's id that came by its domain before. */
  importFacts(facts: readonly ImportedFact[], how: Omit<FileIntake, 'timeZone'>): Promise<void>;

  /**
   * Says by which keys accounts can be found, in the place of what was said of these records before. Workspaces whose
   * match that changes follow. Answers the accounts that thereby won or lost usage; those of them that were not listed
   * here are marked as touched.
   */
  listAccounts(accounts: readonly ListedAccount[], at: Instant): Promise<readonly AccountId[]>;
  /** A person's word on whose a workspace is: it goes before every other match. Null takes it back. */
  pin(
    workspaceId: string,
    account: AccountId | null,
    at: Instant,
  ): Promise<'pinned' | 'workspace-unknown' | 'account-unknown'>;
  /** Workspaces without an account, those with the most events first. */
  unmatched(limit: number): Promise<readonly UnmatchedWorkspace[]>;
  countUnmatched(): Promise<number>;

  /** Up to when each source has told, and how; absent for those that never did. */
  sources(): Promise<ReadonlyMap<SignalSource, SourceIntake>>;
  /**
   * By account; every one that was asked for is there. Null within it for sources that never told anything. Of usage, what
   * `view` looks at.
   */
  byAccounts(accounts: readonly AccountId[], view: UsageView): Promise<ReadonlyMap<AccountId, AccountSignals>>;
  /** What tells the use of the product alone, which looks different each day, of one of these accounts; as in `byAccounts`. */
  usageOf(accounts: readonly AccountId[], view: UsageView): Promise<(account: AccountId) => AccountSignals['usage']>;
  /** Forgets what is older than it is kept. */
  prune(today: CalendarDate, kept: { readonly usageDays: number; readonly messageDays: number }): Promise<void>;

  /** Write keys are kept as hashes. `hint` is what a person may see of one. */
  addKey(key: { readonly hash: string; readonly hint: string; readonly at: Instant }): Promise<void>;
  isKey(hash: string): Promise<boolean>;
  /** Those that are good, oldest first. */
  listKeys(): Promise<readonly { readonly hint: string; readonly createdAt: Instant }[]>;
  /** By hint, or all of them. Answers how many ended. */
  revokeKeys(hint: string | null, at: Instant): Promise<number>;
}

export type SignalSource = 'usage' | 'surveys' | 'billing' | 'milestones';

export interface Intake {
  readonly at: Instant;
  /** The customer's, which says what day it was. */
  readonly timeZone: string;
  readonly configuration: UsageConfiguration;
}

/** What comes in a file. */
export interface FileIntake extends Pick<Intake, 'at' | 'timeZone'> {
  /** How often such files come; null leaves what was said before, which is daily at first. */
  readonly every: Rhythm | null;
}

export interface ReceivedUsage {
  readonly stored: number;
  /** Known already. */
  readonly repeated: number;
}

/** A reference to an account as a file names it. */
export interface WorkspaceRef {
  readonly workspaceId: string;
  readonly keys: readonly string[];
}

export interface ImportedDay extends WorkspaceRef {
  readonly on: CalendarDate;
  readonly usage: DayUsage;
  readonly limits: Readonly<Record<string, number>>;
}

export type ImportedFact = WorkspaceRef &
  (
    | { readonly kind: 'survey'; readonly fact: Omit<SurveyResponse, 'accountId'> }
    | { readonly kind: 'invoice'; readonly fact: Omit<Invoice, 'accountId'> }
    | { readonly kind: 'milestone'; readonly fact: Omit<Milestone, 'accountId'> }
  );

/** A record of the CRM under the keys that lead to it; none for one that is gone. */
export interface ListedAccount {
  readonly recordId: string;
  /** The record itself, or the one that it was merged into; null when it is gone. */
  readonly accountId: AccountId | null;
  readonly keys: readonly string[];
}

export interface UnmatchedWorkspace {
  readonly workspaceId: string;
  readonly name: string | null;
  /** What was looked for: `id:…`, `external:…`, `domain:…`, `mail:…`. */
  readonly keys: readonly string[];
  /** Several accounts that fit alike; empty when none does. */
  readonly candidates: readonly string[];
  readonly events: number;
  /** Surveys, invoices and milestones. */
  readonly facts: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

export interface AccountSignals {
  readonly usage: AccountUsage | null;
  readonly surveys: readonly SurveyResponse[] | null;
  readonly invoices: readonly Invoice[] | null;
  readonly milestones: readonly Milestone[] | null;
}

/** The versions of the model's configuration that an installation has had. */
export interface ConfigurationStore {
  /** The number of the published version; 0 while the product's own defaults are in force. */
  numberInForce(): Promise<number>;
  get(number: number): Promise<ConfigurationVersion | null>;
  findDraft(): Promise<ConfigurationVersion | null>;
  /** The newest first, the draft included. */
  list(): Promise<readonly ConfigurationVersion[]>;
  /** Adds the one draft or replaces it; what was previewed of an earlier one is forgotten. */
  putDraft(draft: ConfigurationContent): Promise<void>;
  /** Remembers what the preview of the draft showed. */
  notePreview(preview: ConfigurationPreviewNote): Promise<void>;
  /** Answers false when there was none. */
  dropDraft(): Promise<boolean>;
  /**
   * Puts a new version in force and retires the one before, all or none. The draft ends with it, and the new version
   * keeps what was previewed of that. Answers the new number.
   */
  publish(version: ConfigurationContent): Promise<number>;
}

export interface ConfigurationContent {
  /** What differs from the product's defaults as they were then. */
  readonly changes: ConfigurationChanges;
  /** Everything, as it was then: what scores of this version were made by. */
  readonly whole: unknown;
  /** Why, in the words of whoever made it. */
  readonly note: string;
  readonly by: string;
  readonly at: Instant;
}

export interface ConfigurationVersion extends Omit<ConfigurationContent, 'at'> {
  /** Counted from 1; a draft has the number that it will be published under. */
  readonly number: number;
  readonly state: 'draft' | 'published' | 'retired';
  readonly createdAt: Instant;
  readonly publishedAt: Instant | null;
  /** Null for a version that nobody looked at before. */
  readonly preview: ConfigurationPreviewNote | null;
}

export interface ConfigurationPreviewNote {
  readonly at: Instant;
  readonly accounts: number;
  /** Accounts whose band changes in the end. */
  readonly changing: number;
}

/** What scores were computed from: of each account's newest assessment, and of each day on which it changed. */
export interface InputStore {
  /**
   * Keeps the inputs of assessments; a second one of a day takes the place of the first. Earlier days that brought no
   * change are forgotten.
   */
  gather(): Gathering<AssessedInput>;
  /**
   * What was read of these accounts when they were last assessed. Absent where it is not kept, where an account is not assessed
   * any more, and where a change of more than its use of the product has touched it since.
   */
  facts(accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Folded<KeptFacts>>>;
  /** Those of the newest day that is kept, of or before `on`; null when none is. */
  get(account: AccountId, on: CalendarDate | null): Promise<KeptInput | null>;
  /** The days that are kept, oldest first. */
  days(account: AccountId): Promise<readonly CalendarDate[]>;
  /** Forgets everything of these accounts: when a person is erased, what is kept of their company goes too. */
  drop(accounts: readonly AccountId[]): Promise<void>;
  /** Forgets days before this one. */
  prune(before: CalendarDate): Promise<void>;
}

export interface AssessedInput {
  readonly snapshot: AccountSnapshot;
  readonly assessment: Assessment;
  readonly outcome: Outcome;
  /** The band or the score in whole points is another one than before. */
  readonly isChange: boolean;
  readonly problems: readonly MappingProblem[];
  /** What `KeptFacts.keptAs` said, when the snapshot was made from it; null when the records were read. */
  readonly keptAs: string | null;
}

/** What is read of an account's own records, and of its surveys, invoices and milestones. */
export type ReadFacts = Pick<
  AccountSnapshot,
  | 'account'
  | 'unreadable'
  | 'contacts'
  | 'deals'
  | 'contracts'
  | 'tickets'
  | 'activities'
  | 'surveys'
  | 'invoices'
  | 'milestones'
>;

export interface KeptFacts {
  readonly facts: ReadFacts;
  /** Values that could not be read. */
  readonly problems: readonly MappingProblem[];
  /** What the store knows them by. */
  readonly keptAs: string;
}

export interface KeptInput {
  readonly on: CalendarDate;
  readonly snapshot: AccountSnapshot;
  /** What came out. */
  readonly outcome: Outcome;
}

/** The way to a CRM's consent page and back, which is walked once. */
export interface ConsentStore {
  /** Also forgets those that have ended. */
  put(consent: BegunConsent, at: Instant): Promise<void>;
  /** Hands it out and forgets it. Null when there is none of this state, or when it has ended. */
  take(stateHash: string, at: Instant): Promise<BegunConsent | null>;
}

export interface BegunConsent {
  /** The one-time state itself is known to the browser alone. */
  readonly stateHash: string;
  readonly connector: string;
  readonly purpose: 'install' | 'sign-in';
  /** Of what the browser's cookie holds. */
  readonly browserHash: string;
  /** Where the admin logs in, for CRMs with several such places. */
  readonly loginUrl: string | null;
  /** Of the proof that the code is exchanged with; sealed at rest. */
  readonly verifier: string | null;
  /** Path of ours to go on to. */
  readonly goTo: string;
  readonly expiresAt: Instant;
}

/** `admin` may change things; `viewer` looks. */
export type Role = 'admin' | 'viewer';

/** People of the customer who have signed in, their sessions, and links that sign in. Tokens are kept as hashes alone. */
export interface PeopleStore {
  /** Adds or replaces by user id. */
  put(person: Person): Promise<void>;
  find(userId: string): Promise<Person | null>;

  beginSession(session: Person & { readonly hash: string; readonly at: Instant }): Promise<void>;
  findSession(hash: string): Promise<StoredSession | null>;
  markSeen(hash: string, at: Instant): Promise<void>;
  endSession(hash: string): Promise<void>;
  /** Those that were last seen before an instant, or all for null. Answers how many ended. */
  endSessions(seenBefore: Instant | null): Promise<number>;

  /** Also forgets those that have ended. */
  putLink(hash: string, expiresAt: Instant, at: Instant): Promise<void>;
  /** True once, while the link is good. */
  takeLink(hash: string, at: Instant): Promise<boolean>;
}

export interface Person {
  /** The CRM's id of the user. */
  readonly userId: string;
  /** E-mail address or user name; null where the CRM does not tell. */
  readonly name: string | null;
  readonly role: Role;
}

export interface StoredSession extends Person {
  readonly hash: string;
  readonly beganAt: Instant;
  readonly seenAt: Instant;
}

/** A record that a CRM has told a change of. */
export interface NoticedRecord {
  readonly object: string;
  readonly id: string;
  /** The person that it stands for is to be forgotten. */
  readonly erases: boolean;
}

/** Notices by the CRM's own names of its customers, since one delivery tells of several. */
export interface NoticeIntake {
  /**
   * Stores all in one transaction; a record that waits already waits once. Answers the installations concerned, by the
   * CRM's id of their account; accounts that are not connected are absent, and what was told of them is dropped.
   */
  add(
    connector: string,
    notices: readonly (NoticedRecord & { readonly crmAccountId: string })[],
    at: Instant,
  ): Promise<ReadonlyMap<string, InstallationId>>;
}

/** A noticed record as it waits; `mark` changes with every further notice of it. */
export interface WaitingRecord extends NoticedRecord {
  readonly mark: string;
}

export interface NoticeStore {
  isAnyWaiting(): Promise<boolean>;
  /** Those to look at again, by object and id. */
  page(after: WaitingRecord | null, limit: number): Promise<readonly WaitingRecord[]>;
  /** Those whose person is to be forgotten. */
  toErase(limit: number): Promise<readonly WaitingRecord[]>;
  /** Removes them, unless there was a further notice since they were read. */
  settle(records: readonly WaitingRecord[]): Promise<void>;
  /** How many wait, and since when the one that has waited longest; null when none does. */
  summary(): Promise<{ readonly count: number; readonly oldestAt: Instant | null }>;
}

/** A person who is to be forgotten, with everything that they can be recognised by. */
export interface ErasedPerson extends Traces {
  /** Hashes of their records' ids, to know them by should they come again. */
  readonly hashes: readonly string[];
  /** Hashes of the ids that products may know them by. */
  readonly userKeys: readonly string[];
}

export interface ErasureStore {
  /**
   * Takes a person out of everything that is stored, in one transaction: their records go, and what tells of them elsewhere
   * is struck out. Answers the accounts that this concerns.
   */
  erase(person: ErasedPerson, at: Instant): Promise<readonly AccountId[]>;
  isAnyErased(): Promise<boolean>;
  /** Those of the hashes whose record was erased. */
  erasedAmong(hashes: readonly string[]): Promise<ReadonlySet<string>>;
}
