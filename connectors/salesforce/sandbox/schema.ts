import { picklist, reference } from './field-definition.ts';
import type { FieldDefinition } from './field-definition.ts';
import type { ObjectDefinition } from './object-definition.ts';
import {
  account,
  accountContactRelation,
  contact,
  isPersonAccountOfContact,
  personAccountFields,
} from './objects/accounts.ts';
import { cpqFields, cpqSubscription } from './objects/cpq.ts';
import { packageFields } from './objects/holdfast-package.ts';
import { asset, contract, opportunity, opportunityContactRole } from './objects/sales.ts';
import {
  caseStatus,
  currencyType,
  group,
  opportunityStage,
  organization,
  recordType,
  taskPriority,
  taskStatus,
  user,
} from './objects/setup.ts';
import { event, eventRelation, supportCase, task, taskRelation } from './objects/work.ts';
import type { OrgSeed } from './org-seed.ts';

/** Whether the Holdfast package is in the org, and whether the integration user may use its fields. */
export type PackageState = 'assigned' | 'unassigned' | 'absent';

const ACTIVITIES = ['Task', 'Event'];

/** The objects and fields of one org, and which of them the integration user sees. Names are found in any case. */
export class Schema {
  readonly #objects = new Map<string, ObjectDefinition>();
  /** `account` → `name` → definition. */
  readonly #fields = new Map<string, Map<string, FieldDefinition>>();
  readonly #byPrefix = new Map<string, ObjectDefinition>();
  /** `account`, or `account.name`: kept from the integration user by permissions. */
  readonly #hidden = new Set<string>();

  /** `namespace` is that of the package: `holdfast` makes its fields `holdfast__Holdfast_Key__c`; null for none. */
  constructor(seed: OrgSeed, packageState: PackageState, namespace: string | null) {
    const packaged = inNamespace(packageFields, namespace);
    for (const object of objectsOf(seed)) {
      const key = object.name.toLowerCase();
      this.#objects.set(key, object);
      this.#byPrefix.set(object.keyPrefix, object);
      this.#fields.set(key, new Map());
      for (const field of object.fields) this.addField(object.name, inThisOrg(seed, object.name, field));
      for (const field of featureFields(seed, object)) this.addField(object.name, field);
    }
    const added = packageState === 'absent' ? [seed.fields] : [seed.fields, packaged];
    for (const fields of added) {
      for (const [object, definitions] of Object.entries(fields)) {
        for (const field of definitions) this.addField(object, field);
      }
    }
    if (packageState !== 'unassigned') return;
    for (const [object, definitions] of Object.entries(packaged)) {
      for (const { name } of definitions) this.hideField(object, name);
    }
  }

  /** `Activity` adds the field to tasks and events. Throws an Error for an object that the org lacks. */
  addField(object: string, field: FieldDefinition): void {
    for (const name of spread(object)) this.#fieldsOf(name).set(field.name.toLowerCase(), field);
  }

  /** Field-level security: the integration user no longer sees the field. */
  hideField(object: string, field: string): void {
    for (const name of spread(object)) this.#hidden.add(`${name}.${field}`.toLowerCase());
  }

  showField(object: string, field: string): void {
    for (const name of spread(object)) this.#hidden.delete(`${name}.${field}`.toLowerCase());
  }

  hideObject(object: string): void {
    this.#hidden.add(object.toLowerCase());
  }

