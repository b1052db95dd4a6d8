/** What pytorch-CycleGAN-and-pix2pix's flags mean here: the options that they stand for, and the numbers of these. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { RunRequest } from "../../../src/runs/request-to-config.ts";
import { requestToData } from "../../../src/runs/request-to-config.ts";
import { parameterCount } from "../../../src/train/networks/network.ts";
import { STAND_FOR } from "../../../src/train/options/schemes.ts";
import { scheduleToRate } from "../../../src/train/schedules.ts";
import { choicesToSchemeOptions } from "../../../src/train/scheme-model.ts";
import { CYCLE_KINDS, cycleScheme } from "../../../src/train/schemes/cycle.ts";
import { SCHEME_MODELS, type SchemeModelName } from "../../../src/train/schemes/models.ts";
import { pairedScheme } from "../../../src/train/schemes/paired.ts";
import { line, runStep, SMALL, withNetworks } from "./made-schemes.ts";
import { expectPlays, TINY } from "./played-schemes.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const isTranslator = (name: string): boolean =>
  "translator" in SCHEME_MODELS[name as SchemeModelName].options;
const NAMES = Object.keys(SCHEME_MODELS) as SchemeModelName[];
const TRANSLATORS = NAMES.filter(isTranslator);
const at = (network: string) => `${network}/weights/convolution1/weights`;

describe("flags of a translator", () => {
  it.each(TRANSLATORS)("of %s decide what they stand for, and are not kept themselves", (model) => {
    for (const ganMode of ["vanilla", "lsgan", "wgangp"] as const) {
      const { loss, termWeights, ...others } = choicesToSchemeOptions(model, { ganMode });
      expect(loss).toBe(STAND_FOR.ganMode[ganMode].loss);
      expect(termWeights).toEqual({
        ...SCHEME_MODELS[model].weights,
        penalty: ganMode === "wgangp" ? 10 : 0,
      });
      expect(others).not.toHaveProperty("ganMode");
    }
    expect(choicesToSchemeOptions(model, { lrPolicy: "cosine" })).toMatchObject({ schedule: "cosine" });
  });

  it.each(NAMES.filter((name) => !isTranslator(name)))("are not taken by %s", (model) => {
    for (const choice of [{ ganMode: "lsgan" }, { lrPolicy: "linear" }] as const)
      expect(() => choicesToSchemeOptions(model, choice)).toThrow(`expected an option that ${model} has`);
  });

  it("give way to a weight, and contradict another loss or schedule", () => {
    const weighted = choicesToSchemeOptions("cyclegan", { ganMode: "wgangp", termWeights: { penalty: 3 } });
    expect(weighted.termWeights).toMatchObject({ penalty: 3, cycle: 10 });
    expect(choicesToSchemeOptions("cyclegan", { ganMode: "lsgan", loss: "least-squares" }).loss).toBe(
      "least-squares",
    );
    expect(() => choicesToSchemeOptions("cyclegan", { ganMode: "lsgan", loss: "hinge" })).toThrow(
      "expected --gan-mode lsgan or --loss hinge, got both",
    );
    expect(() => choicesToSchemeOptions("pix2pix", { lrPolicy: "linear", schedule: "cosine" })).toThrow(
      "expected --lr-policy linear or --schedule cosine, got both",
    );
  });

  it("--lr-policy linear keeps the rate for the first half, and lets it fall to 0 in the second", () => {
    const { schedule } = choicesToSchemeOptions("cyclegan", { lrPolicy: "linear" });
    const [epochs, rate] = [200, 2e-4];
    // 1 - max(0, epoch - n_epochs) / n_epochs_decay, 100 epochs each.
    for (const [epoch, factor] of [
      [0, 1],
      [100, 1],
      [101, 0.99],
      [150, 0.5],
      [199, 0.01],
    ])
      expect(scheduleToRate(schedule, rate, epoch, epochs)).toBeCloseTo(rate * factor, 12);
  });
});

describe("--gan-mode wgangp, worked out by hand for networks of one weight", () => {
  const options = { ...SMALL, loss: "wasserstein" as const };

  it("of cyclegan: D(fake) - D(real) + 10 (slope - 1)^2", async () => {
    const weights = { adversarial: 1, cycle: 10, identity: 5, penalty: 10 };
    const lines = {
      "a-to-b": line(),
      "b-to-a": line(),
      "discriminator-a": line(),
      "discriminator-b": line(),
    };
    const fields = { a: [32, 32, 1], b: [32, 32, 1] };
    const made = cycleScheme({ options: { ...options, weights }, fields }, CYCLE_KINDS.cyclegan);
    const outputs = await runStep(engine, withNetworks(made, lines), made.plan[0].steps[0], {
      a: [0.5],
      b: [-0.8],
      [at("a-to-b")]: [0.6],
      [at("b-to-a")]: [1.2],
      [at("discriminator-a")]: [0.7],
      [at("discriminator-b")]: [-0.4],
      "mix-a": [0.3],
      "mix-b": [0.9],
    });
    expect(outputs["discriminator-a/loss"][0]).toBeCloseTo(0.7 * -0.96 - 0.7 * 0.5 + 10 * 0.3 ** 2, 5);
    expect(outputs["discriminator-b/loss"][0]).toBeCloseTo(-0.4 * 0.3 - -0.4 * -0.8 + 10 * 0.6 ** 2, 5);
  });

  it("of pix2pix: the slope is that in the image and in its input together", async () => {
    const weights = { adversarial: 1, pixel: 100, penalty: 10 };
    const made = pairedScheme({
      options: { ...options, weights },
      fields: { a: [32, 32, 1], b: [32, 32, 1] },
    });
    const scheme = withNetworks(made, { generator: line(), discriminator: line(2) });
    const outputs = await runStep(engine, scheme, made.plan[0].steps[0], {
      a: [0.5],
      b: [-0.8],
      [at("generator")]: [0.6],
      [at("discriminator")]: [0.7, -0.2],
      mix: [0.3],
    });
    const penalty = 10 * (Math.hypot(0.7, 0.2) - 1) ** 2;
    expect(outputs["discriminator/loss"][0]).toBeCloseTo(0.7 * 0.3 - 0.7 * -0.8 + penalty, 5);
    expect(outputs["generator/loss"][0]).toBeCloseTo(-(0.7 * 0.3 - 0.2 * 0.5) + 100 * 1.1, 4);
  });

  it.each([
    ["cyclegan", "drawn-recolour"],
    ["discogan", "drawn-recolour"],
    ["pix2pix", "drawn-outline"],
  ] as const)("%s gives the same bytes twice and when it is resumed", async (name, data) => {
    const weights = { penalty: 10 };
    await expectPlays(engine, name, data, {
      ...{ ...TINY, loss: "wasserstein", weights, discriminatorNet: "pixel", poolSize: 0 },
    });
  });
});

describe("--net-d", () => {
  const judgesOf = (discriminatorNet: "own" | "basic" | "pixel", side: number) => {
    const { discriminatorLayers } = choicesToSchemeOptions("cyclegan", { discriminatorNet });
    const options = {
      ...SMALL,
      discriminatorNet,
      discriminatorFilters: 64,
      discriminatorLayers: discriminatorLayers!,
    };
    const fields = { a: [side, side, 3], b: [side, side, 3] };
    const { networks } = cycleScheme({ options, fields }, CYCLE_KINDS.cyclegan);
    return [networks["discriminator-a"], pairedScheme({ options, fields }).networks.discriminator];
  };

  it("pixel is three windows of one pixel: a logit for each pixel, 8,705 weights of colour images", () => {
    const [unpaired, paired] = judgesOf("pixel", 64);
    expect(unpaired.output).toEqual([64, 64, 1]);
    // 3 x 64 + 64, 64 x 128 + 128, 128 + 1; of pairs 6 x 64 first.
    expect(parameterCount(unpaired)).toBe(8705);
    expect(parameterCount(paired)).toBe(8705 + 3 * 64);
  });

  it("basic is the network of 2,764,737 weights that sees patches of 70 x 70: a map of 30 x 30 of images of 256", () => {
    for (const network of judgesOf("basic", 256)) expect(network.output).toEqual([30, 30, 1]);
    expect(parameterCount(judgesOf("basic", 256)[0])).toBe(2_764_737);
  });

  it("basic has the depth that is given", () => {
    const { discriminatorLayers } = choicesToSchemeOptions("pix2pix", {
      ...{ discriminatorNet: "basic", discriminatorLayers: 2 },
    });
    expect(discriminatorLayers).toBe(2);
    expect(choicesToSchemeOptions("pix2pix", {}).discriminatorLayers).toBe(4);
  });
});

describe("--crop", () => {
  const request = (model: "pix2pix" | "cyclegan" | "dcgan", more: Partial<RunRequest>): RunRequest => ({
    ...{ folder: "runs/a", model: { model }, ...more },
    data: { data: "./facades", ...more.data },
  });

  it("is the image size, and a load size is what it is cut out of", () => {
    const cut = requestToData(request("pix2pix", { crop: 64, data: { loadSize: 72 } }));
    expect(cut).toMatchObject({ imgSize: 64, loadSize: 72 });
    expect(cut).toEqual(requestToData(request("pix2pix", { data: { imgSize: 64, loadSize: 72 } })));
    // A model's own load size goes along in proportion.
    expect(requestToData(request("cyclegan", { crop: 64 }))).toMatchObject({ imgSize: 64, loadSize: 72 });
  });

  it("is refused where there is nothing to cut off, beside another image size, and by models of samples", () => {
    expect(() => requestToData(request("pix2pix", { crop: 64 }))).toThrow(
      "expected --load-size beside --crop 64, got none",
    );
    expect(() => requestToData(request("cyclegan", { crop: 64, data: { imgSize: 32 } }))).toThrow(
      "expected --crop 64 or --img-size 32, got both",
    );
    expect(() => requestToData(request("dcgan", { crop: 64 }))).toThrow(
      "expected an option that dcgan has, got --crop",
    );
  });
});
