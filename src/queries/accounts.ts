import type { Assessment } from '../core/model/assessment.ts';
import { toAccountId, type AccountId } from '../core/model/ids.ts';
import { HoldfastError } from '../errors.ts';
import type { StoredAssessment, TenantStore } from '../ports/store.ts';
import type { LedgerTask } from '../core/plan/step.ts';
import { toAccountLine, type AccountLine } from './book.ts';
import { toFiring, type Firing } from './plays.ts';

const PAGE = 500;

/** Everything about one account, for a person who asks why. */
export interface AccountDetail {
  readonly account: AccountId;
  readonly name: string | null;
  readonly url: string;
  readonly assessment: Assessment;
  readonly tasks: readonly Pick<LedgerTask, 'subject' | 'dueOn' | 'state' | 'ownerId' | 'crmId'>[];
  /** Firings of plays that opened, the newest first. */
  readonly firings: readonly Firing[];
}

/** The accounts that need attention most: the lowest scores first, those without a score last. */
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
  const id = toAccountId(named);
  const exact = (await store.assessments.get([id])).get(id);
  const stored = exact ?? (await findByName(store, named));
  const { assessment, name } = stored;
  const tasks = await store.ledger.byAccounts([assessment.accountId]);
  const runs = await store.plays.byAccounts([assessment.accountId]);
  return {
    account: assessment.accountId,
    name,
    url: url(assessment.accountId),
    assessment,
    tasks: [...tasks]
      .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
      .map(({ subject, dueOn, state, ownerId, crmId }) => ({ subject, dueOn, state, ownerId, crmId })),
    firings: runs
      .filter(({ openedOn }) => openedOn !== null)
      .sort((a, b) => ((a.openedOn ?? '') < (b.openedOn ?? '') ? 1 : -1))
      .map(toFiring),
  };
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
  return assessment.health.score ?? 1_000;
}
