import type { Access, FieldSpec, LackingField, ProvisionReport } from '../contract/connector.ts';
import { ConnectorError } from '../contract/errors.ts';
import { toBatches } from '../kit/batches.ts';
import { splitRefused } from '../kit/split-refused.ts';
import type { BatchAnswer } from '../kit/split-refused.ts';
import { callHubSpot } from './client.ts';
import { listProperties } from './definitions.ts';
import { HubSpotAnswer } from './failures.ts';
import { factsOf } from './objects.ts';
import { toRefusal } from './refusals.ts';
import { anything, groupList, propertyBatch, propertyLimits } from './wire.ts';
import type { ErrorBody } from './wire.ts';

const GROUP = { name: 'holdfast', label: 'Holdfast' };
const INPUTS = 100;

/** Properties are few; this finds several bad ones among them. */
const EXTRA_CALLS = 40;

type Fate = { readonly spec: FieldSpec } & (
  | { readonly kind: 'done' | 'existing' }
  | { readonly kind: 'refused'; readonly message: string; readonly remedy: string }
);

/** The specs without a property of that name, object by object. Nothing is changed. */
export async function findMissing(access: Access, specs: readonly FieldSpec[]): Promise<readonly LackingField[]> {
  const missing: LackingField[] = [];
  for (const [object, own] of byObject(specs)) {
    const names = new Set((await listProperties(access, object)).map((property) => property.name));
    for (const { name, label } of own) {
      if (names.has(name)) continue;
      const message = `${object} has no property ${name} (${label}).`;
      missing.push({ object, name, message, remedy: 'Nothing to do: Holdfast makes it with its next write.' });
    }
  }
  return missing;
}

/**
 * Makes the properties that are missing, in the group "Holdfast". Lists first: asking for what exists would be answered
 * with an error, and HubSpot counts an app's errors.
 */
export async function provisionFields(access: Access, specs: readonly FieldSpec[]): Promise<ProvisionReport> {
  return perObject(specs, async (object, own) => {
    const names = new Set((await listProperties(access, object)).map((property) => property.name));
    const existing = own.filter((spec) => names.has(spec.name)).map((spec): Fate => ({ spec, kind: 'existing' }));
    const missing = own.filter((spec) => !names.has(spec.name));
    if (missing.length === 0) return existing;
    const room = await findRoom(access, object);
    if (room !== null && room < missing.length)
      return [...existing, ...missing.map((spec) => toCramped(spec, room, missing))];
    await makeGroup(access, object);
    const fates: Fate[] = [...existing];
    for (const batch of toBatches(missing, INPUTS)) {
      const made = await splitRefused(batch, {
        send: (entries) => create(access, object, entries),
        blamed: findBlamed,
        toOutcome: toFate,
        extraCalls: EXTRA_CALLS,
      });
      fates.push(...made);
    }
    return fates;
  });
}

/** HTTP calls of `provisionFields` when nothing of it exists and HubSpot takes everything. */
export function costOfProvision(specs: readonly FieldSpec[]): number {
  // For each object its properties, its room and its groups are read, and the group is made.
  const perObject = [...byObject(specs).values()].map((own) => 4 + Math.ceil(own.length / INPUTS));
  return perObject.reduce((sum, calls) => sum + calls, 0);
}

/** Archives the properties of `specs` that exist, with their values, and the group when nothing else is in it. */
export async function unprovisionFields(access: Access, specs: readonly FieldSpec[]): Promise<ProvisionReport> {
  return perObject(specs, async (object, own) => {
    const properties = await listProperties(access, object);
    const names = new Set(properties.map((property) => property.name));
    const present = own.filter((spec) => names.has(spec.name));
    const fates: Fate[] = [];
    for (const batch of toBatches(present, INPUTS)) {
      const archived = await splitRefused(batch, {
        send: (entries) => archive(access, object, entries),
        blamed: findBlamed,
        toOutcome: toFate,
        extraCalls: EXTRA_CALLS,
      });
      fates.push(...archived);
    }
    const gone = new Set(fates.filter((fate) => fate.kind === 'done').map((fate) => fate.spec.name));
    const isEmpty = properties.every((property) => property.groupName !== GROUP.name || gone.has(property.name));
    if (isEmpty && (await hasGroup(access, object))) await dropGroup(access, object);
    return fates;
  });
}

