/**
 * 24 real and 20 fake points by formula, in float64, and the definitions of the metrics of neighbours on them: the golden
 * values are those of the formulas, and what features of float32 give is held against the same formulas.
 */
import type { Features } from "../../src/math/features/statistics.ts";

export type Points = readonly (readonly number[])[];

const toPoints = (rows: number, value: (row: number, axis: number) => number): Points =>
  Array.from({ length: rows }, (_, row) => [0, 1, 2].map((axis) => value(row, axis)));

export const REAL = toPoints(24, (i, d) => Math.sin(0.7 * i + 1.9 * d));
export const FAKE = toPoints(20, (j, d) => 0.8 * Math.sin(0.8 * j + 1.1 * d + 0.3) + 0.5 * d);

export const pointsToFeatures = (points: Points): Features => ({
  data: Float32Array.from(points.flat()),
  rows: points.length,
  width: points[0].length,
});

export const featuresToPoints = ({ data, rows, width }: Features): Points =>
  Array.from({ length: rows }, (_, row) => Array.from(data.subarray(row * width, (row + 1) * width)));

export const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** The squared distance. */
export const squared = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, axis) => sum + (value - b[axis]) ** 2, 0);

/** Of each point the squared distance to its k-th nearest other. */
export const squaredRadii = (points: Points, k: number): number[] =>
  points.map((a, i) => {
    const others = points.filter((_, j) => j !== i).map((b) => squared(a, b));
    return others.sort((x, y) => x - y)[k - 1];
  });

const countOf = (points: Points, isCounted: (point: readonly number[], at: number) => boolean): number =>
  points.filter(isCounted).length;

export function naiveClipped(real: Points, fake: Points, k: number) {
  const radii = squaredRadii(real, k);
  const median = medianOf(radii.map(Math.sqrt));
  const clipped = radii.map((radius) => (Math.sqrt(radius) > median ? median ** 2 : radius));
  const holding = (point: readonly number[], self = -1): number =>
    Math.min(1, countOf(real, (ball, i) => i !== self && squared(ball, point) <= clipped[i]) / k);
  const raw = meanOf(fake.map((point) => holding(point)));
  const own = meanOf(real.map((point, i) => holding(point, i)));
  const covered = meanOf(
    real.map(
      (ball, i) =>
        Math.min(
          k,
          countOf(fake, (point) => squared(ball, point) < radii[i]),
        ) / k,
    ),
  );
  return { median, raw, own, density: Math.min(1, raw / own), covered };
}

export function naiveSymmetric(real: Points, fake: Points, k: number) {
  const [ofReal, ofFake] = [squaredRadii(real, k), squaredRadii(fake, k)];
  const share = (points: Points, isIn: (point: readonly number[], at: number) => boolean): number =>
    countOf(points, isIn) / points.length;
  const precision = share(fake, (y) => real.some((x, i) => squared(x, y) < ofReal[i]));
  const complement = share(fake, (y, j) => real.some((x) => squared(x, y) < ofFake[j]));
  const recall = share(real, (x) => fake.some((y, j) => squared(x, y) < ofFake[j]));
  const coverage = share(real, (x, i) => fake.some((y) => squared(x, y) < ofReal[i]));
  return { precision, complement, recall, coverage };
}

export function naiveProbabilistic(real: Points, fake: Points, k: number) {
  const toRadius = (points: Points): number => 1.2 * meanOf(squaredRadii(points, k).map(Math.sqrt));
  const radius = { real: toRadius(real), fake: toRadius(fake) };
  const inside = (point: readonly number[], others: Points, reach: number): number =>
    1 - others.reduce((outside, other) => outside * Math.min(1, Math.sqrt(squared(point, other)) / reach), 1);
  return {
    radius,
    precision: meanOf(fake.map((y) => inside(y, real, radius.real))),
    recall: meanOf(real.map((x) => inside(x, fake, radius.fake))),
  };
}

export function naiveCover(real: Points, fake: Points, k: number, factor: number) {
  const share = (balls: Points, others: Points): number => {
    const radii = squaredRadii(balls, factor * k);
    const holds = (ball: readonly number[], i: number) =>
      countOf(others, (point) => squared(ball, point) <= radii[i]) >= k;
    return countOf(balls, holds) / balls.length;
  };
  return { precision: share(fake, real), recall: share(real, fake) };
}

export function naiveRarity(real: Points, fake: Points, k: number): number[] {
  const radii = squaredRadii(real, k);
  return fake.map((y) => {
    const holding = radii.filter((radius, i) => squared(real[i], y) <= radius);
    return holding.length > 0 ? Math.sqrt(Math.min(...holding)) : Number.NaN;
  });
}

/** exp(-|x - y|^2 / (2 sigma^2)) */
export const gauss = (a: readonly number[], b: readonly number[], sigma: number): number =>
  Math.exp(-squared(a, b) / (2 * sigma ** 2));

export const naiveModes = (points: Points, sigma: number): number =>
  1 / meanOf(points.flatMap((a) => points.map((b) => gauss(a, b, sigma) ** 2)));
