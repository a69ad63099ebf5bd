import type { RawRecord } from '../../../connectors/contract/record.ts';
import type { PulledObject } from '../../core/mapping/compile.ts';
import { mapRecord } from '../../core/mapping/inbound.ts';
import type { ErasedPerson, StoredRecord, TenantStore } from '../../ports/store.ts';
import { openPseudonyms } from '../intake/pseudonyms.ts';
import type { DefinedLine } from '../line.ts';

const PAGE = 50;

/** Must somebody be forgotten? */
export async function hasErasures(store: TenantStore): Promise<boolean> {
  return (await store.notices.toErase(1)).length > 0;
}

/**
 * Forgets everybody whom the CRM has told to forget, and marks the accounts that this concerns. Answers how many they were.
 * Needs no access to the CRM: people are forgotten also where that was taken away.
 */
export async function eraseNoticed(line: DefinedLine): Promise<number> {
  let erased = 0;
  for (;;) {
    const page = await line.store.notices.toErase(PAGE);
    for (const { object, id } of page) {
      const person = await recognise(line, object, id);
      const at = line.clock.now();
      await line.store.records.touch(await line.store.erasures.erase(person, at), at);
      // Whom it was is what must not be told any more.
      await line.store.audit.add({ at, actor: line.connector.title, action: 'person-erased', details: {} });
    }
    await line.store.notices.settle(page);
    erased += page.length;
    if (page.length < PAGE) return erased;
  }
}

/** Records without those of people who were erased: an index that lags, or an import there, may bring them again. */
export async function withoutErased(
  line: DefinedLine,
  { object }: PulledObject,
  records: readonly RawRecord[],
): Promise<readonly RawRecord[]> {
  if (object !== line.mapping.contactObject || records.length === 0) return records;
  if (!(await line.store.erasures.isAnyErased())) return records;
  const hash = await openPseudonyms(line.store);
  const hashes = new Map(records.map(({ id }) => [id, hash(`${object}/${id}`)]));
  const erased = await line.store.erasures.erasedAmong([...hashes.values()]);
  return records.filter(({ id }) => !erased.has(hashes.get(id) ?? ''));
}

/** All that is known of a person, their merged records included. */
async function recognise(line: DefinedLine, object: string, id: string): Promise<ErasedPerson> {
  const hash = await openPseudonyms(line.store);
  const records = await withMerged(line, object, id);
  const ids = [...new Set([id, ...records.map(({ raw }) => raw.id)])];
  const people = records.map((record) => mapRecord('contact', line.mapping, record).record);
  const words = records.flatMap(({ inputs }) => Object.values(inputs)).filter((value) => typeof value === 'string');
  const emails = [
    ...people.flatMap(({ email }) => email ?? []),
    ...words.filter((word) => /^\S+@\S+\.\S+$/.test(word)),
  ];
  const known = [...new Set(emails.flatMap((email) => [email, email.toLowerCase()]))];
  return {
    object,
    ids,
    emails: known,
    names: people.flatMap(({ name }) => namesOf(name)),
    hashes: ids.map((one) => hash(`${object}/${one}`)),
    userKeys: [...known, ...ids].map(hash),
  };
}

async function withMerged(line: DefinedLine, object: string, id: string): Promise<readonly StoredRecord[]> {
  const found: StoredRecord[] = [];
  let ids: readonly string[] = [id];
  while (ids.length > 0) {
    found.push(...(await line.store.records.byIds(object, ids)));
    const known = new Set(found.map(({ raw }) => raw.id));
    ids = (await line.store.records.mergedInto(object, ids)).filter((one) => !known.has(one));
  }
  return found;
}

/** A name as it may stand in a sentence. One word alone is too common to be struck out everywhere. */
function namesOf(name: string | null): readonly string[] {
  const parts = (name ?? '').trim().split(/\s+/);
  if (parts.length < 2) return [];
  const turned = [parts.at(-1), ...parts.slice(0, -1)];
  return [parts.join(' '), turned.join(' '), `${parts.at(-1) ?? ''}, ${parts.slice(0, -1).join(' ')}`];
}
