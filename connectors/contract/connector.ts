import type { OAuth, Secret } from './auth.ts';
import type { Instant, RawChange, RawRecord, WriteOutcome } from './record.ts';
import type { WebhookReader } from './webhooks.ts';

/** One CRM. Holds no token, clock or retry: all that arrives with `access`. */
export interface Connector {
  /** `hubspot`, `salesforce`: the folder's name, and the mapping's. */
  readonly id: string;
  readonly title: string;
  readonly words: CrmWords;
  /** The limits that its calls fall under. Every call names one of these buckets. */
  readonly limits: readonly Limit[];
  /** Which calls the CRM counts against its daily limit: those since its midnight, or those of the last 24 hours. */
  readonly dailyCalls: 'since-midnight' | 'of-24-hours';
  readonly oauth: OAuth;
  /**
   * Does `provision` make fields? False where fields of ours come with a package that the customer's admin installs:
   * then it only looks, and `unprovision` empties them.
   */
  readonly makesFields: boolean;
  /** Null where changes are only pulled. Notices make a pull sooner; they never take its place. */
  readonly webhooks: WebhookReader | null;
  /** How many changes `write` is best handed at once: what the CRM takes in one call, or from where its bulk way pays. */
  readonly writesAtOnce: number;
  open(access: Access): CrmSession;
}

/** The CRM's names for what every CRM has, and where its own pages are. */
export interface CrmWords {
  /** What the admin calls a field: HubSpot says `property`, Salesforce says `field`. */
  readonly field: string;
  /** The prefix of every field that is ours: `holdfast_`. */
  readonly ownPrefix: string;
  /** The object that users (owners of records) are pulled as. */
  readonly owners: string;
  /** Address of a record in the CRM's own web app. */
  recordUrl(facts: AccountFacts, object: string, id: string): string;
}

/** One limit that the CRM sets on calls, before its headers say otherwise. */
export interface Limit {
  /** `general`, `search`: the bucket's name. */
  readonly bucket: string;
  readonly calls: number;
  readonly perMs: number;
  /** How many calls may be under way at once. */
  readonly concurrent: number;
}

/** What a connector is given to work with for one installation. */
export interface Access {
  /**
   * Root of the CRM's API, without a trailing slash. A renewed token may bring another one: read it in every attempt, not
   * once.
   */
  readonly baseUrl: string;
  /**
   * The one door out. Waits for the bucket's turn, hands over the token, and repeats what may be repeated.
   * `attempt` makes exactly one HTTP call and throws `ConnectorError` when it fails.
   */
  call<T>(request: CallRequest, attempt: (turn: Turn) => Promise<T>): Promise<T>;
  /** Waits between two looks at a job that the CRM works on. Throws when the worker stops meanwhile. */
  pause(ms: number): Promise<void>;
}

export interface CallRequest {
  readonly bucket: string;
  /** For logs and counts: `list companies`. Never holds an id or a value. */
  readonly purpose: string;
  /** May the call be repeated although an earlier attempt may have arrived? Reads and updates: yes. Creates: no. */
  readonly repeatable: boolean;
}

export interface Turn {
  readonly token: Secret;
  /** Aborted when the call takes too long or the worker stops. Covers the headers and the body. */
  readonly signal: AbortSignal;
  /** Tells the limiter what the response headers said. */
  report(usage: ReportedUsage): void;
}

/** What a response says about the CRM's limits; absent where the headers were silent. */
export interface ReportedUsage {
  readonly max?: number;
  readonly remaining?: number;
  readonly perMs?: number;
  readonly dailyMax?: number;
  readonly dailyRemaining?: number;
}

