import { assess } from '../core/assess.ts';
import { withStanding } from '../core/book/standing.ts';
import { changesBetween, listChanges } from '../core/configuration/changes.ts';
import { parseVersionName } from '../core/configuration/parse.ts';
import { parseCalendarDate, type CalendarDate, type Instant } from '../core/model/calendar-date.ts';
import type { Assessment } from '../core/model/assessment.ts';
import type { AccountId } from '../core/model/ids.ts';
import { differencesBetween, outcomeOf } from '../core/outcome.ts';
import { HoldfastError } from '../errors.ts';
import { readConfiguration } from '../flow/configuration.ts';
import type { TenantStore } from '../ports/store.ts';

/** A stored assessment beside the one that comes out again of the same records by the same version. */
export interface Recomputed {
  readonly account: AccountId;
  /** The day of the assessment: the newest that is kept of or before the day that was asked for. */
  readonly on: CalendarDate;
  readonly asOf: Instant;
  readonly modelVersion: string;
  /** Of the account by itself, also where others below it are part of what is shown. */
  readonly score: number | null;
  readonly band: Assessment['health']['band'];
  /** Of the newest assessment every word is compared, of an earlier one every figure. */
  readonly compared: 'everything' | 'figures';
  readonly isSame: boolean;
  readonly differences: readonly { readonly path: string; readonly stored: unknown; readonly recomputed: unknown }[];
}

/**
 * Computes a score once more from what it was computed from. `day` null is the newest. Reads what is stored and writes
 * nothing.
 *
 * Errors: `input-invalid` for what is no day, where nothing is kept, and for a version that is no longer known.
 */
export async function recompute(store: TenantStore, account: AccountId, day: string | null): Promise<Recomputed> {
  const on = day === null ? null : parseCalendarDate(day);
  if (day !== null && on === null) throw invalid(`'${day}' is not a day.`, 'Write it as 2026-03-01.');
  const kept = await store.inputs.get(account, on);
  if (kept === null)
    throw invalid(
      `Nothing is kept of how ${account} was scored${on === null ? '' : ` until ${on}`}.`,
      await whatIsKept(store, account),
    );
  const { snapshot, outcome } = kept;
  const version = String(outcome['modelVersion']);
  const number = parseVersionName(version.split(' / ').at(-1) ?? '');
  const configuration = number === null ? null : await readConfiguration(store, number);
  if (configuration === null) {
    throw invalid(
      `The score was made by '${version}', which this version of Holdfast does not know.`,
      'Recompute it with the Holdfast that made it.',
    );
  }
  const again = assess(snapshot, configuration);
  const stored = (await store.assessments.get([account])).get(account)?.assessment ?? null;
  // The newest one is there as a whole; the book has given it its standing since.
  const isNewest = stored !== null && stored.asOf === snapshot.asOf;
  const differences = isNewest
    ? wholeDifferences(stored, withStanding(again, stored.standing))
    : differencesBetween(outcome, outcomeOf(again));
  return {
    account,
    on: kept.on,
    asOf: snapshot.asOf,
    modelVersion: version,
    score: again.health.score,
    band: again.health.band,
    compared: isNewest ? 'everything' : 'figures',
    isSame: differences.length === 0,
    differences,
  };
}

function wholeDifferences(stored: Assessment, again: Assessment): Recomputed['differences'] {
  // As it would be stored: what JSON leaves out is left out.
  const recomputed: unknown = JSON.parse(JSON.stringify(again));
  const added = listChanges(stored, changesBetween(stored, recomputed));
  const gone = listChanges(recomputed, changesBetween(recomputed, stored));
  const differences = new Map(
    gone.map(({ path, before, after }) => [path, { path, stored: after, recomputed: before }]),
  );
  for (const { path, before, after } of added) differences.set(path, { path, stored: before, recomputed: after });
  return [...differences.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function whatIsKept(store: TenantStore, account: AccountId): Promise<string> {
  const days = await store.inputs.days(account);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return 'It is kept from the next run on.';
  return `Kept are days from ${first} to ${last}.`;
}

function invalid(message: string, remedy: string): HoldfastError {
  return new HoldfastError({ code: 'input-invalid', message, remedy });
}
