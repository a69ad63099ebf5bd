import type { RawRecord } from '../../connectors/contract/record.ts';
import { isSameValue } from '../core/mapping/same-value.ts';
import type { WriteField } from '../core/mapping/mapping.ts';
import type { AccountId } from '../core/model/ids.ts';
import { valuesOfAct, type PersonAct } from '../core/people/acts.ts';
import { HoldfastError } from '../errors.ts';
import type { StoredRecord } from '../ports/store.ts';
import { shownAfter } from './changes.ts';
import type { DefinedLine } from './line.ts';
import { storeFound } from './pull.ts';
import { provision } from './write.ts';

/**
 * Writes what a person says of an account into the CRM's own fields for it, in that person's name, as if they had filled
 * them there: the next score reads them. Answers false when the account shows just that already, so that an act that
 * arrives twice is one.
 *
 * Errors: `account-unknown`, `not-approved` while writing is not allowed, `input-invalid` with the CRM's words when it
 * refuses, and the CRM's own.
 */
export async function actForPerson(
  line: DefinedLine,
  account: AccountId,
  act: PersonAct,
  by: string,
): Promise<boolean> {
  const { accountObject: object } = line.mapping;
  const stored = await getRecord(line, account);
  const fields: Record<string, string | null> = {};
  for (const [canonical, value] of Object.entries(valuesOfAct(act, by))) {
    const field = getFieldOfPeople(line, canonical);
    if (!isSameValue(field.type, value, stored.inputs[field.name])) fields[field.name] = value;
  }
  if (Object.keys(fields).length === 0) return false;
  if ((await line.store.getInstallation()).approvedAt === null) throw notApproved(line);
  await makeMissing(line, object, Object.keys(fields));

  const [outcome] = await line.session.write([{ kind: 'update', object, id: account, fields }]);
  if (outcome === undefined || !outcome.ok) {
    throw new HoldfastError({
      code: outcome?.code === 'record-gone' ? 'account-unknown' : 'input-invalid',
      message: `${line.connector.title} refused it: ${outcome?.message ?? 'it did not say why'}`,
      remedy: 'Fill the field on the record itself, or ask your admin.',
    });
  }
  const pulled = line.mapping.objectsToPull.find((one) => one.object === object);
  const changed: RawRecord = {
    ...stored.raw,
    fields: { ...stored.inputs, ...stored.shown, ...shownAfter(fields, outcome) },
    links: {},
    modifiedAt: outcome.modifiedAt ?? line.clock.now(),
    mergedIds: [],
  };
  const counts = { object, read: 0, inserted: 0, updated: 0, deleted: 0 };
  if (pulled !== undefined) await storeFound(line, pulled, [changed], counts);
  await line.store.audit.add({
    at: line.clock.now(),
    actor: by,
    action: { pulse: 'pulse-set', override: 'override-set', 'end-override': 'override-ended' }[act.kind],
    details: { account, ...act, ...(act.kind === 'override' ? { reason: act.reason.code } : {}) },
  });
  return true;
}

async function getRecord(line: DefinedLine, account: AccountId): Promise<StoredRecord> {
  const [stored] = await line.store.records.byIds(line.mapping.accountObject, [account]);
  if (stored !== undefined && stored.deletedAt === null) return stored;
  throw new HoldfastError({
    code: 'account-unknown',
    message: 'Holdfast does not know this company yet.',
    remedy: 'Wait for the next sync, a quarter of an hour at most, and try again.',
  });
}

/** The field of ours that people fill and that is read as this. */
function getFieldOfPeople({ connectorMapping, connector }: DefinedLine, canonical: string): WriteField {
  const places = connectorMapping.entities.account.fields[canonical]?.from.flatMap(({ fields }) => fields) ?? [];
  const field = connectorMapping.writeBack.account.find(({ name, value }) => value === null && places.includes(name));
  if (field !== undefined) return field;
  throw new HoldfastError({
    code: 'mapping-invalid',
    message: `No ${connector.words.field} of ours is read as '${canonical}', so there is nowhere to write it.`,
    remedy: `Let the mapping of accounts read '${canonical}' from our own ${connector.words.field} again.`,
  });
}

/** Fields for people are made when the first of them is used: nobody has to be given a field that nobody fills. */
async function makeMissing(line: DefinedLine, object: string, names: readonly string[]): Promise<void> {
  const described = (await line.store.definitions.get(object))?.fields ?? [];
  const lacking = names.filter((name) => !described.some((field) => field.name === name));
  if (lacking.length === 0) return;
  const specs = line.mapping
    .fieldSpecs('extended')
    .filter((spec) => spec.object === object && lacking.includes(spec.name));
  const refused = await provision(line, specs);
  const [first] = refused;
  if (first === undefined) return;
  throw new HoldfastError({
    code: 'input-invalid',
    message: `${line.connector.title} did not let Holdfast make the ${line.connector.words.field} ${first}.`,
    remedy: "Ask your admin: 'holdfast doctor' says why.",
  });
}

function notApproved(line: DefinedLine): HoldfastError {
  return new HoldfastError({
    code: 'not-approved',
    message: `Holdfast may not write to ${line.connector.title} yet.`,
    remedy: 'Ask your admin to approve the first plan.',
  });
}
