// Opens an Inception network for the benchmarks.
import { existsSync } from "node:fs";
import path from "node:path";
import { openInceptionExtractor } from "../dist/extractors/inception/inception-extractor.js";

const shared = process.env.GAN_EVAL_SHARED ?? path.resolve(import.meta.dirname, "../../shared");
const partial = path.join(shared, "inception/inception-2015-12-05-partial.safetensors");

/** The installed network, or the partial one with its gaps filled: speed does not depend on the values. */
export function openBenchExtractor(engine, options) {
  const weights = existsSync(partial) ? { weights: partial, fillGaps: { seed: 2015 } } : {};
  return openInceptionExtractor(engine, { ...weights, ...options });
}
