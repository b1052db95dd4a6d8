/** Side inputs: what a network reads beside its input, by name, for each example. Labels have layers of their own. */

import type { Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { LayerRow } from "./layer-row.ts";
import { equalShapes, requireImage, type Shape } from "./shapes.ts";

export interface SideChannelsOptions {
  /** The side input `[height, width, channels]`, of the size that the image has here. */
  readonly side: string;
  readonly channels: number;
}

/** Appends the channels of a side input. */
export const sideChannels: LayerRow<SideChannelsOptions> = {
  sides: (input, { side, channels }) => {
    const [height, width] = requireImage(input);
    return { [side]: [height, width, channels] };
  },
  output: (input, { channels }) => {
    const [height, width, own] = requireImage(input);
    return [height, width, own + channels];
  },
  apply: (x, { sides }, { side }) => ({ output: tf.concat([x, sides![side]], 3) }),
};

type Sides = Readonly<Record<string, Shape>>;

/** The side inputs of several layers. @throws GanEvalError `usage.network` if two read one name in different shapes */
export function joinSides(all: readonly Sides[]): Sides {
  const joined: Record<string, Shape> = {};
  for (const [name, shape] of all.flatMap((sides) => Object.entries(sides))) {
    if (joined[name] !== undefined && !equalShapes(joined[name], shape))
      throw new GanEvalError(
        "usage.network",
        `expected one shape of the side input ${name} in all layers, got [${joined[name]}] and [${shape}]`,
      );
    joined[name] = shape;
  }
  return joined;
}

/** @throws GanEvalError `usage.network` where a side input is missing, or has another shape */
export function requireSideInputs(given: Tensors | undefined, sides: Sides): void {
  for (const [name, shape] of Object.entries(sides)) {
    const got = given?.[name];
    if (got !== undefined && equalShapes(got.shape.slice(1), shape)) continue;
    throw new GanEvalError(
      "usage.network",
      `expected a side input ${name} of [n,${shape}] with the input, got ${got ? `[${got.shape}]` : "none"}`,
    );
  }
}