  /** Every object, in the order of names. */
  objects(): readonly ObjectDefinition[] {
    return [...this.#objects.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** As the integration user sees the org. */
  visibleObjects(): readonly ObjectDefinition[] {
    return this.objects().filter(({ name }) => !this.#hidden.has(name.toLowerCase()));
  }

  findObject(name: string): ObjectDefinition | null {
    return this.#objects.get(name.toLowerCase()) ?? null;
  }

  findVisibleObject(name: string): ObjectDefinition | null {
    return this.#hidden.has(name.toLowerCase()) ? null : this.findObject(name);
  }

  /** The object whose records have this id; null when the org has none with its prefix. */
  objectOf(id: string): ObjectDefinition | null {
    return this.#byPrefix.get(id.slice(0, 3)) ?? null;
  }

  fields(object: ObjectDefinition): readonly FieldDefinition[] {
    return [...this.#fieldsOf(object.name).values()];
  }

  visibleFields(object: ObjectDefinition): readonly FieldDefinition[] {
    return this.fields(object).filter((field) => this.#isVisible(object, field));
  }

  findField(object: ObjectDefinition, name: string): FieldDefinition | null {
    return this.#fieldsOf(object.name).get(name.toLowerCase()) ?? null;
  }

  findVisibleField(object: ObjectDefinition, name: string): FieldDefinition | null {
    const field = this.findField(object, name);
    return field !== null && this.#isVisible(object, field) ? field : null;
  }

  #isVisible(object: ObjectDefinition, field: FieldDefinition): boolean {
    return !this.#hidden.has(`${object.name}.${field.name}`.toLowerCase());
  }

  #fieldsOf(object: string): Map<string, FieldDefinition> {
    const fields = this.#fields.get(object.toLowerCase());
    if (fields === undefined) throw new Error(`the sandbox org has no object ${object}`);
    return fields;
  }
}

function inNamespace(fields: OrgSeed['fields'], namespace: string | null): OrgSeed['fields'] {
  if (namespace === null) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([object, own]) => [
      object,
      own.map((field) => ({ ...field, name: `${namespace}__${field.name}` })),
    ]),
  );
}

function spread(object: string): readonly string[] {
  return object === 'Activity' ? ACTIVITIES : [object];
}

function objectsOf({ features }: OrgSeed): readonly ObjectDefinition[] {
  return [
    account,
    contact,
    ...(features.contactRelations ? [accountContactRelation] : []),
    opportunity,
    opportunityContactRole,
    contract,
    asset,
    supportCase,
    task,
    taskRelation,
    event,
    eventRelation,
    user,
    group,
    recordType,
    organization,
    ...(features.multiCurrency ? [currencyType] : []),
    taskStatus,
    taskPriority,
    caseStatus,
    opportunityStage,
    ...(features.cpq ? [cpqSubscription] : []),
  ];
}

/** Fields that an object has because of a feature or of record types. */
function featureFields(seed: OrgSeed, object: ObjectDefinition): readonly FieldDefinition[] {
  const { features, recordTypes, currencies, facts } = seed;
  const fields: FieldDefinition[] = [];
  if (features.personAccounts && object.name === 'Account') fields.push(...personAccountFields);
  if (features.personAccounts && object.name === 'Contact') fields.push(isPersonAccountOfContact);
  if (features.cpq) fields.push(...(cpqFields[object.name] ?? []));
  if (recordTypes.some((type) => type.object === object.name)) {
    fields.push(reference('RecordTypeId', 'Record Type ID', ['RecordType'], { defaultedOnCreate: true }));
  }
  if (features.multiCurrency && object.createable) {
    const codes = currencies.map(({ isoCode }) => isoCode);
    const settings = { length: 3, isRestricted: true, preset: facts.currency } as const;
    fields.push(picklist('CurrencyIsoCode', 'Currency ISO Code', codes, settings));
  }
  return fields;
}

/** A standard field as this org has it: with the admin's values, and as its features make it. */
function inThisOrg(seed: OrgSeed, object: string, field: FieldDefinition): FieldDefinition {
  const key = `${object}.${field.name}`;
  const { features, stages } = seed;
  const standard = key === 'Opportunity.StageName' && stages !== undefined ? [] : field.values;
  const names = key === 'Opportunity.StageName' ? (stages ?? []).map(({ name }) => name) : [];
  const added = [...names, ...(seed.picklistValues[key] ?? [])]
    .filter((value) => !standard.some((known) => known.value === value))
    .map((value) => ({ value, label: value, isDefault: false }));
  const values = [...standard, ...added];
  if (key === 'Contract.EndDate' && features.contractEnds === 'calculated') {
    return { ...field, values, createable: false, updateable: false };
  }
  // People have a last name instead.
  if (key === 'Account.Name' && features.personAccounts) return { ...field, values, nillable: true };
  return { ...field, values };
}
