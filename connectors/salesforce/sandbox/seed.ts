import { inCurrency } from '../../kit/sandbox/world-deals.ts';
import { dayAt } from '../../kit/sandbox/world-days.ts';
import type {
  World,
  WorldAccount,
  WorldActivity,
  WorldContact,
  WorldDeal,
  WorldTask,
  WorldTicket,
} from '../../kit/sandbox/world-model.ts';
import type { Values } from './field-definition.ts';
import { toId } from './ids.ts';
import type { OrgFeatures, OrgSeed, SeedRecordType, SeedRow } from './org-seed.ts';
import { opportunityStages } from './objects/sales.ts';
import { ADMIN_ID, orgFacts, standardUser, standingUsers } from './seed-org.ts';
import { addedPicklistValues, customFields } from './seed-definitions.ts';
import {
  CASE_PRIORITIES,
  CASE_TYPES,
  DEAL_ROLES,
  DEAL_TYPES,
  DIRECTIONS,
  MEETING_OUTCOMES,
  ROLES,
  SEGMENTS,
  TASK_PRIORITIES,
  TYPES,
} from './seed-words.ts';
import { toWireTime } from './wire-time.ts';

export interface OrgSeedOptions {
  /** Where the org keeps its terms: as contracts, or as fields of its accounts. `contracts` unless told. */
  readonly termsIn?: 'contracts' | 'accounts';
  /** Small customers with one contact are people, not companies; none unless told. */
  readonly personAccounts?: boolean;
  /** Amounts in currencies of their own; where the world has several unless told. */
  readonly multiCurrency?: boolean;
  /** Contracts have subscriptions of Salesforce CPQ; not unless told. */
  readonly cpq?: boolean;
  readonly edition?: OrgSeed['facts']['edition'];
}

const RENEWAL_TYPE_ID = toId('012', 2);
const PERSON_TYPE_ID = toId('012', 4);
/** Large enough to show the rate between two currencies to six digits. */
const RATE_BASE = 1_000_000_000;

/**
 * The world as a Salesforce org holds it: Salesforce's fields, ids and stages, blank values left out. Rows are made while
 * they are iterated over, each account's after another. What Salesforce cannot leave blank: an owner is its admin, a close date
 * the day on which the opportunity was opened.
 */
export function toOrgSeed(world: World, options: OrgSeedOptions = {}): OrgSeed {
  const termsIn = options.termsIn ?? 'contracts';
  const features: OrgFeatures = {
    personAccounts: options.personAccounts ?? false,
    multiCurrency: options.multiCurrency ?? world.otherCurrencies.length > 0,
    cpq: options.cpq ?? false,
    contactRelations: true,
    bulkApi: options.edition !== 'Professional Edition',
    contractEnds: 'typed',
  };
  return {
    facts: orgFacts(world.timeZone, world.homeCurrency, options.edition),
    features,
    users: [
      ...standingUsers,
      ...world.owners.map(({ key, firstName, lastName, email, isArchived }) =>
        standardUser(userId(key), firstName, lastName, email, !isArchived),
      ),
    ],
    queues: [{ id: toId('00G', 1), name: 'Support Tier 1' }],
    recordTypes: recordTypes(features),
    currencies: [world.homeCurrency, ...world.otherCurrencies].map((isoCode) => ({
      isoCode,
      conversionRate: inCurrency(RATE_BASE, isoCode) / RATE_BASE,
    })),
    fields: customFields(termsIn),
    picklistValues: addedPicklistValues,
    rows: {
      *[Symbol.iterator]() {
        const writer = new RowWriter(world, features, termsIn);
        for (const account of world.accounts) yield* writer.rowsOf(account);
      },
    },
  };
}

/** Salesforce's id of the record with this key; different kinds that share an object take different `place`s. */
export function recordId(prefix: string, key: number, place: 0 | 1 = 0): string {
  return toId(prefix, 7_000 + key * 2 + place);
}

/** Salesforce's id of the owner with this key. */
export function userId(key: number): string {
  return toId('005', 100 + key);
}

