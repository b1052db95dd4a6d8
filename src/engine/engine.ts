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
  /**
   * Runs once. The arrays belong to the caller, who may keep them. Programs that were compiled with `background` where
   * the engine has a `memory` also take arrays that lie there.
   */
  run(inputs: Readonly<Record<In, ArrayData | DeviceArray>>): Promise<Record<Out, ArrayValue>>;
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

/** An array in a device's memory. */
export interface DeviceArray {
  readonly shape: readonly number[];
  readonly dtype: InputType;
  /** Gives its memory back; it is not to be used afterwards. */
  free(): void;
}

/** A program over arrays of a device: its inputs lie here or there, some of its outputs stay there. */
export interface DeviceProgram {
  /** `stays` belong to the caller, who frees them. */
  run(inputs: Readonly<Record<string, ArrayData | DeviceArray>>): Promise<{
    readonly outputs: Readonly<Record<string, ArrayValue>>;
    readonly stays: Readonly<Record<string, DeviceArray>>;
  }>;
  dispose(): Promise<void>;
}

/** A device's memory: what is put there stays until it is freed, and nothing of it crosses the bus unasked. */
export interface DeviceMemory {
  put(data: ArrayData, spec: InputSpec): Promise<DeviceArray>;
  /** A copy. */
  read(array: DeviceArray): Promise<ArrayData>;
  compile(
    fn: (inputs: Tensors) => Tensors,
    signature: Signature,
    options: {
      readonly name: string;
      /** Outputs that stay on the device. */
      readonly stays: readonly string[];
      /** Whether the caller holds its results against the truth himself, so that no run is held against the CPU. */
      readonly isProven?: boolean;
    },
  ): Promise<DeviceProgram>;
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
  /**
   * How far an output of the first run on a device may be from the CPU, in parts of its largest value, where the engine
   * checks that (default 1e-4).
   */
  readonly selfCheckTolerance?: number;
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
  /** Whether the first run of each program is held against the CPU, where the device is another (default false). */
  readonly selfCheck?: boolean;
  /** The device's memory, where programs can keep arrays there (onnx on webgpu). */
  readonly memory?: DeviceMemory;
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
