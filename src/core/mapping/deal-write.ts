import type { Pipeline } from '../../../connectors/contract/connector.ts';
import { toMajor } from '../model/money.ts';
import type { Money } from '../model/money.ts';
import type { HoldfastKey } from '../model/ids.ts';
import type { RawValue } from '../../../connectors/contract/record.ts';
import type { CrmFields, DealWish } from '../plan/step.ts';
import type { DealWords } from '../plan/deals.ts';
import type { CompiledMapping } from './compile.ts';
import { toReading } from './field-reader.ts';
import type { ConnectorMapping } from './mapping.ts';
import { toClippedText } from './outbound.ts';
import { isSameValue } from './same-value.ts';
import { keyIn, toMarkedText } from './task-write.ts';

type DealMapping = Pick<ConnectorMapping, 'dealWrite' | 'writeBack'>;

export interface DealPortal {
  readonly pipelines: readonly Pipeline[];
  /** False for fields that the CRM has not, or that may not be written. */
  readonly hasField: (name: string) => boolean;
  /** An amount in the currency that the customer keeps books in; null where the rate is not known. */
  readonly inHomeCurrency: (amount: Money) => Money | null;
  readonly homeCurrency: string;
}

/** How renewal deals are written in this customer's CRM; null where no pipeline has an open stage. */
export function toDealWords(compiled: CompiledMapping, portal: DealPortal): DealWords | null {
  const { mapping, dealObject } = compiled;
  const { dealWrite } = mapping;
  const place = stageFor(compiled, portal.pipelines);
  if (place === null) return null;
  const { closeOn, amount } = dealWrite;
  return {
    object: dealObject,
    fieldsOf: (wish) => toDealFields(mapping, wish, place, portal),
    watched: touchedDealFields(mapping),
    isSame: (field, one, other) => {
      const type = field === closeOn.field ? closeOn.as : field === amount.field ? 'number' : 'text';
      return isSameValue(type, one === null ? null : String(one), other);
    },
  };
}

/** The fields whose change by a human makes a deal theirs. */
export function touchedDealFields({ dealWrite }: Pick<DealMapping, 'dealWrite'>): readonly string[] {
  const { name, closeOn, pipeline, stage, amount, owner } = dealWrite;
  return [name.field, closeOn.field, pipeline.field, stage.field, amount.field, owner.field];
}

/** The fields that `dealKeyIn` looks at. */
export function dealKeyFields({ dealWrite, writeBack }: DealMapping): readonly string[] {
  return [...writeBack.deal.filter(({ value }) => value === 'deal.key').map(({ name }) => name), dealWrite.body.field];
}

/** Our key on a deal, from its own field or from the marker in its description; null when it is not one of ours. */
export function dealKeyIn(mapping: DealMapping, fields: Readonly<Record<string, RawValue>>): HoldfastKey | null {
  return keyIn(
    fields,
    mapping.writeBack.deal.filter(({ value }) => value === 'deal.key').map(({ name }) => name),
    mapping.dealWrite.body,
  );
}

/** What else is shown on a deal follows with the next run, once the CRM tells of it. */
function toDealFields(
  { dealWrite, writeBack }: DealMapping,
  wish: DealWish,
  { pipeline, stage }: Place,
  { hasField, inHomeCurrency, homeCurrency }: DealPortal,
): CrmFields {
  const amount = wish.amount === null ? null : inHomeCurrency(wish.amount);
  const { currency } = writeBack;
  const own: Readonly<Record<string, string>> = {
    'deal.key': wish.key,
    'deal.isOurs': 'true',
    'term.id': wish.termId,
  };
  return {
    [dealWrite.name.field]: toClippedText(wish.name.replaceAll(/\s+/g, ' '), dealWrite.name.maxLength),
    [dealWrite.body.field]: toMarkedText(wish.note, wish.key, dealWrite.body),
    [dealWrite.closeOn.field]: dealWrite.closeOn.as === 'date' ? wish.closeOn : wish.closeAt,
    ...(pipeline !== null && { [dealWrite.pipeline.field]: pipeline }),
    [dealWrite.stage.field]: stage,
    [dealWrite.amount.field]: amount === null ? null : String(toMajor(amount)),
    ...(amount !== null && currency !== null && hasField(currency) && { [currency]: homeCurrency }),
    [dealWrite.owner.field]: wish.ownerId,
    ...Object.fromEntries(
      writeBack.deal.flatMap(({ name, value, maxLength }) => {
        const text = value === null ? undefined : own[value];
        return text === undefined || !hasField(name) ? [] : [[name, toClippedText(text, maxLength)]];
      }),
    ),
  };
}

interface Place {
  /** Null where it is left to the CRM. */
  readonly pipeline: string | null;
  readonly stage: string;
}

/** The first open stage of the pipeline that by the mapping means a renewal, else of the first one. */
function stageFor({ mapping, readers }: CompiledMapping, pipelines: readonly Pipeline[]): Place | null {
  const kindOf = readers.get('deal')?.['kind'];
  const { field, onlyForRenewals } = mapping.dealWrite.pipeline;
  const renewals = pipelines.filter(({ id }) => kindOf?.(toReading({ [field]: id })) === 'renewal');
  for (const pipeline of [...renewals, ...pipelines]) {
    const stage = pipeline.stages.find(({ outcome }) => outcome === 'open');
    if (stage === undefined) continue;
    const isNamed = onlyForRenewals !== true || renewals.includes(pipeline);
    return { pipeline: isNamed ? pipeline.id : null, stage: stage.id };
  }
  return null;
}
