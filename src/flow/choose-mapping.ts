import type { MappingFinding } from '../core/mapping/check.ts';
import { entitiesOf } from '../core/mapping/compile.ts';
import type { MappingOverride } from '../core/mapping/override.ts';
import { HoldfastError } from '../errors.ts';
import { examineMapping } from './definitions.ts';
import type { Line } from './line.ts';
import { touchBook } from './touch-book.ts';

/** The setting that holds what an installation reads otherwise than its connector's mapping says. */
export const MAPPING = 'mapping';

/**
 * Makes an override the installation's own; the line is one that was opened with it. What it names must be there: the CRM's
 * fields are read anew, and nothing is stored when one is missing or of a type that does not fit. Afterwards the objects
 * concerned are read from the beginning, and every account is judged anew at the next run.
 *
 * Errors: `mapping-invalid` with every finding that stands against it.
 */
export async function chooseMapping(line: Line, override: MappingOverride): Promise<readonly MappingFinding[]> {
  const findings = await examineMapping(line);
  const against = findings.filter(({ level, entity, field }) => level === 'error' && isNamed(override, entity, field));
  if (against.length > 0) {
    throw new HoldfastError({
      code: 'mapping-invalid',
      message: `The override does not fit ${line.installation.facts.title}:\n${against.map(({ message }) => `  ${message}`).join('\n')}`,
      remedy: `Nothing was changed. Correct the names, or make what is missing in ${line.connector.title}, and set it again.`,
    });
  }
  const before = await line.store.settings.get(MAPPING);
  const concerned = { ...(typeof before === 'object' ? before : null), ...override };
  if (Object.keys(override).length === 0) await line.store.settings.drop(MAPPING);
  else await line.store.settings.put(MAPPING, override);
  for (const { entity, object } of entitiesOf(line.connectorMapping)) {
    if (Object.hasOwn(concerned, entity)) await line.store.checkpoints.drop(`${object}:all`);
  }
  await touchBook(line);
  await line.store.audit.add({
    at: line.clock.now(),
    actor: 'admin',
    action: 'mapping-chosen',
    details: { override },
  });
  return findings;
}

function isNamed(override: MappingOverride, entity: MappingFinding['entity'], field: string): boolean {
  const fields = override[entity];
  return fields !== undefined && Object.hasOwn(fields, field);
}
