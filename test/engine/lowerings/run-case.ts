/** One case of a kernel, run through an engine: its outputs, and the gradients of their weighted sum. */
import type { Engine } from "../../../src/engine/engine.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import type { KernelCase } from "./cases.ts";
import type { DrawnTensor } from "./draw.ts";

type Inputs = Record<string, tf.Tensor>;

/** The kernel itself, through tensorflow.js's engine, so that its registered gradient applies. */
function runKernel(kernel: string, drawn: KernelCase, tensors: Inputs): tf.Tensor[] {
  const inputs = Array.isArray(drawn.inputs) ? Object.values(tensors) : tensors;
  const result = tf.engine().runKernel(kernel, inputs as never, (drawn.attrs ?? {}) as never);
  return Array.isArray(result) ? result : [result as tf.Tensor];
}

/** The kernel's outputs, and the gradients of their weighted sum. The weights tell every output element apart. */
export function valuesAndGradients(kernel: string, drawn: KernelCase, tensors: Inputs): Inputs {
  const results: Inputs = {};
  runKernel(kernel, drawn, tensors).forEach((output, i) => {
    results[`output${i}`] = output;
  });
  const names = drawn.gradientOf ?? [];
  if (names.length > 0) {
    const weighted = (...given: tf.Tensor[]): tf.Scalar => {
      const replaced = Object.fromEntries(names.map((name, i) => [name, given[i]]));
      const [output] = runKernel(kernel, drawn, { ...tensors, ...replaced });
      const weights = tf.tensor(
        Float32Array.from({ length: output.size }, (_, i) => Math.cos(i)),
        output.shape,
      );
      return tf.sum(tf.mul(output, weights)) as tf.Scalar;
    };
    tf.grads(weighted)(names.map((name) => tensors[name])).forEach((gradient, i) => {
      results[`gradient of ${names[i]}`] = gradient;
    });
  }
  return results;
}

export function drawnInputs(drawn: KernelCase): Record<string, DrawnTensor> {
  return Array.isArray(drawn.inputs)
    ? Object.fromEntries(drawn.inputs.map((input, i) => [`x${i}`, input]))
    : drawn.inputs;
}

/** What an engine computes: the shape of each result, then its numbers. */
export async function traceCase(
  engine: Engine,
  kernel: string,
  drawn: KernelCase,
): Promise<Record<string, number[]>> {
  const inputs = drawnInputs(drawn);
  const program = await engine.compile(
    (tensors: Inputs) => valuesAndGradients(kernel, drawn, tensors),
    inputs,
    { name: kernel },
  );
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data]));
  const results = await program.run(feeds);
  await program.dispose();
  return Object.fromEntries(
    Object.entries(results).map(([name, { shape, data }]) => [name, [...shape, ...data]]),
  );
}
