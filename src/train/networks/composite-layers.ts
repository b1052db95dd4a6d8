/** Layers made of chains of layers that see the same input. */
import * as tf from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import type { CompositeRow } from "./layer-row.ts";
import type { Layer } from "./layers.ts";
import { equalShapes, requireImage } from "./shapes.ts";

export interface ResidualOptions {
  readonly body: readonly Layer[];
  /** The input itself if empty. */
  readonly shortcut: readonly Layer[];
}

export interface SkipOptions {
  readonly body: readonly Layer[];
}

/** body(x) + shortcut(x). He et al. 2016. */
export const residual: CompositeRow<ResidualOptions, readonly Layer[]> = {
  chains: ({ body, shortcut }) => ({ body, shortcut }),
  withChains: (options, chains) => ({ ...options, ...chains }),
  output: ({ body, shortcut }) => {
    if (equalShapes(body, shortcut)) return body;
    throw new GanEvalError(
      "usage.network",
      `expected a body and a shortcut of one shape, got [${body}] and [${shortcut}]`,
    );
  },
  join: ({ body, shortcut }) => tf.add(body, shortcut),
};

const BESIDE: readonly Layer[] = [];

/** The body's channels, and behind them the input's. Ronneberger et al. 2015. */
export const skip: CompositeRow<SkipOptions, readonly Layer[]> = {
  chains: ({ body }) => ({ body, beside: BESIDE }),
  withChains: (options, { body }) => ({ ...options, body }),
  output: ({ body, beside }) => {
    const [inner, outer] = [requireImage(body), requireImage(beside)];
    if (equalShapes(inner.slice(0, 2), outer.slice(0, 2))) return [...inner.slice(0, 2), inner[2] + outer[2]];
    throw new GanEvalError(
      "usage.network",
      `expected a body that keeps height and width, got [${body}] from [${beside}]`,
      { hint: "Take sides that the body can halve and double without a rest." },
    );
  },
  join: ({ body, beside }) => tf.concat([body, beside], 3),
};
