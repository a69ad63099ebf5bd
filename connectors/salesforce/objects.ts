import { both, compare } from './soql.ts';
import type { Condition } from './soql.ts';

/** The object that users are pulled as. */
export const OWNERS = 'User';

/** How records of one object lead to those of another. */
export interface Link {
  /** Fields of the record itself that name them, the one that counts most first. */
  readonly fields: readonly string[];
  /** Records in between, which name both sides; null where there are none. */
  readonly between: Between | null;
}

export interface Between {
  readonly object: string;
  readonly from: string;
  readonly to: string;
  /** What the record calls them: the name of a child select. */
  readonly children: string;
  /** The flag of those that count most; null where it does not matter. */
  readonly primary: string | null;
  /** Which of them say something that the record itself does not. */
  readonly only: Condition | undefined;
  /** Only orgs that have switched a feature on know the object. */
  readonly isOptional: boolean;
}

/** A condition and the fields that it looks at, without which nothing can be told apart. */
export interface Filter {
  readonly fields: readonly string[];
  readonly where: Condition;
}

export interface ObjectFacts {
  /** Salesforce's own name. */
  readonly sobject: string;
  /** Which of the object's records are meant; null for all. */
  readonly only: Filter | null;
  /** Kept in the Recycle Bin with `IsDeleted`; users are switched off, never deleted. */
  readonly isDeletable: boolean;
  /** Losers of a merge name the record that took over in `MasterRecordId`. */
  readonly isMergeable: boolean;
  /** Over a year old they are archived, which only `queryAll` shows. */
  readonly isArchived: boolean;
  /** By the object that is linked to. */
  readonly links: Readonly<Record<string, Link>>;
  /** By the object: the field in which a new record names one, where it is not the field in which links are read. */
  readonly about: Readonly<Record<string, string>>;
}

const record = { only: null, isDeletable: true, isMergeable: false, isArchived: false, links: {}, about: {} };
const by = (...fields: readonly string[]): Link => ({ fields, between: null });
const account = by('AccountId');

/** Activities name one person; orgs that share activities keep the others apart. */
function activity(sobject: 'Task' | 'Event', only: Filter): Omit<ObjectFacts, 'sobject'> {
  const people: Between = {
    object: `${sobject}Relation`,
    from: `${sobject}Id`,
    to: 'RelationId',
    children: `${sobject}Relations`,
    primary: null,
    only: compare('IsWhat', '=', false),
    isOptional: true,
  };
  return {
    ...record,
    only,
    isArchived: true,
    links: { Account: account, Contact: { fields: ['WhoId'], between: people }, Opportunity: by('WhatId') },
    // Whose an activity is Salesforce finds out from what it is about.
    about: { Account: 'WhatId' },
  };
}

/** Salesforce keeps to-dos, logged calls, e-mails and notes in one object; everybody else in four. */
const CALL: Filter = { fields: ['TaskSubtype'], where: compare('TaskSubtype', '=', 'Call') };
const EMAIL: Filter = { fields: ['TaskSubtype'], where: compare('TaskSubtype', '=', 'Email') };
const NOTE: Filter = { fields: ['Type'], where: compare('Type', '=', 'Note') };
const TO_DO: Filter = {
  fields: ['TaskSubtype'],
  where: both(compare('TaskSubtype', '!=', 'Call'), compare('TaskSubtype', '!=', 'Email')),
};
// A meeting has a row for each of its guests, of which the organiser's is the meeting.
const MEETING: Filter = { fields: ['IsChild'], where: compare('IsChild', '=', false) };

const table: Readonly<Record<string, Omit<ObjectFacts, 'sobject'>>> = {
  User: {
    ...record,
    isDeletable: false,
    only: { fields: ['UserType'], where: compare('UserType', '=', 'Standard') },
  },
  Account: { ...record, isMergeable: true },
  Contact: {
    ...record,
    isMergeable: true,
    links: {
      Account: {
        fields: ['AccountId'],
        between: {
          object: 'AccountContactRelation',
          from: 'ContactId',
          to: 'AccountId',
          children: 'AccountContactRelations',
          primary: null,
          only: compare('IsDirect', '=', false),
          isOptional: true,
        },
      },
    },
  },
  Opportunity: {
    ...record,
    links: {
      Account: account,
      Contact: {
        fields: [],
        between: {
          object: 'OpportunityContactRole',
          from: 'OpportunityId',
          to: 'ContactId',
          children: 'OpportunityContactRoles',
          primary: 'IsPrimary',
          only: undefined,
          isOptional: false,
        },
      },
    },
  },
  Contract: { ...record, links: { Account: account } },
  Asset: { ...record, links: { Account: account, Contact: by('ContactId') } },
  Case: {
    ...record,
    isMergeable: true,
    links: { Account: account, Contact: by('ContactId') },
  },
  Task: activity('Task', TO_DO),
  'Task.Call': activity('Task', CALL),
  'Task.Email': activity('Task', EMAIL),
  'Task.Note': activity('Task', NOTE),
  Event: activity('Event', MEETING),
  SBQQ__Subscription__c: {
    ...record,
    links: {
      Account: by('SBQQ__Account__c'),
      Contract: by('SBQQ__Contract__c'),
    },
  },
};

/**
 * The facts of an object; `Task.Call` are the calls among the tasks. Objects that are not in the table (custom ones) get
 * what Salesforce gives to all of them.
 */
export function factsOf(object: string): ObjectFacts {
  const [sobject = object] = object.split('.');
  return { sobject, ...(table[object] ?? record) };
}

/** The first three characters of the ids of objects that fields can lead to beside others. */
const KEY_PREFIXES: Readonly<Record<string, string>> = { Account: '001', Contact: '003', Opportunity: '006' };

/** Is this the id of a record of `object`? `WhoId` may also name a lead, and `WhatId` nearly anything. */
export function isIdOf(object: string, id: string): boolean {
  const prefix = KEY_PREFIXES[object];
  return prefix === undefined || id.startsWith(prefix);
}
