import type { Breakpoints } from './interpolate.ts';

/** From which value on a measure is healthy, and from which it is concerning, in the measure's own unit. */
export interface Edges {
  readonly healthy: number;
  readonly concerning: number;
}

/** Where the curve reaches the scores of the green and the yellow band; null for one that does not reach both. */
export function edgesOf(
  points: Breakpoints,
  { green, yellow }: { readonly green: number; readonly yellow: number },
): Edges | null {
  const healthy = valueAt(green, points);
  const concerning = valueAt(yellow, points);
  return healthy === null || concerning === null ? null : { healthy, concerning };
}

/** The first value at which the curve has this score; null when it never has. */
function valueAt(score: number, points: Breakpoints): number | null {
  let before: readonly [number, number] | null = null;
  for (const point of points) {
    if (point[1] === score) return point[0];
    if (before !== null && before[1] < score !== point[1] < score) {
      const value = before[0] + ((point[0] - before[0]) * (score - before[1])) / (point[1] - before[1]);
      return Number(value.toPrecision(6));
    }
    before = point;
  }
  return null;
}
