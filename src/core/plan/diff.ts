import { count } from '../measures/wording.ts';
import { daysBetweenInstants } from '../model/calendar-date.ts';
import type { AccountId } from '../model/ids.ts';
import { fingerprint } from '../plays/dedupe.ts';
import type { CrmFields, SetFields } from './step.ts';

type Shown = string | number | boolean | null;

/** How a field of ours is written: from the write-back mapping. */
export interface FieldRule {
  /** What people call it: `Health band`. */
  readonly label: string;
  /**
   * `changed`: any difference is written. A threshold: a number that is written once it is so far from what the CRM
   * shows; a share: once it is off by so much of that. `stamp`: a moment that tells how fresh the rest is; it never causes a write before `heartbeatDays`.
   */
  readonly writeWhen: 'changed' | 'stamp' | { readonly threshold: number } | { readonly share: number };
  isSame(desired: string | null, shown: Shown): boolean;
  /** Of texts that tell figures: does more than figures and days differ? Less is no reason to write. Null elsewhere. */
  readonly isReworded?: ((desired: string | null, shown: Shown) => boolean) | null;
}

export interface RecordDiffInput {
  readonly object: string;
  readonly id: string;
  readonly accountId: AccountId | null;
  /** Every field that we want to show, in the CRM's words. */
  readonly desired: CrmFields;
  /** The same fields as the CRM shows them; absent is empty. */
  readonly shown: Readonly<Record<string, Shown>>;
  /** By field name. A desired field without a rule is not written. */
  readonly rules: ReadonlyMap<string, FieldRule>;
  /** Stamps are brought up to date after so many days without another reason. */
  readonly heartbeatDays: number;
}

const NAMED_AT_MOST = 3;
const LONGEST_VALUE = 40;
/** A day's run may begin some minutes before that of a week ago, and a week in spring is an hour short. */
const SLACK_DAYS = 0.25;
const KEY_LENGTH = 16;

/**
 * The change that a record needs, or null. When one field has to be written all that differ go along, small changes and
 * stamps too. Whatever a human cleared or overwrote in a field of ours differs, and is put right.
 */
export function diffRecord(input: RecordDiffInput): SetFields | null {
  const differing: Difference[] = [];
  for (const [field, desired] of Object.entries(input.desired)) {
    const rule = input.rules.get(field);
    const shown = input.shown[field] ?? null;
    if (rule !== undefined && !rule.isSame(desired, shown)) differing.push({ field, rule, desired, shown });
  }
  const { heartbeatDays } = input;
  const causes = differing.filter((difference) => isCause(difference, heartbeatDays));
  const [first] = causes;
  if (first === undefined) return null;

  const reasons = causes.filter(({ rule }) => rule.writeWhen !== 'stamp');
  const because =
    reasons.length > 0
      ? inWords(reasons)
      : `Nothing else changed for ${count(heartbeatDays, 'day')}; ${first.rule.label} is brought up to date`;
  const facts = (reasons.length > 0 ? reasons : causes).map(({ field, desired }) => `${field}=${desired ?? ''}`);
  return {
    kind: 'set-fields',
    key: `${input.object}/${input.id}/${fingerprint(facts.sort().join('\n'), KEY_LENGTH)}`,
    object: input.object,
    id: input.id,
    accountId: input.accountId,
    before: Object.fromEntries(differing.map(({ field, shown }) => [field, shown === null ? null : String(shown)])),
    after: Object.fromEntries(differing.map(({ field, desired }) => [field, desired])),
    because,
  };
}

interface Difference {
  readonly field: string;
  readonly rule: FieldRule;
  readonly desired: string | null;
  readonly shown: Shown;
}

function isCause({ rule, desired, shown }: Difference, heartbeatDays: number): boolean {
  if (rule.isReworded) return rule.isReworded(desired, shown);
  if (rule.writeWhen === 'changed') return true;
  if (rule.writeWhen === 'stamp') {
    const [from, to] = [toInstant(shown), toInstant(desired)];
    if (from === null || to === null) return true;
    const days = daysBetweenInstants(from, to);
    return days >= heartbeatDays - SLACK_DAYS || days < 0;
  }
  const [from, to] = [toNumber(shown), toNumber(desired)];
  // 63.2 − 61.2 is 2.0000000000000018 in binary, 61.2 − 59.2 is 1.9999999999999996.
  if (from === null || to === null) return true;
  const least = 'share' in rule.writeWhen ? rule.writeWhen.share * Math.abs(from) : rule.writeWhen.threshold;
  return Math.abs(to - from) >= least - 1e-9;
}

function toNumber(value: Shown): number | null {
  if (value === null || value === '' || typeof value === 'boolean') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A moment as CRMs show it: ISO 8601, or epoch milliseconds as a number or as digits. */
function toInstant(value: Shown): string | null {
  if (value === null || typeof value === 'boolean') return null;
  const ms = /^\d{11,14}$/.test(String(value)) ? Number(value) : Date.parse(String(value));
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function inWords(reasons: readonly Difference[]): string {
  const sentences = reasons.slice(0, NAMED_AT_MOST).map(({ rule, desired, shown }) => {
    const [from, to] = [short(shown), short(desired)];
    if (from === null || to === null) return `${rule.label} changed`;
    return `${rule.label} ${from} → ${to}`;
  });
  const others = reasons.length - NAMED_AT_MOST;
  const more = others > 0 ? `; ${others} more` : '';
  const isFirst = reasons.every(({ shown }) => shown === null || shown === '');
  return `${isFirst ? 'First values: ' : ''}${sentences.join('; ')}${more}`;
}

/** Null for a value too long to be read in a list. */
function short(value: Shown): string | null {
  const text = value === null || value === '' ? 'empty' : String(value);
  return text.length <= LONGEST_VALUE ? text : null;
}
