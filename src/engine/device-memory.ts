/** Arrays that stay in a device's memory from run to run, and programs over them. */
import type { Tensor } from "onnxruntime-common";
import { GanEvalError } from "../errors.ts";
import { checkArrays } from "./check-arrays.ts";
import { withDeviceSelfCheck } from "./device-self-check.ts";
import type {
  ArrayData,
  ArrayValue,
  DeviceArray,
  DeviceMemory,
  DeviceName,
  DeviceProgram,
  InputSpec,
  InputType,
  Signature,
  Tensors,
} from "./engine.ts";
import type { Constant, Graph, TensorType, Value } from "./graph.ts";
import { type EncodedGraph, encodeGraph, openProgram, refuseDisposed } from "./graph-program.ts";
import { graphToOnnx } from "./onnx-encode.ts";
import { OpenPrograms } from "./open-programs.ts";
import { Queue } from "./queue.ts";
import { openSession, type Session, type SessionOptions, type TensorMap } from "./session.ts";
import { functionToGraph } from "./trace.ts";

/** Devices whose tensors ONNX Runtime's binding can leave where they are. */
const KEEPING: readonly DeviceName[] = ["webgpu"];

export const keepsArrays = (device: DeviceName): boolean => KEEPING.includes(device);

/** A tensor of ONNX Runtime in the device's memory. Its `data` must not be asked for: that ends the process. */
class TensorOnDevice implements DeviceArray {
  readonly shape: readonly number[];
  readonly dtype: InputType;
  private held: Tensor | undefined;

  constructor(tensor: Tensor, { shape, dtype }: TensorType) {
    this.held = tensor;
    this.shape = shape;
    this.dtype = dtype as InputType;
  }

  get tensor(): Tensor {
    if (this.held !== undefined) return this.held;
    throw new GanEvalError("internal.device-array", "internal: an array was used after it was freed");
  }

  free(): void {
    this.held?.dispose();
    this.held = undefined;
  }
}

const isOnDevice = (value: ArrayData | DeviceArray): value is TensorOnDevice =>
  value instanceof TensorOnDevice;

/** For sessions of other kinds. */
export const arrayToTensor = (array: DeviceArray): Tensor => (array as TensorOnDevice).tensor;

/**
 * A model that gives what it is given: with its output on the device it brings an array there, without, back. WebGPU has
 * no Identity of bytes; all their rows, gathered, are the same.
 */
function copyModel({ dtype, shape }: TensorType) {
  const [x, y]: Value[] = ["x", "y"].map((name) => ({ name, dtype, shape }));
  const rows = Int32Array.from({ length: dtype === "uint8" ? shape[0] : 0 }, (_, row) => row);
  const all: Constant = { name: "rows", dtype: "int32", shape: [rows.length], data: rows };
  return graphToOnnx({
    name: "copy",
    inputs: [x],
    ...(dtype === "uint8"
      ? {
          constants: [all],
          nodes: [{ op: "Gather", inputs: [x, all], outputs: [y], attributes: { axis: 0 } }],
        }
      : { constants: [], nodes: [{ op: "Identity", inputs: [x], outputs: [y], attributes: {} }] }),
    outputs: [{ name: "y", value: y }],
  });
}

/** Copies of arrays to and from a device: a session for each type and shape, opened when it is first needed. */
class Copier {
  private readonly options: SessionOptions;
  private readonly isUp: boolean;
  private readonly sessions = new Map<string, Promise<Session>>();

  constructor(options: SessionOptions, isUp: boolean) {
    this.options = options;
    this.isUp = isUp;
  }

  async copy(type: TensorType, tensor: (session: Session) => Tensor): Promise<Tensor> {
    const key = `${type.dtype} [${type.shape}]`;
    let opening = this.sessions.get(key);
    if (opening === undefined) {
      opening = openSession(copyModel(type), this.options, this.isUp ? ["y"] : []);
      this.sessions.set(key, opening);
    }
    const session = await opening;
    return (await session.runToOutputs({ x: tensor(session) })).y;
  }

