import type { FieldSpec } from '../../../connectors/contract/connector.ts';
import type { RawValue } from '../../../connectors/contract/record.ts';
import type { Assessment } from '../model/assessment.ts';
import type { HoldfastKey } from '../model/ids.ts';
import type { Money } from '../model/money.ts';
import { decimalsOf, toMajor } from '../model/money.ts';
import type { UrgentFields } from '../plan/plan.ts';
import type { CrmFields } from '../plan/step.ts';
import { isWanted, type FieldChoice } from './field-choice.ts';
import type { ConnectorMapping, WriteBack, WriteField, WrittenEntity } from './mapping.ts';
import { WRITTEN_ENTITIES } from './mapping.ts';
import type { DealShown, Output, OutputCatalogue, OutputValue } from './outputs.ts';
import type { FormerDeal } from '../renewals/former-deal.ts';
import {
  ACCOUNT_OUTPUTS,
  CONTACT_OUTPUTS,
  DEAL_OUTPUTS,
  FORMER_DEAL_OUTPUTS,
  TASK_OUTPUTS,
  type TaskShown,
} from './outputs.ts';
import { isReworded, isSameValue } from './same-value.ts';
import type { WriteWhen } from './schema.ts';

/** The fields of ours that should exist in the CRM, in the order of `write-back.json`. */
export function fieldSpecs(
  mapping: Pick<ConnectorMapping, 'entities'>,
  writeBack: WriteBack,
  choice: FieldChoice,
): readonly FieldSpec[] {
  return WRITTEN_ENTITIES.flatMap((section) => {
    const { object } = mapping.entities[section];
    return writeBack[section]
      .filter((field) => isWanted(choice, object, field))
      .map((field) => toFieldSpec(object, field));
  });
}

/** A field of ours as a connector makes it. */
export function toFieldSpec(object: string, field: WriteField): FieldSpec {
  return {
    object,
    name: field.name,
    label: field.label,
    description: field.description,
    type: field.type,
    options: field.options,
    unique: field.isUnique,
    filledByPeople: field.value === null,
  };
}

/** A record that shows something of ours. */
export interface RecordToShow {
  readonly section: WrittenEntity;
  readonly object: string;
  readonly id: string;
  /**
   * Every value is text as the CRM stores it (dates `YYYY-MM-DD`, instants ISO 8601 with milliseconds and `Z`, several
   * options between `;`); null clears. A field that is not wanted is cleared, too.
   */
  toFields(context: WriteContext): CrmFields;
}

export interface WriteContext {
  readonly choice: FieldChoice;
  /** An amount in the currency in which the record shows amounts; null when it cannot be told in that. */
  readonly inItsCurrency: (amount: Money) => Money | null;
  /** False for fields that the CRM refused to make or no longer has. */
  readonly hasField: (object: string, name: string) => boolean;
  /** False for an option that the customer's field lacks: the CRM would refuse the whole record for it. */
  readonly hasOption: (object: string, name: string, option: string) => boolean;
}

/** What is shown of an account beside its assessment. */
export interface ShownBeside {
  readonly openPlay: string | null;
  readonly recordUrl: string;
  /** The key under which Holdfast made a deal; null for everybody else's. */
  readonly keyOfDeal: (dealId: string) => HoldfastKey | null;
}

type WritingMapping = Pick<ConnectorMapping, 'entities' | 'writeBack'>;

/**
 * The records that show an assessment: the account, the deal that renews each term that is open or was decided not long
 * ago, and open deals that would expand the account. What a decided deal showed of the time before stays.
 */
export function recordsToShow(
  mapping: WritingMapping,
  assessment: Assessment,
  beside: ShownBeside,
): readonly RecordToShow[] {
  const { entities, writeBack } = mapping;
  const { openPlay, recordUrl, keyOfDeal } = beside;
  const account = { ...assessment, openPlay, recordUrl };
  const records = [toRecord('account', entities, writeBack, assessment.accountId, ACCOUNT_OUTPUTS, account)];
  const deals = new Set<string>();
  const addDeal = (dealId: string, shown: Pick<DealShown, 'term' | 'progress' | 'expansion'>): void => {
    if (deals.has(dealId)) return;
    deals.add(dealId);
    const source = { ...shown, assessment, key: keyOfDeal(dealId) };
    records.push(toRecord('deal', entities, writeBack, dealId, DEAL_OUTPUTS, source));
  };
  const { terms, progress: all = [] } = assessment.renewal;
  for (const term of terms) {
    const progress = all.find(({ termId }) => termId === term.id) ?? null;
    const isShown = progress !== null || term.outcome === 'open';
    if (term.renewalDealId !== null && isShown) addDeal(term.renewalDealId, { term, progress, expansion: null });
  }
  for (const expansion of assessment.expansion.deals ?? []) {
    addDeal(expansion.dealId, { term: null, progress: null, expansion });
  }
  return records;
}

