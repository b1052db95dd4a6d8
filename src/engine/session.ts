/** A thin wrapper over ONNX Runtime's InferenceSession: devices, options, errors, tensors over our own arrays. */
import type { InferenceSession, Tensor } from "onnxruntime-common";
import { GanEvalError } from "../errors.ts";
import { textToDeviceError, textToFailure } from "./device-failures.ts";
import { onDevice } from "./device-queue.ts";
import { requireDevice } from "./devices.ts";
import type { ArrayData, DeviceName } from "./engine.ts";
import type { ConstantData, DataType, TensorType } from "./graph.ts";
import type { OnnxModel } from "./onnx-encode.ts";
import { loadOnnxRuntime, type Ort } from "./onnxruntime.ts";

export interface SessionOptions {
  readonly device: DeviceName;
  /** Threads inside one operator. */
  readonly threads: number;
  /** Whether the first run of each compiled program on a device is held against the CPU (default false). */
  readonly selfCheck?: boolean;
}

/** Tensors of one call, by the model's names. */
export type TensorMap = Record<string, Tensor>;

const MAKE_ARRAY: { readonly [Type in DataType]: (length: number) => ConstantData } = {
  float32: (length) => new Float32Array(length),
  float64: (length) => new Float64Array(length),
  int32: (length) => new Int32Array(length),
  int64: (length) => new BigInt64Array(length),
  uint8: (length) => new Uint8Array(length),
  bool: (length) => new Uint8Array(length),
};

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);

/** An array of zeros for a tensor of this type. */
export function makeArray({ dtype, shape }: TensorType): ArrayData {
  return MAKE_ARRAY[dtype](sizeOf(shape)) as ArrayData;
}

export class Session {
  private readonly session: InferenceSession;
  private readonly ort: Ort;
  readonly device: DeviceName;

  constructor(session: InferenceSession, ort: Ort, device: DeviceName) {
    this.session = session;
    this.ort = ort;
    this.device = device;
  }

  /** A tensor over the array itself: ONNX Runtime reads it, and writes it where it is an output, without a copy. */
  tensor({ dtype, shape }: TensorType, data: ArrayData): Tensor {
    return new this.ort.Tensor(dtype as "float32", data as Float32Array, shape);
  }

  /**
   * Runs once, writing the outputs into the arrays of `fetches`. The JavaScript thread is blocked meanwhile, from the
   * next turn of the event loop on: start reading files and decoding before. Each tensor that crosses costs about 4
   * microseconds: 0.9 ms with 130 inputs and 90 outputs.
   */
  async run(feeds: TensorMap, fetches: TensorMap): Promise<void> {
    await onDevice(this.device, () => this.session.run(feeds, fetches)).catch((error) =>
      failedToRun(error, this.device),
    );
  }

  /** Runs once: the outputs are new tensors, where the session was opened to leave them. */
  async runToOutputs(feeds: TensorMap): Promise<TensorMap> {
    const running = onDevice(this.device, () => this.session.run(feeds));
    return (await running.catch((error) => failedToRun(error, this.device))) as TensorMap;
  }

  async dispose(): Promise<void> {
    await onDevice(this.device, () => this.session.release());
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What to do about a kernel that a device lacks. */
function adviceFor(error: unknown, device: DeviceName): { hint?: string } {
  const failure = textToFailure(reason(error), device);
  return failure === undefined ? {} : { hint: failure.advice };
}

/** @throws GanEvalError `unavailable.device-memory`, `unavailable.device-lost`, else `internal.session-run` */
export function failedToRun(error: unknown, device: DeviceName): never {
  const known = textToDeviceError(reason(error), device, error);
  if (known) throw known;
  const message = `internal: ONNX Runtime failed: ${reason(error)}`;
  throw new GanEvalError("internal.session-run", message, { cause: error, ...adviceFor(error, device) });
}

/** @throws GanEvalError `unavailable.device-memory`, `unavailable.device-lost`, else `internal.session-open` */
export function failedToOpen(error: unknown, device: DeviceName): never {
  const known = textToDeviceError(reason(error), device, error);
  if (known) throw known;
  const message = `internal: ONNX Runtime refused the graph: ${reason(error)}`;
  throw new GanEvalError("internal.session-open", message, { cause: error, ...adviceFor(error, device) });
}

/**
 * How every session is opened. The memory arena stays on: without it every intermediate is a system allocation at each
 * run. Memory patterns are off: they plan a second block beside the arena's first ones, and bring nothing here. Nine
 * convolutions on [16, 147, 147, 3] took 311 MB without them and 489 MB with, at the same processor time; small steps
 * show no difference.
 */
export const toOnnxRuntimeOptions = ({
  device,
  threads,
}: SessionOptions): InferenceSession.SessionOptions => ({
  executionProviders: [device],
  graphOptimizationLevel: "all",
  executionMode: "sequential",
  intraOpNumThreads: threads,
  enableCpuMemArena: true,
  enableMemPattern: false,
  logSeverityLevel: 4,
  // Threads that go on spinning after a run take the cores from the next session, and from us.
  extra: { session: { force_spinning_stop: "1" } },
});

/**
 * Opens a session over an encoded graph.
 * @param stays names of outputs that stay in the device's memory (default: none)
 * @throws GanEvalError `unavailable.device` if the device is not there: never another one in its stead
 */
export async function openSession(
  model: OnnxModel,
  options: SessionOptions,
  stays: readonly string[] = [],
): Promise<Session> {
  const ort = await loadOnnxRuntime();
  await requireDevice(options.device);
  const places = Object.fromEntries(
    model.outputs.map((name) => [name, stays.includes(name) ? "gpu-buffer" : "cpu"] as const),
  );
  const session = await onDevice(options.device, () =>
    ort.InferenceSession.create(model.bytes, {
      ...toOnnxRuntimeOptions(options),
      ...(stays.length > 0 && { preferredOutputLocation: places }),
    }),
  ).catch((error) => failedToOpen(error, options.device));
  return new Session(session, ort, options.device);
}
