import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { KernelName } from "../../../src/engine/kernels.ts";
import { LOWERINGS } from "../../../src/engine/lowerings/table.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import { CASES, type KernelCase } from "./cases.ts";
import { Draw } from "./draw.ts";
import { drawnInputs, traceCase, valuesAndGradients } from "./run-case.ts";

// float32 sums of at most some hundred terms of size 1, taken in another order: 1e-4 is a hundred roundings of 1e-6.
const TOLERANCE = 1e-4;
const RUNS = 8;

/** What tensorflow.js's own cpu backend computes. */
async function eager(kernel: string, drawn: KernelCase): Promise<Record<string, number[]>> {
  await tf.setBackend("cpu");
  const results = tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(drawnInputs(drawn)).map(([name, { data, shape, dtype }]) => [
        name,
        tf.tensor(data, [...shape], dtype),
      ]),
    );
    return valuesAndGradients(kernel, drawn, tensors);
  });
  return Object.fromEntries(
    Object.entries(results).map(([name, t]) => [name, [...t.shape, ...t.dataSync()]]),
  );
}

describe("every lowering computes what tensorflow.js's cpu backend computes", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  });
  afterAll(() => engine.dispose());

  for (const kernel of Object.keys(LOWERINGS) as KernelName[]) {
    const gradients = CASES[kernel](new Draw(1)).gradientOf?.length ? ", and its gradient" : "";
    it(`${kernel}${gradients}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer(), async (seed) => {
          const drawn = CASES[kernel](new Draw(seed));
          const expected = await eager(kernel, drawn);
          const actual = await traceCase(engine, kernel, drawn);
          expect(Object.keys(actual)).toEqual(Object.keys(expected));
          for (const [name, numbers] of Object.entries(expected)) {
            expect(actual[name].length, `${name} of ${JSON.stringify(drawn)}`).toBe(numbers.length);
            numbers.forEach((number, i) => {
              const close =
                Object.is(actual[name][i], number) ||
                Math.abs(actual[name][i] - number) <= TOLERANCE * Math.max(1, Math.abs(number));
              if (!close)
                expect.fail(
                  `${name}[${i}] is ${actual[name][i]}, expected ${number}: ${JSON.stringify(drawn)}`,
                );
            });
          }
        }),
        { numRuns: RUNS, seed: 2020 },
      );
    });
  }
});
