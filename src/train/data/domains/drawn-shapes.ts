/** Small images of one shape: a disc, a square or a triangle, filled or outlined, at a random place. */
import type { RandomStream } from "../../random.ts";

export const SHAPE_SIDE = 16;
/** Sides of the square that a shape fills. */
const SMALLEST = 5;
const LARGEST = 9;

type Colour = readonly [red: number, green: number, blue: number];
export const BLACK: Colour = [0, 0, 0];
export const RED: Colour = [255, 0, 0];
export const GREEN: Colour = [0, 128, 0];
export const BLUE: Colour = [0, 0, 255];

/** Whether a pixel of the shape's square belongs to it; row and column from 0 to `size - 1`. */
type Inside = (row: number, column: number, size: number) => boolean;

const INSIDE: readonly Inside[] = [
  // A disc.
  (row, column, size) => {
    const middle = (size - 1) / 2;
    return (row - middle) ** 2 + (column - middle) ** 2 <= (size / 2) ** 2;
  },
  // A square.
  () => true,
  // A triangle that stands on its base.
  (row, column, size) => Math.abs(column - (size - 1) / 2) <= (row + 1) / 2,
];

/** One shape, before it is drawn. */
export interface Shape {
  /** 0 disc, 1 square, 2 triangle. */
  readonly kind: number;
  readonly size: number;
  readonly top: number;
  readonly left: number;
  /** Of what else is left to chance. */
  readonly chance: readonly [number, number];
}

const NUMBERS = 6;

/** n shapes; kind, size and place are independent. */
export function drawShapes(n: number, random: RandomStream): Shape[] {
  const chance = random.uniform(new Float32Array(NUMBERS * n));
  return Array.from({ length: n }, (_, i) => {
    const [kind, large, top, left, first, second] = chance.subarray(NUMBERS * i, NUMBERS * (i + 1));
    const size = SMALLEST + Math.floor(large * (LARGEST - SMALLEST + 1));
    const places = SHAPE_SIDE - size + 1;
    return {
      kind: Math.floor(kind * INSIDE.length),
      size,
      top: Math.floor(top * places),
      left: Math.floor(left * places),
      chance: [first, second],
    };
  });
}

/** Bytes `[16, 16, 3]` of a shape on white; of an outlined one the pixels that have a neighbour outside. */
export function shapeToPixels({ kind, size, top, left }: Shape, colour: Colour, filled: boolean): Uint8Array {
  const pixels = new Uint8Array(SHAPE_SIDE * SHAPE_SIDE * 3).fill(255);
  const inside: Inside = (row, column) =>
    row >= 0 && row < size && column >= 0 && column < size && INSIDE[kind](row, column, size);
  const isEdge = (row: number, column: number): boolean =>
    !(
      inside(row - 1, column, size) &&
      inside(row + 1, column, size) &&
      inside(row, column - 1, size) &&
      inside(row, column + 1, size)
    );
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      if (inside(row, column, size) && (filled || isEdge(row, column)))
        pixels.set(colour, ((top + row) * SHAPE_SIDE + left + column) * 3);
  return pixels;
}
