/** Questions about shapes and constants that rewrite rules ask. */
import type { Constant, Value } from "../graph.ts";

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((dim, axis) => dim === b[axis]);

export const isConstant = (value: Value): value is Constant => "data" in value;

/** The number that a constant of one element holds. */
export function constantNumber(value: Value | undefined): number | undefined {
  if (value === undefined || !isConstant(value) || value.data.length !== 1) return undefined;
  return Number(value.data[0]);
}

/** A shape with ones before it, as broadcasting reads it. */
export const alignedShape = (shape: readonly number[], rank: number): number[] => [
  ...Array<number>(rank - shape.length).fill(1),
  ...shape,
];

/** Small beside another: work on it costs next to nothing. */
export const isSmallBeside = (value: Value, shape: readonly number[]): boolean =>
  4 * sizeOf(value.shape) <= sizeOf(shape);

/** Whether a transposition moves no element: the axes longer than one keep their order. */
export function keepsOrder(shape: readonly number[], perm: readonly number[]): boolean {
  const long = perm.filter((axis) => shape[axis] !== 1);
  return long.every((axis, i) => i === 0 || long[i - 1] < axis);
}

export function inversePermutation(perm: readonly number[]): number[] {
  const inverse = Array<number>(perm.length);
  perm.forEach((axis, i) => {
    inverse[axis] = i;
  });
  return inverse;
}