function recordTypes({ personAccounts }: OrgFeatures): readonly SeedRecordType[] {
  const type = (number: number, object: string, developerName: string, isDefault: boolean): SeedRecordType => ({
    id: toId('012', number),
    object,
    developerName,
    name: developerName.replaceAll('_', ' '),
    isDefault,
  });
  return [
    type(1, 'Opportunity', 'New_Business', true),
    type(2, 'Opportunity', 'Renewal', false),
    ...(personAccounts
      ? [type(3, 'Account', 'Business_Account', true), type(4, 'Account', 'PersonAccount', false)]
      : []),
  ];
}

interface Life {
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly deletedAt: number | null;
}

const openStages = opportunityStages.filter(({ isClosed }) => !isClosed);

/** Writes one account's rows after another, in an order in which nothing points ahead. */
class RowWriter {
  readonly #world: World;
  readonly #features: OrgFeatures;
  readonly #termsIn: 'contracts' | 'accounts';
  readonly #alive = new Set<number>();
  /** Of records that are nobody's in the world: relations and roles. */
  readonly #made = new Map<string, number>();

  constructor(world: World, features: OrgFeatures, termsIn: 'contracts' | 'accounts') {
    this.#world = world;
    this.#features = features;
    this.#termsIn = termsIn;
  }

  *rowsOf(account: WorldAccount): Generator<SeedRow> {
    const isAlive = account.deletedAt === null;
    if (isAlive) this.#alive.add(account.key);
    const person = this.#personOf(account);
    yield this.#accountRow(account, person);
    yield* merged('Account', '001', account.key, account.mergedKeys, account, account.name);
    // Nothing can hang on what lies in the bin.
    const accountId = isAlive ? recordId('001', account.key) : null;
    const contacts = new Map<number, WorldContact>();
    const repliedAt = lastReplies(account.activities);
    for (const contact of account.contacts) {
      if (contact.deletedAt === null) contacts.set(contact.key, contact);
      yield* this.#contactRows(contact, accountId, repliedAt.get(contact.key) ?? null, contact === person);
    }
    if (accountId !== null && this.#termsIn === 'contracts') yield* this.#contractRows(account, accountId);
    for (const deal of account.deals) yield* this.#dealRows(deal, accountId, contacts);
    for (const ticket of account.tickets) yield this.#caseRow(ticket, accountId, contacts);
    for (const task of account.tasks) yield this.#taskRow(task, accountId);
    for (const activity of account.activities) yield* this.#activityRows(activity, accountId, contacts);
  }

  #personOf(account: WorldAccount): WorldContact | null {
    const [only, ...others] = account.contacts;
    const isPerson = this.#features.personAccounts && account.segment === 'smb' && others.length === 0;
    return isPerson && only?.deletedAt === null ? only : null;
  }

