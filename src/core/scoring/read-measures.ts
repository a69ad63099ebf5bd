import type { Measure, MeasureContext, Reading } from '../measures/measure.ts';
import { na, readAtOf } from '../measures/reading.ts';
import { measuresOf } from '../measures/index.ts';
import type { AccountHistory, AccountSnapshot, SourceName } from '../model/snapshot.ts';
import type { HealthConfiguration } from './configuration.ts';
import type { MeasureReading } from './health.ts';

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
    const reading = withFreshness(measure.read(snapshot, context), measure, snapshot, old);
    const isLost = reading.state === 'missing' && reading.isLost === true;
    return { measure, reading: isLost && inapplicable.includes(measure.id) ? na(reading.because) : reading };
  });
}

/** Sources that were not read to their end for too long. */
function oldSources({ asOf, sources }: AccountSnapshot, { freshDays }: HealthConfiguration): ReadonlySet<SourceName> {
  const now = Date.parse(asOf);
  const old = new Set<SourceName>();
  for (const source of SOURCE_NAMES) {
    const days = freshDays[source];
    const readAt = sources[source]?.readAt ?? null;
    if (days !== undefined && readAt !== null && now - Date.parse(readAt) > days * 86_400_000) old.add(source);
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

function withFreshness(
  reading: Reading,
  measure: Measure,
  snapshot: AccountSnapshot,
  old: ReadonlySet<SourceName>,
): Reading {
  if (reading.state !== 'ok' || old.size === 0 || !measure.sources.some((source) => old.has(source))) return reading;
  const oldest = readAtOf(snapshot, measure.sources);
  return { ...reading, state: 'stale', at: oldest < reading.at ? oldest : reading.at };
}

/**
 * The last good readings, today's in the place of older ones. A stale one is remembered too, at most as neutral, or a
 * bad reading that went stale would be forgotten when it is lost.
 */
export function withLastGood(
  lastGood: AccountHistory['lastGood'],
  readings: readonly MeasureReading[],
  { neutral }: Pick<HealthConfiguration, 'neutral'>,
): AccountHistory['lastGood'] {
  const next = { ...lastGood };
  for (const { measure, reading } of readings) {
    if (reading.state !== 'ok' && reading.state !== 'stale') continue;
    const score = reading.state === 'ok' ? reading.score : Math.min(reading.score, neutral);
    next[measure.id] = { value: reading.value, score, at: reading.at };
  }
  return next;
}