/** A contact of an account that was assessed; one without a role shows nothing of ours. */
export function contactToShow(mapping: WritingMapping, assessment: Assessment | null, contactId: string): RecordToShow {
  const stakeholder = assessment?.people.stakeholders?.find((one) => one.contactId === contactId) ?? null;
  return toRecord('contact', mapping.entities, mapping.writeBack, contactId, CONTACT_OUTPUTS, stakeholder);
}

/** A task of ours as it was made, and how its play ended. */
export function taskToShow(mapping: WritingMapping, taskId: string, task: TaskShown): RecordToShow {
  return toRecord('task', mapping.entities, mapping.writeBack, taskId, TASK_OUTPUTS, task);
}

/** A deal that is no longer what we said of it. */
export function formerDealToShow(mapping: WritingMapping, dealId: string, deal: FormerDeal): RecordToShow {
  return toRecord('deal', mapping.entities, mapping.writeBack, dealId, FORMER_DEAL_OUTPUTS, deal);
}

/** A record of which nothing is said: every field of ours on it is cleared. */
export function nothingToShow(mapping: WritingMapping, section: 'account' | 'contact', id: string): RecordToShow {
  return emptied(mapping, section, id, () => true);
}

/** A record that keeps what it shows, but for fields of ours that are not wanted: these are cleared. */
export function onlyWantedToShow(mapping: WritingMapping, section: WrittenEntity, id: string): RecordToShow {
  const { object } = mapping.entities[section];
  return emptied(mapping, section, id, (field, { choice }) => !isWanted(choice, object, field));
}

function emptied(
  { entities, writeBack }: WritingMapping,
  section: WrittenEntity,
  id: string,
  isEmptied: (field: WriteField, context: WriteContext) => boolean,
): RecordToShow {
  const { object } = entities[section];
  return {
    section,
    object,
    id,
    toFields: (context) =>
      Object.fromEntries(
        writeBack[section]
          .filter((field) => field.value !== null && context.hasField(object, field.name) && isEmptied(field, context))
          .map((field) => [field.name, emptyOf(field)]),
      ),
  };
}

/** What is written first: where a renewal stands, then bands. Scores and all the rest come after. */
export function urgentFields({ entities, writeBack }: WritingMapping): UrgentFields {
  const named = (section: WrittenEntity, isMeant: (value: string) => boolean): readonly string[] =>
    writeBack[section]
      .filter(({ value }) => value !== null && isMeant(value))
      .map(({ name }) => `${entities[section].object}.${name}`);
  return [
    new Set(named('deal', (value) => value.startsWith('term.'))),
    new Set([
      ...named('account', (value) => value === 'health.band'),
      ...named('deal', (value) => value === 'account.band'),
    ]),
  ];
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

/** The rules of every field that is written on records of an entity, by the CRM's name of the field. */
export function writeRules(writeBack: WriteBack, section: WrittenEntity): ReadonlyMap<string, WriteRule> {
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

function toRecord<Source>(
  section: WrittenEntity,
  entities: ConnectorMapping['entities'],
  writeBack: WriteBack,
  id: string,
  outputs: OutputCatalogue<Source>,
  source: Source,
): RecordToShow {
  const { object } = entities[section];
  return {
    section,
    object,
    id,
    toFields(context) {
      const values: Record<string, string | null> = {};
      for (const field of writeBack[section]) {
        const output = field.value === null ? undefined : outputs[field.value];
        if (output === undefined || !context.hasField(object, field.name)) continue;
        if (!isWanted(context.choice, object, field)) values[field.name] = emptyOf(field);
        else if (output.appliesTo?.(source) !== false) {
          values[field.name] = toCrmValue(field, output.read(source), output.type, {
            inItsCurrency: context.inItsCurrency,
            hasOption: (option) => context.hasOption(object, field.name, option),
          });
        }
      }
      return values;
    },
  };
}

/** A checkbox cannot be empty everywhere: where nothing is said it says no. */
function emptyOf({ type }: WriteField): string | null {
  return type === 'boolean' ? 'false' : null;
}

interface ValueContext {
  readonly inItsCurrency: (amount: Money) => Money | null;
  readonly hasOption: (option: string) => boolean;
}

/** 9,999 %: the most that our percent fields hold. A hundred users on one paid seat are told as that, and the rest is written. */
const MOST_SHARE = 99.99;

/** One output as the CRM stores it; null for nothing. */
export function toCrmValue(
  field: WriteField,
  value: OutputValue,
  type: Output<never>['type'],
  { inItsCurrency, hasOption }: ValueContext,
): string | null {
  if (value === null) return null;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (type !== 'percent') return toNumberText(value, field.decimals);
    const share = Math.min(value, MOST_SHARE);
    return toNumberText(field.scale === 'percent' ? share * 100 : share, field.decimals);
  }
  if (typeof value === 'string') {
    if (field.type === 'enumeration' && !hasOption(value)) return null;
    return toClippedText(value, field.maxLength);
  }
  if (isMoney(value)) {
    const amount = inItsCurrency(value);
    return amount === null ? null : toNumberText(toMajor(amount), decimalsOf(amount.currency));
  }
  const known = value.filter((one) => field.options.some((option) => option.value === one) && hasOption(one));
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
