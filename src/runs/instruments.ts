/** What looks at a run while it is trained: grids of samples, scores, the discriminator's opinion of new images. */

import type { RunConfig } from "../run-folder/run-config.ts";
import type { OpenedData } from "../train/data/opened-data.ts";
import { openSampler, type Sampler } from "../train/sampler.ts";
import { type GeneratorScorer, openGeneratorScorer } from "./evaluation/score-generator.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { openPreview, type Preview } from "./preview.ts";
import { type DiscriminatorProbe, openDiscriminatorProbe } from "./signals/discriminator-probe.ts";
import type { TrainOptions } from "./trained-run.ts";

export interface Instruments {
  readonly preview: Preview;
  readonly probe?: DiscriminatorProbe;
  /** Scores, and what makes the samples for them. */
  readonly scoring?: { readonly scorer: GeneratorScorer; readonly sampler: Sampler };
  dispose(): Promise<void>;
}

/** Images that the discriminator's opinion of new ones is taken from, at most. */
const PROBED = 2048;
const SAMPLER_BATCH = 100;

async function openProbe(
  { data, engine, game, trainer }: PreparedRun,
  heldOut: ReturnType<OpenedData["heldOut"]>,
  seed: number,
) {
  if (data.heldOutCount === undefined || data.heldOutCount === 0) return undefined;
  const seen = data.training(seed).next(Math.min(PROBED, data.count!));
  return openDiscriminatorProbe(engine, game, trainer, { heldOut, seen });
}

const openScorer = (
  { data }: PreparedRun,
  config: RunConfig,
  { weights, cacheDir, offline, signal, onProgress }: TrainOptions,
): Promise<GeneratorScorer> =>
  openGeneratorScorer(data, {
    metrics: config.evalMetrics.length > 0 ? config.evalMetrics : undefined,
    extractor: config.extractor ?? undefined,
    samples: config.evalSamples,
    engine: config.engine,
    device: config.device,
    ...(config.threads !== null && { threads: config.threads }),
    ...(weights !== undefined && { weights }),
    ...(cacheDir !== undefined && { cacheDir }),
    ...(offline !== undefined && { offline }),
    signal,
    onProgress,
  });

/** Opens them before the run's folder is written to: what is missing is found missing here. */
export async function openInstruments(
  prepared: PreparedRun,
  config: RunConfig,
  options: TrainOptions,
): Promise<Instruments> {
  const { data, game, engine, trainer } = prepared;
  const opened: { dispose(): Promise<void> }[] = [];
  const keep = <T extends { dispose(): Promise<void> }>(one: T): T => {
    opened.push(one);
    return one;
  };
  const dispose = async (): Promise<void> => {
    for (const one of opened.splice(0)) await one.dispose();
  };
  try {
    const heldOut = data.heldOut(PROBED);
    const preview = keep(await openPreview(engine, game, trainer, config.seed, heldOut.samples));
    const probe = await openProbe(prepared, heldOut, config.seed);
    if (probe) keep(probe);
    if (config.evalEvery === 0) return { preview, ...(probe && { probe }), dispose };
    const scorer = keep(await openScorer(prepared, config, options));
    const { network } = game.generator;
    const sampler = keep(await openSampler(engine, network, trainer.generator, SAMPLER_BATCH));
    return { preview, ...(probe && { probe }), scoring: { scorer, sampler }, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
