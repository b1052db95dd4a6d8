/** Engines that run functions on one of tensorflow.js's own backends, kernel by kernel. */

import { GanEvalError } from "../errors.ts";
import { checkArrays } from "./check-arrays.ts";
import { type EagerBackend, openBackend } from "./eager-backends.ts";
import type {
  ArrayData,
  ArraysInPlace,
  ArrayValue,
  CompileOptions,
  Engine,
  InputSpec,
  InputType,
  Program,
  Signature,
  StatefulProgram,
  Tensors,
} from "./engine.ts";
import { Queue } from "./queue.ts";
import { loadTensorflow, type Tensorflow } from "./tensorflow.ts";
import type { Tensor } from "./tfjs.ts";

type EagerName = EagerBackend["engine"];
type Specs = ReadonlyMap<string, InputSpec>;
type Step = (inputs: Tensors, state: Tensors) => { outputs: Tensors; state: Tensors };

const typeOf = (data: ArrayData): InputType =>
  data instanceof Float32Array ? "float32" : data instanceof Int32Array ? "int32" : "bool";

function toTensor(tf: Tensorflow, data: ArrayData, { shape, dtype = "float32" }: InputSpec): Tensor {
  // Backends keep the array that a tensor is made of, which is the caller's to change afterwards.
  if (dtype === "uint8") return tf.tensor(Int32Array.from(data), [...shape], "int32");
  return tf.tensor(data.slice(), [...shape], dtype);
}

function toTensors(tf: Tensorflow, specs: Specs, arrays: Readonly<Record<string, ArrayData>>): Tensors {
  return Object.fromEntries([...specs].map(([name, spec]) => [name, toTensor(tf, arrays[name], spec)]));
}

/** The tensor's numbers, in an array that nothing else refers to. */
async function toArray(tensor: Tensor): Promise<ArrayValue> {
  const data = await tensor.data();
  const copy = tensor.dtype === "bool" ? Uint8Array.from(data) : (data as ArrayData).slice();
  return { data: copy, shape: tensor.shape };
}

async function toArrays(tensors: Tensors): Promise<Record<string, ArrayValue>> {
  const names = Object.keys(tensors);
  const values = await Promise.all(names.map((name) => toArray(tensors[name])));
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

const disposeAll = (tensors: Tensors): void => {
  for (const tensor of Object.values(tensors)) tensor.dispose();
};

/** @throws GanEvalError unless the outputs, and the state if there is one, are named tensors */
function checkTensors(tf: Tensorflow, outputs: unknown, state: unknown): void {
  const tensors = [outputs, state].flatMap((named) => Object.values((named ?? {}) as object));
  const isPromise = outputs instanceof Promise || state instanceof Promise;
  if (isPromise || tensors.length === 0 || !tensors.every((tensor) => tensor instanceof tf.Tensor))
    throw new GanEvalError(
      "usage.outputs",
      "expected a synchronous function that returns an object of tensors, got another result",
      { hint: "Return { name: tensor, ... } and do not use async functions." },
    );
}

/** @throws GanEvalError if the new state has other names, shapes or types than the old */
function checkState(specs: Specs, state: Tensors): void {
  const names = (keys: Iterable<string>) => [...keys].sort().join(", ");
  if (names(Object.keys(state)) !== names(specs.keys()))
    throw new GanEvalError(
      "usage.state-type",
      `expected the new state to have the names ${names(specs.keys())}, got ${names(Object.keys(state))}`,
    );
  for (const [name, { shape, dtype }] of specs) {
    const got = state[name];
    if (got.dtype !== dtype || got.shape.join() !== shape.join())
      throw new GanEvalError(
        "usage.state-type",
        `expected the new state ${name} to be ${dtype} [${shape}] like the old one, got ${got.dtype} [${got.shape}]`,
      );
  }
}

/**
 * A step and its state, as tensors of the backend. The function runs in one go, without a turn of the event loop, so
 * that the process-wide current backend of tensorflow.js is put back before anyone else can look.
 */
class EagerProgram implements StatefulProgram {
  private readonly tf: Tensorflow;
  private readonly backend: EagerBackend;
  private readonly step: Step;
  private readonly inputs: Specs;
  private readonly stateSpecs: Specs;
  private readonly queue = new Queue();
  private state: Tensors;
  private disposed = false;

  constructor(
    tf: Tensorflow,
    backend: EagerBackend,
    step: Step,
    signature: Signature,
    initialState: Readonly<Record<string, ArrayValue>>,
  ) {
    this.tf = tf;
    this.backend = backend;
    this.step = step;
    this.inputs = new Map(Object.entries(signature));
    const state = Object.entries(initialState);
    this.stateSpecs = new Map(state.map(([name, { data, shape }]) => [name, { shape, dtype: typeOf(data) }]));
    const arrays = Object.fromEntries(state.map(([name, { data }]) => [name, data]));
    checkArrays("state", this.stateSpecs, arrays);
    this.state = this.onBackend(() => toTensors(tf, this.stateSpecs, arrays));
  }

  private onBackend<T>(body: () => T): T {
    const { tf } = this;
    const before = tf.getBackend();
    // Both backends are started, so that setBackend takes effect before it returns.
    if (before !== this.backend.engine) void tf.setBackend(this.backend.engine);
    try {
      return body();
    } finally {
      if (before !== this.backend.engine) void tf.setBackend(before);
    }
  }

  private whileOpen<T>(job: () => T | Promise<T>): Promise<T> {
    return this.queue.add(() => {
      if (this.disposed)
        throw new GanEvalError("usage.disposed", "expected an open program, got one that was disposed of");
      return job();
    });
  }

  run(arrays: Readonly<Record<string, ArrayData>>): Promise<Record<string, ArrayValue>> {
    return this.whileOpen(async () => {
      checkArrays("input", this.inputs, arrays);
      const outputs = this.onBackend(() => this.runStep(arrays));
      try {
        return await toArrays(outputs);
      } finally {
        disposeAll(outputs);
      }
    });
  }

  /** One step; only when it is complete does the new state take the old one's place. */
  private runStep(arrays: Readonly<Record<string, ArrayData>>): Tensors {
    const { tf } = this;
    const result = tf.tidy(() => {
      const { outputs, state } = this.step(toTensors(tf, this.inputs, arrays), { ...this.state });
      checkTensors(tf, outputs, state);
      checkState(this.stateSpecs, state);
      // Clones share the data: a tensor that is returned twice, or that the function did not make, is disposed of once.
      const own = (tensors: Tensors): Tensors =>
        Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tf.clone(tensor)]));
      return { outputs: own(outputs), state: own(state) } as unknown as Tensors;
    }) as unknown as { outputs: Tensors; state: Tensors };
    disposeAll(this.state);
    this.state = result.state;
    return result.outputs;
  }

  readState(): Promise<Record<string, ArrayValue>> {
    return this.whileOpen(() => toArrays(this.state));
  }

  writeState(arrays: Readonly<Record<string, ArrayData>>): Promise<void> {
    return this.whileOpen(() => {
      checkArrays("state", this.stateSpecs, arrays, true);
      this.onBackend(() => {
        for (const [name, data] of Object.entries(arrays)) {
          this.state[name].dispose();
          this.state[name] = toTensor(this.tf, data, this.stateSpecs.get(name)!);
        }
      });
    });
  }

  dispose(): Promise<void> {
    return this.queue.add(() => {
      if (!this.disposed) disposeAll(this.state);
      this.disposed = true;
    });
  }
}

