import { describe, expect, it } from "vitest";
import { checkModel, type GanModel, headsOf, samplesOf } from "../../src/train/gan-model.ts";
import { toyNetwork } from "../../src/train/networks/mlp.ts";
import { packedShape } from "../../src/train/networks/shapes.ts";
import {
  LINEAR,
  modelToStep,
  TINY,
  TINY_CLASSES,
  tinyAutoencoder,
  tinyDiscriminator,
  tinyGenerator,
} from "./games.ts";

const player = (network: GanModel["generator"]["network"]) => ({ network, optimizer: "sgd" }) as const;
const classes = TINY_CLASSES;

describe("a game that can be played is taken", () => {
  it.each<[string, Partial<GanModel>]>([
    ["two players", {}],
    [
      "an autoencoder",
      { critic: { kind: "autoencoder", error: "squared" }, discriminator: player(tinyAutoencoder()) },
    ],
    [
      "a pull-away term on it",
      {
        critic: { kind: "autoencoder", error: "squared" },
        discriminator: player(tinyAutoencoder()),
        auxiliaries: [{ name: "pull-away" }],
      },
    ],
    [
      "a classifier",
      {
        classes,
        auxiliaries: [{ name: "classification" }],
        discriminator: player(tinyDiscriminator({ outputs: 1 + classes })),
      },
    ],
    ["packs", { packing: 3, discriminator: player(tinyDiscriminator({ packing: 3 })) }],
    [
      "codes",
      {
        latent: { noise: 3, distribution: "normal", categories: [2, 3], codes: 1 },
        generator: player(tinyGenerator(9)),
        auxiliaries: [{ name: "information" }],
        discriminator: player(tinyDiscriminator({ outputs: 7 })),
      },
    ],
  ])("%s", (_what, change) => {
    expect(() => checkModel({ ...TINY, ...change })).not.toThrow();
  });
});

describe("a game that cannot be played is refused", () => {
  it.each<[string, Partial<GanModel>, string, RegExp]>([
    [
      "a generator of other latents",
      { latent: { noise: 2, distribution: "normal", codes: 2 } },
      "usage.network",
      /generator with latents of \[4\], got one with \[3\]/,
    ],
    [
      "a generator of other images",
      { generator: player(toyNetwork(3, 2, { hidden: 0, units: 1 })) },
      "usage.network",
      /output is the discriminator's input, \[2,2,1\], got \[2\]$/,
    ],
    [
      "a discriminator of other packs",
      { packing: 3, discriminator: player(tinyDiscriminator({ packing: 2 })) },
      "usage.network",
      /\[2,2,2\], got \[2,2,1\], packed \[2,2,3\]/,
    ],
    [
      "an autoencoder that gives something else",
      { critic: { kind: "autoencoder", error: "absolute" } },
      "usage.network",
      /an autoencoder as discriminator, got a network from \[2,2,1\] to \[1\]/,
    ],
    [
      "more than a logit",
      { discriminator: player(tinyDiscriminator({ outputs: 2 })) },
      "usage.network",
      /output of one logit, got \[2\]/,
    ],
    [
      "a discriminator without the numbers that an auxiliary asks for",
      { classes, auxiliaries: [{ name: "semi-supervised" }] },
      "usage.network",
      /5 numbers \(the logit and classes\), got \[1\]/,
    ],
    [
      "a generator of other classes",
      { classes, generator: player(tinyGenerator(3, 4)) },
      "usage.network",
      /networks for 3 classes, got one for 4/,
    ],
    [
      "a discriminator that reads labels where there are none",
      { discriminator: player(tinyDiscriminator({ classes })) },
      "usage.network",
      /networks for no classes, got one for 3/,
    ],
    [
      "an auxiliary that reads labels where there are none",
      { auxiliaries: [{ name: "classification" }], discriminator: player(tinyDiscriminator({ outputs: 1 })) },
      "usage.network",
      /a number of classes for networks that read labels, got none/,
    ],
    [
      "packs of labelled samples",
      {
        classes,
        packing: 2,
        generator: player(tinyGenerator(3, classes)),
        discriminator: player(tinyDiscriminator({ packing: 2 })),
      },
      "usage.network",
      /packing without class labels/,
    ],
    [
      "a pull-away term without an embedding",
      { auxiliaries: [{ name: "pull-away" }] },
      "usage.network",
      /marked embedding for the pull-away term/,
    ],
    [
      "smoothing of a loss without a target",
      { loss: "hinge", smoothing: 0.1 },
      "usage.network",
      /no label smoothing with the loss hinge, got 0.1/,
    ],
    [
      "shared fakes for several discriminator steps",
      { discriminatorSteps: 2 },
      "usage.discriminator-steps",
      /one step of each network with shared fakes, got 2 and 1/,
    ],
    [
      "shared fakes for several generator steps",
      { generatorSteps: 3 },
      "usage.discriminator-steps",
      /got 1 and 3/,
    ],
  ])("%s", (_what, change, code, message) => {
    const game: GanModel = { ...TINY, ...change };
    const refusal = expect.objectContaining({ code, message: expect.stringMatching(message) });
    expect(() => checkModel(game)).toThrow(refusal);
    expect(() => modelToStep(game, ["generator"])).toThrow(refusal);
  });
});

describe("what follows from a game", () => {
  it("packs of samples make the channels as many times as many, and a step's samples too", () => {
    expect(packedShape([4, 5, 3], 2)).toEqual([4, 5, 6]);
    expect(packedShape([2], 3)).toEqual([6]);
    expect(samplesOf({ ...LINEAR, batchSize: 8, packing: 3 })).toBe(24);
  });

  it("heads are those of all auxiliaries, in their order", () => {
    const latent = { noise: 3, distribution: "normal", categories: [4], codes: 2 } as const;
    const heads = headsOf([{ name: "information" }, { name: "classification" }], 10, latent);
    expect(Object.entries(heads)).toEqual([
      ["codes", 6],
      ["classes", 10],
    ]);
  });
});
