/** The GAN that `gan-eval demo` trains: the classic one, on the digits in the package. */

import path from "node:path";
import { USUAL_BATCH } from "../../../evaluate/batch-size.ts";
import { withNumberedFolder } from "../../../run-folder/reserve.ts";
import { roundToLocation } from "../../../run-folder/run-folder.ts";
import type { TrainRequest } from "../../../runs/train.ts";
import type { CommandContext } from "../../command.ts";
import type { OptionValues } from "../../options.ts";
import { contextToWatch } from "../train/request.ts";

export type DemoValues = OptionValues<
  "demoRounds" | "batchSize" | "engine" | "device" | "threads" | "selfCheck"
>;

/** What it learnt, and where that lies. */
export interface DemoTraining {
  readonly folder: string;
  readonly rounds: number;
  readonly epochs: number;
  readonly seconds: number;
  /** Samples in a file, to be scored like the other sets. */
  readonly samples: string;
  /** An image of some of them. */
  readonly grid: string;
  /** Precision and recall against the digits set apart, and a perfect generator's. */
  readonly scores: Readonly<Record<string, number>>;
  readonly floor: Readonly<Record<string, number>>;
}

/** As many as each of the other sets has. */
const SAMPLES = 2000;
const SEED = 2020;
const GRIDS = 5;
/**
 * What makes the most recognisable digits in a minute, of what was tried on the classic model: smaller batches (more
 * rounds), a larger rate than 0.0002, and a running average over some hundred rounds, whose strokes are smoother.
 */
const CHOICES = { model: "gan", batchSize: 32, emaDecay: 0.995 } as const;
const RATE = 8e-4;

function valuesToRequest(values: DemoValues, folder: string, context: CommandContext): TrainRequest {
  const { demoRounds: rounds, engine, device, threads, selfCheck } = values;
  return {
    data: { data: "digits" },
    model: CHOICES,
    lr: RATE,
    recording: {
      seed: SEED,
      sampleInterval: Math.max(1, Math.floor(rounds / GRIDS)),
      checkpointInterval: rounds,
      keepCheckpoints: 1,
      evalEvery: rounds,
      evalSamples: SAMPLES,
      evalMetrics: ["precision", "recall"],
      extractor: "digits",
    },
    rounds,
    computation: { engine, device, threads, selfCheck },
    folder,
    command: context.argv,
    ...contextToWatch(context),
  };
}

/** Trains into a folder of its own and makes as many samples as a set has. */
export const trainDemo = (values: DemoValues, context: CommandContext): Promise<DemoTraining> =>
  withNumberedFolder("demo", (folder) => trainInto(folder, values, context));

async function trainInto(folder: string, values: DemoValues, context: CommandContext): Promise<DemoTraining> {
  const { batchSize, engine, device, threads, selfCheck } = values;
  const { library, steadyClock, signal, onProgress } = context;
  const trained = await library.train(valuesToRequest(values, folder, context));
  const samples = path.join(folder, "samples.npz");
  await library.generate({
    ...{ run: folder, checkpoint: "latest", n: SAMPLES, seed: SEED, out: samples },
    ...{ batchSize: batchSize ?? USUAL_BATCH, engine, device, threads, selfCheck },
    ...{ onProgress, signal, steadyClock },
  });
  return {
    folder,
    rounds: trained.rounds,
    epochs: trained.epochs,
    seconds: trained.seconds,
    samples,
    grid: roundToLocation(folder, "samples", trained.rounds),
    scores: trained.scores ?? {},
    floor: trained.floor ?? {},
  };
}
