/** A generator's values in -1..1 as bytes. */
import { GanEvalError } from "../../errors.ts";

/**
 * A generator's values as bytes: `floor((x + 1) 127.5 + 1/2)`, clamped to 0..255; the inverse of `p / 127.5 - 1`.
 *
 * @param samples in [-1, 1], of any shape, which is kept
 * @throws GanEvalError `input.samples` for NaN, which no byte stands for
 */
export function samplesToPixels(samples: Float32Array): Uint8Array {
  const pixels = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) {
    const level = (samples[i] + 1) * 127.5;
    if (Number.isNaN(level))
      throw new GanEvalError("input.samples", `expected samples in [-1, 1], got NaN at ${i}`, {
        hint: "The generator diverged: use an earlier checkpoint, or train with a lower learning rate.",
      });
    pixels[i] = Math.floor(Math.min(255, Math.max(0, level)) + 0.5);
  }
  return pixels;
}
