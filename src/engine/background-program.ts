/**
 * A program whose session lives in a thread of its own. ONNX Runtime blocks the thread that runs it; here that is not
 * the caller's, which goes on reading, resizing and answering signals meanwhile.
 */
import { Worker } from "node:worker_threads";
import { checkArrays } from "./check-arrays.ts";
import { requireDevice } from "./devices.ts";
import type { ArrayData, ArrayValue, Program } from "./engine.ts";
import type { Graph } from "./graph.ts";
import { type EncodedGraph, encodeGraph, refuseDisposed } from "./graph-program.ts";
import { bindingToEntry, findBinding } from "./onnxruntime.ts";
import { Queue } from "./queue.ts";
import {
  failedToOpen,
  failedToRun,
  makeArray,
  type SessionOptions,
  toOnnxRuntimeOptions,
} from "./session.ts";

/**
 * What the thread does: open the model that comes first, then run whatever comes. Arrays are handed over and back, not
 * copied; the model too, for this thread would be long in collecting it. Plain script text, for it must run from sources and from dist alike.
 */
const threadCode = `
const { parentPort, workerData } = require("node:worker_threads");
const ort = require(workerData.onnxruntime);
ort.env.logLevel = "fatal";
const toTensors = (arrays) => Object.fromEntries(
  Object.entries(arrays).map(([name, { data, dtype, shape }]) => [name, new ort.Tensor(dtype, data, shape)]));
const arraysOf = (arrays) => Object.values(arrays).map(({ data }) => data.buffer);
let session;
const jobs = {
  open: async ({ model, options }) => { session = await ort.InferenceSession.create(model, options); },
  run: async ({ inputs, outputs }) => { await session.run(toTensors(inputs), toTensors(outputs)); },
  close: async () => { await session?.release(); },
};
parentPort.on("message", async (message) => {
  const { model, inputs = {}, outputs = {} } = message;
  let failure;
  try { await jobs[message.job](message); } catch (error) { failure = String(error?.message ?? error); }
  const back = [...arraysOf(inputs), ...arraysOf(outputs), ...(model ? [model.buffer] : [])];
  parentPort.postMessage({ failure, model, inputs, outputs }, back);
  if (message.job === "close") parentPort.close();
});
`;

interface TypedArray {
  readonly data: ArrayData;
  readonly dtype: string;
  readonly shape: readonly number[];
}

type Arrays = Record<string, TypedArray>;

type Job =
  | { readonly job: "open"; readonly model: Uint8Array; readonly options: object }
  | { readonly job: "run"; readonly inputs: Arrays; readonly outputs: Arrays }
  | { readonly job: "close" };

interface Answer {
  readonly failure?: string;
  readonly inputs: Arrays;
  readonly outputs: Arrays;
}

/** One job at a time; keeps the process alive only while a job is under way. */
class SessionThread {
  private readonly worker: Worker;
  private settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  private ended: Error | undefined;
  private readonly exited: Promise<void>;

  constructor() {
    this.worker = new Worker(threadCode, {
      eval: true,
      execArgv: [],
      workerData: { onnxruntime: bindingToEntry(findBinding()) },
    });
    this.worker.unref();
    this.worker.on("message", (answer: Answer) => this.settle?.resolve(answer));
    this.worker.on("error", (error) => this.end(error));
    this.exited = new Promise((resolve) => {
      this.worker.on("exit", (code) => {
        this.end(new Error(`its thread ended with code ${code}`));
        resolve();
      });
    });
  }

  async do(job: Job, handOver: readonly ArrayBufferLike[] = []): Promise<Answer> {
    if (this.ended) throw this.ended;
    this.worker.ref();
    try {
      return await new Promise<Answer>((resolve, reject) => {
        this.settle = { resolve, reject };
        this.worker.postMessage(job, handOver as ArrayBuffer[]);
      });
    } finally {
      this.settle = undefined;
      this.worker.unref();
    }
  }

  /** Ends the thread, and waits for it: a process that exits meanwhile would tear ONNX Runtime down under its feet. */
  async close(): Promise<void> {
    await this.do({ job: "close" });
    this.worker.ref();
    await this.exited;
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.settle?.reject(this.ended);
  }
}

const buffersOf = (arrays: Arrays): ArrayBufferLike[] => Object.values(arrays).map(({ data }) => data.buffer);

class BackgroundProgram implements Program {
  private readonly thread: SessionThread;
  private readonly graph: EncodedGraph;
  private readonly device: SessionOptions["device"];
  private readonly queue = new Queue();
  /** Copies of the inputs that came back from the last run: the next one fills them again. */
  private spare: Arrays = {};
  private disposed = false;

  constructor(thread: SessionThread, graph: EncodedGraph, { device }: SessionOptions) {
    this.thread = thread;
    this.device = device;
    this.graph = graph;
  }

  run(arrays: Readonly<Record<string, ArrayData>>): Promise<Record<string, ArrayValue>> {
    return this.queue.add(async () => {
      if (this.disposed) refuseDisposed();
      checkArrays("input", this.graph.inputs, arrays);
      const inputs: Arrays = {};
      for (const [name, { dtype, shape }] of this.graph.inputs) {
        const data = this.spare[name]?.data ?? makeArray({ dtype: dtype!, shape });
        data.set(arrays[name]);
        inputs[name] = { data, dtype: dtype!, shape };
      }
      this.spare = {};
      const outputs: Arrays = {};
      for (const { modelName, modelType } of this.graph.outputs)
        outputs[modelName] = { data: makeArray(modelType), dtype: modelType.dtype, shape: modelType.shape };
      const answer = await this.thread
        .do({ job: "run", inputs, outputs }, [...buffersOf(inputs), ...buffersOf(outputs)])
        .catch((error) => failedToRun(error, this.device));
      this.spare = answer.inputs;
      if (answer.failure !== undefined) failedToRun(answer.failure, this.device);
      return Object.fromEntries(
        this.graph.outputs.map(({ name, modelName, type }) => [
          name,
          { data: answer.outputs[modelName].data, shape: type.shape },
        ]),
      );
    });
  }

  dispose(): Promise<void> {
    return this.queue.add(async () => {
      if (this.disposed) return;
      this.disposed = true;
      await this.thread.close();
    });
  }
}

/** Opens a program that runs a graph in a thread of its own. @throws GanEvalError as `openProgram` */
export async function openBackgroundProgram(graph: Graph, options: SessionOptions): Promise<Program> {
  const { model, ...encoded } = encodeGraph(graph);
  await requireDevice(options.device);
  const thread = new SessionThread();
  const { bytes } = model;
  const open = { job: "open", model: bytes, options: toOnnxRuntimeOptions(options) } as const;
  const { device } = options;
  const { failure } = await thread.do(open, [bytes.buffer]).catch((error) => failedToOpen(error, device));
  if (failure !== undefined) {
    await thread.close();
    failedToOpen(failure, device);
  }
  return new BackgroundProgram(thread, encoded, options);
}
