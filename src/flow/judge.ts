import { z } from 'zod';
import type { ModelConfiguration } from '../core/configuration.ts';
import type { ChurnModel } from '../core/churn/model.ts';
import type { ExpansionModel } from '../core/expansion/learn.ts';
import { peerGroupOf } from '../core/expansion/peers.ts';
import { calendarDate, dayOf, type CalendarDate, type Instant } from '../core/model/calendar-date.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { AccountUsage } from '../core/model/signals.ts';
import type { Activity, Contact, Contract, Deal, Owner, Ticket } from '../core/model/records.ts';
import type {
  AccountSnapshot,
  BookFacts,
  PeerFacts,
  OwnDeal,
  OwnTask,
  SourceFreshness,
  SourceName,
} from '../core/model/snapshot.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import type { EntityName, EntityRecords } from '../core/mapping/entities.ts';
import { mapRecord } from '../core/mapping/inbound.ts';
import { usageKnownOn } from '../core/measures/facts/usage.ts';
import type { LedgerDeal, LedgerTask } from '../core/plan/step.ts';
import type { MappingProblem } from '../core/mapping/problem.ts';
import { segmentOf } from '../core/renewals/segment.ts';
import type { UsageView } from '../core/usage/account-usage.ts';
import { usageViewOf } from '../core/usage/look-back.ts';
import { freshnessOf } from '../core/usage/rhythm.ts';
import type {
  AccountSignals,
  AssessmentSummary,
  ReadFacts,
  SettingStore,
  StoredAssessment,
  StoredRecord,
  TenantStore,
} from '../ports/store.ts';
import { readChurnModel } from './churn-model.ts';
import { readExpansionModel } from './expansion-model.ts';
import type { DefinedLine } from './line.ts';
import { isValidated, readValidation } from './validation.ts';

/** The setting that holds what the whole book said when it was last walked. */
const BOOK_FACTS = 'book-facts';

/** What is the same for every account of a run. */
export interface Book {
  readonly sources: Readonly<Partial<Record<SourceName, SourceFreshness>>>;
  /** Of an earlier day, so that the same records score the same all day long; null on the first. */
  readonly facts: StoredBookFacts | null;
  /** Null while there is too little to learn from. */
  readonly churnModel: ChurnModel | null;
  /** Null before anything was looked at. */
  readonly expansionModel: ExpansionModel | null;
  /** By the last check of the score. */
  readonly isValidated: boolean;
  readonly asOf: Instant;
  /** What is looked at of the product's use: up to the last day of which it is known. */
  readonly usageView: UsageView;
}

/** What the whole book said at the end of one day's walk. */
export interface StoredBookFacts {
  readonly on: CalendarDate;
  readonly accounts: number;
  readonly meanCsat: number | null;
  /** Per segment. */
  readonly segments: Readonly<Record<string, SegmentFacts>>;
  /** Per group of peers. */
  readonly peers: Readonly<Record<string, PeerFacts>>;
}

export interface SegmentFacts {
  /** Null until enough accounts of the segment are scored. */
  readonly medianHealth: number | null;
  /** Terms that were decided, and those of them that were lost. */
  readonly closedTerms: number;
  readonly churnedTerms: number;
}

/** One account with everything that a judgement needs; null where the account is gone. */
export interface Case {
  readonly accountId: AccountId;
  readonly snapshot: AccountSnapshot | null;
  /** Why there is no snapshot, for tasks that have to be closed. */
  readonly goneBecause: string | null;
  /** The record that took this one over. */
  readonly mergedInto: string | null;
  readonly stored: StoredAssessment | null;
  readonly problems: readonly MappingProblem[];
  /** What the store knows the account's facts by, when they were taken from there; null when the records were read. */
  readonly keptAs: string | null;
}

