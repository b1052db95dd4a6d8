import { afterAll, beforeAll, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { SCHEME_BUILDERS } from "../../../src/train/schemes/builders.ts";
import { rowToOptions, SCHEME_MODELS } from "../../../src/train/schemes/models.ts";
import { expectPlays, TINY } from "./played-schemes.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

it.each([
  ["aae", "drawn-masked", { units: 4, latentDim: 2 }],
  ["cluster_gan", "drawn-masked", { units: 4, latentDim: 2, discriminatorSteps: 2 }],
  [
    "cluster_gan",
    "drawn-masked",
    { units: 4, latentDim: 2, discriminatorSteps: 2, loss: "wasserstein", weights: { penalty: 10 } },
  ],
  ["cogan", "drawn-coupled", { latentDim: 3 }],
  ["pixelda", "drawn-shifted", { latentDim: 3, discriminatorLayers: 2 }],
] as const)(
  "%s on %s gives the same bytes twice, and when it is resumed, and its makers make images: %j",
  async (name, data, options) => {
    await expectPlays(engine, name, data, { ...TINY, ...options });
  },
);

const build = (
  name: keyof typeof SCHEME_MODELS,
  fields: Readonly<Record<string, readonly number[]>>,
  chosen = {},
) =>
  SCHEME_BUILDERS[name]({
    options: rowToOptions(SCHEME_MODELS[name], { ...TINY, units: 4, ...chosen }),
    fields,
  });

const GREY = [32, 32, 1];
const COLOUR = [32, 32, 3];

it("a critic of cluster_gan that nothing bounds is refused", () => {
  expect(() => build("cluster_gan", { a: [28, 28, 1] }, { loss: "wasserstein" })).toThrow(/gradient penalty/);
});

it("cogan refuses domains of different shapes, and pixelda those of different channels and data without classes", () => {
  expect(() => build("cogan", { a: GREY, b: COLOUR })).toThrow(/one shape/);
  expect(() => build("pixelda", { a: GREY, b: COLOUR, labels: [10] })).toThrow(/as many channels/);
  expect(() => build("pixelda", { a: GREY, b: GREY })).toThrow(/classes/);
});

it("pixelda records the classifier's accuracy on the target only where its classes are known", async () => {
  const terms = async (fields: Readonly<Record<string, readonly number[]>>) =>
    (await build("pixelda", { a: GREY, b: GREY, labels: [10], ...fields })).terms.map(({ name }) => name);
  expect(await terms({})).not.toContain("target-accuracy");
  expect(await terms({ "labels-b": [10] })).toContain("target-accuracy");
});
