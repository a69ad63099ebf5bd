import { isWanted, parseFieldChoice } from '../core/mapping/field-choice.ts';
import type { ConnectorMapping, WriteField, WrittenEntity } from '../core/mapping/mapping.ts';
import { ownFieldsOf } from '../core/mapping/own-fields.ts';
import type { Instant } from '../core/model/calendar-date.ts';
import type { TenantStore } from '../ports/store.ts';

/** The fields of ours, and what becomes of each in one customer's CRM. */
export interface FieldList {
  readonly installation: string;
  readonly set: 'core' | 'extended';
  /** When the choice was last changed; null while it never was. */
  readonly changedAt: Instant | null;
  readonly awaitsApproval: boolean;
  readonly fields: readonly FieldLine[];
}

export interface FieldLine {
  readonly on: WrittenEntity;
  readonly object: string;
  readonly name: string;
  readonly label: string;
  readonly isCore: boolean;
  readonly isWanted: boolean;
  /** Whether the CRM has it, as last read; null while the object is not known. */
  readonly exists: boolean | null;
  readonly filledBy: 'Holdfast' | 'people';
  /** When a new value is written. */
  readonly writtenWhen: string;
}

export async function readFields(store: TenantStore, mapping: ConnectorMapping): Promise<FieldList> {
  const { id, approvedAt } = await store.getInstallation();
  const stored = await store.settings.get('write-back');
  const setting = typeof stored === 'object' && stored !== null ? stored : {};
  const choice = parseFieldChoice('fields' in setting ? setting.fields : undefined);
  const changedAt = 'fieldsChangedAt' in setting ? setting.fieldsChangedAt : null;
  const definitions = await store.definitions.list();
  const fields: FieldLine[] = [];
  for (const { section, object, field } of ownFieldsOf(mapping)) {
    const known = definitions.get(object)?.fields ?? null;
    fields.push({
      on: section,
      object,
      name: field.name,
      label: field.label,
      isCore: field.isCore,
      isWanted: isWanted(choice, object, field),
      exists: known?.some(({ name }) => name === field.name) ?? null,
      filledBy: field.value === null ? 'people' : 'Holdfast',
      writtenWhen: writtenWhen(field),
    });
  }
  return {
    installation: id,
    set: typeof choice === 'string' ? choice : choice.set,
    changedAt: typeof changedAt === 'string' ? changedAt : null,
    awaitsApproval: approvedAt === null,
    fields,
  };
}

function writtenWhen({ value, writeWhen }: WriteField): string {
  if (value === null) return 'never: people fill it';
  if (writeWhen === 'changed') return 'it changes';
  if (writeWhen === 'reworded') return 'it says something else';
  if (writeWhen === 'stamp') return 'anything else is written';
  return 'share' in writeWhen ? `it moves by ${writeWhen.share * 100}%` : `it moves by ${writeWhen.threshold}`;
}
