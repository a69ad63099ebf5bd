import { checkbox, datetime, defineField, reference } from './field-definition.ts';
import type { FieldDefinition } from './field-definition.ts';

export interface ObjectDefinition {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  /** The first three characters of its ids. */
  readonly keyPrefix: string;
  readonly fields: readonly FieldDefinition[];
  /** What the API can do with its records. */
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly undeletable: boolean;
  readonly mergeable: boolean;
  /** Some small objects of the setup cannot be read by the Bulk API. */
  readonly isInBulkApi: boolean;
}

export interface ObjectSettings {
  readonly labelPlural?: string;
  /** `records` are made, changed and deleted by people; `setup` is read only through the API. `records` unless told. */
  readonly kind?: 'records' | 'setup';
  readonly undeletable?: boolean;
  readonly mergeable?: boolean;
  readonly isInBulkApi?: boolean;
}

export function defineObject(
  name: string,
  keyPrefix: string,
  label: string,
  fields: readonly FieldDefinition[],
  settings: ObjectSettings = {},
): ObjectDefinition {
  const isRecord = (settings.kind ?? 'records') === 'records';
  return {
    name,
    label,
    labelPlural: settings.labelPlural ?? `${label}s`,
    keyPrefix,
    fields,
    createable: isRecord,
    updateable: isRecord,
    deletable: isRecord,
    undeletable: settings.undeletable ?? isRecord,
    mergeable: settings.mergeable ?? false,
    isInBulkApi: settings.isInBulkApi ?? true,
  };
}

/** The id field, labelled as Salesforce does: `Account ID`. */
export function idField(label: string): FieldDefinition {
  return defineField('Id', `${label} ID`, 'id', {
    access: 'read',
    length: 18,
    nillable: false,
    defaultedOnCreate: true,
  });
}

export function isDeletedField(): FieldDefinition {
  return checkbox('IsDeleted', 'Deleted', { access: 'read' });
}

/** Who owns the record; whoever makes it, unless told. */
export function ownerField(referenceTo: readonly string[] = ['User']): FieldDefinition {
  return reference('OwnerId', 'Owner ID', referenceTo, { nillable: false, defaultedOnCreate: true });
}

/** Who made and changed the record, and when. */
export function stampFields(): readonly FieldDefinition[] {
  const byWhom = { access: 'read', nillable: false, defaultedOnCreate: true } as const;
  return [
    datetime('CreatedDate', 'Created Date', byWhom),
    reference('CreatedById', 'Created By ID', ['User'], byWhom),
    datetime('LastModifiedDate', 'Last Modified Date', byWhom),
    reference('LastModifiedById', 'Last Modified By ID', ['User'], byWhom),
    datetime('SystemModstamp', 'System Modstamp', byWhom),
  ];
}
