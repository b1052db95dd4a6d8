/** What a maker is fed: rows of held-out fields, and latents that are the same at every look. */

import { openRandomStream, type RandomStream } from "../train/random.ts";
import { makeInput } from "../train/scheme/inputs.ts";
import type { Maker, Scheme } from "../train/scheme/scheme.ts";

type Fields = Readonly<Record<string, Float32Array>>;

/** The first example of a batch, n times. */
function repeatFirst(values: Float32Array, n: number): Float32Array {
  const size = values.length / n;
  const out = new Float32Array(values.length);
  for (let i = 0; i < n; i++) out.set(values.subarray(0, size), i * size);
  return out;
}

/**
 * The inputs of n rows. What is drawn is drawn for each row; with `variant` once for all of them, so that a column of a
 * preview shows what one latent does to every image.
 */
export function makerToInputs(
  { inputs }: Scheme,
  maker: Maker,
  fields: Fields,
  n: number,
  seed: number,
  variant?: number,
): Fields {
  const random: RandomStream = openRandomStream(
    seed,
    variant === undefined ? "preview" : `preview ${variant}`,
  );
  const sources = {
    batchSize: n,
    batch: () => fields,
    progress: () => ({ round: 0, share: 1 }),
    carried: () => 0,
  };
  return Object.fromEntries(
    maker.inputs.map((name) => {
      const input = inputs[name];
      const made = makeInput(name, { ...input, batch: n }, random, sources) as Float32Array;
      const isDrawn = input.kind !== "field";
      return [name, isDrawn && variant !== undefined ? repeatFirst(made, n) : made] as const;
    }),
  );
}
