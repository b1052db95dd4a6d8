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
  ["cyclegan", "drawn-recolour", { discriminatorLayers: 2, poolSize: 3 }],
  ["discogan", "drawn-recolour", { discriminatorLayers: 2, weights: { pixel: 1 } }],
  ["dualgan", "drawn-recolour", { discriminatorLayers: 1, discriminatorSteps: 2 }],
] as const)(
  "%s gives the same bytes twice, and when it is resumed, and its makers make images",
  async (name, data, options) => {
    await expectPlays(engine, name, data, { ...TINY, ...options });
  },
);