/** Reads what holds for the whole book, once a run. */
export async function openBook(line: DefinedLine): Promise<Book> {
  const sources: Partial<Record<SourceName, SourceFreshness>> = {};
  const pulled = new Set(line.mapping.objectsToPull.map(({ object }) => object));
  for (const { object, source } of line.mapping.sources) {
    if (!pulled.has(object)) continue;
    const readTo = (await line.store.checkpoints.get(`${object}:changed`))?.['readTo'];
    if (typeof readTo !== 'string') continue;
    const other = sources[source];
    // Activities are several objects: the source is as fresh as the stalest of them.
    if (other === undefined || other.readAt === null || readTo < other.readAt) {
      sources[source] = { readAt: readTo, error: null };
    }
  }
  const { timeZone } = line.installation.facts;
  for (const [source, intake] of await line.store.signals.sources()) sources[source] = freshnessOf(intake, timeZone);
  const asOf = line.clock.now();
  const today = dayOf(asOf, timeZone);
  const facts = (await readBookFacts(line.store.settings)).findLast(({ on }) => on < today) ?? null;
  const endOn = usageKnownOn({ sources, today, timeZone });
  const usageView = usageViewOf({ today, endOn }, line.configuration);
  const { settings } = line.store;
  const churnModel = await readChurnModel(settings);
  const expansionModel = await readExpansionModel(settings);
  const isProven = isValidated(await readValidation(settings));
  return { sources, facts, churnModel, expansionModel, isValidated: isProven, asOf, usageView };
}

/** Keeps what a walk over the whole book found, for the days to come. */
export async function keepBookFacts(line: DefinedLine, facts: StoredBookFacts): Promise<void> {
  const earlier = (await readBookFacts(line.store.settings)).findLast(({ on }) => on < facts.on);
  await line.store.settings.put(BOOK_FACTS, earlier === undefined ? [facts] : [earlier, facts]);
}

/** Accounts that are assessed. */
export function customersIn({ bands }: AssessmentSummary): number {
  return Object.values(bands).reduce((sum, accounts) => sum + accounts, 0);
}

/** The medians of the newest assessments, where a segment has at least `from` of them. */
export function mediansOf(summary: AssessmentSummary, from: number): ReadonlyMap<string, number | null> {
  return new Map(
    [...summary.segments].map(([segment, { scores, median }]) => [segment, scores >= from ? median : null]),
  );
}

/**
 * Opens accounts: what their records say, put together with what earlier assessments left behind. Of an account that no change
 * has touched since it was last assessed, that is taken from the inputs that are kept; the records of the others are
 * read. All is read at once; each account is opened when it is its turn, once, for open it takes ten times the room. One
 * case for each, in the order asked.
 */
export async function openCases(
  line: DefinedLine,
  book: Book,
  accounts: readonly AccountId[],
): Promise<IteratorObject<Case>> {
  const { store } = line;
  const kept = await store.inputs.facts(accounts);
  const others = accounts.filter((account) => !kept.has(account));
  const [usageOf, readAccount, stored, tasks, made] = await Promise.all([
    store.signals.usageOf([...kept.keys()], book.usageView),
    readAccounts(line, book, others),
    store.assessments.getFolded(accounts),
    store.ledger.byAccounts(accounts),
    store.dealLedger.byAccounts(accounts),
  ]);
  const ownTasks = Map.groupBy(tasks, (task) => task.accountId);
  const ownDeals = Map.groupBy(made, (deal) => deal.accountId);
  const open = (accountId: AccountId): OpenedAccount => {
    const own = kept.get(accountId)?.();
    return own === undefined ? readAccount(accountId) : { ...own, usage: usageOf(accountId) };
  };
  return accounts.values().map((accountId): Case => {
    const one = open(accountId);
    const before = stored.get(accountId)?.() ?? null;
    if ('goneBecause' in one) return { accountId, snapshot: null, stored: before, problems: [], keptAs: null, ...one };
    const { facts, problems, keptAs } = one;
    const [mine, deals] = [ownTasks.get(accountId), ownDeals.get(accountId)];
    const snapshot = toSnapshot(line, book, facts, one.usage, mine, deals, before);
    return { accountId, snapshot, goneBecause: null, mergedInto: null, stored: before, problems, keptAs };
  });
}

