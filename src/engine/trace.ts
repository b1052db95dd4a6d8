/**
 * Tracing: a tensorflow.js backend whose kernels record ONNX nodes instead of computing. Everything above the kernels
 * (ops, layers, gradients, optimizers, graph models) is tensorflow.js's own and unchanged.
 */

import { GanEvalError } from "../errors.ts";
import type { DeviceName, InputSpec, Signature, Tensors } from "./engine.ts";
import type { DataType, Graph, Value } from "./graph.ts";
import { GraphBuilder } from "./graph-builder.ts";
import type { KernelName, LoweringOf } from "./kernels.ts";
import { LOWERINGS } from "./lowerings/table.ts";
import * as tf from "./tfjs.ts";

const BACKEND = "gan-eval-trace";

type TracedType = "float32" | "int32" | "bool";

/** What stands behind a tensor while tracing: numbers that were written, or a value of the graph being recorded. */
type Entry = { references: number } & (
  | { readonly constant: Float32Array | Int32Array | Uint8Array }
  | { readonly value: Value; readonly graph: GraphBuilder }
);

const asTracedType = (dtype: string): TracedType => {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  throw new GanEvalError("usage.untraceable-type", `expected float32, int32 or bool tensors, got ${dtype}`, {
    hint: "Complex numbers and strings cannot be compiled. Compute them outside the function and pass the result in.",
  });
};

class TraceBackend extends tf.KernelBackend {
  private readonly entries: tf.DataStorage<Entry>;
  private graph: GraphBuilder | undefined;

  constructor() {
    super();
    this.entries = new tf.DataStorage(this, tf.engine() as unknown as tf.DataMover);
  }

  /** Records what `body` does into a new graph. */
  record<T>(body: (graph: GraphBuilder) => T, device: DeviceName, channelBlock: number): T {
    if (this.graph !== undefined)
      throw new GanEvalError(
        "usage.nested-trace",
        "expected no compile() inside a function that is being compiled, got one",
      );
    this.graph = new GraphBuilder(device, channelBlock);
    try {
      return body(this.graph);
    } finally {
      this.graph = undefined;
    }
  }

  /** A tensor that stands for a value of the graph. */
  graphTensor(value: Value): tf.TensorInfo {
    const dataId = {};
    this.entries.set(dataId, { references: 1, value, graph: this.graph! });
    return { dataId, shape: [...value.shape], dtype: asTracedType(value.dtype) };
  }

  /** The value that a tensor stands for; numbers become a constant of the graph. */
  graphValue(tensor: tf.TensorInfo): Value {
    const entry = this.entries.get(tensor.dataId);
    const graph = this.graph!;
    if ("constant" in entry) return graph.constant(entry.constant, tensor.shape, asTracedType(tensor.dtype));
    if (entry.graph !== graph)
      throw new GanEvalError(
        "usage.stale-tensor",
        "expected tensors of this function, got one of another compiled function",
        {
          hint: "Return that tensor as an output of its function, and pass its values in here as an input.",
        },
      );
    return graph.reshape(entry.value, tensor.shape);
  }

  recordKernel(
    kernel: KernelName,
    inputs: tf.NamedTensorInfoMap | tf.TensorInfo[],
    attrs: object,
  ): tf.TensorInfo | tf.TensorInfo[] {
    const values = Array.isArray(inputs)
      ? inputs.map((input) => this.graphValue(input))
      : Object.fromEntries(
          Object.entries(inputs).flatMap(([name, input]) => (input ? [[name, this.graphValue(input)]] : [])),
        );
    const lowering = LOWERINGS[kernel] as LoweringOf<unknown, unknown>;
    const results = lowering(this.graph!, values, attrs);
    return Array.isArray(results)
      ? results.map((value: Value) => this.graphTensor(value))
      : this.graphTensor(results as Value);
  }

  override write(values: tf.BackendValues, _shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {};
    this.move(dataId, values, _shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: tf.DataId,
    values: tf.BackendValues,
    _shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    asTracedType(dtype);
    this.entries.set(dataId, { references, constant: values as Float32Array });
  }

  /** Constants may be read: that is how captured weights go back to the backend they came from. */
  override readSync(dataId: tf.DataId): tf.BackendValues {
    const entry = this.entries.get(dataId);
    if ("constant" in entry) return entry.constant;
    throw new GanEvalError(
      "usage.value-read",
      "expected a function that does not read the values of its tensors, got one that does",
      {
        hint: "dataSync(), data(), print() and JavaScript conditions on values cannot be compiled. Use tf.where, or return the tensor.",
      },
    );
  }

  override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    if (!this.entries.has(dataId)) return true;
    const entry = this.entries.get(dataId);
    entry.references--;
    if (!force && entry.references > 0) return false;
    this.entries.delete(dataId);
    return true;
  }

