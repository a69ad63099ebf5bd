import type { SeedProperty } from './portal-seed.ts';

export type PropertyType = SeedProperty['type'];

export interface PropertyOption {
  readonly label: string;
  readonly value: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
}

export interface PropertyDefinition {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly groupName: string;
  readonly type: PropertyType;
  readonly fieldType: string;
  readonly options: readonly PropertyOption[];
  readonly displayOrder: number;
  readonly hasUniqueValue: boolean;
  readonly hidden: boolean;
  readonly formField: boolean;
  readonly numberDisplayHint: string | null;
  /** HubSpot's own: cannot be archived, its definition cannot be changed. */
  readonly hubspotDefined: boolean;
  /** HubSpot alone sets its value. */
  readonly readOnlyValue: boolean;
  /** `OWNER`: the values are ids of owners. */
  readonly referencedObjectType: 'OWNER' | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt: number | null;
}

/** Which field types HubSpot offers for which type. */
export const fieldTypesOf: Readonly<Record<PropertyType, readonly string[]>> = {
  bool: ['booleancheckbox', 'calculation_equation'],
  date: ['date'],
  datetime: ['date', 'calculation_equation'],
  enumeration: ['booleancheckbox', 'checkbox', 'radio', 'select', 'calculation_equation'],
  number: ['number', 'calculation_equation'],
  phone_number: ['phonenumber'],
  string: ['text', 'textarea', 'html', 'file', 'phonenumber', 'calculation_equation'],
};

export function toOptions(options: readonly { readonly label: string; readonly value: string }[]): PropertyOption[] {
  return options.map(({ label, value }, index) => ({ label, value, displayOrder: index, hidden: false }));
}

/** A property that a person or an app has made, with all that it leaves out. */
export function toCustomDefinition(property: SeedProperty, createdAt: number): PropertyDefinition {
  return {
    ...property,
    description: '',
    options: toOptions(property.options),
    displayOrder: -1,
    hasUniqueValue: false,
    hidden: false,
    formField: false,
    numberDisplayHint: null,
    hubspotDefined: false,
    readOnlyValue: false,
    referencedObjectType: null,
    createdAt,
    updatedAt: createdAt,
    archivedAt: null,
  };
}
