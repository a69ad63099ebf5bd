import { refuse } from './refusal.ts';

/** What HubSpot has settled about one kind of record. */
export interface ObjectType {
  /** As in paths: `companies`. */
  readonly name: string;
  /** `0-2`; accepted in paths just as the name is. */
  readonly typeId: string;
  /** `company`, as association labels and messages say. */
  readonly singular: string;
  readonly createdProperty: string;
  readonly modifiedProperty: string;
  /** Properties of an answer to a request that names none. */
  readonly shownProperties: readonly string[];
  /** Each entry is a choice: one of its names must be set on create. */
  readonly requiredProperties: readonly (readonly string[])[];
  /** Any one of these scopes opens the records to reading, or to writing. */
  readonly readScopes: readonly string[];
  readonly writeScopes: readonly string[];
  /** Any one of these scopes opens the definitions of properties to reading, or to writing. */
  readonly schemaReadScopes: readonly string[];
  readonly schemaWriteScopes: readonly string[];
  /** HubSpot cannot list the archived records of calls, emails, meetings and notes. */
  readonly listsArchived: boolean;
  readonly canMerge: boolean;
  /** The survivor of a merge is a new record with an id of its own. */
  readonly mergeMakesNew: boolean;
}

function crmObject(
  name: string,
  typeId: string,
  singular: string,
  shown: readonly string[],
  required: readonly (readonly string[])[],
): ObjectType {
  return {
    name,
    typeId,
    singular,
    createdProperty: 'createdate',
    modifiedProperty: name === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate',
    shownProperties: shown,
    requiredProperties: required,
    // Tickets have one scope for reading, writing and definitions.
    readScopes: name === 'tickets' ? ['tickets'] : [`crm.objects.${name}.read`],
    writeScopes: name === 'tickets' ? ['tickets'] : [`crm.objects.${name}.write`],
    schemaReadScopes:
      name === 'tickets'
        ? ['tickets']
        : [`crm.objects.${name}.read`, `crm.schemas.${name}.read`, `crm.schemas.${name}.write`],
    schemaWriteScopes: name === 'tickets' ? ['tickets'] : [`crm.schemas.${name}.write`],
    listsArchived: true,
    canMerge: true,
    mergeMakesNew: name === 'deals',
  };
}

/** Activities fall under the scopes of contacts: there are none of their own. */
function activity(name: string, typeId: string, singular: string, listsArchived: boolean): ObjectType {
  return {
    name,
    typeId,
    singular,
    createdProperty: 'hs_createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    shownProperties: [],
    requiredProperties: [['hs_timestamp']],
    readScopes: ['crm.objects.contacts.read'],
    writeScopes: ['crm.objects.contacts.write'],
    schemaReadScopes: ['crm.objects.contacts.read', `crm.schemas.${name}.read`],
    schemaWriteScopes: ['crm.objects.contacts.write', `crm.schemas.${name}.write`],
    listsArchived,
    canMerge: false,
    mergeMakesNew: false,
  };
}

export const objectTypes: readonly ObjectType[] = [
  crmObject('contacts', '0-1', 'contact', ['email', 'firstname', 'lastname'], [['email', 'firstname', 'lastname']]),
  crmObject('companies', '0-2', 'company', ['domain', 'name'], [['domain', 'name']]),
  crmObject(
    'deals',
    '0-3',
    'deal',
    ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
    [['dealname'], ['dealstage'], ['pipeline']],
  ),
  crmObject(
    'tickets',
    '0-5',
    'ticket',
    ['content', 'hs_pipeline', 'hs_pipeline_stage', 'hs_ticket_category', 'hs_ticket_priority', 'subject'],
    [['subject'], ['hs_pipeline'], ['hs_pipeline_stage']],
  ),
  activity('tasks', '0-27', 'task', true),
  activity('notes', '0-46', 'note', false),
  activity('meetings', '0-47', 'meeting', false),
  activity('calls', '0-48', 'call', false),
  activity('emails', '0-49', 'email', false),
];

const byWord = new Map(
  objectTypes.flatMap((type) => [
    [type.name, type],
    [type.typeId, type],
    [type.singular, type],
  ]),
);

/** By name, singular or type id, in any case; refuses an unknown one as HubSpot does. */
export function getObjectType(word: string): ObjectType {
  const found = byWord.get(word.toLowerCase());
  if (found === undefined) {
    throw refuse(400, 'VALIDATION_ERROR', `Unable to infer object type from: ${word}`);
  }
  return found;
}