  async dispose(): Promise<void> {
    const opened = await Promise.allSettled(this.sessions.values());
    for (const session of opened) if (session.status === "fulfilled") await session.value.dispose();
  }
}

class ProgramOnDevice implements DeviceProgram {
  private readonly session: Session;
  private readonly graph: EncodedGraph;
  private readonly stays: readonly string[];
  private readonly queue = new Queue();
  private disposed = false;

  constructor(session: Session, graph: EncodedGraph, stays: readonly string[]) {
    this.session = session;
    this.graph = graph;
    this.stays = stays;
  }

  run(inputs: Parameters<DeviceProgram["run"]>[0]): ReturnType<DeviceProgram["run"]> {
    return this.queue.add(async () => {
      if (this.disposed) refuseDisposed();
      const here = [...this.graph.inputs].filter(([name]) => !(inputs[name] instanceof TensorOnDevice));
      const given = Object.entries(inputs).filter(([, value]) => !isOnDevice(value));
      checkArrays("input", new Map(here), Object.fromEntries(given));
      const feeds: TensorMap = {};
      for (const [name, type] of this.graph.inputs) {
        const value = inputs[name];
        feeds[name] = isOnDevice(value) ? value.tensor : this.session.tensor(type, value as ArrayData);
      }
      const made = await this.session.runToOutputs(feeds);
      const outputs: Record<string, ArrayValue> = {};
      const stays: Record<string, DeviceArray> = {};
      for (const { name, modelName, type } of this.graph.outputs)
        if (this.stays.includes(name)) stays[name] = new TensorOnDevice(made[modelName], type);
        else outputs[name] = { data: made[modelName].data as ArrayData, shape: type.shape };
      return { outputs, stays };
    });
  }

  dispose(): Promise<void> {
    return this.queue.add(async () => {
      if (this.disposed) return;
      this.disposed = true;
      await this.session.dispose();
    });
  }
}

/** A memory, and how what is its own is opened and closed. */
export interface OpenDeviceMemory extends DeviceMemory {
  /** A graph that was traced for the device. */
  open(graph: Graph, stays: readonly string[]): Promise<DeviceProgram>;
  dispose(): Promise<void>;
}

/** The memory of the device that the options name; disposing of it closes its sessions, not its arrays. */
export function openDeviceMemory(options: SessionOptions): OpenDeviceMemory {
  const up = new Copier(options, true);
  const down = new Copier(options, false);
  const programs = new OpenPrograms();
  const open = async (traced: Graph, stays: readonly string[]): Promise<DeviceProgram> => {
    const { model, ...graph } = encodeGraph(traced, stays);
    const kept = graph.outputs.flatMap((port) => (stays.includes(port.name) ? [port.modelName] : []));
    return programs.keep(new ProgramOnDevice(await openSession(model, options, kept), graph, stays));
  };
  const memory: OpenDeviceMemory = {
    open,
    async put(data: ArrayData, { shape, dtype = "float32" }: InputSpec) {
      checkArrays("input", new Map([["array", { shape, dtype }]]), { array: data });
      const type = { shape, dtype };
      return new TensorOnDevice(await up.copy(type, (session) => session.tensor(type, data)), type);
    },
    async read(array) {
      const { tensor, shape, dtype } = array as TensorOnDevice;
      return (await down.copy({ shape, dtype }, () => tensor)).data as ArrayData;
    },
    async compile(fn: (inputs: Tensors) => Tensors, signature: Signature, { name, stays, isProven }) {
      const graph = functionToGraph(fn, signature, name, options.device);
      const program = await open(graph, stays);
      if (!options.selfCheck || isProven) return program;
      const openReference = () => openProgram(graph, { device: "cpu", threads: options.threads });
      return withDeviceSelfCheck(program, memory, { name, device: options.device, openReference });
    },
    async dispose() {
      await Promise.all([up.dispose(), down.dispose(), programs.dispose()]);
    },
  };
  return memory;
}
