/** The choice between engines. */
import { availableParallelism } from "node:os";
import { GanEvalError } from "../errors.ts";
import { decideTf32 } from "./arithmetic.ts";
import type { DeviceName, Engine, EngineName } from "./engine.ts";

export interface EngineChoice {
  /** `auto`, the default, is onnx. */
  readonly engine?: EngineName | "auto";
  /** `auto`, the default, is the CPU, or the only device that the engine has. */
  readonly device?: DeviceName | "auto";
  /** Threads inside one operator; as many as there are cores by default. */
  readonly threads?: number;
  /** Whether NVIDIA GPUs may multiply in TF32 (default false); the first engine of a process decides. */
  readonly tf32?: boolean;
  /** Whether the first run of each program on a device is held against the CPU (default true). */
  readonly selfCheck?: boolean;
}

export interface EngineReport {
  readonly engine: EngineName;
  readonly device: DeviceName;
  readonly found: boolean;
  /** The library behind it and its version, where it is found. */
  readonly version?: string;
  /** Why it cannot be used. */
  readonly reason?: string;
  /** What to do about it, where that is known. */
  readonly advice?: string;
}

export const ENGINES: readonly EngineName[] = ["onnx", "tensorflow", "wasm", "cpu"];

function checkThreads(threads: number): number {
  if (Number.isInteger(threads) && threads >= 1) return threads;
  throw new GanEvalError("usage.threads", `expected a whole number of threads, at least 1, got ${threads}`);
}

function checkEngine(engine: EngineName): void {
  if (ENGINES.includes(engine)) return;
  throw new GanEvalError("usage.engine", `expected engine ${ENGINES.join(", ")} or auto, got ${engine}`);
}

/**
 * Opens an engine. What is asked for is what is opened, or an error: nothing else stands in for it.
 * @throws GanEvalError `usage.*` for a wrong choice, `unavailable.engine` or `unavailable.device`
 */
export async function openEngine(choice: EngineChoice = {}): Promise<Engine> {
  const engine = choice.engine === undefined || choice.engine === "auto" ? "onnx" : choice.engine;
  checkEngine(engine);
  const device = choice.device === "auto" ? undefined : choice.device;
  const threads = checkThreads(choice.threads ?? availableParallelism());
  if (device === "cuda" || engine === "tensorflow") decideTf32(choice.tf32 ?? false);
  if (engine === "onnx") {
    const { requireDevice } = await import("./devices.ts");
    await requireDevice(device ?? "cpu");
    const { openOnnxEngine } = await import("./compile.ts");
    return openOnnxEngine({ device: device ?? "cpu", threads, selfCheck: choice.selfCheck ?? true });
  }
  const { openEagerEngine } = await import("./eager.ts");
  const opened = await openEagerEngine(engine);
  if (device === undefined || device === opened.device) return opened;
  await opened.dispose();
  throw new GanEvalError(
    "unavailable.device",
    `expected an engine that runs on ${device}, got ${engine}, which runs only on ${opened.device}`,
    { hint: "Leave the device out, or use engine onnx." },
  );
}

async function reportOnnx(): Promise<EngineReport[]> {
  const { DEVICES, findAbsence } = await import("./devices.ts");
  const { findBinding } = await import("./onnxruntime.ts");
  const { version } = findBinding();
  return Promise.all(
    DEVICES.map(async (device): Promise<EngineReport> => {
      const absence = await findAbsence(device);
      return absence === undefined
        ? { engine: "onnx", device, found: true, version: `onnxruntime-node ${version}` }
        : { engine: "onnx", device, found: false, reason: absence.why, advice: absence.advice };
    }),
  );
}

async function reportEager(engine: Exclude<EngineName, "onnx">): Promise<EngineReport> {
  const { loadTensorflow } = await import("./tensorflow.ts");
  const { openBackend } = await import("./eager-backends.ts");
  try {
    const { device, packageName, version } = await openBackend(engine, await loadTensorflow());
    return { engine, device, found: true, version: `${packageName} ${version}` };
  } catch (error) {
    return { engine, device: "cpu", found: false, reason: (error as Error).message };
  }
}

/** Every engine and device: whether it can be used here, and why not. */
export async function listEngines(): Promise<EngineReport[]> {
  const reports = await reportOnnx();
  // One at a time: starting a backend makes it current for a moment.
  for (const engine of ["tensorflow", "wasm", "cpu"] as const) reports.push(await reportEager(engine));
  return reports;
}
