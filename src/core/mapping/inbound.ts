import { HoldfastError } from '../../errors.ts';
import type { AccountId } from '../model/ids.ts';
import { toAccountId } from '../model/ids.ts';
import type { Account, Activity, Contract } from '../model/records.ts';
import type { CompiledMapping } from './compile.ts';
import type { CanonicalField, EntityName, EntityRecords, ValueOf } from './entities.ts';
import type { ENTITIES } from './entities.ts';
import type { FieldReader, MappableRecord, Reading } from './field-reader.ts';
import type { MappingProblem } from './problem.ts';

/** A canonical record, what could not be read of it, and where each of its values was found. */
export interface Mapped<Entity extends EntityName> {
  readonly record: EntityRecords[Entity];
  readonly problems: readonly MappingProblem[];
  /** Canonical field → the CRM's field, for values that were there: `renewalOn` → `renewal_date`. */
  readonly found: Readonly<Record<string, string>>;
}

/**
 * Translates one stored record. Never throws for what a record holds: a value that cannot be read becomes null and a
 * problem. Throws `mapping-invalid` for an entity that the CRM's mapping does not have.
 */
export function mapRecord<Entity extends EntityName>(
  entity: Entity,
  mapping: CompiledMapping,
  record: MappableRecord,
): Mapped<Entity> {
  const readers = mapping.readers.get(entity);
  if (readers === undefined) {
    throw new HoldfastError({
      code: 'mapping-invalid',
      message: `The mapping of this CRM has no '${entity}'.`,
      remedy: `Add ${entity}.json to the connector's mapping folder.`,
      context: { entity },
    });
  }
  const reading: Reading = { record, problems: [], found: {} };
  const contacts = mapping.contactLinks.get(entity);
  const links = contacts === undefined ? [] : (record.raw.links[contacts] ?? []);
  const build: Builder<Entity> = BUILDERS[entity];
  return {
    record: build((field) => (readers[field as string]?.(reading) ?? null) as never, record, links),
    problems: reading.problems,
    found: reading.found,
  };
}

/** The readers of an entity by canonical field; absent for fields that are not mapped. */
export type EntityReaders = Readonly<Record<string, FieldReader>>;

type FieldsOf<Entity extends EntityName> = (typeof ENTITIES)[Entity]['fields'];

/** Reads one canonical field of the record at hand. */
type Read<Fields> = <Name extends keyof Fields>(name: Name) => ValueOf<Extract<Fields[Name], CanonicalField>> | null;

type Builder<Entity extends EntityName> = (
  read: Read<FieldsOf<Entity>>,
  record: MappableRecord,
  contactIds: readonly string[],
) => EntityRecords[Entity];