const withoutState =
  (fn: (inputs: Tensors) => Tensors): Step =>
  (inputs) => ({ outputs: fn(inputs), state: {} });

/** The program with arrays that stay in their places: read and written at each run. */
function inPlaceProgram(
  program: Program,
  signature: Signature,
  { inputs = {}, outputs = {} }: ArraysInPlace,
): Program {
  const specs = Object.entries(signature);
  const given = new Map(specs.filter(([name]) => !(name in inputs)));
  checkArrays("input", new Map(specs.filter(([name]) => name in inputs)), inputs);
  return {
    async run(arrays) {
      checkArrays("input", given, arrays);
      const values = Object.entries(await program.run({ ...arrays, ...inputs }));
      const placed = values.filter(([name]) => name in outputs);
      const places = placed.map(([name, { data, shape }]) => [name, { shape, dtype: typeOf(data) }] as const);
      checkArrays("output", new Map(places), outputs);
      for (const [name, { data }] of placed) outputs[name].set(data);
      return Object.fromEntries(values.filter(([name]) => !(name in outputs)));
    },
    dispose: () => program.dispose(),
  };
}

/**
 * Opens an engine that runs functions eagerly.
 * @throws GanEvalError `unavailable.engine` if its library is not installed
 */
export async function openEagerEngine(name: EagerName): Promise<Engine> {
  const tf = await loadTensorflow();
  const backend = await openBackend(name, tf);
  const open = new Set<Program>();
  const add = (step: Step, signature: Signature, state: Readonly<Record<string, ArrayValue>>) => {
    const program = new EagerProgram(tf, backend, step, signature, state);
    open.add(program);
    return program;
  };
  const compile = async (
    fn: (inputs: Tensors) => Tensors,
    signature: Signature,
    { inPlace }: CompileOptions = {},
  ): Promise<Program> => {
    const program = add(withoutState(fn), signature, {});
    return inPlace === undefined ? program : inPlaceProgram(program, signature, inPlace);
  };
  const compileStep = async (
    step: Step,
    signature: Signature,
    initialState: Readonly<Record<string, ArrayValue>>,
  ): Promise<StatefulProgram> => add(step, signature, initialState);
  return {
    name,
    device: backend.device,
    threads: backend.threads,
    compile: compile as Engine["compile"],
    compileStep: compileStep as Engine["compileStep"],
    async dispose() {
      await Promise.all([...open].map((program) => program.dispose()));
      open.clear();
    },
  };
}
