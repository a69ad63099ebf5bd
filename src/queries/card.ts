import { shownHealth } from '../core/book/shown.ts';
import type { ModelConfiguration } from '../core/configuration.ts';
import { mapRecord } from '../core/mapping/inbound.ts';
import type { CompiledMapping } from '../core/mapping/compile.ts';
import type { Assessment } from '../core/model/assessment.ts';
import type { CalendarDate, Instant } from '../core/model/calendar-date.ts';
import { toAccountId, type AccountId } from '../core/model/ids.ts';
import type { Account } from '../core/model/records.ts';
import type { HeldFacts } from '../core/model/snapshot.ts';
import type { LedgerTask } from '../core/plan/step.ts';
import type { OverrideReason } from '../core/scoring/override-reasons.ts';
import { overrideOf } from '../core/scoring/override.ts';
import type { Verdict } from '../core/validation/in-words.ts';
import { HoldfastError } from '../errors.ts';
import type { TenantStore } from '../ports/store.ts';
import { spansOf, type Spans } from './spans.ts';
import { readVerdict } from './validation.ts';

/** What a card on a record in the CRM shows of the record's account. Shares are 0 to 1, points are points of the score. */
export interface CardView {
  readonly account: { readonly id: string; readonly name: string; readonly url: string };
  /** With the accounts below it, where there are any. */
  readonly score: number | null;
  /** By the records alone; a manual band is in `override`. */
  readonly band: string;
  /** The account by itself; null where that is what is shown. */
  readonly own: { readonly score: number | null; readonly band: string } | null;
  /** Null while it is not known yet. */
  readonly trend: string | null;
  readonly change28d: number | null;
  /** Over how many days what it shows is told, as configured now. */
  readonly spans: Spans;
  readonly confidence: string;
  readonly coverage: number;
  readonly validation: Verdict;
  readonly reason: string;
  /** What could be read and counts, the strongest first. */
  readonly drivers: readonly {
    readonly title: string;
    readonly because: string;
    readonly points: number;
    readonly source: string;
    readonly at: Instant | null;
  }[];
  readonly movers: readonly { readonly title: string; readonly because: string; readonly points: number }[];
  readonly churn: { readonly probability: number | null; readonly risk: string; readonly status: string };
  readonly renewal: {
    readonly endsOn: CalendarDate;
    readonly decidesOn: CalendarDate;
    readonly status: string | null;
    readonly nextAction: string | null;
    readonly nextActionOn: CalendarDate | null;
  } | null;
  readonly expansion: { readonly score: number; readonly band: string; readonly reason: string | null } | null;
  /** The ones due first, first. */
  readonly openTasks: readonly {
    readonly subject: string;
    readonly dueOn: CalendarDate;
    readonly owner: string | null;
    readonly url: string | null;
  }[];
  readonly scoredAt: Instant;
  /** How old the oldest of what was used is; null when nothing was read. */
  readonly oldestInputAt: Instant | null;
  /** The band that was set by hand, while it is in force. */
  readonly override: {
    readonly band: string;
    readonly reason: string;
    readonly until: CalendarDate;
    readonly by: string | null;
  } | null;
  /** Why a band that was set by hand is not in force, and what to do about it; null where nothing is wrong. */
  readonly overrideProblem: string | null;
  /** What the form for it offers. */
  readonly overrideForm: {
    readonly reasons: readonly OverrideReason[];
    /** How long it lasts where nobody says, and at most. */
    readonly usualDays: number;
    readonly longestDays: number;
  };
  readonly pulse: number | null;
  readonly version: string;
}

export interface CardQuestion {
  readonly store: TenantStore;
  readonly mapping: CompiledMapping;
  /** As the CRM names it: `companies`, `deals`. */
  readonly object: string;
  readonly id: string;
  /** The customer's. */
  readonly today: CalendarDate;
  /** The one in force. */
  readonly configuration: Pick<ModelConfiguration, 'health' | 'churn'>;
  readonly recordUrl: (object: string, id: string) => string;
}

/** Of the record alone. */
type RecordQuestion = Pick<CardQuestion, 'store' | 'mapping' | 'object' | 'id'>;

const DRIVERS = 8;
const MOVERS = 5;
const TASKS = 10;

/**
 * What a card shows.
 *
 * Errors: `account-unknown`, in words for the person who looks at the card.
 */