/** What an account itself says, now or when it was read last; or that it is gone. */
type OpenedAccount =
  | { readonly goneBecause: string; readonly mergedInto: string | null }
  | (Pick<Case, 'problems' | 'keptAs'> & { readonly facts: ReadFacts; readonly usage: AccountUsage | null });

/** Reads the records of accounts, whatever is kept, and answers with what tells each of them from its records. */
async function readAccounts(
  line: DefinedLine,
  book: Book,
  accounts: readonly AccountId[],
): Promise<(account: AccountId) => OpenedAccount> {
  if (accounts.length === 0) return () => NOT_THERE;
  const { mapping, store } = line;
  const objects = mapping.sources.filter(({ entity }) => entity !== 'account').map(({ object }) => object);
  const [own, related, signals] = await Promise.all([
    store.records.byIds(mapping.accountObject, accounts),
    store.records.byAccounts([...new Set(objects)], accounts),
    store.signals.byAccounts(accounts, book.usageView),
  ]);
  const records = new Map(own.map((record) => [record.raw.id, record]));
  return (accountId) => {
    const record = records.get(accountId);
    if (record === undefined) return NOT_THERE;
    const goneBecause = whyGone(record);
    if (goneBecause !== null) return { goneBecause, mergedInto: record.mergedInto };
    const problems: MappingProblem[] = [];
    const account = toMapped(line, 'account', record, problems);
    // Up to here the account alone was mapped.
    const unreadable = problems.map(({ field }) => field);
    const { usage, ...told } = signals.get(accountId) ?? NO_SIGNALS;
    const facts: ReadFacts = {
      account,
      ...(unreadable.length > 0 && { unreadable }),
      ...toFacts(line, related.get(accountId) ?? new Map(), problems),
      ...told,
    };
    return { facts, usage, problems, keptAs: null };
  };
}

const NOT_THERE: OpenedAccount = { goneBecause: 'The company does not exist any more.', mergedInto: null };

/** Everybody who can own records, by id. */
export async function readOwners(
  store: Pick<TenantStore, 'records'>,
  mapping: CompiledMapping,
): Promise<ReadonlyMap<string, Owner>> {
  const owners = new Map<string, Owner>();
  const object = mapping.mapping.entities.owner?.object;
  if (object === undefined) return owners;
  let after: string | null = null;
  for (;;) {
    const page: readonly StoredRecord[] = await store.records.page(object, after, 1_000);
    for (const record of page) owners.set(record.raw.id, mapRecord('owner', mapping, record).record);
    if (page.length < 1_000) return owners;
    after = page.at(-1)?.raw.id ?? null;
  }
}

function whyGone(record: StoredRecord): string | null {
  if (record.mergedInto !== null) return 'The company was merged into another one.';
  return record.deletedAt === null ? null : 'The company was deleted.';
}

/** What the records that belong to an account say. */
function toFacts(
  line: DefinedLine,
  related: ReadonlyMap<string, readonly StoredRecord[]>,
  problems: MappingProblem[],
): Pick<ReadFacts, 'contacts' | 'deals' | 'contracts' | 'tickets' | 'activities'> {
  const read = <Entity extends EntityName>(entity: Entity): readonly EntityRecords[Entity][] | null => {
    const object = line.mapping.objectsToPull.find((pulled) => pulled.entity === entity)?.object;
    if (object === undefined) return null;
    return (related.get(object) ?? []).map((record) => toMapped(line, entity, record, problems));
  };
  const contacts: readonly Contact[] | null = read('contact');
  const deals: readonly Deal[] | null = read('deal');
  const held = [read('contract'), read('subscription'), read('asset')].filter((one) => one !== null);
  const contracts: readonly Contract[] | null = held.length === 0 ? null : held.flat();
  const tickets: readonly Ticket[] | null = read('ticket');
  const kinds = [read('email'), read('call'), read('meeting'), read('note')].filter((one) => one !== null);
  const activities: readonly Activity[] | null = kinds.length === 0 ? null : kinds.flat();
  return { contacts, deals, contracts, tickets, activities };
}

