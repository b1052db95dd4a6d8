import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it, vi } from "vitest";
import { openBackend } from "../../src/engine/eager-backends.ts";
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

it("gradients of ours stand again after a backend's package has registered others", async () => {
  const tf = await loadTensorflow();
  for (const kernelName of Object.keys(GRADIENTS)) {
    tf.unregisterGradient(kernelName);
    tf.registerGradient({ kernelName, gradFunc: () => ({}) });
  }
  await openBackend("cpu", tf);
  for (const [kernel, { gradFunc }] of Object.entries(GRADIENTS))
    expect(tf.getGradient(kernel).gradFunc, kernel).toBe(gradFunc);
});

it("tensorflow.js has its own gradients and the methods of tensors, as the union package registers them", async () => {
  const tf = await loadTensorflow();
  for (const kernel of ["Conv2D", "Relu", "Softmax", "Sum", "BatchMatMul", "FusedBatchNorm", "Pow"])
    expect(tf.getGradient(kernel), kernel).toBeDefined();
  expect(Array.from(tf.tensor([1, 2]).add(1).square().dataSync())).toEqual([4, 9]);
  expect(
    Array.from(
      tf
        .grad((x) => x.square().sum())(tf.tensor([3, 4]))
        .dataSync(),
    ),
  ).toEqual([6, 8]);
});

it("nothing imports the union package, or a part of tensorflow.js past src/engine/tfjs.ts", () => {
  const root = path.resolve(import.meta.dirname, "../..");
  const files = ["src", "test", "scripts", "bench"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.[jt]s$/.test(name))
      .map((name) => path.join(folder, name)),
  );
  const importing = files.filter((name) =>
    /(from|import\()\s*"@tensorflow\/tfjs(-core|-layers|-converter|-backend-cpu)?"/.test(
      readFileSync(path.join(root, name), "utf8"),
    ),
  );
  expect(importing).toEqual([path.join("src", "engine", "tfjs.ts")]);
});
