import type { Measure, Reading } from '../measures/measure.ts';
import { readAtOf } from '../measures/reading.ts';
import type { AccountHistory, AccountSnapshot } from '../model/snapshot.ts';
import type { HealthConfiguration } from './configuration.ts';
import type { MeasureReading } from './health.ts';

/** Every measure's reading, those from sources that were not read for too long as `stale`. */
export function readMeasures(
  snapshot: AccountSnapshot,
  measures: readonly Measure[],
  configuration: HealthConfiguration,
): readonly MeasureReading[] {
  return measures.map((measure) => ({
    measure,
    reading: withFreshness(measure.read(snapshot), measure, snapshot, configuration),
  }));
}

function withFreshness(
  reading: Reading,
  measure: Measure,
  snapshot: AccountSnapshot,
  { freshDays }: HealthConfiguration,
): Reading {
  if (reading.state !== 'ok') return reading;
  for (const source of measure.sources) {
    const days = freshDays[source];
    const readAt = snapshot.sources[source]?.readAt ?? null;
    if (days === undefined || readAt === null) continue;
    if (Date.parse(snapshot.asOf) - Date.parse(readAt) > days * 86_400_000) {
      const oldest = readAtOf(snapshot, measure.sources);
      return { ...reading, state: 'stale', at: oldest < reading.at ? oldest : reading.at };
    }
  }
  return reading;
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
