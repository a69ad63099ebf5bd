import type { Confidence, Driver } from '../model/assessment.ts';
import type { Instant } from '../model/calendar-date.ts';
import type { AccountHistory } from '../model/snapshot.ts';
import type { Dimension, Measure, Reading } from '../measures/measure.ts';
import type { HealthConfiguration } from './configuration.ts';
import type { Weights } from './profiles.ts';

export interface MeasureReading {
  readonly measure: Pick<Measure, 'id' | 'title' | 'dimension' | 'weight'>;
  readonly reading: Reading;
}

export interface ScoringContext {
  readonly weights: Weights;
  /** What a score without evidence is drawn to. */
  readonly prior: number;
  readonly asOf: Instant;
  /** The product itself tells how it is used; false where at most the CRM states something of it. */
  readonly isUsageTold: boolean;
  /** Last good readings by measure id, for measures that were lost. */
  readonly lastGood: AccountHistory['lastGood'];
  readonly caps: readonly { readonly id: string; readonly limit: number; readonly because: string }[];
}

/** One day's score before smoothing. Numbers are not rounded, except in drivers. */
export interface HealthScore {
  /** Weighted mean of the dimensions; null without any reading. */
  readonly raw: number | null;
  /** `raw` drawn to the prior where little is known; null when the band is grey. */
  readonly shrunk: number | null;
  /** `shrunk` under the caps; null when the band is grey. */
  readonly score: number | null;
  readonly isGrey: boolean;
  readonly coverage: number;
  readonly confidence: Confidence;
  readonly dimensions: Readonly<Partial<Record<Dimension, number>>>;
  /** Those given, and the one for low coverage; the lowest limit first. */
  readonly caps: readonly { readonly id: string; readonly limit: number; readonly because: string }[];
  readonly drivers: readonly Driver[];
}

/** A measure's part in the score. `score` is null when it has none: it never had a reading, or does not apply. */
interface Part {
  readonly measure: MeasureReading['measure'];
  readonly reading: Reading;
  readonly score: number | null;
  readonly because: string;
}

interface DimensionPart {
  readonly weight: number;
  /** Sums of the weights of measures that apply, that count, and that were read well and in time. */
  readonly applicable: number;
  readonly known: number;
  readonly ok: number;
  readonly score: number | null;
}

/**
 * The arithmetic of the health score, for readings in any order.
 *
 * Measures that do not apply are left out. One that was never read is left out too, and counts against coverage. One that
 * was read before and is lost counts as its last good score, at most neutral: losing an input never raises a score. For
 * the same reason a score below the prior is not drawn up to it by inputs that were lost.
 */
export function scoreHealth(
  readings: readonly MeasureReading[],
  context: ScoringContext,
  configuration: HealthConfiguration,
): HealthScore {
  const parts = readings
    .map((one) => toPart(one, context, configuration))
    .sort((a, b) => (a.measure.id < b.measure.id ? -1 : 1));
  const dimensions = new Map<Dimension, DimensionPart>();
  for (const name of DIMENSIONS) {
    const part = toDimension(parts, name, context.weights[name]);
    if (part.weight > 0 && part.applicable > 0) dimensions.set(name, part);
  }
  let weighted = 0;
  let knownWeight = 0;
  let total = 0;
  let okShare = 0;
  let knownShare = 0;
  let okDimensions = 0;
  const scores: Partial<Record<Dimension, number>> = {};
  for (const [name, part] of dimensions) {
    total += part.weight;
    okShare += (part.weight * part.ok) / part.applicable;
    knownShare += (part.weight * part.known) / part.applicable;
    if (part.ok > 0) okDimensions += 1;
    if (part.score === null) continue;
    weighted += part.weight * part.score;
    knownWeight += part.weight;
    scores[name] = part.score;
  }
  const coverage = total === 0 ? 0 : okShare / total;
  const raw = knownWeight === 0 ? null : weighted / knownWeight;
  const isGrey =
    raw === null || coverage < configuration.greyBelowCoverage || okDimensions < configuration.leastDimensions;
  const drivers = parts.map((part) =>
    toDriver(part, dimensions.get(part.measure.dimension), knownWeight, configuration.neutral),
  );
  const caps = withCoverageCap(context.caps, coverage, isGrey, configuration);
  let shrunk: number | null = null;
  if (!isGrey) {
    const evidence = raw < context.prior ? knownShare / total : coverage;
    shrunk = context.prior + (raw - context.prior) * Math.min(1, evidence / configuration.fullCoverage);
  }
  return {
    raw,
    shrunk,
    score: shrunk === null ? null : Math.min(shrunk, caps[0]?.limit ?? 100),
    isGrey,
    coverage,
    confidence: confidenceOf(coverage, context.isUsageTold && (dimensions.get('usage')?.ok ?? 0) > 0, configuration),
    dimensions: scores,
    caps,
    drivers: drivers.sort(
      (a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.measure < b.measure ? -1 : 1),
    ),
  };
}

