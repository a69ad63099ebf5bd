import { HoldfastError } from '../../errors.ts';
import { didYouMean } from './did-you-mean.ts';
import { WRITTEN_ENTITIES, type ConnectorMapping, type WriteField, type WrittenEntity } from './mapping.ts';

/** A field that Holdfast brings, with the CRM's name of its object. */
export interface OwnField {
  readonly section: WrittenEntity;
  readonly object: string;
  readonly field: WriteField;
}

/** Every field that Holdfast brings, in the order of `write-back.json`. */
export function ownFieldsOf(mapping: ConnectorMapping): readonly OwnField[] {
  return WRITTEN_ENTITIES.flatMap((section) => {
    const { object } = mapping.entities[section];
    return mapping.writeBack[section].map((field) => ({ section, object, field }));
  });
}

/**
 * `companies.holdfast_csm_pulse` for a name with or without its object.
 *
 * Errors: `input-invalid` when no field has the name, or several objects have it.
 */
export function findOwnField(mapping: ConnectorMapping, named: string): string {
  const all = ownFieldsOf(mapping).map(({ object, field }) => ({ name: field.name, full: `${object}.${field.name}` }));
  const found = all.filter(({ name, full }) => [name, full].some((one) => one.toLowerCase() === named.toLowerCase()));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.full;
  throw new HoldfastError({
    code: 'input-invalid',
    message:
      found.length === 0
        ? `Holdfast brings no field '${named}'.${didYouMean(
            named,
            all.flatMap(({ name, full }) => [name, full]),
          )}`
        : `Several objects have the field '${named}'.`,
    remedy:
      found.length === 0
        ? "'holdfast fields' lists all of them."
        : `Say which is meant: ${found.map(({ full }) => full).join(', ')}.`,
  });
}
