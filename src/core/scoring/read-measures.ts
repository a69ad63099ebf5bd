import type { Measure, MeasureContext, Reading } from '../measures/measure.ts';
import { na, readAtOf } from '../measures/reading.ts';
import { measuresOf } from '../measures/index.ts';
import type { Instant } from '../model/calendar-date.ts';
import type { AccountHistory, AccountSnapshot, SourceName } from '../model/snapshot.ts';
import type { HealthConfiguration } from './configuration.ts';
import { staleAfterMs } from '../usage/rhythm.ts';
import type { MeasureReading } from './health.ts';

const DAY_MS = 86_400_000;

/**
 * Every measure's reading, those from sources that were not read for too long as `stale`. A measure whose source is lost
 * applies, or does not, as it did when it was last known: going from one to the other could raise the score.
 */
export function readMeasures(
  snapshot: AccountSnapshot,
  context: MeasureContext,
  configuration: HealthConfiguration,
): readonly MeasureReading[] {
  const old = oldSources(snapshot, configuration);
  const inapplicable = snapshot.history?.held?.inapplicable ?? [];
  return measuresOf(configuration.measures).map((measure) => {
    const reading = withFreshness(
      withErrors(measure.read(snapshot, context), measure, snapshot),
      measure,
      snapshot,
      old,
    );
    const isLost = reading.state === 'missing' && reading.isLost === true;
    return { measure, reading: isLost && inapplicable.includes(measure.id) ? na(reading.because) : reading };
  });
}

/** Sources that were not read to their end for too long, or whose next file has been due for too long. */
function oldSources({ asOf, sources }: AccountSnapshot, { freshDays }: HealthConfiguration): ReadonlySet<SourceName> {
  const now = Date.parse(asOf);
  const old = new Set<SourceName>();
  for (const source of SOURCE_NAMES) {
    const freshness = sources[source];
    const afterMs = freshness === undefined ? null : staleAfterMs(freshness, freshDays[source]);
    if (afterMs !== null && now > afterMs) old.add(source);
  }
  return old;
}

const SOURCE_NAMES: readonly SourceName[] = [
  'accounts',
  'contacts',
  'deals',
  'contracts',
  'tickets',
  'activities',
  'usage',
  'surveys',
  'billing',
  'milestones',
];

/** Nothing was read, and the CRM holds something that cannot be: for some days the last good reading stands in. */
function withErrors(reading: Reading, { fields = [] }: Measure, { unreadable = [] }: AccountSnapshot): Reading {
  if (reading.state !== 'missing' || reading.isLost === true || !fields.some((field) => unreadable.includes(field))) {
    return reading;
  }
  return { state: 'error', because: 'What the CRM holds for it cannot be read.' };
}

function withFreshness(
  reading: Reading,
  measure: Measure,
  snapshot: AccountSnapshot,
  old: ReadonlySet<SourceName>,
): Reading {
  if (reading.state !== 'ok' || old.size === 0 || !measure.sources.some((source) => old.has(source))) return reading;
  const oldest = readAtOf(snapshot, measure.sources);
  const at = oldest < reading.at ? oldest : reading.at;
  const dueAt = dueAtOf(snapshot, measure.sources);
  return { ...reading, state: 'stale', at, ...(dueAt > at && { fadesFrom: dueAt }) };
}

/** Until when nothing newer than what is known of the sources was to be expected: what comes in files does not fade before. */
function dueAtOf({ sources, asOf }: AccountSnapshot, names: readonly SourceName[]): Instant {
  let first: Instant = asOf;
  for (const name of names) {
    const dueAt = sources[name]?.dueAt ?? sources[name]?.readAt ?? null;
    if (dueAt !== null && dueAt < first) first = dueAt;
  }
  return first;
}

/**
 * The last good readings, today's in the place of older ones. A stale one is remembered too, at most as neutral, or a
 * bad reading that went stale would be forgotten when it is lost.
 */
export function withLastGood(
  lastGood: AccountHistory['lastGood'],
  readings: readonly MeasureReading[],
  asOf: Instant,
  { neutral }: Pick<HealthConfiguration, 'neutral'>,
): AccountHistory['lastGood'] {
  const next = { ...lastGood };
  const dayBefore = new Date(Date.parse(asOf) - DAY_MS).toISOString();
  for (const { measure, reading } of readings) {
    if (reading.state !== 'ok' && reading.state !== 'stale') continue;
    const score = reading.state === 'ok' ? reading.score : Math.min(reading.score, neutral);
    const { value, at } = reading;
    // A survey answer may be months old and was there to be read a moment ago.
    const isOlder = reading.state === 'ok' && at < dayBefore;
    next[measure.id] = isOlder ? { value, score, at, readAt: asOf } : { value, score, at };
  }
  return next;
}
