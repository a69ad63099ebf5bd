import type { FieldOption } from '../../../connectors/contract/connector.ts';
import type { EntityName } from './entities.ts';
import type { DealWriteFile, FieldFile, TaskWriteFile, ValuesFile, WriteType, WriteWhen } from './schema.ts';

/** What one CRM's fields mean and what is written to it: a connector's folder under `mappings/`, parsed and checked. */
export interface ConnectorMapping {
  /** Entities that this CRM has no object for are absent. */
  readonly entities: Readonly<Record<NeededEntity, EntityMapping> & Partial<Record<EntityName, EntityMapping>>>;
  readonly writeBack: WriteBack;
  readonly taskWrite: TaskWrite;
  /** How a renewal deal of ours is worded in the CRM's fields. */
  readonly dealWrite: DealWriteFile;
}

/** How a task of ours is worded in the CRM's fields. */
export type TaskWrite = Omit<TaskWriteFile, 'priority'> & {
  /** Null for a priority that the CRM has no word for: its own default stands then. */
  readonly priority: { readonly field: string } & Readonly<Record<'high' | 'medium' | 'low', string | null>>;
};

/** What every CRM has. The others, from contracts to notes, may be left out. */
export const NEEDED_ENTITIES = ['owner', 'account', 'contact', 'deal', 'task'] as const satisfies readonly EntityName[];
export type NeededEntity = (typeof NEEDED_ENTITIES)[number];

export interface EntityMapping {
  readonly entity: EntityName;
  /** The CRM's name of the object. */
  readonly object: string;
  /** Only some customers' CRMs have the object: that it may not be read is no problem. */
  readonly isOptional: boolean;
  readonly links: { readonly account: string | null; readonly contacts: string | null };
  /** By canonical name. A field that is absent is never read and always null. */
  readonly fields: Readonly<Record<string, FieldMapping>>;
}

/** Where one canonical field is found and how its values are read. */
export interface FieldMapping {
  /** Tried in order; the first that is not empty wins, even when its value cannot be read. */
  readonly from: readonly Place[];
  /** Of enumerations, for a value that no spelling matches; null makes it a problem. */
  readonly otherwise: string | null;
  /** Inclusive; of money in major units. */
  readonly min: number | null;
  readonly max: number | null;
  readonly scale: 'percent' | 'fraction';
  /** Of money: fields that hold the currency, tried in order. */
  readonly currency: readonly string[];
  /** Places that the installation's admin named: a missing one is an error. */
  readonly chosen: readonly string[];
  /** The directives as they were written, so that an override can replace single ones. */
  readonly file: FieldFile;
}

export interface Place {
  /** Where it is read; several are joined by a space. */
  readonly fields: readonly string[];
  /** Values that count as empty. */
  readonly ignore: readonly string[];
  /** Of enumerations: our value → spellings. Null where the type's own reading applies. */
  readonly values: ValuesFile | null;
  /** True when a value that no spelling matches sends the search to the next place. */
  readonly skipsUnmatched: boolean;
  /** The field that holds the pipeline, when the value is a stage; null otherwise. */
  readonly pipeline: string | null;
}

export interface WriteBack {
  /** The field in which a record says the currency of its amounts; null where all amounts are in the home currency. */
  readonly currency: string | null;
  readonly account: readonly WriteField[];
  readonly deal: readonly WriteField[];
  readonly task: readonly WriteField[];
  readonly contact: readonly WriteField[];
}

/** The entities that carry fields of ours, in the order in which these are made. */
export const WRITTEN_ENTITIES = ['account', 'deal', 'task', 'contact'] as const satisfies readonly EntityName[];
export type WrittenEntity = (typeof WRITTEN_ENTITIES)[number];

/** A field of ours in the CRM. */
export interface WriteField {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: WriteType;
  readonly isCore: boolean;
  readonly isUnique: boolean;
  readonly options: readonly FieldOption[];
  /** Name of the output that fills it; null when people do. */
  readonly value: string | null;
  readonly decimals: number;
  readonly scale: 'percent' | 'fraction';
  /** In UTF-16 units, as CRMs count; null for no limit of its own. */
  readonly maxLength: number | null;
  readonly writeWhen: WriteWhen;
}

/** Every field name that a place or a currency of this field may read. */
export function placesOf(field: FieldMapping): readonly string[] {
  return [
    ...field.from.flatMap((place) => (place.pipeline === null ? place.fields : [...place.fields, place.pipeline])),
    ...field.currency,
  ];
}