function toSnapshot(
  line: DefinedLine,
  book: Book,
  facts: ReadFacts,
  usage: AccountUsage | null,
  tasks: readonly LedgerTask[] = [],
  deals: readonly LedgerDeal[] = [],
  before: StoredAssessment | null,
): AccountSnapshot {
  const { timeZone, currency } = line.installation.facts;
  const ownDeals = deals.flatMap(toOwnDeal);
  return {
    ...facts,
    usage,
    ownTasks: tasks.map(toOwnTask),
    ...(ownDeals.length > 0 && { ownDeals }),
    asOf: book.asOf,
    today: dayOf(book.asOf, timeZone),
    timeZone,
    currency,
    sources: book.sources,
    history: before?.assessment.history ?? null,
    book: factsFor(book, { account: facts.account, currency }, line.configuration),
    standing: before?.assessment.standing ?? null,
  };
}

const NO_SIGNALS: AccountSignals = { usage: null, surveys: null, invoices: null, milestones: null };

/** Only what may decide: a snapshot is kept as the record of a judgement. */
function toOwnTask({ play, step, termId, dueOn, state, createdAt, updatedAt }: LedgerTask): OwnTask {
  return { play, step, termId, dueOn, state, createdAt, updatedAt };
}

function toOwnDeal({ crmId, termId, state }: LedgerDeal): readonly OwnDeal[] {
  return crmId === null || state !== 'open' ? [] : [{ dealId: crmId, termId }];
}

function toMapped<Entity extends EntityName>(
  line: DefinedLine,
  entity: Entity,
  record: StoredRecord,
  problems: MappingProblem[],
): EntityRecords[Entity] {
  const mapped = mapRecord(entity, line.mapping, record);
  problems.push(...mapped.problems);
  return mapped.record;
}

function factsFor(
  { facts, churnModel: model, expansionModel, isValidated: isProven }: Book,
  of: Pick<AccountSnapshot, 'account' | 'currency'>,
  configuration: ModelConfiguration,
): BookFacts {
  const segment = segmentOf(of, configuration);
  const own = facts?.segments[segment];
  const group = peerGroupOf(of.account, segment, configuration.expansion);
  return {
    medianHealth: own?.medianHealth ?? null,
    meanCsat: facts?.meanCsat ?? null,
    accounts: facts?.accounts ?? 0,
    closedTerms: own?.closedTerms ?? 0,
    churnedTerms: own?.churnedTerms ?? 0,
    churnModel: model,
    expansionModel,
    isValidated: isProven,
    peers: (group === null ? null : facts?.peers[group]) ?? null,
  };
}

/** Of one or two days, the oldest first. Ours, but stored: what is not as we would write it now counts as not known. */
export async function readBookFacts(settings: SettingStore): Promise<readonly StoredBookFacts[]> {
  const parsed = storedBookFacts.safeParse(await settings.get(BOOK_FACTS));
  return parsed.success ? parsed.data : [];
}

const storedPeers = z.object({
  accounts: z.number(),
  employees: z.number(),
  products: z.array(
    z.object({
      name: z.string(),
      owners: z.number(),
      priced: z.number(),
      medianArr: z.object({ minor: z.number(), currency: z.string() }).nullable(),
    }),
  ),
});

const storedBookFacts = z.array(
  z.object({
    on: z.string().transform(calendarDate),
    accounts: z.number(),
    meanCsat: z.number().nullable(),
    segments: z.record(
      z.string(),
      z.object({ medianHealth: z.number().nullable(), closedTerms: z.number(), churnedTerms: z.number() }),
    ),
    // Facts that were kept before peers were counted have none.
    peers: z.record(z.string(), storedPeers).default({}),
  }),
);
