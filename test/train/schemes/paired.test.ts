import { afterAll, beforeAll, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { pairedScheme } from "../../../src/train/schemes/paired.ts";
import { SMALL } from "./made-schemes.ts";
import { expectPlays, TINY } from "./played-schemes.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

it.each([
  ["a U-Net", { translator: "unet", dropout: 0.5 }],
  ["a residual network, batch norm and a replay pool", { translator: "resnet", norm: "batch", poolSize: 3 }],
  ["a relativistic loss", { loss: "relativistic-average" }],
] as const)(
  "pix2pix with %s gives the same bytes twice and when it is resumed, and makes images",
  async (_, options) => {
    await expectPlays(engine, "pix2pix", "drawn-outline", { ...TINY, discriminatorLayers: 2, ...options });
  },
);

it("pix2pix's discriminator sees an image and its input, whatever their channels", () => {
  const options = { ...SMALL, weights: { adversarial: 1, pixel: 100 } };
  const { networks } = pairedScheme({ options, fields: { a: [32, 32, 3], b: [32, 32, 1] } });
  expect(networks.generator.input).toEqual([32, 32, 3]);
  expect(networks.generator.output).toEqual([32, 32, 1]);
  expect(networks.discriminator.input).toEqual([32, 32, 4]);
});

it("pix2pix refuses data without a second image", () => {
  expect(() => pairedScheme({ options: SMALL, fields: { a: [32, 32, 3] } })).toThrow(
    "expected data with images b for this model, got only a",
  );
});
