import type { FieldDefinition, Values } from './field-definition.ts';
import type { StageSetup } from './objects/sales.ts';

/** What a sandbox org starts with, in Salesforce's own words. */
export interface OrgSeed {
  readonly facts: OrgFacts;
  readonly features: OrgFeatures;
  readonly users: readonly SeedUser[];
  readonly queues: readonly SeedQueue[];
  readonly recordTypes: readonly SeedRecordType[];
  readonly currencies: readonly SeedCurrency[];
  /** Fields that the admin added, by object; those of `Activity` belong to Task and Event. */
  readonly fields: Readonly<Record<string, readonly FieldDefinition[]>>;
  /** Values that the admin added to standard picklists: `Case.Priority` → `['Urgent']`. */
  readonly picklistValues: Readonly<Record<string, readonly string[]>>;
  /** The stages of opportunities; those of a new org unless told. */
  readonly stages?: readonly StageSetup[];
  /** What a record refers to has to come before it. */
  readonly rows: Iterable<SeedRow>;
}

export interface OrgFacts {
  /** 18 characters. */
  readonly organizationId: string;
  readonly name: string;
  readonly edition: 'Enterprise Edition' | 'Unlimited Edition' | 'Professional Edition' | 'Developer Edition';
  readonly isSandbox: boolean;
  /** IANA name. */
  readonly timeZone: string;
  /** The corporate currency. */
  readonly currency: string;
  readonly fiscalYearStartMonth: number;
  /** The user that the app acts as. */
  readonly integrationUserId: string;
  /** Whoever owns and made what nobody in particular did. */
  readonly adminUserId: string;
}

/** What an org has or lacks by its edition and setup. */
export interface OrgFeatures {
  readonly personAccounts: boolean;
  readonly multiCurrency: boolean;
  /** Salesforce CPQ is installed. */
  readonly cpq: boolean;
  /** "Contacts to Multiple Accounts" is on. */
  readonly contactRelations: boolean;
  /** The Bulk API, which Professional and Group Edition lack. */
  readonly bulkApi: boolean;
  /** Contract end dates: start and term give them, or people type them. */
  readonly contractEnds: 'calculated' | 'typed';
}

export interface SeedUser {
  readonly id: string;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly userType: 'Standard' | 'AutomatedProcess';
}

export interface SeedQueue {
  readonly id: string;
  readonly name: string;
}

export interface SeedRecordType {
  readonly id: string;
  /** `Opportunity`. */
  readonly object: string;
  readonly developerName: string;
  readonly name: string;
  readonly isDefault: boolean;
}

export interface SeedCurrency {
  readonly isoCode: string;
  /** Units of this currency for one of the corporate one. */
  readonly conversionRate: number;
}

export interface SeedRow {
  /** `Account`. */
  readonly object: string;
  readonly id: string;
  /** What Salesforce works out by itself is left out, and so are blank values. */
  readonly values: Values;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** In the Recycle Bin since then. */
  readonly deletedAt: number | null;
}
