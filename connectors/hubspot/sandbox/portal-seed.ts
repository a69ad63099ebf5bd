/** What a sandbox portal starts with, in HubSpot's own words. Every property value is text, as on the wire. */
export interface PortalSeed {
  readonly facts: PortalFacts;
  readonly owners: readonly SeedOwner[];
  /** Pipelines of `deals` and `tickets`. */
  readonly pipelines: Readonly<Record<string, readonly SeedPipeline[]>>;
  /** Custom properties per object, beyond HubSpot's own. */
  readonly properties: Readonly<Record<string, readonly SeedProperty[]>>;
  readonly rows: Iterable<SeedRow>;
  readonly links: Iterable<SeedLink>;
}

export interface PortalFacts {
  readonly portalId: number;
  /** IANA name. */
  readonly timeZone: string;
  readonly companyCurrency: string;
  readonly additionalCurrencies: readonly string[];
  readonly uiDomain: string;
  readonly accountType: 'STANDARD' | 'SANDBOX' | 'DEVELOPER_TEST';
}

export interface SeedOwner {
  readonly id: string;
  readonly userId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly type: 'PERSON' | 'QUEUE';
  readonly archived: boolean;
}

export interface SeedPipeline {
  readonly id: string;
  readonly label: string;
  readonly stages: readonly SeedStage[];
}

export interface SeedStage {
  readonly id: string;
  readonly label: string;
  /** Deals: `{ isClosed: 'true', probability: '1.0' }`. Tickets: `{ ticketState: 'CLOSED' }`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface SeedProperty {
  readonly name: string;
  readonly label: string;
  readonly groupName: string;
  readonly type: 'bool' | 'date' | 'datetime' | 'enumeration' | 'number' | 'phone_number' | 'string';
  readonly fieldType: string;
  readonly options: readonly { readonly label: string; readonly value: string }[];
}

/** One record. `object` is `companies`, `contacts`, `deals`, `tickets`, `tasks`, `calls`, `emails`, `meetings` or `notes`. */
export interface SeedRow {
  readonly object: string;
  /** Digits, as HubSpot's ids are. */
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt: number | null;
}

/** One link, stated once; it holds in both directions. */
export interface SeedLink {
  readonly fromObject: string;
  readonly fromId: string;
  readonly toObject: string;
  readonly toId: string;
  /** The company is the primary one of the contact, deal or ticket. */
  readonly isPrimary: boolean;
}
