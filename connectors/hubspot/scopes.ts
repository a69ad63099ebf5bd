import { OWNERS, OWNERS_SCOPE, factsOf } from './objects.ts';

/** One permission that the app asks a customer's HubSpot admin for. */
export interface Scope {
  /** HubSpot's name: `crm.objects.companies.read`. */
  readonly name: string;
  /** HubSpot refuses an install without the required ones and silently drops the optional ones that it cannot give. */
  readonly need: 'required' | 'optional';
  readonly opens: 'the connection' | 'reading' | 'writing' | 'reading and writing' | 'definitions';
  /** The connector's objects (`companies`, `tasks` …) that cannot be read, written or given properties without it. */
  readonly objects: readonly string[];
  /** What for, in one sentence to the customer. */
  readonly purpose: string;
  /** What does not work where it is not granted, in one sentence to the customer. */
  readonly without: string;
}

// HubSpot gives engagements no scopes of their own: those of contacts open them.
const engagements = ['tasks', 'notes', 'meetings', 'calls', 'emails'] as const;

/**
 * Every scope that the app asks for, in the order of the consent page. The one place where they are written: the OAuth
 * address, the developer project and the listing's table of shared data are made from it.
 */
export const scopes: readonly Scope[] = [
  {
    name: 'oauth',
    need: 'required',
    opens: 'the connection',
    objects: [],
    purpose: "Connects the app, and reads the account's time zone and currencies, so that days and money are right.",
    without: 'The app cannot be connected.',
  },
  {
    name: factsOf('companies').readScope,
    need: 'required',
    opens: 'reading',
    objects: ['companies'],
    purpose: 'Reads customers: name, owner, segment, recurring revenue, contract and renewal dates.',
    without: 'Nothing can be scored: every score belongs to a company.',
  },
  {
    name: factsOf('companies').writeScope,
    need: 'required',
    opens: 'writing',
    objects: ['companies'],
    purpose: "Writes health, churn, renewal and expansion into the app's own properties of companies.",
    without: 'Scores cannot be shown on companies, nor used in lists, reports and workflows.',
  },
  {
    name: factsOf('contacts').readScope,
    need: 'required',
    opens: 'reading',
    objects: ['contacts', ...engagements],
    purpose:
      'Reads the people of a customer and when calls, e-mails, meetings, notes and tasks took place. The text of e-mails, calls and notes is not read.',
    without: 'Relationships and contact frequency cannot be measured, and tasks cannot be followed up.',
  },
  {
    name: factsOf('contacts').writeScope,
    need: 'required',
    opens: 'writing',
    objects: ['tasks', 'contacts'],
    purpose:
      "Creates and closes tasks for customer success managers, for which HubSpot has no scope of its own. Writes a contact's role and last answer into the app's own properties, where the admin has chosen them.",
    without: 'Plays cannot open tasks, and contacts cannot show their role.',
  },
  {
    name: factsOf('deals').readScope,
    need: 'required',
    opens: 'reading',
    objects: ['deals'],
    purpose: 'Reads deals and pipelines: what was sold, what renews when, and what expands.',
    without: 'Renewals and expansion cannot be told.',
  },
  {
    name: factsOf('deals').writeScope,
    need: 'required',
    opens: 'writing',
    objects: ['deals'],
    purpose: "Writes the state of a renewal into the app's own properties of deals.",
    without: 'Renewal deals cannot show their risk and next action.',
  },
  {
    name: OWNERS_SCOPE,
    need: 'required',
    opens: 'reading',
    objects: [OWNERS],
    purpose: 'Reads who owns a customer, so that tasks go to that person.',
    without: 'Tasks cannot be given to anybody.',
  },
  {
    name: factsOf('companies').schemaScope,
    need: 'required',
    opens: 'definitions',
    objects: ['companies'],
    purpose: "Makes the app's own properties of companies at install, so that nobody has to make them by hand.",
    without: 'The properties that scores are written to cannot be made.',
  },
  {
    name: factsOf('deals').schemaScope,
    need: 'required',
    opens: 'definitions',
    objects: ['deals'],
    purpose: "Makes the app's own properties of deals at install, so that nobody has to make them by hand.",
    without: 'The properties that renewals are written to cannot be made.',
  },
  {
    name: factsOf('contacts').schemaScope,
    need: 'optional',
    opens: 'definitions',
    objects: ['contacts'],
    purpose: "Makes the app's own properties of contacts, where the admin has chosen them.",
    without: 'The role and the last answer of a contact are not shown on it; all else works.',
  },
  {
    name: factsOf('tickets').readScope,
    need: 'optional',
    opens: 'reading and writing',
    objects: ['tickets'],
    purpose:
      'Reads support tickets: how many, how urgent, how long open. HubSpot has one scope for reading and writing; the app only reads.',
    without: 'The support part of health is left out and shown as not known; all else works.',
  },
];

/** The names of those that HubSpot refuses an install without, in the order of the consent page. */
export const requiredScopes: readonly string[] = namesOf('required');

/** The names of those that HubSpot drops silently where the account or the user lacks them. */
export const optionalScopes: readonly string[] = namesOf('optional');

function namesOf(need: Scope['need']): readonly string[] {
  return scopes.filter((scope) => scope.need === need).map((scope) => scope.name);
}
