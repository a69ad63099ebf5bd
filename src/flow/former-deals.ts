import { isWanted } from '../core/mapping/field-choice.ts';
import { mapRecord } from '../core/mapping/inbound.ts';
import type { WriteField } from '../core/mapping/mapping.ts';
import { formerDealToShow } from '../core/mapping/outbound.ts';
import type { AccountId } from '../core/model/ids.ts';
import { formerDealOf, settledDeals, type Settlement } from '../core/renewals/former-deal.ts';
import type { StoredAssessment, StoredRecord } from '../ports/store.ts';
import { openCases } from './judge.ts';
import type { DefinedLine } from './line.ts';
import type { Showing, ShowContext } from './show.ts';

/** Who made a deal stays true whatever becomes of it. */
const MARKS: ReadonlySet<string | null> = new Set(['deal.key', 'deal.isOurs']);

const RESULT: ReadonlySet<string | null> = new Set([
  'term.outcome',
  'term.timing',
  'term.churnType',
  'term.churnReason',
]);

export interface Shown extends ShowContext {
  /** What is shown of the accounts and of the deals that their assessments speak of. */
  readonly showing: readonly Showing[];
  readonly stored: ReadonlyMap<AccountId, StoredAssessment>;
}

/**
 * What is shown, and beside it the deals that show something of ours although no assessment speaks of them any more: the
 * customer has left, the deal sells something else now, or its term was decided long ago.
 */
export async function withFormerDeals(
  line: DefinedLine,
  accounts: readonly AccountId[],
  { showing, stored, hasField, readBook }: Shown,
): Promise<readonly Showing[]> {
  const { connectorMapping, mapping, store, writeBack } = line;
  const object = mapping.dealObject;
  const ours = connectorMapping.writeBack.deal.filter(({ name, value }) => value !== null && hasField(object, name));
  const wanted = (field: WriteField): boolean => isWanted(writeBack.fields, object, field);
  const told = ours.filter((field) => !(MARKS.has(field.value) && wanted(field)));
  if (told.length === 0) return showing;
  const found = await store.records.showing(
    object,
    accounts,
    told.map(({ name }) => name),
  );
  const there = new Map(found.map((record) => [record.raw.id, record]));
  const spokenOf = new Set(showing.flatMap(({ record }) => (record.object === object ? [record.id] : [])));
  const former = found.filter(({ raw }) => !spokenOf.has(raw.id));

  const results = told.filter((field) => RESULT.has(field.value) && wanted(field));
  const lacksResult = ({ shown, accountId }: StoredRecord): boolean =>
    accountId !== null && !stored.has(accountId) && results.length > 0 && !results.some(isFilled(shown));
  const renewal = told.filter(({ value }) => value?.startsWith('term.'));
  const unsettled = former.filter((record) => lacksResult(record) && renewal.some(isFilled(record.shown)));
  const settled = await settlementsOf(line, unsettled, readBook);

  const outcome = told.find(({ value }) => value === 'term.outcome');
  const category = told.find(({ value }) => value === 'term.category');
  return [
    ...showing.map((one) => {
      const record = one.record.object === object ? there.get(one.record.id) : undefined;
      return record === undefined ? one : { ...one, there: record };
    }),
    ...former.flatMap((record): readonly Showing[] => {
      const { accountId, raw, shown } = record;
      if (accountId === null) return [];
      const terms = stored.get(accountId)?.assessment.renewal.terms;
      const deal = formerDealOf(mapRecord('deal', mapping, record).record, {
        shown: { outcome: textIn(shown, outcome), category: textIn(shown, category) },
        settlement: settled.get(raw.id) ?? null,
        mayHaveTerm: terms?.some(({ renewalDealId }) => renewalDealId === raw.id) ?? true,
      });
      return [{ accountId, record: formerDealToShow(connectorMapping, raw.id, deal), there: record }];
    }),
  ];
}

/** How the renewals went of customers who have left, by deal. */
async function settlementsOf(
  line: DefinedLine,
  deals: readonly StoredRecord[],
  readBook: ShowContext['readBook'],
): Promise<ReadonlyMap<string, Settlement>> {
  const accounts = [...new Set(deals.flatMap(({ accountId }) => accountId ?? []))];
  if (accounts.length === 0) return new Map();
  const cases = await openCases(line, await readBook(), accounts);
  return new Map(
    [...cases].flatMap(({ snapshot }) =>
      snapshot === null ? [] : [...settledDeals(snapshot, line.configuration.renewals)],
    ),
  );
}

function isFilled(shown: StoredRecord['shown']): (field: WriteField) => boolean {
  return (field) => !['', 'false'].includes(textIn(shown, field));
}

function textIn(shown: StoredRecord['shown'], field: WriteField | undefined): string {
  return field === undefined ? '' : String(shown[field.name] ?? '');
}
