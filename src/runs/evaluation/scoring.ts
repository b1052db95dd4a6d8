/** Scores of what is trained, again and again: what every kind of model offers, and a scorer's options from a run's. */
import type { RunConfig } from "../../run-folder/run-config.ts";
import type { TrainOptions } from "../trained-run.ts";
import type { Examined, GeneratorScorer } from "./score-generator.ts";

/** Scores what is trained as it is now, on the same latents or held-out samples each time. */
export interface Scoring extends Pick<GeneratorScorer, "first" | "floor"> {
  examine(): Promise<Examined>;
  dispose(): Promise<void>;
}

/** Options of a scorer, from a run's. */
export const configToScorer = (
  config: RunConfig,
  { weights, cacheDir, offline, signal, onProgress }: TrainOptions,
) => ({
  metrics: config.evalMetrics.length > 0 ? config.evalMetrics : undefined,
  extractor: config.extractor ?? undefined,
  samples: config.evalSamples,
  ci: config.evalCi,
  engine: config.engine,
  device: config.device,
  ...(config.threads !== null && { threads: config.threads }),
  ...(config.selfCheck !== undefined && { selfCheck: config.selfCheck }),
  ...(weights !== undefined && { weights }),
  ...(cacheDir !== undefined && { cacheDir }),
  ...(offline !== undefined && { offline }),
  signal,
  onProgress,
});
