/** What looks at a run while it is trained: grids of samples, scores, the discriminator's opinion of new images. */
import type { RunConfig } from "../run-folder/run-config.ts";
import type { OpenedData } from "../train/data/opened-data.ts";
import type { GanModel } from "../train/gan-model.ts";
import { drawLabels, labelsToOneHot } from "../train/labels.ts";
import { drawLatents } from "../train/latent.ts";
import { openRandomStream } from "../train/random.ts";
import { openSampler } from "../train/sampler.ts";
import type { Trainer } from "../train/trainer.ts";
import { Disposables } from "./disposables.ts";
import { openGeneratorScorer } from "./evaluation/score-generator.ts";
import { openMakerScoring } from "./evaluation/score-makers.ts";
import { configToScorer, type Scoring } from "./evaluation/scoring.ts";
import type { PreparedRun } from "./prepare-run.ts";
import { openPreview, type Preview } from "./preview.ts";
import { openSchemePreview } from "./scheme-preview.ts";
import { type DiscriminatorProbe, openDiscriminatorProbe } from "./signals/discriminator-probe.ts";
import type { TrainOptions } from "./trained-run.ts";

export interface Instruments {
  readonly preview: Preview;
  readonly probe?: DiscriminatorProbe;
  readonly scoring?: Scoring;
  dispose(): Promise<void>;
}

/** Images that the discriminator's opinion of new ones is taken from, at most. */
const PROBED = 2048;
const SAMPLER_BATCH = 100;

type HeldOut = ReturnType<OpenedData["heldOut"]>;

/** A generator against a discriminator, and its data. */
interface OpenedGenerator {
  readonly data: OpenedData;
  readonly model: GanModel;
}

async function openProbe(
  { data, model }: OpenedGenerator,
  { engine, trainer }: PreparedRun,
  heldOut: HeldOut,
  seed: number,
) {
  if (data.heldOutCount === undefined || data.heldOutCount === 0) return undefined;
  const seen = data.training(seed).next(Math.min(PROBED, data.count!));
  return openDiscriminatorProbe(engine, model, trainer, { heldOut, seen });
}

/** The same latents and labels at every evaluation. */
function modelToEvaluated({ latent, generator }: GanModel, { seed, evalSamples }: RunConfig) {
  const random = openRandomStream(seed, "evaluation");
  const latents = drawLatents(latent, evalSamples, random);
  const { classes } = generator.network;
  const labels =
    classes === undefined ? undefined : labelsToOneHot(drawLabels(evalSamples, classes, random), classes);
  return { latents, labels };
}

async function openGeneratorScoring(
  { data, model }: OpenedGenerator,
  { engine, trainer }: { readonly engine: PreparedRun["engine"]; readonly trainer: Trainer },
  config: RunConfig,
  options: TrainOptions,
): Promise<Scoring> {
  const scorer = await openGeneratorScorer(data, configToScorer(config, options));
  try {
    const { network } = model.generator;
    const sampler = await openSampler(engine, network, trainer.generator, SAMPLER_BATCH);
    return {
      first: scorer.first,
      ...(scorer.floor && { floor: scorer.floor }),
      async examine() {
        const { latents, labels } = modelToEvaluated(model, config);
        return scorer.examine(await sampler.sample(latents, labels), config.evalSamples);
      },
      async dispose() {
        await sampler.dispose();
        await scorer.dispose();
      },
    };
  } catch (error) {
    await scorer.dispose();
    throw error;
  }
}

/** Opens them before the run's folder is written to: what is missing is found missing here. */
export async function openInstruments(
  prepared: PreparedRun,
  config: RunConfig,
  options: TrainOptions,
): Promise<Instruments> {
  const { subject, engine, trainer } = prepared;
  const { seed, evalEvery } = config;
  const opened = new Disposables();
  const dispose = () => opened.dispose();
  try {
    if (subject.kind === "makers") {
      const { data } = subject.domains;
      const preview = opened.keep(await openSchemePreview(engine, trainer, data, seed));
      const scoring =
        evalEvery === 0 ? undefined : await openMakerScoring(prepared, subject.domains, config, options);
      if (scoring) opened.keep(scoring);
      return { preview, ...(scoring && { scoring }), dispose };
    }
    const { data, model } = subject;
    const heldOut = data.heldOut(PROBED);
    const preview = opened.keep(await openPreview(engine, model, trainer, seed, heldOut.samples));
    const probe = await openProbe(subject, prepared, heldOut, seed);
    if (probe) opened.keep(probe);
    const scoring =
      evalEvery === 0
        ? undefined
        : opened.keep(await openGeneratorScoring(subject, prepared, config, options));
    return { preview, ...(probe && { probe }), ...(scoring && { scoring }), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
