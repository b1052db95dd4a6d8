/** Shapes of one example, without the batch. */
import { GanEvalError } from "../../errors.ts";

export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((size, side) => size * side, 1);

/** What a discriminator is shown of so many examples at a time: side by side in the last axis. */
export const packedShape = (shape: Shape, packing: number): Shape => [
  ...shape.slice(0, -1),
  packing * shape[shape.length - 1],
];

export const equalShapes = (a: Shape, b: Shape): boolean => `${a}` === `${b}`;

/** Height, width and channels. */
export const isImage = (shape: Shape): boolean => shape.length === 3;

/** The numbers of a flat example. @throws GanEvalError `usage.network` if it is not flat */
export function requireFlat(input: Shape): number {
  if (input.length === 1) return input[0];
  throw new GanEvalError("usage.network", `expected a flat input for this layer, got [${input}]`, {
    hint: "Put a reshape layer before it.",
  });
}

/** @throws GanEvalError `usage.network` if the example is no image */
export function requireImage(input: Shape): readonly [height: number, width: number, channels: number] {
  if (input.length === 3) return [input[0], input[1], input[2]];
  throw new GanEvalError("usage.network", `expected height, width and channels as input, got [${input}]`, {
    hint: "Put a reshape layer before it.",
  });
}

/** @throws GanEvalError `usage.network` where nothing is left of an image */
export function requirePixels(output: Shape, input: Shape): Shape {
  if (output.every((side) => side >= 1)) return output;
  throw new GanEvalError("usage.network", `expected an image that is large enough, got [${input}]`, {
    hint: "Take larger images, or fewer layers that shrink them.",
  });
}
