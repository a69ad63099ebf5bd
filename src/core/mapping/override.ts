import { describeIssues } from './describe-issues.ts';
import type { EntityName } from './entities.ts';
import { ENTITIES, ENTITY_NAMES } from './entities.ts';
import type { ConnectorMapping, EntityMapping, FieldMapping } from './mapping.ts';
import { placesOf } from './mapping.ts';
import { contradictionsOf, loopsOf, throwIfAny, toFieldMapping } from './parse.ts';
import type { FieldFile } from './schema.ts';
import { overrideSchema } from './schema.ts';

/** What one installation reads otherwise: per entity and canonical field the directives that replace the mapping's; null stops reading it. */
export type MappingOverride = Readonly<
  Partial<Record<EntityName, Readonly<Record<string, Partial<FieldFile> | null | undefined>> | undefined>>
>;

const FILE = 'override';

/** Reads an override. Throws `mapping-invalid` with every problem at once. */
export function parseOverride(input: unknown): MappingOverride {
  const result = overrideSchema.safeParse(input);
  if (!result.success) throwIfAny(describeIssues(result.error.issues, overrideSchema, input, FILE), 'The override');
  return result.data as MappingOverride;
}

/**
 * The mapping with an installation's override laid over it. A directive that is given replaces the mapping's; `from`
 * replaces all its places, and from then on a missing one is an error. Throws `mapping-invalid` where the two together
 * make no sense.
 */
export function withOverride(mapping: ConnectorMapping, override: MappingOverride): ConnectorMapping {
  const problems: string[] = [];
  const entities: Partial<Record<EntityName, EntityMapping>> = { ...mapping.entities };
  for (const entity of ENTITY_NAMES) {
    const changes = override[entity];
    if (changes === undefined) continue;
    const base = mapping.entities[entity];
    if (base === undefined) {
      problems.push(`${FILE}, ${entity}: the mapping of this CRM has no '${entity}'`);
      continue;
    }
    const fields: Record<string, FieldMapping> = { ...base.fields };
    for (const [name, change] of Object.entries(changes)) {
      if (change === undefined || !Object.hasOwn(ENTITIES[entity].fields, name)) continue;
      delete fields[name];
      if (change === null) continue;
      const merged = { ...base.fields[name]?.file, ...change };
      if (merged.from === undefined) {
        problems.push(`${FILE}, ${entity}.${name}: 'from' is missing; the mapping itself names no place for it`);
        continue;
      }
      const file: FieldFile = { ...merged, from: merged.from };
      problems.push(...contradictionsOf(entity, { [name]: file }, FILE, `${entity}.`));
      const named = placesOf(toFieldMapping({ ...change, from: change.from ?? [] }, []));
      fields[name] = toFieldMapping(file, named);
    }
    entities[entity] = { ...base, fields };
  }
  throwIfAny(problems, 'The override');
  const changed = { ...mapping, entities: entities as ConnectorMapping['entities'] };
  throwIfAny(loopsOf(changed), 'The override');
  return changed;
}
