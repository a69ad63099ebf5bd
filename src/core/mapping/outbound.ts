import type { FieldSpec } from '../../../connectors/contract/connector.ts';
import type { RawValue } from '../../../connectors/contract/record.ts';
import type { Assessment } from '../model/assessment.ts';
import type { Money } from '../model/money.ts';
import { decimalsOf, toMajor } from '../model/money.ts';
import type { CrmFields } from '../plan/step.ts';
import type { ConnectorMapping, WriteBack, WriteField, WriteWhen } from './mapping.ts';
import type { Output, OutputCatalogue } from './outputs.ts';
import { ACCOUNT_OUTPUTS, TERM_OUTPUTS } from './outputs.ts';
import { isReworded, isSameValue } from './same-value.ts';

export type WriteBackChoice = 'core' | 'extended';

/** The fields of ours that should exist in the CRM, in the order of `write-back.json`. Tasks' fields are always among them. */
export function fieldSpecs(
  mapping: Pick<ConnectorMapping, 'entities'>,
  writeBack: WriteBack,
  choice: WriteBackChoice,
): readonly FieldSpec[] {
  return (['account', 'deal', 'task'] as const).flatMap((section) =>
    chosen(writeBack[section], choice).map((field) => ({
      object: mapping.entities[section].object,
      name: field.name,
      label: field.label,
      description: field.description,
      type: field.type,
      options: field.options,
      unique: field.isUnique,
      filledByPeople: field.value === null,
    })),
  );
}

/** What should stand on one record. */
export interface RecordToWrite {
  readonly section: 'account' | 'deal';
  readonly object: string;
  readonly id: string;
  readonly fields: CrmFields;
}

export interface WriteContext {
  readonly choice: WriteBackChoice;
  /** The customer's home currency. Amounts in another are not written: the CRM would show them in this one. */
  readonly currency: string;
  /** False for fields that the CRM refused to make or no longer has. */
  readonly hasField: (object: string, name: string) => boolean;
}

/**
 * What an assessment wants to stand in the CRM: on the account, and on the deal that renews each open term. The deal of a
 * term that is decided keeps what it had. Every value is text as the CRM stores it (dates `YYYY-MM-DD`, instants ISO 8601
 * with milliseconds and `Z`, several options between `;`); null clears.
 */
export function toCrmFields(
  mapping: Pick<ConnectorMapping, 'entities' | 'writeBack'>,
  assessment: Assessment,
  context: WriteContext,
): readonly RecordToWrite[] {
  const { account, deal } = mapping.entities;
  const records: RecordToWrite[] = [
    {
      section: 'account',
      object: account.object,
      id: assessment.accountId,
      fields: valuesOf(mapping.writeBack.account, ACCOUNT_OUTPUTS, assessment, account.object, context),
    },
  ];
  const deals = new Set<string>();
  for (const term of assessment.renewal.terms) {
    if (term.outcome !== 'open' || term.renewalDealId === null || deals.has(term.renewalDealId)) continue;
    deals.add(term.renewalDealId);
    records.push({
      section: 'deal',
      object: deal.object,
      id: term.renewalDealId,
      fields: valuesOf(mapping.writeBack.deal, TERM_OUTPUTS, { assessment, term }, deal.object, context),
    });
  }
  return records;
}

/** How a written field is compared, for the diff. */
export interface WriteRule {
  readonly label: string;
  /** As in `WriteWhen`; a text that is written when reworded says `changed` here and has `isReworded`. */
  readonly writeWhen: Exclude<WriteWhen, 'reworded'>;
  isSame(desired: string | null, shown: RawValue | undefined): boolean;
  /** Of texts that tell figures: does more than figures and days differ? Null for every other field. */
  readonly isReworded: ((desired: string | null, shown: RawValue | undefined) => boolean) | null;
}

/** The rules of every field that is written on an account or on a renewal deal, by the CRM's name of the field. */
export function writeRules(writeBack: WriteBack, section: 'account' | 'deal'): ReadonlyMap<string, WriteRule> {
  return new Map(
    writeBack[section]
      .filter((field) => field.value !== null)
      .map((field) => [
        field.name,
        {
          label: field.label,
          writeWhen: field.writeWhen === 'reworded' ? 'changed' : field.writeWhen,
          isSame: (desired, shown) => isSameValue(field.type, desired, shown),
          isReworded: field.writeWhen === 'reworded' ? isReworded : null,
        },
      ]),
  );
}

function chosen(fields: readonly WriteField[], choice: WriteBackChoice): readonly WriteField[] {
  return choice === 'extended' ? fields : fields.filter((field) => field.isCore);
}

function valuesOf<Source>(
  fields: readonly WriteField[],
  outputs: OutputCatalogue<Source>,
  source: Source,
  object: string,
  context: WriteContext,
): CrmFields {
  const values: Record<string, string | null> = {};
  for (const field of chosen(fields, context.choice)) {
    const output = field.value === null ? undefined : outputs[field.value];
    if (output === undefined || !context.hasField(object, field.name)) continue;
    values[field.name] = toCrmValue(field, output, source, context.currency);
  }
  return values;
}

/** One output as the CRM stores it; null for nothing. `currency` is the one that amounts are shown in. */
export function toCrmValue<Source>(
  field: WriteField,
  output: Output<Source>,
  source: Source,
  currency: string,
): string | null {
  const value = output.read(source);
  if (value === null) return null;
  if (typeof value === 'number') {
    const isShare = output.type === 'percent';
    return toNumberText(isShare && field.scale === 'percent' ? value * 100 : value, field.decimals);
  }
  if (typeof value === 'string') return toClippedText(value, field.maxLength);
  if (isMoney(value)) {
    return value.currency === currency ? toNumberText(toMajor(value), decimalsOf(currency)) : null;
  }
  // A CRM refuses the whole record for one option that the field lacks.
  const known = value.filter((one) => field.options.some((option) => option.value === one));
  return known.length === 0 ? null : known.join(';');
}

function isMoney(value: Money | readonly string[]): value is Money {
  return 'currency' in value;
}

function toNumberText(value: number, decimals: number): string | null {
  if (!Number.isFinite(value)) return null;
  // Through Number: no trailing zeros and no minus before zero.
  const rounded = Number(value.toFixed(decimals));
  return String(rounded === 0 ? 0 : rounded);
}

/** At most `maxLength` UTF-16 units, whole characters, an ellipsis where something was cut; null when nothing is left. */
export function toClippedText(text: string, maxLength: number | null): string | null {
  const whole = text.trim();
  if (whole === '') return null;
  if (maxLength === null || whole.length <= maxLength) return whole;
  return `${whole
    .slice(0, maxLength - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}
