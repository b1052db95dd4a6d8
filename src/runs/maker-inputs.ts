/** What a maker is fed: rows of held-out fields, and latents that are the same at every look. */

import { openRandomStream, type RandomStream } from "../train/random.ts";
import { drawInput, repeatExample } from "../train/scheme/inputs.ts";
import type { Maker, Scheme } from "../train/scheme/scheme.ts";

type Fields = Readonly<Record<string, Float32Array>>;

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
  return Object.fromEntries(
    maker.inputs.map((name) => {
      const input = inputs[name];
      const made = drawInput(name, input, n, random, fields);
      if (input.kind === "field" || variant === undefined) return [name, made] as const;
      return [name, repeatExample(made.subarray(0, made.length / n), n)] as const;
    }),
  );
}
