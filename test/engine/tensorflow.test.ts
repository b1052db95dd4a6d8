import { expect, it, vi } from "vitest";
import { GRADIENTS } from "../../src/engine/gradients/table.ts";
import { loadTensorflow } from "../../src/engine/tensorflow.ts";

it("tensorflow.js loads once, on the cpu, with our gradients, and prints no advertisement at its first use", async () => {
  const warn = vi.spyOn(console, "warn");
  const log = vi.spyOn(console, "log");
  const tf = await loadTensorflow();
  expect(await loadTensorflow()).toBe(tf);
  expect(tf.getBackend()).toBe("cpu");
  expect(Array.from(tf.tensor([1, 2]).dataSync())).toEqual([1, 2]);
  for (const [kernel, { gradFunc }] of Object.entries(GRADIENTS))
    expect(tf.getGradient(kernel).gradFunc, kernel).toBe(gradFunc);
  expect(warn).not.toHaveBeenCalled();
  expect(log).not.toHaveBeenCalled();
});
