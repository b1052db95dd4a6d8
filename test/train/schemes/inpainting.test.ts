import { afterAll, beforeAll, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { ccganScheme, contextEncoderScheme } from "../../../src/train/schemes/inpainting.ts";
import { SMALL } from "./made-schemes.ts";
import { expectPlays, TINY } from "./played-schemes.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

it.each([
  ["context_encoder", { maskSize: 8, latentDim: 4, discriminatorLayers: 1 }],
  ["context_encoder", { maskSize: 4, latentDim: 4, discriminatorLayers: 1 }],
  ["ccgan", { maskSize: 6, discriminatorLayers: 2 }],
  ["ccgan", { maskSize: 6, scale: 2, discriminatorLayers: 2, weights: { pixel: 1, reconstruction: 1 } }],
] as const)(
  "%s with %o gives the same bytes twice and when it is resumed, and makes images",
  async (name, options) => {
    await expectPlays(engine, name, "drawn-masked", { ...TINY, ...options });
  },
);

it.each([
  [
    16,
    6,
    /expected square images and a mask of a half, a quarter or an eighth of their side, got 16x16 and 6/,
  ],
  [16, 16, /got 16x16 and 16/],
])(
  "context_encoder refuses holes that are no half, quarter or eighth of the side: %i and %i",
  (side, maskSize, message) => {
    const options = { ...SMALL, maskSize, weights: { adversarial: 1, pixel: 1 } };
    expect(() => contextEncoderScheme({ options, fields: { a: [side, side, 1] } })).toThrow(message);
  },
);

it("ccgan refuses copies of a scale that is no power of two", () => {
  const weights = { adversarial: 1, pixel: 0, reconstruction: 0 };
  const fields = { a: [24, 24, 1], low: [8, 8, 1] };
  expect(() => ccganScheme({ options: { ...SMALL, weights }, fields })).toThrow(
    "expected a low-resolution copy of a half, a quarter or an eighth of the side, got 8x8 of 24x24",
  );
});