export async function readCard(question: CardQuestion): Promise<CardView> {
  const { store, mapping, configuration, recordUrl } = question;
  const id = await findCardAccount(question);
  const stored = (await store.assessments.get([id])).get(id);
  if (stored === undefined) throw unscored(mapping, question.object);
  const { assessment } = stored;
  const [record] = await store.records.byIds(mapping.accountObject, [id]);
  const account = record === undefined ? null : mapRecord('account', mapping, record).record;
  const tasks = (await store.ledger.byAccounts([id]))
    .filter(({ state }) => state === 'open')
    .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
  const { health, churn, expansion } = assessment;
  const shown = shownHealth(assessment);
  return {
    account: { id, name: stored.name ?? id, url: recordUrl(mapping.accountObject, id) },
    score: shown.score,
    band: shown.computedBand,
    own: shown.own,
    trend: shown.trend,
    change28d: shown.delta28d,
    spans: spansOf(configuration),
    confidence: health.confidence,
    coverage: health.coverage,
    validation: await readVerdict(store),
    reason: shown.reason,
    drivers: health.drivers
      .filter(({ score, weight }) => score !== null && weight > 0)
      .slice(0, DRIVERS)
      .map(({ title, because, contribution, dimension, at }) => ({
        title,
        because,
        points: contribution,
        source: dimension,
        at,
      })),
    movers: health.movers.slice(0, MOVERS).map(({ title, because, change }) => ({ title, because, points: change })),
    churn: { probability: churn.probability90d, risk: churn.risk, status: churn.status },
    renewal: renewalOf(assessment, tasks),
    expansion: {
      score: expansion.score,
      band: expansion.band,
      reason: expansion.blocker ?? expansion.signals[0]?.because ?? null,
    },
    openTasks: await withOwners(question, tasks.slice(0, TASKS)),
    scoredAt: assessment.asOf,
    oldestInputAt: assessment.dataAsOf,
    ...overrideView(question, assessment, account),
    pulse: account?.csmPulse ?? null,
    version: assessment.modelVersion,
  };
}

/**
 * The account of the record that a card stands on.
 *
 * Errors: `account-unknown`.
 */
export async function findCardAccount({ store, mapping, object, id }: RecordQuestion): Promise<AccountId> {
  if (object === mapping.accountObject) return toAccountId(id);
  const [record] = object === mapping.dealObject ? await store.records.byIds(object, [id]) : [];
  if (record?.accountId != null && record.deletedAt === null) return record.accountId;
  throw new HoldfastError({
    code: 'account-unknown',
    message: record === undefined ? 'Holdfast does not know this record yet.' : 'This deal belongs to no company.',
    remedy:
      record === undefined
        ? 'It is read within a quarter of an hour after it was made.'
        : 'Associate it with its company; the health of a deal is that of its company.',
  });
}

function unscored(mapping: CompiledMapping, object: string): HoldfastError {
  return new HoldfastError({
    code: 'account-unknown',
    message:
      object === mapping.accountObject
        ? 'This company has no score yet.'
        : 'The company of this deal has no score yet.',
    remedy: 'Only customers are scored: by their status, recurring revenue, a renewal date or a won deal.',
  });
}

function renewalOf({ renewal }: Assessment, tasks: readonly LedgerTask[]): CardView['renewal'] {
  const { next, status } = renewal;
  if (next === null) return null;
  const action = tasks.find(({ termId }) => termId === next.id);
  return {
    endsOn: next.endOn,
    decidesOn: next.decisionOn,
    status,
    nextAction: action?.subject ?? null,
    nextActionOn: action?.dueOn ?? null,
  };
}

/** The band set by hand on the record's account, as it was seen when it was last scored; null without one. */
export async function readStandingOverride(question: RecordQuestion): Promise<HeldFacts['override']> {
  const id = await findCardAccount(question);
  const { assessment } = (await question.store.assessments.get([id])).get(id) ?? {};
  return assessment?.history.held?.override ?? null;
}

/** As the record says it now; the assessment may be of a minute ago. */
function overrideView(
  { today, configuration }: CardQuestion,
  { history }: Assessment,
  account: Account | null,
): Pick<CardView, 'override' | 'overrideProblem' | 'overrideForm'> {
  const { reasons, defaultDays, longestDays } = configuration.health.override;
  const overrideForm = { reasons, usualDays: defaultDays, longestDays };
  if (account === null) return { override: null, overrideProblem: null, overrideForm };
  const { override, problem } = overrideOf({ account, today, history }, configuration.health.override);
  return {
    override:
      override === null
        ? null
        : {
            band: override.band,
            reason: account.override?.reason ?? override.because,
            until: override.untilOn,
            by: override.by,
          },
    overrideProblem: problem === null ? null : `${problem.because} ${problem.remedy}`,
    overrideForm,
  };
}

async function withOwners(
  { store, mapping, recordUrl }: CardQuestion,
  tasks: readonly LedgerTask[],
): Promise<CardView['openTasks']> {
  const object = mapping.mapping.entities.owner.object;
  const ids = tasks.flatMap(({ ownerId }) => ownerId ?? []);
  const owners = await store.records.byIds(object, ids);
  const names = new Map(owners.map((record) => [record.raw.id, mapRecord('owner', mapping, record).record.name]));
  return tasks.map(({ subject, dueOn, ownerId, crmId }) => ({
    subject,
    dueOn,
    owner: ownerId === null ? null : (names.get(ownerId) ?? null),
    url: crmId === null ? null : recordUrl(mapping.taskObject, crmId),
  }));
}