  override refCount(dataId: tf.DataId): number {
    return this.entries.has(dataId) ? this.entries.get(dataId).references : 0;
  }

  override incRef(dataId: tf.DataId): void {
    this.entries.get(dataId).references++;
  }

  override numDataIds(): number {
    return this.entries.numDataIds();
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }
}

/** Kernels that draw numbers, whose results a trace would freeze. */
const RANDOM_KERNELS = new Set(["Multinomial"]);

function refuseKernel(kernel: string): never {
  const hint = RANDOM_KERNELS.has(kernel)
    ? "Draw the numbers outside the function and pass them in as an input."
    : "Write the function with other ops, run it with engine cpu or wasm, or add a lowering (src/engine/kernels.ts and its row in src/engine/lowerings).";
  throw new GanEvalError(
    "usage.untraceable-kernel",
    `expected kernels that can be compiled to ONNX, got ${kernel}, which has no lowering`,
    { hint },
  );
}

let backend: TraceBackend | undefined;

/** The one tracing backend, registered with tensorflow.js at its first use. */
function traceBackend(): TraceBackend {
  if (backend !== undefined) return backend;
  const made = new TraceBackend();
  for (const kernelName of Object.keys(LOWERINGS) as KernelName[]) {
    tf.registerKernel({
      kernelName,
      backendName: BACKEND,
      kernelFunc: ({ inputs, attrs }) => made.recordKernel(kernelName, inputs, attrs ?? {}),
    });
  }
  for (const { kernelName } of tf.getKernelsForBackend("cpu")) {
    if (kernelName in LOWERINGS) continue;
    tf.registerKernel({ kernelName, backendName: BACKEND, kernelFunc: () => refuseKernel(kernelName) });
  }
  tf.registerBackend(BACKEND, () => made, 0);
  backend = made;
  return made;
}

/** Runs `body` with the tracing backend current and with randomness refused; both are put back afterwards. */
function whileTracing<T>(body: () => T): T {
  const before = tf.getBackend();
  const random = Math.random;
  // setBackend of a backend that starts synchronously takes effect before it returns.
  void tf.setBackend(BACKEND);
  Math.random = () => {
    throw new GanEvalError(
      "usage.frozen-randomness",
      "expected random numbers to be passed in as inputs, got some drawn inside a compiled function",
      {
        hint: "They would be the same in every call. Pass noise and masks in as inputs, or give tf.random* a seed if you want a constant.",
      },
    );
  };
  try {
    return body();
  } finally {
    Math.random = random;
    void tf.setBackend(before);
  }
}

function graphInput(graph: GraphBuilder, name: string, spec: InputSpec): Value {
  const dtype: DataType = spec.dtype ?? "float32";
  const value = graph.input(name, { dtype, shape: spec.shape });
  return dtype === "uint8" ? graph.cast(value, "int32") : value;
}

/**
 * Records a tensorflow.js function as a graph.
 * @param fn must be synchronous, must not look at values, and returns named tensors
 * @param device where it will run (default cpu): what that provider lacks is computed in other ways
 * @param channelBlock of the machine where it will run (`readChannelBlock`); 1, the default, for a graph that any reader of ONNX runs
 * @throws GanEvalError `usage.*` where the function does what a graph cannot
 */
export function functionToGraph<S extends Signature, Out extends string>(
  fn: (inputs: Tensors<keyof S & string>) => Tensors<Out>,
  signature: S,
  name: string,
  device: DeviceName = "cpu",
  channelBlock = 1,
): Graph {
  const recorder = traceBackend();
  return whileTracing(() =>
    recorder.record(
      (graph) => {
        const outputs: { name: string; value: Value }[] = [];
        tf.tidy(() => {
          const inputs = Object.fromEntries(
            Object.entries(signature).map(([input, spec]) => {
              const value = graphInput(graph, input, spec);
              return [input, tf.engine().makeTensorFromTensorInfo(recorder.graphTensor(value))];
            }),
          ) as Tensors<keyof S & string>;
          for (const [output, tensor] of Object.entries(namedTensors(fn(inputs))))
            outputs.push({ name: output, value: recorder.graphValue(tensor) });
        });
        return graph.finish(name, outputs);
      },
      device,
      channelBlock,
    ),
  );
}

function namedTensors(outputs: unknown): Record<string, tf.Tensor> {
  const entries = Object.entries((outputs ?? {}) as object);
  if (
    outputs instanceof Promise ||
    entries.length === 0 ||
    !entries.every(([, value]) => value instanceof tf.Tensor)
  )
    throw new GanEvalError(
      "usage.outputs",
      "expected a synchronous function that returns an object of tensors, got another result",
      {
        hint: "Return { name: tensor, ... } and do not use async functions.",
      },
    );
  return outputs as Record<string, tf.Tensor>;
}
