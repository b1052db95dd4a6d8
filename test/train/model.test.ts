import { describe, expect, it } from "vitest";
import type { GanModel } from "../../src/train/gan-model.ts";
import {
  choicesToOptions,
  type DataFacts,
  type ModelChoices,
  optionsToModel,
  optionsToWarnings,
} from "../../src/train/model.ts";
import { PRESETS, type PresetName } from "../../src/train/presets.ts";

const DIGITS: DataFacts = { shape: [16, 16, 1], classes: 10 };
const POINTS: DataFacts = { shape: [2] };

const toGame = (choices: ModelChoices, data = DIGITS): Promise<GanModel> =>
  optionsToModel(choicesToOptions(choices, data), data);

const both = (rate: number) => ({ generator: rate, discriminator: rate });

describe("the options of a model", () => {
  it("are the preset's, and PyTorch-GAN's defaults where it says nothing", () => {
    expect(choicesToOptions({}, DIGITS)).toMatchObject({
      ...{ model: "gan", loss: "non-saturating", net: "mlp", optimizer: "adam", b1: 0.5, b2: 0.999 },
      ...{
        batchSize: 64,
        latentDim: 100,
        latentDistribution: "normal",
        discriminatorSteps: 1,
        generatorSteps: 1,
      },
      ...{
        rates: both(2e-4),
        clipValue: 0,
        packing: 1,
        conditional: false,
        schedule: "constant",
        emaDecay: 0,
      },
    });
    expect(choicesToOptions({ model: "wgan" }, DIGITS)).toMatchObject({
      ...{
        loss: "wasserstein",
        clipValue: 0.01,
        optimizer: "rmsprop",
        rates: both(5e-5),
        discriminatorSteps: 5,
      },
    });
    expect(choicesToOptions({ model: "wgan_gp" }, DIGITS)).toMatchObject({
      ...{ penalty: [{ name: "interpolated", weight: 10 }], discriminatorSteps: 5, rates: both(2e-4) },
    });
    expect(choicesToOptions({ model: "goodfellow2014" }, DIGITS)).toMatchObject({
      ...{ optimizer: "sgd", momentum: 0.5, rates: both(0.1), batchSize: 100, latentDistribution: "uniform" },
    });
    expect(choicesToOptions({ model: "infogan" }, DIGITS)).toMatchObject({
      ...{ latentDim: 62, categories: [10], codes: 2, auxiliary: [{ name: "information" }] },
    });
    expect(choicesToOptions({ model: "began" }, DIGITS)).toMatchObject({
      ...{ critic: { kind: "autoencoder", error: "absolute" }, gamma: 0.75, lambdaK: 0.001, latentDim: 62 },
    });
  });

  it("have a user's choices in the preset's places, but for those that are undefined", () => {
    const options = choicesToOptions(
      { model: "wgan", loss: "hinge", clipValue: 0, latentDim: undefined, packing: 2, rates: both(1) },
      DIGITS,
    );
    expect(options).toMatchObject({
      loss: "hinge",
      clipValue: 0,
      latentDim: 100,
      packing: 2,
      rates: both(1),
    });
    expect(options).toMatchObject({ optimizer: "rmsprop", discriminatorSteps: 5 });
  });

  it.each(Object.keys(PRESETS) as PresetName[])(
    "%s: can be taken for choices again, and change nothing",
    (model) => {
      for (const data of [DIGITS, POINTS]) {
        const options = choicesToOptions({ model }, data);
        expect(choicesToOptions(options, data)).toEqual(options);
        expect(JSON.parse(JSON.stringify(options))).toEqual(options);
      }
    },
  );

  it("of points are for small networks, with a larger batch and rate, whatever the preset has for images", () => {
    expect(choicesToOptions({ model: "dcgan" }, POINTS)).toMatchObject({
      ...{ net: "toy", latentDim: 2, batchSize: 256, rates: both(1e-3), hiddenLayers: 2, hiddenUnits: 128 },
    });
    expect(choicesToOptions({ model: "cgan" }, POINTS).net).toBe("toy");
    expect(choicesToOptions({ model: "wgan" }, POINTS).rates).toEqual(both(1e-3));
    // Plain gradient descent has a rate that is larger still.
    expect(choicesToOptions({ model: "goodfellow2014" }, POINTS)).toMatchObject({
      batchSize: 100,
      rates: both(0.1),
    });
    expect(choicesToOptions({ model: "gan", net: "pacgan-toy", latentDim: 3 }, POINTS)).toMatchObject({
      ...{ net: "pacgan-toy", latentDim: 3 },
    });
  });
});

