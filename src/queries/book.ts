import { shownHealth } from '../core/book/shown.ts';
import type { Assessment, Band } from '../core/model/assessment.ts';
import { toMajor } from '../core/model/money.ts';
import type { AccountId } from '../core/model/ids.ts';
import type { Verdict } from '../core/validation/in-words.ts';
import { readInForce } from '../flow/configuration.ts';
import type { Installation, StoredAssessment, TenantStore } from '../ports/store.ts';
import { spansOf } from './spans.ts';
import { readVerdict } from './validation.ts';

/** One account as a list shows it. */
export interface AccountLine {
  readonly account: AccountId;
  readonly name: string | null;
  /** As shown: with the accounts below it, where there are any. */
  readonly score: number | null;
  readonly band: Band;
  /** The account by itself, by the records alone; without others below it, the same. */
  readonly ownScore: number | null;
  readonly ownBand: Band;
  readonly reason: string;
  readonly churnProbability90d: number | null;
  readonly arrAtRisk: Assessment['churn']['arrAtRisk'];
  readonly renewalOn: string | null;
  readonly decisionOn: string | null;
}

/** The state of one installation's book on one screen. */
export interface Book {
  readonly installation: string;
  readonly title: string;
  readonly status: Installation['status'];
  readonly awaitsApproval: boolean;
  readonly validation: Verdict;
  readonly bands: Readonly<Record<'green' | 'yellow' | 'red' | 'grey', number>>;
  readonly openTasks: number;
  /** Of the chances of a loss: over so many days ahead, as configured now. */
  readonly churnDays: number;
  /** The accounts with most to lose, worst first. */
  readonly topRisks: readonly AccountLine[];
  readonly expansions: readonly {
    readonly account: AccountId;
    readonly name: string | null;
    readonly score: number;
    readonly because: string;
  }[];
  readonly records: Readonly<Record<string, number>>;
  readonly problems: number;
}

const PAGE = 500;

/** Reads the book. `top` is how many risks and expansions are listed. */
export async function readBook(store: TenantStore, top: number): Promise<Book> {
  const installation = await store.getInstallation();
  const summary = await store.assessments.summary();
  const risks: StoredAssessment[] = [];
  const expansions: StoredAssessment[] = [];
  let after: AccountId | null = null;
  for (;;) {
    const page: readonly StoredAssessment[] = await store.assessments.page(after, PAGE);
    keepBest(risks, page, top, (one) => riskOf(one, installation.facts.currency));
    keepBest(
      expansions,
      page.filter(({ assessment }) => assessment.expansion.band === 'hot' || assessment.expansion.band === 'warm'),
      top,
      ({ assessment }) => assessment.expansion.score,
    );
    if (page.length < PAGE) break;
    after = page.at(-1)?.assessment.accountId ?? null;
  }
  const open = await store.ledger.byState(['open'], null, 100_000);
  const counts = await store.records.count();
  return {
    installation: installation.id,
    title: installation.facts.title,
    status: installation.status,
    awaitsApproval: installation.approvedAt === null,
    validation: await readVerdict(store),
    bands: summary.bands,
    openTasks: open.length,
    churnDays: spansOf(await readInForce(store)).churnDays,
    topRisks: risks.map(toAccountLine),
    expansions: expansions.map(({ assessment, name }) => ({
      account: assessment.accountId,
      name,
      score: assessment.expansion.score,
      because: assessment.expansion.signals.map((signal) => signal.because).join(' '),
    })),
    records: Object.fromEntries([...counts].map(([object, { alive }]) => [object, alive])),
    problems: (await store.problems.list(1_000)).length,
  };
}

export function toAccountLine({ assessment, name }: StoredAssessment): AccountLine {
  const { churn, renewal } = assessment;
  const { score, band, computedBand, reason, own } = shownHealth(assessment);
  return {
    account: assessment.accountId,
    name,
    score,
    band,
    ownScore: own === null ? score : own.score,
    ownBand: own?.band ?? computedBand,
    reason,
    churnProbability90d: churn.probability90d,
    arrAtRisk: churn.arrAtRisk,
    renewalOn: renewal.next?.endOn ?? null,
    decisionOn: renewal.next?.decisionOn ?? null,
  };
}

/**
 * Revenue at risk first; where none is known in the home currency, the likelihood; a grey band is not a known risk. By its own
 * health, as the revenue at risk is its own: accounts below it are risks themselves.
 */
function riskOf({ assessment }: StoredAssessment, home: string): number {
  const { health, churn } = assessment;
  if (health.band === 'grey' || health.band === 'green') return -1;
  const arr = churn.arrAtRisk?.currency === home ? toMajor(churn.arrAtRisk) : 0;
  return arr + (churn.probability90d ?? 0) + (health.score === null ? 0 : (100 - health.score) / 1_000);
}

/** Those that are worth alike go by name: ids have another order in every CRM. */
function keepBest(
  best: StoredAssessment[],
  more: readonly StoredAssessment[],
  top: number,
  worth: (one: StoredAssessment) => number,
): void {
  best.push(...more.filter((one) => worth(one) >= 0));
  best.sort((a, b) => worth(b) - worth(a) || (a.name ?? '').localeCompare(b.name ?? '', 'en'));
  best.length = Math.min(best.length, top);
}
