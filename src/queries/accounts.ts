import { shownHealth, type ShownHealth } from '../core/book/shown.ts';
import type { HealthConfiguration } from '../core/scoring/configuration.ts';
import { shareWithin } from '../core/churn/uncertainty.ts';
import { edgesOf, type Edges } from '../core/measures/edges.ts';
import { measuresOf } from '../core/measures/index.ts';
import type { Assessment } from '../core/model/assessment.ts';
import { toAccountId, type AccountId } from '../core/model/ids.ts';
import type { SourceName } from '../core/model/snapshot.ts';
import type { Verdict } from '../core/validation/in-words.ts';
import { HoldfastError } from '../errors.ts';
import { readInForce } from '../flow/configuration.ts';
import type { StoredAssessment, TenantStore } from '../ports/store.ts';
import type { LedgerTask } from '../core/plan/step.ts';
import { toAccountLine, type AccountLine } from './book.ts';
import { toFiring, type Firing } from './plays.ts';
import { spansOf, type Spans } from './spans.ts';
import { readVerdict } from './validation.ts';

const PAGE = 500;

/** Everything about one account, for a person who asks why. */
export interface AccountDetail {
  readonly account: AccountId;
  readonly name: string | null;
  readonly url: string;
  /** What people see of its health; `assessment.health` is of the account by itself. */
  readonly shown: ShownHealth;
  readonly assessment: Assessment;
  readonly validation: Verdict;
  /** By measure id, as configured now: where its readings come from, and what value is healthy or concerning. */
  readonly thresholds: Readonly<Record<string, Threshold>>;
  /** As configured now. */
  readonly spans: Spans;
  /** How often the chance of a loss lies within the interval that is told of it, 0 to 1. */
  readonly intervalShare: number;
  readonly tasks: readonly Pick<LedgerTask, 'subject' | 'dueOn' | 'state' | 'ownerId' | 'crmId'>[];
  /** Firings of plays that opened, the newest first. */
  readonly firings: readonly Firing[];
}

export interface Threshold {
  readonly sources: readonly SourceName[];
  /** In the measure's own unit; null where states have scores of their own, and where a young customer has other edges. */
  readonly edges: Edges | null;
}

/** The accounts that need attention most: the lowest scores, as they are shown, first, those without a score last. */
export async function listAccounts(store: TenantStore, top: number): Promise<readonly AccountLine[]> {
  let lowest: StoredAssessment[] = [];
  for await (const page of pages(store)) {
    lowest = [...lowest, ...page].sort((a, b) => rank(a) - rank(b)).slice(0, top);
  }
  return lowest.map(toAccountLine);
}

/**
 * One account by its id in the CRM or a part of its name.
 *
 * Errors: `account-unknown` when none or several fit; the message names them.
 */
export async function getAccount(
  store: TenantStore,
  named: string,
  url: (account: AccountId) => string,
): Promise<AccountDetail> {
  const { assessment, name } = await findAccount(store, named);
  const tasks = await store.ledger.byAccounts([assessment.accountId]);
  const runs = await store.plays.byAccounts([assessment.accountId]);
  const configuration = await readInForce(store);
  return {
    account: assessment.accountId,
    name,
    url: url(assessment.accountId),
    shown: shownHealth(assessment),
    assessment,
    validation: await readVerdict(store),
    thresholds: thresholdsOf(assessment, configuration.health),
    spans: spansOf(configuration),
    intervalShare: shareWithin(configuration.churn.intervalWidth),
    tasks: [...tasks]
      .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
      .map(({ subject, dueOn, state, ownerId, crmId }) => ({ subject, dueOn, state, ownerId, crmId })),
    firings: runs
      .filter(({ openedOn }) => openedOn !== null)
      .sort((a, b) => ((a.openedOn ?? '') < (b.openedOn ?? '') ? 1 : -1))
      .map(toFiring),
  };
}

/**
 * The newest assessment of an account by its id in the CRM or a part of its name.
 *
 * Errors: `account-unknown` when none or several fit; the message names them.
 */
export async function findAccount(store: TenantStore, named: string): Promise<StoredAssessment> {
  const id = toAccountId(named);
  return (await store.assessments.get([id])).get(id) ?? (await findByName(store, named));
}

function thresholdsOf(
  { health: { profile } }: Assessment,
  { measures, bands }: HealthConfiguration,
): AccountDetail['thresholds'] {
  return Object.fromEntries(
    measuresOf(measures).map(({ id, sources, breakpoints }): [string, Threshold] => {
      const isOther = id === 'U1' && profile.startsWith('onboarding');
      return [id, { sources, edges: breakpoints === undefined || isOther ? null : edgesOf(breakpoints, bands) }];
    }),
  );
}

async function findByName(store: TenantStore, named: string): Promise<StoredAssessment> {
  const wanted = named.toLocaleLowerCase();
  const found: StoredAssessment[] = [];
  for await (const page of pages(store)) {
    found.push(...page.filter(({ name }) => name?.toLocaleLowerCase().includes(wanted) === true));
  }
  const same = found.filter(({ name }) => name?.toLocaleLowerCase() === wanted);
  const [only] = same.length === 1 ? same : found;
  if (only !== undefined && (same.length === 1 || found.length === 1)) return only;
  throw new HoldfastError({
    code: 'account-unknown',
    message: found.length === 0 ? `No scored account is '${named}'.` : `${found.length} accounts fit '${named}'.`,
    remedy:
      found.length === 0
        ? 'Give its id in the CRM or a part of its name. Only customers are scored.'
        : `Give one of: ${found
            .slice(0, 8)
            .map(({ assessment, name }) => `${assessment.accountId} (${name ?? 'no name'})`)
            .join(', ')}.`,
  });
}

async function* pages(store: TenantStore): AsyncGenerator<readonly StoredAssessment[]> {
  let after: AccountId | null = null;
  for (;;) {
    const page: readonly StoredAssessment[] = await store.assessments.page(after, PAGE);
    yield page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.assessment.accountId ?? null;
  }
}

function rank({ assessment }: StoredAssessment): number {
  return shownHealth(assessment).score ?? 1_000;
}
