/** What an engine is: it compiles functions of tensors to programs, and runs them. */
import type { Tensor } from "./tfjs.ts";

/** The element types a program takes and gives. A `uint8` input is an int32 tensor inside the function. */
export type InputType = "float32" | "int32" | "bool" | "uint8";

export interface InputSpec {
  readonly shape: readonly number[];
  /** float32 if left out. */
  readonly dtype?: InputType;
}

/** The named inputs of a program. */
export type Signature = Readonly<Record<string, InputSpec>>;

export type Tensors<Names extends string = string> = Record<Names, Tensor>;

/** `bool` travels as 0 and 1 in a Uint8Array. */
export type ArrayData = Float32Array | Int32Array | Uint8Array;

export interface ArrayValue {
  readonly data: ArrayData;
  readonly shape: readonly number[];
}

/** A function of tensors that was compiled for one signature. */
export interface Program<In extends string = string, Out extends string = string> {
  /** Runs once. The arrays belong to the caller, who may keep them. */
  run(inputs: Readonly<Record<In, ArrayData>>): Promise<Record<Out, ArrayValue>>;
  dispose(): Promise<void>;
}

/**
 * A program that carries arrays from call to call, without copying them through JavaScript: what training on a device
 * needs, whose weights stay in the device's memory from step to step. The digits network was trained by one
 * (scripts/train-digits.js); `Trainer` on the CPU updates arrays where they lie instead (`CompileOptions.inPlace`).
 */
export interface StatefulProgram<In extends string = string, Out extends string = string>
  extends Program<In, Out> {
  /** A copy of the state as it is after the last run. */
  readState(): Promise<Record<string, ArrayValue>>;
  /** Replaces the named arrays; the others stay. */
  writeState(state: Readonly<Record<string, ArrayData>>): Promise<void>;
}

/** Arrays by the names of a program's inputs and outputs. */
export interface ArraysInPlace {
  readonly inputs?: Readonly<Record<string, ArrayData>>;
  readonly outputs?: Readonly<Record<string, ArrayData>>;
}

export interface CompileOptions {
  /** Names the graph in errors and dumps (default: program). */
  readonly name?: string;
  /**
   * Arrays that every run reads and writes where they lie, for what is large and changes between runs: weights and
   * gradients. `run` neither takes nor gives these. Not together with `background` (default: none).
   */
  readonly inPlace?: ArraysInPlace;
  /**
   * Run in a thread of its own, so that the caller's is free meanwhile: for work of more than some milliseconds a call.
   * Costs a copy of the inputs. An engine that cannot, does not (default false).
   */
  readonly background?: boolean;
}

export type EngineName = "onnx" | "tensorflow" | "wasm" | "cpu";
export type DeviceName = "cpu" | "webgpu" | "cuda" | "dml" | "coreml";

/**
 * Something that runs tensorflow.js functions. `onnx` compiles them to one graph; the others run them eagerly.
 * A function may not look at its tensors' values, and randomness made inside it would be frozen: pass noise as an input.
 */
export interface Engine {
  readonly name: EngineName;
  readonly device: DeviceName;
  readonly threads: number;
  compile<S extends Signature, Out extends string>(
    fn: (inputs: Tensors<keyof S & string>) => Tensors<Out>,
    signature: S,
    options?: CompileOptions,
  ): Promise<Program<keyof S & string, Out>>;
  /** `fn` gets the state beside the inputs and returns the new state, of the same names, shapes and types. */
  compileStep<S extends Signature, State extends string, Out extends string>(
    fn: (
      inputs: Tensors<keyof S & string>,
      state: Tensors<State>,
    ) => { outputs: Tensors<Out>; state: Tensors<State> },
    signature: S,
    initialState: Readonly<Record<State, ArrayValue>>,
    options?: CompileOptions,
  ): Promise<StatefulProgram<keyof S & string, Out>>;
  dispose(): Promise<void>;
}