async function perObject(
  specs: readonly FieldSpec[],
  settle: (object: string, own: readonly FieldSpec[]) => Promise<readonly Fate[]>,
): Promise<ProvisionReport> {
  const fates: Fate[] = [];
  for (const [object, own] of byObject(specs)) {
    try {
      fates.push(...(await settle(object, own)));
    } catch (error) {
      // One object that may not be touched does not keep the others from being done.
      if (!isRefusal(error)) throw error;
      const { message, remedy } = error;
      fates.push(...own.map((spec): Fate => ({ spec, kind: 'refused', message, remedy })));
    }
  }
  const named = (kind: Fate['kind']): readonly string[] =>
    fates.filter((fate) => fate.kind === kind).map(({ spec }) => `${spec.object}.${spec.name}`);
  return { done: named('done'), existing: named('existing'), refused: fates.flatMap(toReported) };
}

function toReported(fate: Fate): readonly LackingField[] {
  if (fate.kind !== 'refused') return [];
  return [{ object: fate.spec.object, name: fate.spec.name, message: fate.message, remedy: fate.remedy }];
}

function byObject(specs: readonly FieldSpec[]): ReadonlyMap<string, readonly FieldSpec[]> {
  return Map.groupBy(specs, (spec) => spec.object);
}

/** HubSpot said no, and will say so again. */
function isRefusal(error: unknown): error is ConnectorError {
  return (
    error instanceof ConnectorError &&
    (error.code === 'permission-missing' || error.code === 'request-refused' || error.code === 'value-refused')
  );
}