describe("the game of options", () => {
  it.each<[string, ModelChoices, object]>([
    ["clipping", { clipValue: 0.02 }, { clipValue: 0.02 }],
    ["orthogonal regularisation", { orthogonal: 1e-4 }, { orthogonal: 1e-4 }],
    ["smoothing", { smoothing: 0.1 }, { smoothing: 0.1 }],
    ["instance noise", { instanceNoise: 0.2 }, { instanceNoise: 0.2 }],
    ["a running average", { emaDecay: 0.999 }, { emaDecay: 0.999 }],
    [
      "bounded gradients",
      { gradientClip: 5 },
      { generator: { gradientClip: 5 }, discriminator: { gradientClip: 5 } },
    ],
    ["a margin", { margin: 3 }, { margin: 3 }],
    ["BEGAN's numbers", { gamma: 0.5, lambdaK: 0.01 }, { gamma: 0.5, lambdaK: 0.01 }],
    ["penalties", { penalty: [{ name: "r1", weight: 3 }] }, { penalties: [{ name: "r1", weight: 3 }] }],
    [
      "an optimizer",
      { optimizer: "sgd", momentum: 0.9, b1: 0, b2: 0.9 },
      { generator: { optimizer: "sgd", optimizerOptions: { momentum: 0.9, b1: 0, b2: 0.9 } } },
    ],
    [
      "packs",
      { packing: 2, batchSize: 8 },
      { packing: 2, batchSize: 8, discriminator: { network: { input: [16, 16, 2] } } },
    ],
    [
      "a latent",
      { latentDim: 5, latentDistribution: "uniform", codes: 2, categories: [3] },
      {
        latent: { noise: 5, distribution: "uniform", categories: [3], codes: 2 },
        generator: { network: { input: [10] } },
      },
    ],
  ])("has %s", async (_what, choices, expected) => {
    expect(await toGame(choices)).toMatchObject(expected);
  });

  it("leaves out what options have switched off", async () => {
    const game = await toGame({});
    for (const name of ["clipValue", "orthogonal", "smoothing", "instanceNoise", "emaDecay"])
      expect(game).not.toHaveProperty(name);
    expect(game.generator).not.toHaveProperty("gradientClip");
  });

  it("shares the fakes where each player takes one step", async () => {
    expect((await toGame({})).sharedFakes).toBe(true);
    expect((await toGame({ discriminatorSteps: 2 })).sharedFakes).toBe(false);
    expect((await toGame({ generatorSteps: 2 })).sharedFakes).toBe(false);
  });

  it("tells both networks the class, but no discriminator that is asked for it", async () => {
    const classesOf = ({ generator, discriminator }: GanModel) => [
      generator.network.classes,
      discriminator.network.classes,
    ];
    expect(classesOf(await toGame({ conditional: true }))).toEqual([10, 10]);
    expect(classesOf(await toGame({ model: "cgan" }))).toEqual([10, 10]);
    expect(classesOf(await toGame({}))).toEqual([undefined, undefined]);
    for (const net of ["conditional-up-sampling", "mlp", "resnet"] as const)
      expect(classesOf(await toGame({ model: "acgan", net })), net).toEqual([10, undefined]);
    const points = { shape: [2], classes: 3 };
    expect(classesOf(await toGame({ model: "acgan" }, points))).toEqual([3, undefined]);
    expect((await toGame({ model: "acgan" }, points)).discriminator.network.output).toEqual([4]);
  });

  it("has a spectral norm of the networks that were chosen, and the minibatch deviation", async () => {
    const vectors = ({ generator, discriminator }: GanModel) =>
      [generator, discriminator].map(({ network }) =>
        Object.keys(network.buffers).some((name) => name.endsWith("/u")),
      );
    expect(vectors(await toGame({ spectralNorm: "none" }))).toEqual([false, false]);
    expect(vectors(await toGame({ spectralNorm: "discriminator" }))).toEqual([false, true]);
    expect(vectors(await toGame({ spectralNorm: "both" }))).toEqual([true, true]);
    const { discriminator } = await toGame({ minibatchDeviation: true, spectralNorm: "discriminator" });
    expect(discriminator.network.layers.map(({ kind }) => kind).slice(-2)).toEqual([
      "batch-deviation",
      "dense",
    ]);
    expect(Object.keys(discriminator.network.buffers)).not.toEqual([]);
  });

  it.each<[string, ModelChoices, DataFacts, string, RegExp]>([
    [
      "labels that the data have not",
      { model: "cgan" },
      { shape: [16, 16, 1] },
      "usage.labels",
      /with class labels .* got none/,
    ],
    [
      "classes that the data have not",
      { model: "sgan" },
      { shape: [16, 16, 1] },
      "usage.labels",
      /with class labels/,
    ],
    [
      "an autoencoder of points",
      { model: "began" },
      POINTS,
      "usage.network",
      /height, width and channels as input, got \[2\]/,
    ],
    [
      "an autoencoder that also classifies",
      { model: "began", auxiliary: [{ name: "classification" }] },
      DIGITS,
      "usage.network",
      /an autoencoder without outputs besides its image, got/,
    ],
    [
      "an autoencoder's error of other networks",
      { model: "ebgan", net: "mlp" },
      DIGITS,
      "usage.network",
      /an autoencoder as discriminator/,
    ],
    [
      "an embedding of other networks",
      { auxiliary: [{ name: "pull-away" }] },
      DIGITS,
      "usage.network",
      /marked embedding/,
    ],
    [
      "smoothing without a target",
      { loss: "hinge", smoothing: 0.1 },
      DIGITS,
      "usage.network",
      /no label smoothing/,
    ],
    [
      "packs of classes",
      { model: "cgan", packing: 2 },
      DIGITS,
      "usage.network",
      /packing without class labels/,
    ],
    [
      "images for networks of points",
      { net: "toy" },
      DIGITS,
      "usage.network",
      /expected points, got data of shape \[/,
    ],
  ])("refuses %s", async (_what, choices, data, code, message) => {
    await expect(toGame(choices, data)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe("warnings", () => {
  const warn = async (choices: ModelChoices) => {
    const options = choicesToOptions(choices, DIGITS);
    return optionsToWarnings(options, await optionsToModel(options, DIGITS)).map(({ code }) => code);
  };

  it("name a penalty on a discriminator that mixes its batch", async () => {
    expect(await warn({ model: "wgan_gp", net: "dcgan" })).toEqual(["penalty-with-batch-norm"]);
    expect(await warn({ model: "wgan_gp", minibatchDeviation: true })).toEqual(["penalty-with-batch-norm"]);
    expect(await warn({ model: "wgan_gp" })).toEqual([]);
    expect(await warn({ model: "gan", net: "dcgan" })).toEqual([]);
  });

  it("name a Wasserstein critic that nothing bounds", async () => {
    expect(await warn({ loss: "wasserstein" })).toEqual(["unbounded-critic"]);
    expect(await warn({ model: "wgan", clipValue: 0 })).toEqual(["unbounded-critic"]);
    for (const bound of [
      { clipValue: 0.01 },
      { penalty: [{ name: "r1" }] },
      { spectralNorm: "discriminator" },
    ] as const)
      expect(await warn({ loss: "wasserstein", ...bound })).toEqual([]);
  });

  it("name sizes of toy networks that other networks do not read", async () => {
    expect(await warn({ hiddenUnits: 16 })).toEqual(["unread-option"]);
    expect(await warn({ hiddenLayers: 3 })).toEqual(["unread-option"]);
    const options = choicesToOptions({ hiddenUnits: 16 }, { shape: [2] });
    expect(optionsToWarnings(options, await optionsToModel(options, { shape: [2] }))).toEqual([]);
  });

  it("do not come with any preset as it is, but DRAGAN's networks", async () => {
    const names = Object.keys(PRESETS) as PresetName[];
    const warned = await Promise.all(names.map(async (model) => [model, await warn({ model })] as const));
    expect(warned.filter(([, codes]) => codes.length > 0)).toEqual([["dragan", ["penalty-with-batch-norm"]]]);
  });
});
