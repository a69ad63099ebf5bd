import { didYouMean } from '../core/mapping/did-you-mean.ts';
import {
  ENDS_OF_DISAGREEMENT,
  verdictOf,
  wayOf,
  type Disagreement,
  type EndOfDisagreement,
  type Way,
} from '../core/scoring/disagreement.ts';
import type { OverrideReason } from '../core/scoring/override-reasons.ts';
import { HoldfastError } from '../errors.ts';
import { readInForce } from '../flow/configuration.ts';
import type { KnownDisagreement, TenantStore } from '../ports/store.ts';

/** Where people set another band than the score, why, and who was right. */
export interface Disagreements {
  /** Of all of them, whatever is listed. */
  readonly total: Tally;
  /** The reason named most often first. */
  readonly byReason: readonly (Tally & { readonly code: string; readonly title: string })[];
  /** Those that were asked for, the newest first. */
  readonly listed: readonly DisagreementLine[];
  /** How many were asked for; `listed` holds the first of them. */
  readonly matching: number;
}

export interface Tally {
  readonly count: number;
  readonly open: number;
  /** How people saw the account, beside the score. */
  readonly ways: Readonly<Record<Way, number>>;
  readonly ends: Readonly<Record<EndOfDisagreement, number>>;
  /** Where a term was decided since. */
  readonly right: { readonly person: number; readonly score: number };
}

export interface DisagreementLine extends Omit<Disagreement, 'accountId'> {
  readonly account: string;
  readonly name: string | null;
  /** The reason's title; its code where it is not among the configured ones any more. */
  readonly reason: string;
  readonly way: Way;
  /** How the account's next term went; null while none was decided. */
  readonly outcome: KnownDisagreement['outcome'];
  readonly right: 'person' | 'score' | null;
}

export interface DisagreementFilter {
  /** Null for every reason. */
  readonly code: string | null;
  readonly openOnly: boolean;
  /** How many are listed at most. */
  readonly top: number;
}

/** Errors: `input-invalid` for a reason that is neither configured nor was ever named. */
export async function readDisagreements(
  store: TenantStore,
  { code, openOnly, top }: DisagreementFilter,
): Promise<Disagreements> {
  const { reasons } = (await readInForce(store)).health.override;
  const all = (await store.disagreements.list()).map((known) => toLine(known, reasons));
  const byCode = Map.groupBy(all, (line) => line.code);
  if (code !== null) mustBeKnown(code, [...new Set([...reasons.map((reason) => reason.code), ...byCode.keys()])]);
  const matching = all.filter((line) => (code === null || line.code === code) && (!openOnly || line.end === null));
  return {
    total: tallyOf(all),
    byReason: [...byCode]
      .map(([of, lines]) => ({ code: of, title: titleOf(of, reasons), ...tallyOf(lines) }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
    listed: matching.slice(0, top),
    matching: matching.length,
  };
}

function toLine(
  { disagreement, name, outcome }: KnownDisagreement,
  reasons: readonly OverrideReason[],
): DisagreementLine {
  const { accountId, ...rest } = disagreement;
  return {
    account: accountId,
    name,
    ...rest,
    reason: titleOf(rest.code, reasons),
    way: wayOf(disagreement),
    outcome,
    right: verdictOf(disagreement, outcome),
  };
}

function tallyOf(lines: readonly DisagreementLine[]): Tally {
  const count = (holds: (line: DisagreementLine) => boolean): number => lines.filter(holds).length;
  const ways = { better: 0, worse: 0, same: 0, unscored: 0 };
  for (const { way } of lines) ways[way] += 1;
  return {
    count: lines.length,
    open: count(({ end }) => end === null),
    ways,
    ends: Object.fromEntries(ENDS_OF_DISAGREEMENT.map((by) => [by, count(({ end }) => end?.by === by)])) as Record<
      EndOfDisagreement,
      number
    >,
    right: { person: count(({ right }) => right === 'person'), score: count(({ right }) => right === 'score') },
  };
}

function titleOf(code: string, reasons: readonly OverrideReason[]): string {
  return reasons.find((reason) => reason.code === code)?.title ?? code;
}

function mustBeKnown(code: string, known: readonly string[]): void {
  if (known.includes(code)) return;
  throw new HoldfastError({
    code: 'input-invalid',
    message: `There is no reason '${code}'.${didYouMean(code, known)}`,
    remedy: `The reasons are ${known.join(', ')}.`,
  });
}