/** How many custom properties the object still takes; null where HubSpot does not say. */
async function findRoom(access: Access, object: string): Promise<number | null> {
  const call = {
    method: 'GET',
    path: '/crm/limits/2026-09/custom-properties',
    purpose: 'read limits of custom properties',
    scope: factsOf(object).readScope,
  } as const;
  try {
    const limits = await callHubSpot(access, call, propertyLimits);
    const own = (limits.byObjectType ?? []).find((each) => each.objectTypeId === factsOf(object).typeId);
    return typeof own?.limit === 'number' && typeof own.usage === 'number' ? own.limit - own.usage : null;
  } catch (error) {
    // The answer would only spare us a refusal half-way.
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** Nothing is made when not all fits: half of the properties would serve nobody. */
function toCramped(spec: FieldSpec, room: number, missing: readonly FieldSpec[]): Fate {
  const message = `The account has room for ${room} more custom properties of ${spec.object}, and ${missing.length} are needed`;
  return { spec, kind: 'refused', message, remedy: makeRoom(spec.object) };
}

function makeRoom(object: string): string {
  return `Archive properties of ${object} that are no longer used in HubSpot's settings, then try again.`;
}

async function hasGroup(access: Access, object: string): Promise<boolean> {
  const call = {
    method: 'GET',
    path: `/crm/properties/2026-09/${object}/groups`,
    purpose: `list property groups of ${object}`,
    scope: factsOf(object).schemaScope,
  } as const;
  const groups = await callHubSpot(access, call, groupList);
  return groups.results.some((group) => group.name === GROUP.name);
}

async function makeGroup(access: Access, object: string): Promise<void> {
  if (await hasGroup(access, object)) return;
  const call = {
    method: 'POST',
    path: `/crm/properties/2026-09/${object}/groups`,
    body: { ...GROUP, displayOrder: -1 },
    purpose: `make the property group of ${object}`,
    scope: factsOf(object).schemaScope,
  } as const;
  try {
    await callHubSpot(access, call, anything);
  } catch (error) {
    // Someone, or an earlier attempt whose answer was lost, made it in between.
    if (!(error instanceof ConnectorError && error.cause instanceof HubSpotAnswer && error.cause.status === 409))
      throw error;
  }
}

async function dropGroup(access: Access, object: string): Promise<void> {
  const call = {
    method: 'DELETE',
    path: `/crm/properties/2026-09/${object}/groups/${GROUP.name}`,
    purpose: `drop the property group of ${object}`,
    scope: factsOf(object).schemaScope,
  } as const;
  await callHubSpot(access, call, anything);
}

type Answered = BatchAnswer<Fate, ConnectorError>;

async function create(access: Access, object: string, specs: readonly FieldSpec[]): Promise<Answered> {
  const call = {
    method: 'POST',
    path: `/crm/properties/2026-09/${object}/batch/create`,
    body: { inputs: specs.map(toPropertyCreate) },
    purpose: `make properties of ${object}`,
    scope: factsOf(object).schemaScope,
  } as const;
  return settle(async () => {
    const answer = await callHubSpot(access, call, propertyBatch);
    const made = new Set(answer.results.map((property) => property.name));
    const silent = specs.filter((spec) => !made.has(spec.name) && findErrorOf(spec, answer.errors) === undefined);
    // A repeated call whose first attempt arrived says nothing new, so what was not told is looked up.
    const present = silent.length === 0 ? [] : await listProperties(access, object);
    const names = new Set(present.map((property) => property.name));
    return specs.map((spec) => {
      if (made.has(spec.name) || names.has(spec.name)) return { spec, kind: 'done' };
      return toFateOf(spec, findErrorOf(spec, answer.errors) ?? { message: NOT_MADE });
    });
  });
}

const NOT_MADE = 'HubSpot answered without an error, but did not make the property';

async function archive(access: Access, object: string, specs: readonly FieldSpec[]): Promise<Answered> {
  const call = {
    method: 'POST',
    path: `/crm/properties/2026-09/${object}/batch/archive`,
    body: { inputs: specs.map((spec) => ({ name: spec.name })) },
    purpose: `archive properties of ${object}`,
    scope: factsOf(object).schemaScope,
  } as const;
  return settle(async () => {
    await callHubSpot(access, call, anything);
    return specs.map((spec) => ({ spec, kind: 'done' }));
  });
}

async function settle(send: () => Promise<readonly Fate[]>): Promise<Answered> {
  try {
    return { taken: true, outcomes: await send() };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { taken: false, refusal: error };
  }
}

/** Errors beside the results name their property in the context or in the sentence. */
function findErrorOf(spec: FieldSpec, errors: readonly ErrorBody[] | null | undefined): ErrorBody | undefined {
  const name = new RegExp(`\\b${RegExp.escape(spec.name)}\\b`);
  return (errors ?? []).find((error) => name.test(JSON.stringify(error)));
}

/** The specs that a refusal of the whole batch is about; all of them when they would fare no better alone. */
function findBlamed(specs: readonly FieldSpec[], refusal: ConnectorError): readonly FieldSpec[] {
  if (refusal.code === 'permission-missing') return specs;
  const body = refusal.cause instanceof HubSpotAnswer ? refusal.cause.body : undefined;
  if (body === undefined) return [];
  return isAboutRoom(JSON.stringify(body)) ? specs : specs.filter((spec) => findErrorOf(spec, [body]) !== undefined);
}

function isAboutRoom(error: string): boolean {
  return /LIMIT|maximum|exceed/i.test(error);
}

function toFate(spec: FieldSpec, refusal: ConnectorError): Fate {
  if (refusal.code === 'permission-missing') {
    return { spec, kind: 'refused', message: refusal.message, remedy: refusal.remedy };
  }
  const body = refusal.cause instanceof HubSpotAnswer ? refusal.cause.body : undefined;
  return toFateOf(spec, body ?? { message: refusal.message });
}

function toFateOf(spec: FieldSpec, error: ErrorBody): Fate {
  const text = JSON.stringify(error);
  if (/OBJECT_ALREADY_EXISTS|PROPERTY_WITH_NAME_EXISTS/.test(text)) return { spec, kind: 'existing' };
  const { message } = toRefusal(error);
  return { spec, kind: 'refused', message, remedy: toRemedy(spec, text) };
}

function toRemedy(spec: FieldSpec, error: string): string {
  if (isAboutRoom(error)) {
    return makeRoom(spec.object);
  }
  if (/IN_USE/.test(error)) {
    return `Take '${spec.name}' out of the workflows, lists and reports that use it in HubSpot, then try again.`;
  }
  return `Look at '${spec.name}' in HubSpot's property settings for ${spec.object}.`;
}

/** What HubSpot calls a type, and the control that shows it. */
const shapes: Readonly<Record<FieldSpec['type'], Readonly<Record<string, unknown>>>> = {
  text: { type: 'string', fieldType: 'text' },
  'long-text': { type: 'string', fieldType: 'textarea' },
  url: { type: 'string', fieldType: 'text' },
  number: { type: 'number', fieldType: 'number', numberDisplayHint: 'formatted' },
  currency: { type: 'number', fieldType: 'number', numberDisplayHint: 'currency', showCurrencySymbol: true },
  percent: { type: 'number', fieldType: 'number', numberDisplayHint: 'percentage' },
  date: { type: 'date', fieldType: 'date' },
  datetime: { type: 'datetime', fieldType: 'date' },
  boolean: { type: 'bool', fieldType: 'booleancheckbox' },
  enumeration: { type: 'enumeration', fieldType: 'select' },
  'multi-enumeration': { type: 'enumeration', fieldType: 'checkbox' },
};

/** HubSpot wants the two options of a checkbox stated. */
const yesAndNo = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

function toPropertyCreate(spec: FieldSpec): object {
  const options = spec.type === 'boolean' ? yesAndNo : spec.options;
  return {
    name: spec.name,
    label: spec.label,
    description: spec.description,
    groupName: GROUP.name,
    ...shapes[spec.type],
    // Scores are not for visitors to fill in.
    formField: false,
    ...(spec.unique ? { hasUniqueValue: true } : {}),
    ...(options.length === 0
      ? {}
      : { options: options.map((each, index) => ({ ...each, displayOrder: index, hidden: false })) }),
  };
}
