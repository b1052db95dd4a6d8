import { afterAll, beforeAll, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { SchemeOptions } from "../../../src/train/schemes/scheme-request.ts";
import { ENLARGING_KINDS, superResolutionScheme } from "../../../src/train/schemes/super-resolution.ts";
import { SMALL } from "./made-schemes.ts";
import { expectPlays, TINY } from "./played-schemes.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const FIELDS = { a: [28, 28, 1], low: [7, 7, 1] };
const WEIGHTS = { perceptual: 1, adversarial: 1e-3, pixel: 0 };
const termsOf = async (change: Partial<SchemeOptions>, weights = WEIGHTS) => {
  const options = { ...SMALL, ...change, weights };
  const { terms } = await superResolutionScheme({ options, fields: FIELDS }, ENLARGING_KINDS.srgan);
  return Object.fromEntries(terms.map(({ name, weight }) => [name, weight]));
};

it.each([
  ["srgan", { warmUp: 0, perceptual: "none" }],
  ["srgan", { warmUp: 1, perceptual: "digits" }],
  ["esrgan", { warmUp: 2, perceptual: "random" }],
] as const)(
  "%s with %o gives the same bytes twice and when it is resumed, and makes images",
  async (name, options) => {
    await expectPlays(engine, name, "drawn-larger", { ...TINY, ...options });
  },
);

it("the term that compares features bears the name of what computes them", async () => {
  expect(await termsOf({ perceptual: "random", perceptualLayer: "relu3_4" })).toMatchObject({
    perceptual_random: 1,
    pixel: 0,
  });
  expect(await termsOf({ perceptual: "digits", perceptualLayer: "relu3_4" })).toMatchObject({
    perceptual_digits: 1,
    pixel: 0,
  });
});

it("without a perceptual network the pixel term takes over its weight", async () => {
  const weights = { ...WEIGHTS, pixel: 0.01 };
  expect(await termsOf({ perceptual: "none" }, weights)).toMatchObject({ pixel: 1.01 });
  expect(Object.keys(await termsOf({ perceptual: "none" }, weights))).not.toContain("perceptual_none");
  expect(
    await termsOf({ perceptual: "random", perceptualLayer: "relu3_4" }, { ...weights, perceptual: 0 }),
  ).toMatchObject({ pixel: 0.01 });
});

it("the warm-up trains the generator alone, by the pixel term alone", async () => {
  const options = { ...SMALL, warmUp: 7, perceptual: "digits", perceptualLayer: "relu3_4", weights: WEIGHTS };
  const { plan } = await superResolutionScheme({ options, fields: FIELDS }, ENLARGING_KINDS.srgan);
  expect(plan).toEqual([
    {
      rounds: 7,
      steps: [
        {
          trains: ["generator"],
          times: 1,
          batch: "new",
          weights: { perceptual_digits: 0, pixel: 1, adversarial: 0 },
        },
      ],
    },
    { rounds: "rest", steps: [{ trains: ["generator", "discriminator"], times: 1, batch: "new" }] },
  ]);
});

it("weights of a perceptual network are kept once, by nobody, and not in checkpoints", async () => {
  const options = { ...SMALL, perceptual: "digits", perceptualLayer: "relu3_4", weights: WEIGHTS };
  const scheme = await superResolutionScheme({ options, fields: FIELDS }, ENLARGING_KINDS.srgan);
  expect(Object.keys(scheme.frozen!.features)).toEqual(Object.keys(scheme.networks.features.weights));
  expect(Object.values(scheme.players).flatMap(({ owns }) => owns)).toEqual(["generator", "discriminator"]);
});

it("a layer that a stand-in does not have is refused, naming those that it has", async () => {
  await expect(termsOf({ perceptual: "random", perceptualLayer: "conv5_4" })).rejects.toThrow(
    /expected a layer of random \(conv1/,
  );
});

it("copies of two scales are refused", async () => {
  const options = { ...SMALL, weights: WEIGHTS };
  await expect(
    superResolutionScheme({ options, fields: { a: [28, 28, 1], low: [7, 14, 1] } }, ENLARGING_KINDS.srgan),
  ).rejects.toThrow("expected low-resolution copies of one scale, got 7x14x1 for 28x28x1");
});
