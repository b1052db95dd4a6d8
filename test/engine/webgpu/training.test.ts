/** Rounds of training on WebGPU: the losses, norms and steps of the CPU, its state and its images on the device. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { PRESETS, type PresetName } from "../../../src/train/presets.ts";
import type { Scheme } from "../../../src/train/scheme/scheme.ts";
import { SCHEME_MODELS, type SchemeModelName } from "../../../src/train/schemes/models.ts";
import { Trainer } from "../../../src/train/trainer.ts";
import { openSmallModel } from "../../train/schemes/small-models.ts";
import { presetToScheme, smallImages } from "../../train/small-presets.ts";
import { haveWebGpu } from "./software-gpu.ts";

const HAS_GPU = process.env.GAN_EVAL_TEST_WEBGPU === "1";
/** In software a preset takes half a minute: a dense one, one of second derivatives, one of convolutions. With a GPU all. */
const MODELS = HAS_GPU ? (Object.keys(PRESETS) as PresetName[]) : (["gan", "wgan_gp", "dcgan"] as const);
/** One of each family of several networks; with a GPU all. */
const FAMILIES = HAS_GPU
  ? (Object.keys(SCHEME_MODELS) as SchemeModelName[])
  : (["pix2pix", "cyclegan", "esrgan", "ccgan", "cogan", "stargan", "unit", "aae"] as const);
/** Of the largest number of a kind: sums in another order, twice through an optimizer. */
const TOLERANCE = 1e-3;
const OPTIONS = { seed: 1, rates: { generator: 2e-4, discriminator: 2e-4 }, rounds: 2 };

/** Presets without normalisation train with Adam; elsewhere it makes a full step of a gradient that is nothing but rounding. */
const WITH_ADAM: readonly PresetName[] = ["gan", "wgan_gp"];

function withSteadySteps(scheme: Scheme): Scheme {
  const players = Object.entries(scheme.players).map(([name, player]) => [
    name,
    { ...player, optimizer: "sgd" },
  ]);
  return { ...scheme, players: Object.fromEntries(players) };
}

/** What rounds record: scalars, and each layer's norms. */
async function playRounds(trainer: Trainer, rounds: number): Promise<Record<string, number>> {
  const recorded: Record<string, number> = {};
  for (let round = 1; round <= rounds; round++) {
    const { scalars, layers } = await trainer.playRound(true);
    for (const [name, value] of Object.entries(scalars)) recorded[`${round} ${name}`] = value;
    // How many slopes are exactly zero is a matter of rounding.
    for (const [network, rows] of Object.entries(layers))
      for (const { layer, ...norms } of rows)
        for (const [name, value] of Object.entries(norms))
          if (typeof value === "number" && name !== "zeros")
            recorded[`${round} ${network} ${layer} ${name}`] = value;
  }
  await trainer.dispose();
  return recorded;
}

function expectClose(actual: Record<string, number>, expected: Record<string, number>): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, number] of Object.entries(expected)) {
    if (Number.isNaN(number)) {
      expect(actual[name], name).toBeNaN();
      continue;
    }
    expect(Number.isFinite(actual[name]), name).toBe(true);
    expect(
      Math.abs(actual[name]! - number) / Math.max(Math.abs(number), 1e-3),
      `${name}: ${actual[name]} for ${number}`,
    ).toBeLessThan(TOLERANCE);
  }
}

describe.skipIf(!haveWebGpu())("on WebGPU", () => {
  let cpu: Engine;
  let gpu: Engine;
  beforeAll(async () => {
    cpu = await openOnnxEngine({ device: "cpu", threads: 1 });
    gpu = await openOnnxEngine({ device: "webgpu", threads: 1, selfCheck: true });
  });
  afterAll(async () => {
    await cpu?.dispose();
    await gpu?.dispose();
  });

  it.each(MODELS)(
    "two rounds of %s are those of the CPU, from images that lie on the device",
    async (model) => {
      const own = await presetToScheme(model);
      const scheme = WITH_ADAM.includes(model) ? own : withSteadySteps(own);
      const expected = await playRounds(await Trainer.open(cpu, scheme, smallImages(), OPTIONS), 2);
      const data = smallImages();
      data.next = () => {
        throw new Error("a batch was made here");
      };
      expectClose(await playRounds(await Trainer.open(gpu, scheme, data, OPTIONS), 2), expected);
    },
    300_000,
  );

  it.each(FAMILIES)(
    "a round of %s is that of the CPU",
    async (model) => {
      const open = () => openSmallModel(model, { optimizer: "sgd" });
      const [one, other] = [await open(), await open()];
      const expected = await playRounds(await Trainer.open(cpu, one.scheme, one.data, OPTIONS), 1);
      const actual = await playRounds(await Trainer.open(gpu, other.scheme, other.data, OPTIONS), 1);
      expectClose(actual, expected);
    },
    300_000,
  );

  it("a run that is left and taken up again has the bytes of one that was not", async () => {
    const scheme = await presetToScheme("gan");
    const open = () => Trainer.open(gpu, scheme, smallImages(), OPTIONS);
    const [whole, resumed] = [await open(), await open()];
    await whole.playRound();
    await whole.bringHome();
    resumed.restore(whole.save());
    for (const trainer of [whole, resumed]) {
      await trainer.playRound();
      await trainer.bringHome();
    }
    expect(resumed.save()).toEqual(whole.save());
    await Promise.all([whole.dispose(), resumed.dispose()]);
  }, 300_000);
});