  #accountRow(account: WorldAccount, person: WorldContact | null): SeedRow {
    const terms =
      this.#termsIn === 'contracts'
        ? {}
        : {
            Contract_Start_Date__c: account.termStartOn,
            Renewal_Date__c: account.renewalOn,
            Contract_Term_Months__c: account.termMonths,
            Auto_Renew__c: yesOrNo(account.autoRenew),
            Notice_Period_Days__c: account.noticeDays,
          };
    return row('Account', recordId('001', account.key), account, {
      ...(person === null
        ? { Name: account.name }
        : {
            IsPersonAccount: true,
            RecordTypeId: PERSON_TYPE_ID,
            FirstName: person.firstName,
            LastName: person.lastName,
            PersonEmail: person.email,
            PersonTitle: person.title,
            PersonContactId: recordId('003', person.key),
          }),
      Website: account.domain,
      Industry: account.industry,
      NumberOfEmployees: account.employees,
      BillingState: account.region,
      Type: account.status === null ? null : TYPES[account.status],
      ParentId:
        account.parentKey === null || !this.#alive.has(account.parentKey) ? null : recordId('001', account.parentKey),
      OwnerId: this.#owner(account.ownerKey),
      CurrencyIsoCode: this.#currency(this.#world.homeCurrency),
      LastActivityDate: this.#lastActivityOn(account),
      Segment__c: account.segment === null ? null : SEGMENTS[account.segment],
      Customer_Success_Manager__c: account.csmKey === null ? null : userId(account.csmKey),
      ARR__c: account.arr,
      Seats_Purchased__c: account.seatsPurchased,
      Seats_Used__c: account.seatsUsed,
      Cancellation_Notice_Date__c: account.cancelledOn,
      Days_Overdue__c: account.daysOverdue,
      SBQQ__RenewalModel__c: this.#features.cpq ? 'Contract Based' : null,
      ...terms,
    });
  }

  *#contactRows(
    contact: WorldContact,
    ownAccountId: string | null,
    repliedAt: number | null,
    isPerson: boolean,
  ): Generator<SeedRow> {
    const elsewhere = contact.alsoAtKeys.filter((key) => this.#alive.has(key)).map((key) => recordId('001', key));
    const [accountId = null, ...others] = ownAccountId === null ? elsewhere : [ownAccountId, ...elsewhere];
    const id = recordId('003', contact.key);
    yield row('Contact', id, contact, {
      FirstName: contact.firstName,
      LastName: contact.lastName,
      AccountId: accountId,
      Email: contact.email,
      Title: contact.title,
      OwnerId: ADMIN_ID,
      IsPersonAccount: isPerson,
      EmailBouncedReason: contact.bounces ? '550 5.1.1 user unknown' : null,
      EmailBouncedDate: contact.bounces ? toWireTime(contact.modifiedAt) : null,
      CurrencyIsoCode: this.#currency(this.#world.homeCurrency),
      Stakeholder_Role__c: contact.role === null ? null : ROLES[contact.role],
      No_Longer_at_Company__c: contact.hasLeft === true,
      Last_Reply_Date__c: repliedAt === null ? null : toWireTime(repliedAt),
    });
    yield* merged('Contact', '003', contact.key, contact.mergedKeys, contact, contact.lastName);
    if (contact.deletedAt !== null) return;
    for (const other of others) {
      yield row('AccountContactRelation', this.#next('07k'), contact, {
        AccountId: other,
        ContactId: id,
        IsActive: true,
      });
    }
  }

  /** The running contract as somebody typed it in, with what is missing or wrong in it. */
  *#contractRows(account: WorldAccount, accountId: string): Generator<SeedRow> {
    const { termStartOn, renewalOn, termMonths } = account;
    if (termStartOn === null && renewalOn === null) return;
    const id = recordId('800', account.key);
    const life = { createdAt: account.createdAt, modifiedAt: account.modifiedAt, deletedAt: null };
    yield row('Contract', id, life, {
      AccountId: accountId,
      OwnerId: this.#owner(account.ownerKey),
      StartDate: termStartOn,
      EndDate: renewalOn,
      ContractTerm: termMonths,
      Status: account.status === 'former' ? 'Expired' : 'Activated',
      CurrencyIsoCode: this.#currency(this.#world.homeCurrency),
      Auto_Renew__c: yesOrNo(account.autoRenew),
      Notice_Period_Days__c: account.noticeDays,
      SBQQ__RenewalForecast__c: this.#features.cpq,
      SBQQ__RenewalTerm__c: this.#features.cpq ? termMonths : null,
    });
    if (!this.#features.cpq || account.arr === null || (account.seatsPurchased ?? 0) <= 0) return;
    const seats = account.seatsPurchased ?? 1;
    // Every fifth contract was amended: more seats were sold first, and some were given back.
    const returned = account.key % 5 === 0 ? Math.ceil(seats / 10) : 0;
    for (const quantity of returned === 0 ? [seats] : [seats + returned, -returned]) {
      yield row('SBQQ__Subscription__c', this.#next('a0F'), life, {
        SBQQ__Account__c: accountId,
        SBQQ__Contract__c: id,
        SBQQ__ProductName__c: 'Seats',
        SBQQ__Quantity__c: quantity,
        SBQQ__RenewalQuantity__c: quantity,
        SBQQ__NetPrice__c: Math.round((account.arr / seats) * 100) / 100,
        SBQQ__SubscriptionStartDate__c: termStartOn,
        SBQQ__SubscriptionEndDate__c: renewalOn,
        OwnerId: ADMIN_ID,
        CurrencyIsoCode: this.#currency(this.#world.homeCurrency),
      });
    }
  }

  *#dealRows(
    deal: WorldDeal,
    accountId: string | null,
    contacts: ReadonlyMap<number, WorldContact>,
  ): Generator<SeedRow> {
    const id = recordId('006', deal.key);
    yield row('Opportunity', id, deal, {
      Name: deal.name.slice(0, 120),
      AccountId: deal.isLinked ? accountId : null,
      RecordTypeId: deal.kind === 'renewal' ? RENEWAL_TYPE_ID : null,
      Type: DEAL_TYPES[deal.kind],
      StageName: stageOf(deal),
      Amount: deal.amount,
      CurrencyIsoCode: this.#currency(deal.currency),
      CloseDate: this.#day(deal.closeAt ?? deal.createdAt),
      OwnerId: this.#owner(deal.ownerKey),
      Contract_Start_Date__c: deal.termStartOn,
      Contract_End_Date__c: deal.termEndOn,
      ARR__c: deal.arr,
      Seats__c: deal.seats,
      Auto_Renew__c: yesOrNo(deal.autoRenew),
      Notice_Period_Days__c: deal.noticeDays,
      Loss_Reason__c: deal.lostReason,
      SBQQ__Renewal__c: this.#features.cpq && deal.kind === 'renewal',
    });
    if (deal.deletedAt !== null) return;
    for (const [index, key] of deal.contactKeys.filter((one) => contacts.has(one)).entries()) {
      const role = contacts.get(key)?.role ?? null;
      yield row('OpportunityContactRole', this.#next('00K'), deal, {
        OpportunityId: id,
        ContactId: recordId('003', key),
        Role: role === null ? null : DEAL_ROLES[role],
        IsPrimary: index === 0,
      });
    }
  }

  #caseRow(ticket: WorldTicket, accountId: string | null, contacts: ReadonlyMap<number, WorldContact>): SeedRow {
    const [contactKey] = ticket.contactKeys.filter((key) => contacts.has(key));
    return row(
      'Case',
      recordId('500', ticket.key),
      { ...ticket, createdAt: ticket.openedAt },
      {
        Subject: ticket.subject,
        AccountId: accountId,
        ContactId: contactKey === undefined ? null : recordId('003', contactKey),
        Status: ticket.closedAt === null ? 'Working' : 'Closed',
        ClosedDate: ticket.closedAt === null ? null : toWireTime(ticket.closedAt),
        // Salesforce fills in a priority; nobody chose it.
        Priority: ticket.priority === null ? 'Medium' : CASE_PRIORITIES[ticket.priority],
        Type: ticket.category === null ? null : CASE_TYPES[ticket.category],
        Origin: 'Email',
        OwnerId: this.#owner(ticket.ownerKey),
        CurrencyIsoCode: this.#currency(this.#world.homeCurrency),
        CSAT__c: ticket.csat,
      },
    );
  }

  #taskRow(task: WorldTask, accountId: string | null): SeedRow {
    return row('Task', recordId('00T', task.key), task, {
      Subject: task.subject,
      WhatId: accountId,
      Status: task.isDone ? 'Completed' : 'Not Started',
      CompletedDateTime: task.isDone ? toWireTime(task.modifiedAt) : null,
      Priority: task.priority === null ? 'Normal' : TASK_PRIORITIES[task.priority],
      ActivityDate: this.#day(task.dueAt),
      OwnerId: this.#owner(task.ownerKey),
    });
  }

  *#activityRows(
    activity: WorldActivity,
    accountId: string | null,
    contacts: ReadonlyMap<number, WorldContact>,
  ): Generator<SeedRow> {
    const people = activity.contactKeys.filter((key) => contacts.has(key)).map((key) => recordId('003', key));
    const common: Values = {
      Subject: activity.title,
      WhatId: accountId,
      WhoId: people[0] ?? null,
      OwnerId: this.#owner(activity.ownerKey),
    };
    const isMeeting = activity.kind === 'meeting';
    const id = recordId(isMeeting ? '00U' : '00T', activity.key, 1);
    if (isMeeting) {
      yield row('Event', id, activity, {
        ...common,
        StartDateTime: toWireTime(activity.at),
        DurationInMinutes: 30,
        Meeting_Outcome__c: MEETING_OUTCOMES[activity.outcome],
      });
    } else {
      yield row('Task', id, activity, { ...common, ...this.#loggedValues(activity) });
    }
    for (const person of people) {
      const object = isMeeting ? 'EventRelation' : 'TaskRelation';
      const activityField = isMeeting ? 'EventId' : 'TaskId';
      const relationId = this.#next(isMeeting ? '0RE' : '0RT');
      yield row(object, relationId, activity, { [activityField]: id, RelationId: person });
    }
  }

  /** E-mails, calls and notes are tasks that were done when they were logged. */
  #loggedValues({ kind, at, direction, outcome }: WorldActivity): Values {
    const way = direction === null ? null : DIRECTIONS[direction];
    const isCall = kind === 'call';
    return {
      Type: isCall ? 'Call' : kind === 'email' ? 'Email' : 'Note',
      TaskSubtype: isCall ? 'Call' : kind === 'email' ? 'Email' : 'Task',
      Status: 'Completed',
      ActivityDate: this.#day(at),
      CompletedDateTime: toWireTime(at),
      Direction__c: way,
      CallType: isCall ? way : null,
      CallDisposition: isCall ? (outcome === 'happened' ? 'Connected' : 'No Answer') : null,
    };
  }

  /** The last day with a meeting or something done, as Salesforce keeps it. */
  #lastActivityOn({ activities, tasks }: WorldAccount): string | null {
    const days = [
      ...activities.map(({ at }) => this.#day(at)),
      ...tasks.filter(({ isDone }) => isDone).map(({ dueAt }) => this.#day(dueAt)),
    ].filter((day) => day <= this.#world.today);
    return days.sort().at(-1) ?? null;
  }

  #owner(key: number | null): string {
    return key === null ? ADMIN_ID : userId(key);
  }

  #currency(isoCode: string): string | null {
    return this.#features.multiCurrency ? isoCode : null;
  }

  #day(ms: number): string {
    return dayAt(ms, this.#world.timeZone);
  }

  #next(prefix: string): string {
    const number = (this.#made.get(prefix) ?? 0) + 1;
    this.#made.set(prefix, number);
    return toId(prefix, number);
  }
}

