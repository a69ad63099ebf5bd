import { isCustomer } from '../core/assess.ts';
import { toDealWords } from '../core/mapping/deal-write.ts';
import { toHomeCurrency } from '../core/model/rates.ts';
import { planDeals, type DealWords } from '../core/plan/deals.ts';
import type { LedgerDeal, OpenDeal } from '../core/plan/step.ts';
import type { PlayBook } from '../core/plays/play-account.ts';
import { renewalCadence } from '../core/plays/renewal-cadence.ts';
import { dealWishesOf } from '../core/plays/renewal-deals.ts';
import type { Case } from './judge.ts';
import type { DefinedLine } from './line.ts';

/** What is the same for the renewal deals of every account of a run. */
export interface OpenDeals {
  /** Null where none are opened: not asked for, opened by something else, or there is no stage to put them in. */
  readonly words: DealWords | null;
}

export interface PlannedDeals {
  readonly steps: readonly OpenDeal[];
  /** Entries to store, because a human deleted the deal. */
  readonly ledger: readonly LedgerDeal[];
}

/** `hasField` says which fields of deals may be written. */
export async function prepareDeals(
  line: DefinedLine,
  { modeOf }: Pick<PlayBook, 'modeOf'>,
  hasField: (name: string) => boolean,
): Promise<OpenDeals> {
  const isWanted = line.configuration.renewals.openDeals && modeOf(renewalCadence.id) === 'act';
  if (!isWanted || (await whoElseOpensDeals(line)) !== null) return { words: null };
  return { words: await dealWords(line, hasField) };
}

/** How renewal deals are written in this customer's CRM; null where no pipeline has an open stage. */
export async function dealWords(line: DefinedLine, hasField: (name: string) => boolean): Promise<DealWords | null> {
  const { currency } = line.installation.facts;
  const definition = await line.store.definitions.get(line.mapping.dealObject);
  return toDealWords(line.mapping, {
    pipelines: definition?.pipelines ?? [],
    hasField,
    inHomeCurrency: (amount) => toHomeCurrency(amount, currency, line.configuration.rates),
    homeCurrency: currency,
  });
}

/** The deals that these accounts lack, and what people did to those that were opened. */
export async function planAccountDeals(
  line: DefinedLine,
  { words }: OpenDeals,
  book: PlayBook,
  cases: readonly Case[],
): Promise<PlannedDeals> {
  const stored = await line.store.dealLedger.byAccounts(cases.map(({ accountId }) => accountId));
  const gone = await goneOf(line, stored);
  if (words === null) return { steps: [], ledger: gone };
  const wishes = cases.flatMap(({ snapshot, stored: scored }) =>
    snapshot === null || scored === null || !isCustomer(snapshot.account, snapshot.deals)
      ? []
      : dealWishesOf(scored.assessment, snapshot, book),
  );
  const terms = new Map(
    cases.map(({ accountId, stored: scored }) => [accountId, scored?.assessment.renewal.terms ?? []]),
  );
  return { steps: planDeals(wishes, stored, terms, line.configuration.renewals.movedDays, words), ledger: gone };
}

async function goneOf(line: DefinedLine, deals: readonly LedgerDeal[]): Promise<readonly LedgerDeal[]> {
  const open = deals.filter(({ state }) => state === 'open');
  if (open.length === 0) return [];
  const records = await line.store.records.byIds(
    line.mapping.dealObject,
    open.flatMap(({ crmId }) => crmId ?? []),
  );
  const deleted = new Set(records.filter(({ deletedAt }) => deletedAt !== null).map(({ raw }) => raw.id));
  return open
    .filter(({ crmId }) => crmId !== null && deleted.has(crmId))
    .map((deal) => ({ ...deal, state: 'deleted', updatedAt: line.clock.now() }));
}

/** What in the customer's CRM opens renewal deals by itself, by its name; null when nothing is known to. */
async function whoElseOpensDeals(line: DefinedLine): Promise<string | null> {
  for (const { object, field, name } of line.connectorMapping.dealWrite.madeBy ?? []) {
    const definition = await line.store.definitions.get(object);
    if (definition?.fields?.some((described) => described.name === field) === true) return name;
  }
  return null;
}

/** Says in the error inbox why no renewal deals are opened although the admin asked for them, until that is over. */
export async function tellWhyNoDeals(line: DefinedLine): Promise<void> {
  const at = line.clock.now();
  const name = line.configuration.renewals.openDeals ? await whoElseOpensDeals(line) : null;
  if (name !== null) {
    await line.store.problems.report(
      [
        {
          kind: 'renewal-deals',
          code: 'opened-elsewhere',
          object: line.mapping.dealObject,
          field: '',
          crmId: '',
          message: `No renewal deals are opened: the ${name} is there, which opens them by itself.`,
          remedy:
            'Nothing has to be done: what it opens is taken as the renewal deal. Set renewals.openDeals to false to close this.',
        },
      ],
      at,
    );
  }
  await line.store.problems.closeOlder('renewal-deals', at);
}