/** A connector opened for one installation. Every member throws `ConnectorError` only. */
export interface CrmSession {
  whoAmI(): Promise<AccountFacts>;
  /** Asks how many calls of the day are left, and reports it to the door. Absent where every answer says so. */
  readUsage?(): Promise<void>;
  /** The object's fields as this customer has them. Throws `permission-missing` when the object may not be read. */
  describe(object: string): Promise<readonly FieldDescription[]>;
  /** The object's pipelines, empty for objects that have none. */
  pipelines(object: string): Promise<readonly Pipeline[]>;
  /**
   * Pages of records. Storing a page's `cursor` is enough to resume after it, in any process.
   * A record may come twice; the newest `modifiedAt` wins. Ends after the page whose `cursor` is null.
   */
  pull(request: PullRequest): AsyncIterable<PullPage>;
  /** Those of `ids` that still exist, with their fields, without links. Order is the CRM's. */
  read(object: string, ids: readonly string[], fields: readonly string[]): Promise<readonly RawRecord[]>;
  /** For each of `ids` all ids of `to` that it is linked to, primary first; `[]` where there are none. */
  links(object: string, to: string, ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * Is the link a field of the record itself, so that it never changes without the record changing? Then a pull of
   * changes tells all, and nobody has to look. Absent where no link is one.
   */
  linksAreFields?(object: string, to: string): boolean;
  /**
   * Which of `specs` are missing or may not be written, and what an admin does about each; changes nothing. Goes by what
   * this session has read of the objects, where it has.
   */
  missing(specs: readonly FieldSpec[]): Promise<readonly LackingField[]>;
  /** Makes what is missing of `specs`. What the CRM refuses is reported, not thrown. */
  provision(specs: readonly FieldSpec[]): Promise<ProvisionReport>;
  /**
   * Takes away the fields of `specs` that exist, and with them every value in them. Where they cannot be taken away, empties
   * those that people do not fill.
   */
  unprovision(specs: readonly FieldSpec[]): Promise<ProvisionReport>;
  /** Same length and order as `changes`. A refused change is an outcome; only a lost call throws. */
  write(changes: readonly RawChange[]): Promise<readonly WriteOutcome[]>;
  /** Removes the app from the customer's account, where an app can do that itself. */
  uninstall?(): Promise<void>;
  /** How many HTTP calls `write` makes for `changes` when nothing is refused. */
  costOf(changes: readonly RawChange[]): number;
  /** How many HTTP calls `provision` makes at most for `specs` when none of them exists. */
  costOfProvision(specs: readonly FieldSpec[]): number;
}

export interface AccountFacts {
  /** The CRM's id of the customer's account: HubSpot's portal id. */
  readonly accountId: string;
  readonly title: string;
  /** IANA name, as the CRM states it. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly currencies: readonly string[];
  /** Host of the CRM's web app, for links to records. */
  readonly webHost: string;
  /** `standard`, `sandbox`, `developer`. */
  readonly kind: string;
}

export interface FieldDescription {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'enumeration' | 'multi-enumeration';
  readonly readOnly: boolean;
  /** For enumerations: the values as stored, with their labels. */
  readonly options: readonly FieldOption[];
}

export interface FieldOption {
  readonly value: string;
  readonly label: string;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  readonly stages: readonly PipelineStage[];
}

export interface PipelineStage {
  readonly id: string;
  readonly label: string;
  /** `open` while it can still go either way. Tickets: `won` means closed. */
  readonly outcome: 'open' | 'won' | 'lost';
  /** 0 to 1 where the CRM states one. */
  readonly probability: number | null;
}

export interface PullRequest {
  readonly object: string;
  readonly fields: readonly string[];
  /** Objects whose linked ids are wanted with each record. */
  readonly links: readonly string[];
  readonly scope: PullScope;
  /** The `cursor` of the last stored page, or null to begin. */
  readonly cursor: string | null;
}

export type PullScope =
  /** Every record that is not archived, by id. */
  | { readonly kind: 'all' }
  /** Records modified from `since` (inclusive) to `until` (inclusive), each at least once unless modified later. */
  | { readonly kind: 'changed'; readonly since: Instant; readonly until: Instant }
  /** Archived records, where the CRM lists them; otherwise one empty page. Links are not read. */
  | { readonly kind: 'archived' };

export interface PullPage {
  readonly records: readonly RawRecord[];
  /** Where to go on; null after the last page. */
  readonly cursor: string | null;
  /** How many there are in all, where the CRM says. */
  readonly total: number | null;
}

/** A field of ours, as it should exist in the CRM. `type` is CRM-neutral; the connector words it. */
export interface FieldSpec {
  readonly object: string;
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type:
    | 'text'
    | 'long-text'
    | 'number'
    | 'currency'
    | 'percent'
    | 'date'
    | 'datetime'
    | 'boolean'
    | 'enumeration'
    | 'multi-enumeration'
    | 'url';
  readonly options: readonly FieldOption[];
  /** No two records may hold the same value. */
  readonly unique: boolean;
  /** People fill it and we only read it: what stands in it may go with the field, never without it. */
  readonly filledByPeople: boolean;
}

export interface ProvisionReport {
  readonly done: readonly string[];
  readonly existing: readonly string[];
  readonly refused: readonly LackingField[];
}

/** A field of ours that is not there, or not ours to write: what is wrong, and what a person does about it. */
export interface LackingField {
  readonly object: string;
  readonly name: string;
  readonly message: string;
  readonly remedy: string;
}
