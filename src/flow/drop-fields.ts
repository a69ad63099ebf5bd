import { isWanted } from '../core/mapping/field-choice.ts';
import { toFieldSpec } from '../core/mapping/outbound.ts';
import { findOwnField, ownFieldsOf } from '../core/mapping/own-fields.ts';
import type { DefinedLine } from './line.ts';

/** What became of fields that were to be taken away, as `companies.holdfast_csm_pulse`. */
export interface DroppedFields {
  readonly done: readonly string[];
  readonly refused: readonly { readonly what: string; readonly message: string }[];
}

/**
 * Takes fields of ours that are not wanted out of the CRM, with their values; what people filled in goes with them.
 * Where fields belong to an installed package they are emptied instead, and people's values stay.
 */
export async function dropFields(line: DefinedLine, names: readonly string[]): Promise<DroppedFields> {
  const wanted = new Set(names.map((name) => findOwnField(line.connectorMapping, name)));
  const specs = ownFieldsOf(line.connectorMapping)
    .filter(({ object, field }) => wanted.has(`${object}.${field.name}`))
    .filter(({ object, field }) => !isWanted(line.writeBack.fields, object, field))
    .map(({ object, field }) => toFieldSpec(object, field));
  const report = await line.session.unprovision(specs);
  const done = new Set(report.done);
  for (const [object, own] of Map.groupBy(specs, (spec) => spec.object)) {
    const fields = own.filter(({ name }) => done.has(`${object}.${name}`)).map(({ name }) => name);
    if (fields.length === 0) continue;
    await line.store.records.clearShown({ object, fields });
    const known = await line.store.definitions.get(object);
    if (known === null || known.fields === null) continue;
    await line.store.definitions.put(object, {
      ...known,
      fields: known.fields.filter(({ name }) => !fields.includes(name)),
    });
  }
  await line.store.audit.add({
    at: line.clock.now(),
    actor: 'admin',
    action: 'fields-dropped',
    details: { done: report.done, refused: report.refused.length },
  });
  const refused = report.refused.map(({ object, name, message }) => ({ what: `${object}.${name}`, message }));
  return { done: report.done, refused };
}
