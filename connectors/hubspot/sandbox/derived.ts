import type { ObjectType } from './object-types.ts';
import { getObjectType } from './object-types.ts';
import type { PortalState } from './portal-state.ts';
import type { RecordVersion, StoredRecord } from './records.ts';
import { toWireInstant } from './wire-time.ts';

/** Gives the value of one property of a record as HubSpot shows it; null where there is none. */
export type ReadValue = (record: StoredRecord, version: RecordVersion) => string | null;

/** How to read the property `name` of records of `type`: most are stored, some HubSpot works out. */
export function readerOf(portal: PortalState, type: ObjectType, name: string): ReadValue {
  if (name === 'hs_object_id') return (record) => record.id;
  if (name === type.createdProperty) return (record) => toWireInstant(record.createdAt);
  if (name === type.modifiedProperty) return (_, version) => toWireInstant(version.updatedAt);
  // Contacts have this property, and HubSpot never fills it: theirs is `lastmodifieddate`.
  if (name === 'hs_lastmodifieddate') return () => null;
  switch (`${type.name}.${name}`) {
    case 'contacts.associatedcompanyid':
    case 'deals.hs_primary_associated_company':
      return (record) => portal.links.primaryCompany(type, record.id);
    case 'companies.num_associated_contacts':
      return (record) => linkCount(portal, record, 'contacts');
    case 'companies.num_associated_deals':
    case 'contacts.num_associated_deals':
      return (record) => linkCount(portal, record, 'deals');
    case 'deals.num_associated_contacts':
      return (record) => linkCount(portal, record, 'contacts');
    case 'deals.hs_is_closed':
      return (_, version) => (isClosedStage(portal, type, version.properties['dealstage']) ? 'true' : 'false');
    case 'deals.hs_is_closed_won':
      return (_, version) => {
        const stage = version.properties['dealstage'];
        const isWon =
          isClosedStage(portal, type, stage) && Number(stageMetadata(portal, type, stage)['probability']) === 1;
        return isWon ? 'true' : 'false';
      };
    case 'deals.hs_deal_stage_probability':
      return (_, version) => stageMetadata(portal, type, version.properties['dealstage'])['probability'] ?? null;
    case 'tasks.hs_task_is_completed':
      return (_, version) => (version.properties['hs_task_status'] === 'COMPLETED' ? 'true' : 'false');
    default:
      return (_, version) => version.properties[name] ?? null;
  }
}

/** What HubSpot itself fills in when a write changes a record from `before` to `after`. */
export function withOwnStamps(
  portal: PortalState,
  type: ObjectType,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  nowMs: number,
): Readonly<Record<string, string>> {
  if (type.name === 'tasks' && before['hs_task_status'] !== after['hs_task_status']) {
    return withStamp(after, 'hs_task_completion_date', after['hs_task_status'] === 'COMPLETED', nowMs);
  }
  if (type.name === 'tickets' && before['hs_pipeline_stage'] !== after['hs_pipeline_stage']) {
    return withStamp(after, 'closed_date', isClosedStage(portal, type, after['hs_pipeline_stage']), nowMs);
  }
  return after;
}

function withStamp(
  properties: Readonly<Record<string, string>>,
  name: string,
  isDone: boolean,
  nowMs: number,
): Readonly<Record<string, string>> {
  const { [name]: _, ...others } = properties;
  return isDone ? { ...others, [name]: toWireInstant(nowMs) } : others;
}

function linkCount(portal: PortalState, record: StoredRecord, to: string): string {
  return String(portal.linkedIds(record.type, record.id, getObjectType(to)).length);
}

function stageMetadata(portal: PortalState, type: ObjectType, stageId = ''): Readonly<Record<string, string>> {
  for (const pipeline of portal.pipelines[type.name] ?? []) {
    const stage = pipeline.stages.find(({ id }) => id === stageId);
    if (stage !== undefined) return stage.metadata;
  }
  return {};
}

function isClosedStage(portal: PortalState, type: ObjectType, stageId: string | undefined): boolean {
  const metadata = stageMetadata(portal, type, stageId);
  return metadata['isClosed'] === 'true' || metadata['ticketState'] === 'CLOSED';
}
