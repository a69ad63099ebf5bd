import type { FieldDefinition } from './field-definition.ts';
import type { ObjectDefinition } from './object-definition.ts';
import type { OrgState } from './org-state.ts';
import type { SentValues } from './record-writer.ts';
import { refuse, refuseBody } from './refusal.ts';
import { toValue } from './values.ts';

/**
 * Reads the fields of one record in a JSON body. A name that the user cannot see, or a value of another kind than the
 * field's, makes Salesforce refuse the whole call: it reads the body before it looks at any record.
 */
export function readFields(
  org: OrgState,
  object: ObjectDefinition,
  body: Readonly<Record<string, unknown>>,
): SentValues {
  const sent: (readonly [FieldDefinition, SentValues[number][1]])[] = [];
  for (const [name, value] of Object.entries(body)) {
    const key = name.toLowerCase();
    if (key === 'attributes' || key === 'id') continue;
    const field = org.schema.findVisibleField(object, name);
    if (field === null) {
      throw refuse(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
    }
    if (value === null && field.type === 'boolean') {
      throw refuseBody(
        'Cannot deserialize instance of boolean from VALUE_NULL value null or request may be missing a required field at [line:1, column:1]',
      );
    }
    const read = toValue(field, value);
    if (read !== null && typeof read === 'object') {
      const token = typeof value === 'string' ? 'VALUE_STRING' : typeof value === 'object' ? 'START_OBJECT' : 'VALUE';
      throw refuseBody(
        `Cannot deserialize instance of ${field.type} from ${token} value ${read.misfit} or request may be missing a required field at [line:1, column:1]`,
      );
    }
    sent.push([field, read]);
  }
  return sent;
}

/** The record id in a body, under `id` in any case; null when there is none. */
export function readId(body: Readonly<Record<string, unknown>>): string | null {
  const entry = Object.entries(body).find(([name]) => name.toLowerCase() === 'id');
  return typeof entry?.[1] === 'string' ? entry[1] : null;
}
