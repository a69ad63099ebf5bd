import type { Problem, TenantStore, UnmatchedWorkspace } from '../ports/store.ts';
import { USAGE_PROBLEM } from '../flow/intake/receive.ts';

/** What products and files told us that nobody is told of yet. */
export interface Inbox {
  /** Workspaces whose usage waits for an account, those with the most events first. */
  readonly unmatched: readonly UnmatchedWorkspace[];
  /** All of them, listed or not. */
  readonly unmatchedCount: number;
  /** Messages that were refused, by what was wrong with them. */
  readonly refused: readonly (Problem & { readonly lastAt: string; readonly count: number })[];
}

/** Problems that are looked through for those of usage. */
const PROBLEMS = 1_000;

export async function readInbox(store: TenantStore, limit: number): Promise<Inbox> {
  const problems = await store.problems.list(PROBLEMS);
  return {
    unmatched: await store.signals.unmatched(limit),
    unmatchedCount: await store.signals.countUnmatched(),
    refused: problems.filter(({ kind }) => kind === USAGE_PROBLEM),
  };
}
