/** Weights of networks that nobody owns: given with the scheme, the same from step to step. */
import type { ArrayValue } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import { specsToArrays } from "../networks/initial-arrays.ts";
import { under } from "../networks/names.ts";
import { openRandomStream } from "../random.ts";
import type { Scheme } from "./scheme.ts";

/** Weights of a frozen network, by a step's names. @throws GanEvalError `usage.scheme` where one is missing */
export function frozenArrays(
  name: string,
  { networks }: Scheme,
  arrays: Readonly<Record<string, ArrayValue>>,
): Record<string, Float32Array> {
  const { weights, buffers } = networks[name];
  const found = Object.entries(weights).map(([key, { shape }]) => {
    const given = arrays[key];
    if (given !== undefined && `${given.shape}` === `${shape}`) return [key, given.data as Float32Array];
    throw new GanEvalError(
      "usage.scheme",
      `expected the array ${key} of shape [${shape}] for the network ${name}, got ${given ? `[${given.shape}]` : "none"}`,
    );
  });
  const kept = specsToArrays(buffers, openRandomStream(0, "weights"));
  return {
    ...under(`${name}/weights`, Object.fromEntries(found)),
    ...under(
      `${name}/buffers`,
      Object.fromEntries(Object.entries(kept).map(([key, { data }]) => [key, data as Float32Array])),
    ),
  };
}
