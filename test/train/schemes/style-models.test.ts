import { afterAll, beforeAll, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { expectPlays, TINY } from "./played-schemes.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

it.each([
  ["stargan", "drawn-attributes", { discriminatorLayers: 3, discriminatorSteps: 2 }],
  ["unit", "drawn-recolour", { discriminatorLayers: 2 }],
  [
    "munit",
    "drawn-outline-many",
    { discriminatorLayers: 2, scales: 2, styleDim: 2, styleUnits: 3, weights: { cycle: 1 } },
  ],
  ["bicyclegan", "drawn-outline-many", { discriminatorLayers: 2, scales: 2, latentDim: 2 }],
] as const)(
  "%s gives the same bytes twice, and when it is resumed, and its makers make images",
  async (name, data, options) => {
    await expectPlays(engine, name, data, { ...TINY, ...options });
  },
);
