import { hash } from 'node:crypto';
import { ownFieldsOf } from '../core/mapping/own-fields.ts';
import { READING } from '../core/mapping/reading.ts';
import type { DefinedLine } from './line.ts';
import { touchBook } from './touch-book.ts';

/** The setting that names how records were read when the book was last judged as a whole. */
const READ_BY = 'read-by';

/**
 * Marks the whole book for assessment when the same records would be read otherwise than before: another mapping, other fields
 * or pipelines in the CRM, a signal source that is new, a Holdfast that reads better. An account that nothing marks is
 * judged by what was read of it last. What changes in the middle of a day waits for the run that begins the next.
 */
export async function touchWhatIsReadOtherwise(line: DefinedLine, isDaily: boolean): Promise<void> {
  const before = await line.store.settings.get(READ_BY);
  if (before !== null && !isDaily) return;
  const readBy = await readingOf(line);
  if (before === readBy) return;
  await touchBook(line);
  await line.store.settings.put(READ_BY, readBy);
}

/** Names all that decides what is read of a record, but for the record. Our own fields come and go without that. */
async function readingOf(line: DefinedLine): Promise<string> {
  const ours = new Set(ownFieldsOf(line.connectorMapping).map(({ object, field }) => `${object}.${field.name}`));
  const known = await line.store.definitions.list();
  const definitions = line.mapping.objectsToDescribe.map((object) => {
    const definition = known.get(object);
    const fields = definition?.fields?.filter(({ name }) => !ours.has(`${object}.${name}`)) ?? null;
    return [object, fields, definition?.pipelines ?? null];
  });
  const told = [...(await line.store.signals.sources()).keys()].sort();
  const ways = [READING, line.connectorMapping.entities, definitions, line.installation.facts, told];
  return hash('sha256', JSON.stringify(ways));
}