function row(object: string, id: string, { createdAt, modifiedAt, deletedAt }: Life, values: Values): SeedRow {
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== false));
  return { object, id, values: filled, createdAt, modifiedAt, deletedAt };
}

/** The losers of merges: in the bin, naming the record that took over. */
function* merged(
  object: 'Account' | 'Contact',
  prefix: string,
  key: number,
  mergedKeys: readonly number[],
  { createdAt, modifiedAt }: Life,
  name: string,
): Generator<SeedRow> {
  for (const mergedKey of mergedKeys) {
    yield row(
      object,
      recordId(prefix, mergedKey),
      { createdAt, modifiedAt, deletedAt: modifiedAt },
      { [object === 'Account' ? 'Name' : 'LastName']: name, MasterRecordId: recordId(prefix, key) },
    );
  }
}

function stageOf(deal: WorldDeal): string {
  if (deal.outcome !== 'open') return deal.outcome === 'won' ? 'Closed Won' : 'Closed Lost';
  const place = Math.min(openStages.length - 1, Math.floor(deal.progress * openStages.length));
  return openStages[place]?.name ?? '';
}

/** When each contact last wrote to us, as mail integrations keep it. */
function lastReplies(activities: readonly WorldActivity[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { kind, direction, at, contactKeys } of activities) {
    if (kind !== 'email' || direction !== 'inbound') continue;
    for (const key of contactKeys) found.set(key, Math.max(at, found.get(key) ?? at));
  }
  return found;
}

function yesOrNo(value: boolean | null): string | null {
  if (value === null) return null;
  return value ? 'Yes' : 'No';
}
