import { ConnectorError } from '../contract/errors.ts';
import type { ConnectorErrorCode } from '../contract/errors.ts';
import type { RawChange, RawFields, WriteOutcome } from '../contract/record.ts';
import { HubSpotAnswer } from './failures.ts';
import { modifiedAtOf, toFields, toValue } from './records.ts';
import { toRefusal } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import type { WireRecord } from './wire.ts';

/** One change of a batch. */
export interface Entry<Change extends RawChange = RawChange> {
  readonly change: Change;
  /** Its place among the changes of the whole write. */
  readonly index: number;
  /** Marks it within its batch: creates have no id yet. HubSpot's `objectWriteTraceId`. */
  readonly trace: string;
}

/** The outcome of a change that HubSpot answered with the record. */
export function toWritten(wire: WireRecord, fields: RawFields): WriteOutcome {
  // HubSpot leaves out what it does not show, such as a cleared value; a result without it still was written.
  const sent = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toValue(value)]));
  return {
    ok: true,
    id: wire.id,
    fields: { ...sent, ...toFields(wire, Object.keys(fields)) },
    modifiedAt: modifiedAtOf(wire),
  };
}

/** Whether the record holds what was to be written. */
export function showsAll(wire: WireRecord, fields: RawFields): boolean {
  return Object.entries(fields).every(([name, value]) => toValue(wire.properties[name]) === toValue(value));
}

type Refused = Extract<WriteOutcome, { ok: false }>;

export function toRefused(refusal: Refusal): Refused {
  const field = refusal.properties[0]?.name ?? null;
  return { ok: false, code: codes[refusal.kind], message: refusal.message, field, survivorId: null };
}

const codes = {
  gone: 'record-gone',
  locked: 'record-locked',
  forbidden: 'permission-missing',
  value: 'value-refused',
} as const satisfies Record<Refusal['kind'], Refused['code']>;

export function refusedAs(code: Refused['code'], message: string): Refused {
  return { ok: false, code, message, field: null, survivorId: null };
}

/** HubSpot has answered 200 with neither a result nor an error for records that it did not write. */
export function unwritten(): Refused {
  return refusedAs('value-refused', 'HubSpot answered without an error, but did not write this record');
}

/** The refusal of a whole batch, of which nothing was written; null for an error that leaves this open. */
export function findRefusal(error: unknown): Refusal | null {
  if (!(error instanceof ConnectorError) || !(error.cause instanceof HubSpotAnswer)) return null;
  const kind = refusing[error.code];
  if (kind === null) return null;
  const refusal = toRefusal(error.cause.body);
  return kind === 'as-said' ? refusal : { ...refusal, kind };
}

const refusing = {
  'value-refused': 'as-said',
  'request-refused': 'as-said',
  'record-gone': 'gone',
  'record-locked': 'locked',
  'permission-missing': 'forbidden',
  'rate-limited': null,
  'quota-exhausted': null,
  unavailable: null,
  'token-expired': null,
  'access-revoked': null,
  'response-unexpected': null,
} as const satisfies Record<ConnectorErrorCode, Refusal['kind'] | 'as-said' | null>;

/** The entries that a refusal of the whole batch is about, as far as it says so. */
export function findBlamed(entries: readonly Entry[], refusal: Refusal): readonly Entry[] {
  // No record of the batch will fare better alone.
  if (refusal.kind === 'forbidden' || refusal.kind === 'locked') return entries;
  const named = entries.filter(({ change, trace }) =>
    change.kind === 'create' ? refusal.traceIds.includes(trace) : refusal.ids.includes(change.id),
  );
  if (named.length > 0) return named;
  return entries.filter(({ change }) =>
    refusal.properties.some((property) => {
      const value = change.kind === 'archive' ? undefined : change.fields[property.name];
      if (value === undefined) return false;
      return property.isUnknown || quotes(property.message, value ?? '');
    }),
  );
}

/** HubSpot's sentences about a value begin with it: `asd000 was not a valid long.` */
function quotes(message: string, value: string): boolean {
  return value !== '' && (message.startsWith(`${value} `) || message.startsWith(`"${value}" `));
}
