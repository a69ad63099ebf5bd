export type FieldType =
  | 'id'
  | 'reference'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'multipicklist'
  | 'combobox'
  | 'email'
  | 'phone'
  | 'url'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  /** Made up of other fields; read only. */
  | 'address';

/** A value as the org keeps it. Dates are `2026-03-01`, datetimes `2026-03-01T12:00:00.000+0000`. */
export type Value = string | number | boolean | null;
export type Values = Readonly<Record<string, Value>>;

export interface PicklistValue {
  readonly value: string;
  readonly label: string;
  readonly isDefault: boolean;
}

export interface FieldDefinition {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Most characters; 0 where there is no such limit. */
  readonly length: number;
  /** All digits of a number and those after its point. */
  readonly precision: number;
  readonly scale: number;
  readonly values: readonly PicklistValue[];
  /** Values that are not in the list are refused. */
  readonly isRestricted: boolean;
  /** The objects that a reference can point to. */
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  /** What the pointed-at object calls the records that point to it: `Contacts`. */
  readonly childRelationshipName: string | null;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly nillable: boolean;
  /** Salesforce fills it in when nobody does. */
  readonly defaultedOnCreate: boolean;
  /** What it is filled in with where that is always the same; else null. */
  readonly preset: Value;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly isName: boolean;
  /** By a formula, by numbering or as a part of others: see `calculated` and `autoNumber` in a describe. */
  readonly made: 'by-people' | 'by-formula' | 'by-numbering';
  /** The compound field that shows it together with others: `BillingAddress`. */
  readonly partOf: string | null;
}

export interface FieldSettings {
  /** Must be given on create and cannot be emptied. */
  readonly required?: boolean;
  /** What can be done to it through the API; `full` unless told. */
  readonly access?: 'full' | 'create' | 'read';
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly values?: readonly string[];
  readonly preset?: Value;
  readonly isRestricted?: boolean;
  readonly nillable?: boolean;
  readonly defaultedOnCreate?: boolean;
  readonly referenceTo?: readonly string[];
  readonly relationshipName?: string | null;
  readonly childRelationshipName?: string;
  readonly unique?: boolean;
  readonly externalId?: boolean;
  readonly isName?: boolean;
  readonly made?: FieldDefinition['made'];
  readonly partOf?: string;
}

export function defineField(
  name: string,
  label: string,
  type: FieldType,
  settings: FieldSettings = {},
): FieldDefinition {
  const access = settings.access ?? 'full';
  const preset = settings.preset ?? (type === 'boolean' ? false : null);
  return {
    name,
    label,
    type,
    length: settings.length ?? 0,
    precision: settings.precision ?? 0,
    scale: settings.scale ?? 0,
    values: (settings.values ?? []).map((value) => ({ value, label: value, isDefault: value === preset })),
    isRestricted: settings.isRestricted ?? false,
    referenceTo: settings.referenceTo ?? [],
    relationshipName: settings.relationshipName ?? null,
    childRelationshipName: settings.childRelationshipName ?? null,
    createable: access !== 'read',
    updateable: access === 'full',
    nillable: settings.nillable ?? (settings.required !== true && type !== 'boolean'),
    defaultedOnCreate: settings.defaultedOnCreate ?? preset !== null,
    preset,
    unique: settings.unique ?? false,
    externalId: settings.externalId ?? false,
    isName: settings.isName ?? false,
    made: settings.made ?? 'by-people',
    partOf: settings.partOf ?? null,
  };
}

export function text(name: string, label: string, length: number, settings: FieldSettings = {}): FieldDefinition {
  return defineField(name, label, 'string', { length, ...settings });
}

/** Over 255 characters it is long text: Salesforce can neither filter nor sort by it. */
export function longText(name: string, label: string, length = 32_000, settings: FieldSettings = {}): FieldDefinition {
  return defineField(name, label, 'textarea', { length, ...settings });
}

export function picklist(
  name: string,
  label: string,
  values: readonly string[],
  settings: FieldSettings = {},
): FieldDefinition {
  return defineField(name, label, 'picklist', { length: 255, values, ...settings });
}

export function checkbox(name: string, label: string, settings: FieldSettings = {}): FieldDefinition {
  return defineField(name, label, 'boolean', settings);
}

export function date(name: string, label: string, settings: FieldSettings = {}): FieldDefinition {
  return defineField(name, label, 'date', settings);
}

export function datetime(name: string, label: string, settings: FieldSettings = {}): FieldDefinition {
  return defineField(name, label, 'datetime', settings);
}

export function int(name: string, label: string, settings: FieldSettings = {}): FieldDefinition {
  return defineField(name, label, 'int', settings);
}

/** `digits` before and after the point: `[3, 1]` goes up to 999.9. */
export function number(
  name: string,
  label: string,
  [whole, fraction]: readonly [whole: number, fraction: number],
  settings: FieldSettings = {},
): FieldDefinition {
  return defineField(name, label, 'double', { precision: whole + fraction, scale: fraction, ...settings });
}

export function currency(name: string, label: string, settings: FieldSettings = {}): FieldDefinition {
  return defineField(name, label, 'currency', { precision: 18, scale: 2, ...settings });
}

export function percent(
  name: string,
  label: string,
  [whole, fraction]: readonly [whole: number, fraction: number],
  settings: FieldSettings = {},
): FieldDefinition {
  return defineField(name, label, 'percent', { precision: whole + fraction, scale: fraction, ...settings });
}

/** Points to one of `referenceTo`. A standard `AccountId` is reached as `Account`, a custom `CSM__c` as `CSM__r`. */
export function reference(
  name: string,
  label: string,
  referenceTo: readonly string[],
  settings: FieldSettings = {},
): FieldDefinition {
  const relationshipName = name.endsWith('__c') ? name.replace(/__c$/, '__r') : name.replace(/Id$/, '');
  return defineField(name, label, 'reference', { length: 18, referenceTo, relationshipName, ...settings });
}

/** The five parts of an address and the compound field that shows them together. */
export function address(prefix: string, label: string): readonly FieldDefinition[] {
  const part = { partOf: `${prefix}Address` };
  return [
    longText(`${prefix}Street`, `${label} Street`, 255, part),
    text(`${prefix}City`, `${label} City`, 40, part),
    text(`${prefix}State`, `${label} State/Province`, 80, part),
    text(`${prefix}PostalCode`, `${label} Zip/Postal Code`, 20, part),
    text(`${prefix}Country`, `${label} Country`, 80, part),
    defineField(`${prefix}Address`, `${label} Address`, 'address', { access: 'read' }),
  ];
}
