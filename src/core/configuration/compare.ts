import { assess } from '../assess.ts';
import type { ModelConfiguration } from '../configuration.ts';
import type { Assessment, Driver } from '../model/assessment.ts';
import type { AccountSnapshot } from '../model/snapshot.ts';

/** Effects of measures smaller than this are not worth a sentence. */
const LEAST_POINTS = 0.5;
const MOST_REASONS = 4;

/**
 * The assessment as it will be when nothing changes but days: the score is where smoothing leads to, the band is that of
 * the score, and the profile's weights are its own. By this two configurations compare; a day's score still shows the
 * earlier one.
 */
export function assessSettled(snapshot: AccountSnapshot, configuration: ModelConfiguration): Assessment {
  const { history, today } = snapshot;
  const { health } = configuration;
  return assess(
    { ...snapshot, history: history === null ? null : { ...history, lastOn: today, dayBefore: null } },
    { ...configuration, health: { ...health, profiles: { ...health.profiles, blendDays: 1 } } },
  );
}

/**
 * Why an account's health differs between two configurations, in plain sentences, the strongest reason first. Both
 * assessments are of the same records. Empty when it does not.
 */
export function explainDifference(
  before: { readonly assessment: Assessment; readonly configuration: ModelConfiguration },
  after: { readonly assessment: Assessment; readonly configuration: ModelConfiguration },
): readonly string[] {
  const [old, now] = [before.assessment.health, after.assessment.health];
  if (old.score === now.score && old.band === now.band) return [];
  const reasons: string[] = [];
  const [oldCap, nowCap] = [old.caps[0] ?? null, now.caps[0] ?? null];
  if (oldCap?.limit !== nowCap?.limit) {
    if (nowCap === null) reasons.push(`The limit of ${oldCap?.limit ?? 100} is gone: ${oldCap?.because ?? ''}`);
    else {
      const instead = oldCap === null ? '' : ` instead of ${oldCap.limit}`;
      reasons.push(`The score is held at ${nowCap.limit}${instead}: ${nowCap.because}`);
    }
  }
  if (old.profile !== now.profile)
    reasons.push(`Its weights are those of '${now.profile}' instead of '${old.profile}'.`);
  if (old.band !== now.band) reasons.push(...movedEdges(before.configuration, after.configuration));
  reasons.push(...movedMeasures(old.drivers, now.drivers));
  if (reasons.length === 0 && now.coverage !== old.coverage) {
    reasons.push(`${percent(now.coverage)} instead of ${percent(old.coverage)} of what the score needs is known.`);
  }
  if (reasons.length === 0) reasons.push('What a score is drawn to while little is known is another one.');
  return reasons.slice(0, MOST_REASONS);
}

function movedEdges(before: ModelConfiguration, after: ModelConfiguration): readonly string[] {
  const [old, now] = [before.health.bands, after.health.bands];
  const edges = [
    ['Green', old.green, now.green],
    ['Yellow', old.yellow, now.yellow],
  ] as const;
  return edges.flatMap(([name, was, is]) => (was === is ? [] : [`${name} begins at ${is} instead of ${was}.`]));
}

function movedMeasures(before: readonly Driver[], after: readonly Driver[]): readonly string[] {
  const old = new Map(before.map((driver) => [driver.measure, driver]));
  const now = new Map(after.map((driver) => [driver.measure, driver]));
  const moves = [...new Set([...old.keys(), ...now.keys()])].map((id) => {
    const [was, is] = [old.get(id), now.get(id)];
    return { was, is, points: (is?.contribution ?? 0) - (was?.contribution ?? 0) };
  });
  return moves
    .filter(({ points }) => Math.abs(points) >= LEAST_POINTS)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .map(({ was, is, points }) => {
      const title = is?.title ?? was?.title ?? '';
      return `${title}: ${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(1)} points; ${howItCounts(was, is)}.`;
    });
}

function howItCounts(was: Driver | undefined, is: Driver | undefined): string {
  if (is === undefined || is.score === null) return 'it no longer counts';
  if (was === undefined || was.score === null) return `it counts ${percent(is.weight)} now`;
  const changes: string[] = [];
  if (was.weight !== is.weight) changes.push(`it counts ${percent(is.weight)} instead of ${percent(was.weight)}`);
  if (was.score !== is.score) changes.push(`it scores ${is.score} instead of ${was.score}`);
  return changes.length === 0 ? 'it is held against another mark' : changes.join(', and ');
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`;
