/** The kernels that a tensorflow.js function calls, in their order, with nothing computed. */

import type { ArrayData, Tensors } from "../engine.ts";
import * as tf from "../tfjs.ts";
import { functionToGraph } from "../trace.ts";
import { type BatchedFunction, signatureOf } from "./batched-function.ts";

/** A tensor of a recording. The same function gives the same names. */
export interface Recorded {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface RecordedConstant extends Recorded {
  readonly data: ArrayData;
}

export interface KernelCall {
  readonly kernel: string;
  /** By the kernel's names for them, or by number where it takes a list. */
  readonly inputs: Readonly<Record<string, Recorded>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Recorded[];
}

export interface Recording {
  readonly inputs: readonly Recorded[];
  readonly constants: readonly RecordedConstant[];
  readonly calls: readonly KernelCall[];
  /** What the function returned. */
  readonly outputs: Readonly<Record<string, Recorded>>;
}

type RunKernel = (
  name: string,
  inputs: tf.NamedTensorMap | tf.Tensor[],
  attrs?: object,
) => tf.Tensor | tf.Tensor[];

/** Listens to every kernel that is called while `body` runs. */
function whileListening<T>(
  listen: (
    kernel: string,
    inputs: Readonly<Record<string, tf.Tensor>>,
    attrs: object,
    outputs: tf.Tensor[],
  ) => void,
  body: () => T,
): T {
  const engine = tf.engine() as unknown as { runKernel?: RunKernel };
  const run = engine.runKernel!.bind(engine);
  engine.runKernel = (name, inputs, attrs) => {
    const outputs = run(name, inputs, attrs);
    listen(
      name,
      inputs as Record<string, tf.Tensor>,
      attrs ?? {},
      Array.isArray(outputs) ? outputs : [outputs],
    );
    return outputs;
  };
  try {
    return body();
  } finally {
    // The method of the class is under it.
    delete engine.runKernel;
  }
}

class Recorder {
  readonly constants: RecordedConstant[] = [];
  readonly calls: KernelCall[] = [];
  private readonly known = new Map<number, Recorded>();

  note({ id, shape, dtype }: tf.Tensor, name: string): Recorded {
    const recorded = { name, shape: [...shape], dtype };
    this.known.set(id, recorded);
    return recorded;
  }

  /** A tensor that no kernel made is a constant. */
  find(tensor: tf.Tensor): Recorded {
    const known = this.known.get(tensor.id);
    if (known !== undefined) return known;
    return this.constant(tensor, `constant${this.constants.length}`);
  }

  constant(tensor: tf.Tensor, name: string): Recorded {
    const recorded = this.note(tensor, name);
    this.constants.push({ ...recorded, data: tensor.dataSync() as ArrayData });
    return recorded;
  }

  call(
    kernel: string,
    inputs: Readonly<Record<string, tf.Tensor>>,
    attrs: object,
    outputs: tf.Tensor[],
  ): void {
    const given = Object.entries(inputs).flatMap(([name, tensor]) =>
      tensor ? [[name, this.find(tensor)]] : [],
    );
    const name = `${kernel}${this.calls.length}`;
    this.calls.push({
      kernel,
      inputs: Object.fromEntries(given),
      attrs: attrs as Record<string, unknown>,
      outputs: outputs.map((output, i) => this.note(output, i === 0 ? name : `${name}:${i}`)),
    });
  }

  /** What the outputs need, and nothing else. */
  finish(inputs: readonly Recorded[], outputs: Readonly<Record<string, Recorded>>): Recording {
    const needed = new Set(Object.values(outputs).map(({ name }) => name));
    const calls = this.calls.toReversed().filter((call) => {
      if (!call.outputs.some(({ name }) => needed.has(name))) return false;
      for (const { name } of Object.values(call.inputs)) needed.add(name);
      return true;
    });
    const constants = this.constants.filter(({ name }) => needed.has(name));
    return { inputs, constants, calls: calls.reverse(), outputs };
  }
}

/**
 * Records a function for a batch size. tensorflow.js must be loaded.
 * @throws GanEvalError `usage.*` where it does what cannot be traced
 */
export function recordKernels(fn: BatchedFunction, batch: number): Recording {
  const recorder = new Recorder();
  let recording: Recording | undefined;
  const apply = (tensors: Tensors): Tensors => {
    const inputs = Object.keys(fn.inputs).map((name) => recorder.note(tensors[name], name));
    const constants = Object.entries(fn.constants).map(([name, { data, shape }]) => {
      const tensor = tf.tensor(data, [...shape]);
      recorder.constant(tensor, name);
      return [name, tensor] as const;
    });
    const outputs = whileListening(
      (...call) => recorder.call(...call),
      () => fn.apply(tensors, Object.fromEntries(constants)),
    );
    const found = Object.entries(outputs).map(([name, tensor]) => [name, recorder.find(tensor)] as const);
    recording = recorder.finish(inputs, Object.fromEntries(found));
    return outputs;
  };
  // Tracing has every kernel tell the shape of its result without computing it; its graph is not needed.
  functionToGraph(apply, signatureOf(fn, batch), fn.name);
  return recording!;
}
