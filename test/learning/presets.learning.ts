/** PyTorch-GAN's models of one generator and one discriminator are to make digits: by features, and by class where they are told one. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { CLASSIC_LESSONS } from "../../src/cli/commands/list-models/learnt-classic.ts";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { featuresToFrechet } from "../../src/metrics/fid.ts";
import { openGanTrainer } from "../../src/train/gan-trainer.ts";
import { drawLabels, labelsToOneHot } from "../../src/train/labels.ts";
import { drawLatents } from "../../src/train/latent.ts";
import { choicesToOptions, optionsToModel } from "../../src/train/model.ts";
import { type OpenedData, openData } from "../../src/train/open-data.ts";
import type { PresetName } from "../../src/train/presets.ts";
import { openRandomStream } from "../../src/train/random.ts";
import { openSampler } from "../../src/train/sampler.ts";
import { type ReadDigits, readDigits, rowToBest } from "./digits.ts";
import { judge, SEEDS } from "./learn.ts";

/** Samples, and held-out digits, that statistics are taken of. */
const N = 500;
const SIDE = 16;
const BATCH = 32;

let data: OpenedData;
let engine: Engine;
let real: ReadDigits;

beforeAll(async () => {
  data = await openData("digits", { size: SIDE, channels: 1, labels: "read", onError: "fail" });
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  real = await readDigits(data.heldOut(N).samples, SIDE);
});
afterAll(() => engine?.dispose());

async function learn(model: PresetName, rounds: number, seed: number) {
  const options = choicesToOptions({ model, batchSize: BATCH }, data);
  const gan = await optionsToModel(options, data);
  const given = { seed, rounds, rates: options.rates };
  const trainer = await openGanTrainer(engine, gan, data.training(seed), given);
  const sampler = await openSampler(engine, gan.generator.network, trainer.generator, N);
  const latents = drawLatents(gan.latent, N, openRandomStream(seed, "preview"));
  const labels = drawLabels(N, data.classes!, openRandomStream(seed, "evaluation"));
  const measure = async () => {
    const samples = await sampler.sample(latents, labelsToOneHot(labels, data.classes!));
    const { features, logits } = await readDigits(samples, SIDE);
    return {
      distance: featuresToFrechet(real.features, features).distance,
      right: labels.filter((label, i) => rowToBest(logits, i) === label).length / N,
    };
  };
  const { distance: untrained } = await measure();
  for (let round = 0; round < rounds; round++) await trainer.playRound();
  const figures = { ...(await measure()), untrained };
  await Promise.all([trainer.dispose(), sampler.dispose()]);
  return figures;
}

const rows = SEEDS.flatMap((seed) =>
  CLASSIC_LESSONS.map((lesson) => [lesson.model as PresetName, seed, lesson] as const),
);
describe.each(rows)("%s, seed %i,", (model, seed, lesson) => {
  it("makes digits", async () => {
    judge(lesson, seed, await learn(model, lesson.rounds, seed));
  });
});
