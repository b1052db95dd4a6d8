import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { CYCLE_KINDS, cycleScheme } from "../../../src/train/schemes/cycle.ts";
import { line, runStep, SMALL, withNetworks } from "./made-schemes.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const FIELDS = { a: [32, 32, 1], b: [32, 32, 1] };
const LINES = { "a-to-b": line(), "b-to-a": line(), "discriminator-a": line(), "discriminator-b": line() };
const at = (network: string) => `${network}/weights/convolution1/weights`;
const slope = (network: string) => `${network}/gradients/convolution1/weights`;

/** Images of one pixel and networks of one weight: everything is worked out by hand. */
const ARRAYS = {
  a: [0.5],
  b: [-0.8],
  [at("a-to-b")]: [0.6],
  [at("b-to-a")]: [1.2],
  [at("discriminator-a")]: [0.7],
  [at("discriminator-b")]: [-0.4],
};

function expectNumbers(outputs: Record<string, number[]>, expected: Record<string, number>): void {
  for (const [name, value] of Object.entries(expected)) {
    expect(outputs[name], name).toHaveLength(1);
    expect(outputs[name][0], name).toBeCloseTo(value, 5);
  }
}

describe("a round of networks of one weight, worked out by hand", () => {
  it("of cyclegan, its pools not full", async () => {
    const weights = { adversarial: 1, cycle: 10, identity: 5 };
    const options = { ...SMALL, weights, poolSize: 50 };
    const scheme = withNetworks(cycleScheme({ options, fields: FIELDS }, CYCLE_KINDS.cyclegan), LINES);
    const own = { "pools/fake-a/from": [1], "pools/fake-b/from": [1] };
    const outputs = await runStep(engine, scheme, scheme.plan[0].steps[0], { ...ARRAYS, ...own });
    expectNumbers(outputs, {
      "terms/adversarial": 2.024992,
      "terms/cycle": 0.182,
      "terms/identity": 0.21,
      "translators/loss": 4.894992,
      "discriminator-a/loss": 0.437042,
      "discriminator-b/loss": 0.2384,
      [slope("a-to-b")]: -9.576,
      [slope("b-to-a")]: -1.71368,
      [slope("discriminator-a")]: 0.32012,
      [slope("discriminator-b")]: 0.508,
      "pools/fake-a/made": -0.96,
      "pools/fake-b/made": 0.3,
    });
  });

  it("of cyclegan shows the discriminators what the pools give them", async () => {
    const options = { ...SMALL, weights: { adversarial: 1, cycle: 10, identity: 0 }, poolSize: 50 };
    const scheme = withNetworks(cycleScheme({ options, fields: FIELDS }, CYCLE_KINDS.cyclegan), LINES);
    const stored = { "pools/fake-a/stored": [0.2], "pools/fake-a/from": [0], "pools/fake-b/from": [1] };
    const outputs = await runStep(engine, scheme, scheme.plan[0].steps[0], { ...ARRAYS, ...stored });
    expectNumbers(outputs, {
      "logits/discriminator-a/fake": 0.7 * 0.2,
      "logits/discriminator-b/fake": -0.4 * 0.3,
      "discriminator-a/loss": ((0.35 - 1) ** 2 + 0.14 ** 2) / 2,
    });
    expect("terms/identity" in outputs).toBe(false);
  });

  it("of dualgan: the critics with their penalties, then the translators", async () => {
    const options = {
      ...SMALL,
      loss: "wasserstein" as const,
      weights: { adversarial: 1, cycle: 10, penalty: 10 },
      discriminatorSteps: 5,
    };
    const scheme = withNetworks(cycleScheme({ options, fields: FIELDS }, CYCLE_KINDS.dualgan), LINES);
    const [judging, translating] = scheme.plan[0].steps;
    expectNumbers(await runStep(engine, scheme, judging, { ...ARRAYS, "mix-a": [0.3], "mix-b": [0.9] }), {
      "discriminator-a/loss": -0.122,
      "discriminator-b/loss": 3.16,
      [slope("discriminator-a")]: -7.46,
      [slope("discriminator-b")]: 13.1,
    });
    expectNumbers(await runStep(engine, scheme, translating, ARRAYS), {
      "translators/loss": 4.432,
      [slope("a-to-b")]: -15.4,
      // -0.7 * -0.8 - 10 * 0.3 - 10 * 0.6 * 0.8
      [slope("b-to-a")]: -7.24,
    });
  });
});
