/** A row of the design: features (a leading 1 for the intercept), what is known beforehand, and how it came out. */
export interface LogisticRow {
  readonly x: readonly number[];
  /** Log-odds that are given, not fitted. */
  readonly offset: number;
  /** 0 to 1. */
  readonly y: number;
  /** The row counts as so many; once when left out. */
  readonly weight?: number;
}

export interface LogisticFit {
  readonly coefficients: readonly number[];
  /** Of the coefficients, from the curvature at the optimum (Laplace). */
  readonly covariance: readonly (readonly number[])[];
}

export interface GaussianPrior {
  readonly means: readonly number[];
  readonly spread: number;
}

const MOST_STEPS = 50;
const CLOSE_ENOUGH = 1e-10;

/**
 * The most likely coefficients of a logistic regression whose coefficients are drawn to a Gaussian prior, by Newton's
 * method. The prior makes the problem strictly convex, so the steps end at its one optimum, also for separable rows.
 */
export function fitLogistic(rows: readonly LogisticRow[], prior: GaussianPrior): LogisticFit {
  const size = prior.means.length;
  const precision = 1 / prior.spread ** 2;
  let coefficients = [...prior.means];
  let curvature = identity(size, precision);
  let objective = -Infinity;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const gradient = coefficients.map((value, i) => -precision * (value - (prior.means[i] ?? 0)));
    curvature = identity(size, precision);
    for (const { x, offset, y, weight: times = 1 } of rows) {
      const p = sigmoid(offset + dot(x, coefficients));
      const weight = times * p * (1 - p);
      for (let i = 0; i < size; i += 1) {
        const xi = x[i] ?? 0;
        gradient[i] = (gradient[i] ?? 0) + times * (y - p) * xi;
        const row = curvature[i] ?? [];
        for (let j = 0; j < size; j += 1) row[j] = (row[j] ?? 0) + weight * xi * (x[j] ?? 0);
      }
    }
    const inverse = inverted(curvature);
    const move = inverse.map((row) => dot(row, gradient));
    // A full Newton step may overshoot far from the optimum; half of it, and half again, never does.
    let share = 1;
    let next = coefficients;
    let reached = -Infinity;
    do {
      next = coefficients.map((value, i) => value + share * (move[i] ?? 0));
      reached = posterior(rows, next, prior.means, precision);
      share /= 2;
    } while (reached < objective && share > 1e-6);
    coefficients = next;
    if (reached - objective < CLOSE_ENOUGH) break;
    objective = reached;
  }
  return { coefficients, covariance: inverted(curvature) };
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

export function dot(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += (one[i] ?? 0) * (other[i] ?? 0);
  return sum;
}

/** Log of the posterior density up to a constant. */
function posterior(
  rows: readonly LogisticRow[],
  coefficients: readonly number[],
  means: readonly number[],
  precision: number,
): number {
  let sum = 0;
  coefficients.forEach((value, i) => (sum -= (precision * (value - (means[i] ?? 0)) ** 2) / 2));
  for (const { x, offset, y, weight = 1 } of rows) {
    const logit = offset + dot(x, coefficients);
    sum += weight * (y * logit - softplus(logit));
  }
  return sum;
}

/** log(1 + e^z) without overflow. */
const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));

const identity = (size: number, scale: number): number[][] =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? scale : 0)));

/** Of a symmetric, positive definite matrix, by Gauss and Jordan; no pivoting is needed for such a one. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const left = matrix.map((row) => [...row]);
  const right = identity(size, 1);
  for (let column = 0; column < size; column += 1) {
    const pivot = left[column]?.[column] ?? 1;
    for (const rows of [left, right]) {
      const row = rows[column] ?? [];
      for (let j = 0; j < size; j += 1) row[j] = (row[j] ?? 0) / pivot;
    }
    for (let i = 0; i < size; i += 1) {
      const factor = left[i]?.[column] ?? 0;
      if (i === column || factor === 0) continue;
      for (const rows of [left, right]) {
        const row = rows[i] ?? [];
        const from = rows[column] ?? [];
        for (let j = 0; j < size; j += 1) row[j] = (row[j] ?? 0) - factor * (from[j] ?? 0);
      }
    }
  }
  return right;
}
