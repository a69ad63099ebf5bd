import { hash } from 'node:crypto';
import { READING } from '../core/mapping/reading.ts';
import type { DefinedLine } from './line.ts';
import { touchBook } from './touch-book.ts';

/** The setting that names how records were read when the book was last judged as a whole. */
const READ_BY = 'read-by';

/**
 * Marks the whole book for assessment when the same records would be read otherwise than before: another mapping, other fields
 * or pipelines in the CRM, a signal source that is new, a Holdfast that reads better. An account that nothing marks is
 * judged by what was read of it last.
 */
export async function touchWhatIsReadOtherwise(line: DefinedLine): Promise<void> {
  const definitions = [];
  for (const object of line.mapping.objectsToDescribe) {
    const definition = await line.store.definitions.get(object);
    definitions.push([object, definition?.fields ?? null, definition?.pipelines ?? null]);
  }
  const told = [...(await line.store.signals.sources()).keys()].sort();
  const ways = [READING, line.connectorMapping.entities, definitions, line.installation.facts, told];
  const readBy = hash('sha256', JSON.stringify(ways));
  if ((await line.store.settings.get(READ_BY)) === readBy) return;
  await touchBook(line);
  await line.store.settings.put(READ_BY, readBy);
}