const BUILDERS: { readonly [Entity in EntityName]: Builder<Entity> } = {
  owner: (read, { raw }) => ({
    id: raw.id,
    name: read('name'),
    email: read('email'),
    isActive: !raw.deleted && (read('isActive') ?? true),
    timeZone: read('timeZone'),
    managerId: read('managerId'),
  }),
  account: (read, { raw }) => ({
    id: toAccountId(raw.id),
    name: read('name'),
    domain: read('domain'),
    externalId: read('externalId'),
    parentId: toParentId(read('parentId')),
    type: read('type'),
    segment: read('segment'),
    lifecycle: read('lifecycle'),
    industry: read('industry'),
    employees: read('employees'),
    region: read('region'),
    ownerId: read('ownerId'),
    csmId: read('csmId'),
    customerSinceOn: read('customerSinceOn'),
    liveOn: read('liveOn'),
    arr: read('arr'),
    seatsPaid: read('seatsPaid'),
    seatsUsed: read('seatsUsed'),
    products: read('products'),
    contractStartOn: read('contractStartOn'),
    renewalOn: read('renewalOn'),
    autoRenew: read('autoRenew'),
    noticeDays: read('noticeDays'),
    termMonths: read('termMonths'),
    contractId: read('contractId'),
    cancelledOn: read('cancelledOn'),
    competitor: read('competitor'),
    budgetAtRisk: read('budgetAtRisk'),
    overdueDays: read('overdueDays'),
    paymentMethodEndsOn: read('paymentMethodEndsOn'),
    fundedOn: read('fundedOn'),
    acquisitionOn: read('acquisitionOn'),
    csmPulse: read('csmPulse'),
    csmPulseAt: read('csmPulseAt'),
    override: toOverride(read),
    createdAt: raw.createdAt,
    modifiedAt: raw.modifiedAt,
  }),
  contact: (read, { raw, accountId }) => {
    const newCompany = read('newCompany');
    return {
      id: raw.id,
      accountId,
      email: read('email'),
      name: read('name'),
      title: read('title'),
      roles: read('roles') ?? [],
      status: read('status'),
      departedAt: read('departedAt'),
      ...(newCompany !== null && { newCompany }),
      lastTwoWayAt: read('lastTwoWayAt'),
      createdAt: raw.createdAt,
      modifiedAt: raw.modifiedAt,
    };
  },
  deal: (read, { raw, accountId }, contactIds) => ({
    id: raw.id,
    accountId,
    name: read('name'),
    pipeline: read('pipeline'),
    stage: read('stage'),
    kind: read('kind'),
    amount: read('amount'),
    arr: read('arr'),
    closeOn: read('closeOn'),
    ownerId: read('ownerId'),
    termStartOn: read('termStartOn'),
    termEndOn: read('termEndOn'),
    termMonths: read('termMonths'),
    autoRenew: read('autoRenew'),
    noticeDays: read('noticeDays'),
    seats: read('seats'),
    products: read('products'),
    contractId: read('contractId'),
    priorContractId: read('priorContractId'),
    lostReason: read('lostReason'),
    upliftPercent: read('upliftPercent'),
    churnReason: read('churnReason'),
    csmCall: read('csmCall'),
    finalCall: read('finalCall'),
    contactIds,
    createdAt: raw.createdAt,
    modifiedAt: raw.modifiedAt,
  }),
  contract: toContract,
  subscription: (read, record) => ({ ...toContract(read, record), keptAs: 'subscription' }),
  asset: (read, record) => ({ ...toContract(read, record), keptAs: 'asset' }),
  ticket: (read, { raw, accountId }) => ({
    id: raw.id,
    accountId,
    subject: read('subject'),
    openedAt: read('openedAt'),
    closedAt: read('closedAt'),
    isOpen: read('isOpen'),
    priority: read('priority'),
    escalated: read('escalated'),
    category: read('category'),
    csat: read('csat'),
    modifiedAt: raw.modifiedAt,
  }),
  email: activityOf('email'),
  call: activityOf('call'),
  meeting: activityOf('meeting'),
  note: activityOf('note'),
  task: (read, { raw, accountId }) => ({
    id: raw.id,
    accountId,
    subject: read('subject'),
    isDone: read('isDone'),
    status: read('status'),
    dueAt: read('dueAt'),
    ownerId: read('ownerId'),
    key: read('key'),
    snoozeUntilOn: read('snoozeUntilOn'),
    snoozeReason: read('snoozeReason'),
    modifiedAt: raw.modifiedAt,
  }),
};

/** Contracts, and the lines that may stand in for them, have the same fields. */
function toContract(read: Read<FieldsOf<'subscription'>>, { raw, accountId }: MappableRecord): Contract {
  return {
    id: raw.id,
    accountId,
    name: read('name'),
    product: read('product'),
    startOn: read('startOn'),
    endOn: read('endOn'),
    termMonths: read('termMonths'),
    autoRenew: read('autoRenew'),
    noticeDays: read('noticeDays'),
    status: read('status'),
    arr: read('arr'),
    seats: read('seats'),
    ownerId: read('ownerId'),
    modifiedAt: raw.modifiedAt,
  };
}

/** The four kinds of activity have the same fields. */
function activityOf(
  kind: Activity['kind'],
): (read: Read<FieldsOf<'email'>>, record: MappableRecord, contactIds: readonly string[]) => Activity {
  return (read, { raw, accountId }, contactIds) => ({
    id: raw.id,
    accountId,
    contactIds,
    kind,
    at: read('at'),
    direction: read('direction'),
    happened: read('happened'),
    modifiedAt: raw.modifiedAt,
  });
}

function toParentId(id: string | null): AccountId | null {
  return id === null ? null : toAccountId(id);
}

/** A manual band is one only when a band is given; the rest explains it. */
function toOverride(read: Read<FieldsOf<'account'>>): Account['override'] {
  const band = read('overrideBand');
  if (band === null) return null;
  return { band, untilOn: read('overrideUntilOn'), by: read('overrideBy'), reason: read('overrideReason') };
}