const DIMENSIONS: readonly Dimension[] = ['usage', 'relationship', 'support', 'sentiment', 'commercial', 'outcome'];

function toPart(
  { measure, reading }: MeasureReading,
  context: ScoringContext,
  configuration: HealthConfiguration,
): Part {
  const { because } = reading;
  if (reading.state === 'ok') return { measure, reading, score: reading.score, because };
  if (reading.state === 'stale') {
    const score = faded(reading.score, reading.fadesFrom ?? reading.at, context.asOf, configuration);
    return { measure, reading, score, because: `${because} This is old and counts less.` };
  }
  const last = context.lastGood[measure.id];
  if (reading.state === 'na' || last === undefined) return { measure, reading, score: null, because };
  if (reading.state === 'missing') {
    const score = Math.min(last.score, configuration.neutral);
    return { measure, reading, score, because: `${because} It was known before and counts no better than neutral.` };
  }
  const readAt = last.readAt ?? last.at;
  const isHeld = Date.parse(context.asOf) - Date.parse(readAt) <= configuration.errorHoldDays * DAY_MS;
  const score = isHeld ? last.score : faded(last.score, readAt, context.asOf, configuration);
  return { measure, reading, score, because: `${because} The last good reading stands in for it.` };
}

const DAY_MS = 86_400_000;

/** Fades to neutral from above, never upwards. */
function faded(score: number, at: Instant, asOf: Instant, { neutral, staleHalfLifeDays }: HealthConfiguration): number {
  if (score <= neutral) return score;
  const days = Math.max(0, (Date.parse(asOf) - Date.parse(at)) / DAY_MS);
  return neutral + (score - neutral) * 0.5 ** (days / staleHalfLifeDays);
}

function toDimension(parts: readonly Part[], name: Dimension, weight: number): DimensionPart {
  let applicable = 0;
  let known = 0;
  let ok = 0;
  let weighted = 0;
  for (const { measure, reading, score } of parts) {
    if (measure.dimension !== name || reading.state === 'na') continue;
    applicable += measure.weight;
    if (reading.state === 'ok') ok += measure.weight;
    if (score === null) continue;
    known += measure.weight;
    weighted += measure.weight * score;
  }
  return { weight, applicable, known, ok, score: known === 0 ? null : weighted / known };
}

function toDriver(part: Part, dimension: DimensionPart | undefined, knownWeight: number, neutral: number): Driver {
  const { measure, reading, score } = part;
  const isRead = reading.state === 'ok' || reading.state === 'stale';
  const weight =
    score === null || dimension === undefined || dimension.known === 0
      ? 0
      : (dimension.weight / knownWeight) * (measure.weight / dimension.known);
  return {
    measure: measure.id,
    title: measure.title,
    dimension: measure.dimension,
    state: reading.state,
    value: isRead ? rounded(reading.value, 4) : null,
    score: score === null ? null : rounded(score, 1),
    weight: rounded(weight, 4),
    contribution: score === null ? 0 : rounded(weight * (score - neutral), 2),
    because: part.because,
    evidence: isRead ? reading.evidence : [],
    at: isRead ? reading.at : null,
  };
}

function withCoverageCap(
  caps: ScoringContext['caps'],
  coverage: number,
  isGrey: boolean,
  { lowCoverage }: HealthConfiguration,
): ScoringContext['caps'] {
  if (isGrey || coverage >= lowCoverage.coverage) return [...caps].sort(byLimit);
  const because = `Only ${Math.floor(coverage * 100)}% of what the score needs could be read.`;
  return [...caps, { id: 'low_coverage', limit: lowCoverage.limit, because }].sort(byLimit);
}

const byLimit = (a: { limit: number; id: string }, b: { limit: number; id: string }): number =>
  a.limit - b.limit || (a.id < b.id ? -1 : 1);

/** High confidence needs usage: what a CRM tells alone is medium at best, the seats that it counts included. */
function confidenceOf(coverage: number, isUsageRead: boolean, { confidence }: HealthConfiguration): Confidence {
  if (coverage >= confidence.high && isUsageRead) return 'high';
  if (coverage >= confidence.medium) return 'medium';
  return coverage >= confidence.low ? 'low' : 'none';
}

/** Half away from zero, so that a score and its mirror image round alike; never -0. */
export function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  const result = (Math.sign(value) * Math.round(Math.abs(value) * scale)) / scale;
  return result === 0 ? 0 : result;
}
