/** What HubSpot's objects differ in. An object that is not in this table (a custom one) takes `other`. */
export interface ObjectFacts {
  /** HubSpot's object type id, for links to records. */
  readonly typeId: string;
  /** The singular that association types are named with: `deal_to_company`. */
  readonly singular: string;
  /** Contacts keep `hs_lastmodifieddate` empty: a filter on it matches nothing, without an error. */
  readonly modifiedProperty: string;
  /** Only these keep `hs_merged_object_ids`. */
  readonly canMerge: boolean;
  /** The list endpoint refuses `archived=true` for calls, emails, meetings and notes. */
  readonly listsArchived: boolean;
  readonly hasPipelines: boolean;
  /** The property that holds the id of the record's primary company, where there is one. */
  readonly primaryCompanyProperty: string | null;
  /** The association type of the primary company; null for objects that have none. */
  readonly primaryCompanyTypeId: number | null;
  readonly readScope: string;
  readonly writeScope: string;
  readonly schemaScope: string;
}

const activity = {
  modifiedProperty: 'hs_lastmodifieddate',
  canMerge: false,
  listsArchived: false,
  hasPipelines: false,
  primaryCompanyProperty: null,
  primaryCompanyTypeId: null,
  // Engagements have no scopes of their own: contacts' scopes open them (2026-09 specification of each of them).
  readScope: 'crm.objects.contacts.read',
  writeScope: 'crm.objects.contacts.write',
  schemaScope: 'crm.objects.contacts.write',
};

const table: Readonly<Record<string, ObjectFacts>> = {
  companies: {
    typeId: '0-2',
    singular: 'company',
    modifiedProperty: 'hs_lastmodifieddate',
    canMerge: true,
    listsArchived: true,
    hasPipelines: false,
    primaryCompanyProperty: null,
    primaryCompanyTypeId: null,
    readScope: 'crm.objects.companies.read',
    writeScope: 'crm.objects.companies.write',
    schemaScope: 'crm.schemas.companies.write',
  },
  contacts: {
    typeId: '0-1',
    singular: 'contact',
    modifiedProperty: 'lastmodifieddate',
    canMerge: true,
    listsArchived: true,
    hasPipelines: false,
    primaryCompanyProperty: 'associatedcompanyid',
    primaryCompanyTypeId: 1,
    readScope: 'crm.objects.contacts.read',
    writeScope: 'crm.objects.contacts.write',
    schemaScope: 'crm.schemas.contacts.write',
  },
  deals: {
    typeId: '0-3',
    singular: 'deal',
    modifiedProperty: 'hs_lastmodifieddate',
    canMerge: true,
    listsArchived: true,
    hasPipelines: true,
    primaryCompanyProperty: 'hs_primary_associated_company',
    primaryCompanyTypeId: 5,
    readScope: 'crm.objects.deals.read',
    writeScope: 'crm.objects.deals.write',
    schemaScope: 'crm.schemas.deals.write',
  },
  tickets: {
    typeId: '0-5',
    singular: 'ticket',
    modifiedProperty: 'hs_lastmodifieddate',
    canMerge: true,
    listsArchived: true,
    hasPipelines: true,
    primaryCompanyProperty: null,
    primaryCompanyTypeId: 26,
    readScope: 'tickets',
    writeScope: 'tickets',
    schemaScope: 'tickets',
  },
  tasks: { ...activity, typeId: '0-27', singular: 'task', listsArchived: true },
  notes: { ...activity, typeId: '0-46', singular: 'note' },
  meetings: { ...activity, typeId: '0-47', singular: 'meeting' },
  calls: { ...activity, typeId: '0-48', singular: 'call' },
  emails: { ...activity, typeId: '0-49', singular: 'email' },
};

/** The facts of an object; custom objects, named by their type id (`2-123`), get what HubSpot gives to all of them. */
export function factsOf(object: string): ObjectFacts {
  return (
    table[object] ?? {
      typeId: object,
      singular: object,
      modifiedProperty: 'hs_lastmodifieddate',
      canMerge: false,
      listsArchived: true,
      hasPipelines: true,
      primaryCompanyProperty: null,
      primaryCompanyTypeId: null,
      readScope: 'crm.objects.custom.read',
      writeScope: 'crm.objects.custom.write',
      schemaScope: 'crm.schemas.custom.write',
    }
  );
}

/** The object by HubSpot's type id (`0-2`), or by the singular that its events are named with (`company`). Null for neither. */
export function findObject(named: string): string | null {
  const found = Object.entries(table).find(([, { typeId, singular }]) => typeId === named || singular === named);
  if (found !== undefined) return found[0];
  return /^2-\d+$/.test(named) ? named : null;
}

/** The object that users are pulled as. HubSpot has an endpoint of its own for it. */
export const OWNERS = 'owners';
export const OWNERS_SCOPE = 'crm.objects.owners.read';

/** Association type ids from a record that we create to the records that it is linked to, by singular names. */
const linkTypeIds: Readonly<Record<string, number>> = {
  contact_to_company: 279,
  deal_to_contact: 3,
  deal_to_company: 341,
  ticket_to_company: 339,
  ticket_to_contact: 16,
  task_to_company: 192,
  task_to_contact: 204,
  task_to_deal: 216,
  task_to_ticket: 230,
  note_to_company: 190,
  note_to_contact: 202,
  note_to_deal: 214,
  note_to_ticket: 228,
};

/** HubSpot's own association type for a new link, or null where we know none. From `AssociationTypes` of HubSpot's client. */
export function findLinkTypeId(from: string, to: string): number | null {
  return linkTypeIds[`${factsOf(from).singular}_to_${factsOf(to).singular}`] ?? null;
}
