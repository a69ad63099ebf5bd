/** Points of a piecewise-linear curve, `[x, score]`, in rising order of x. */
export type Breakpoints = readonly (readonly [x: number, score: number])[];

/** The curve's score at `x`: linear between the points, flat outside them. Throws a RangeError on an empty curve. */
export function interpolate(x: number, points: Breakpoints): number {
  let before: readonly [number, number] | null = null;
  for (const point of points) {
    if (x <= point[0]) {
      if (before === null) return point[1];
      return before[1] + ((point[1] - before[1]) * (x - before[0])) / (point[0] - before[0]);
    }
    before = point;
  }
  if (before === null) throw new RangeError('a curve needs at least one point');
  return before[1];
}
