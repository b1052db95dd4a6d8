/** A program on a device whose runs are handed over and whose results are fetched later: the caller's thread is free between the two. */

import type { OpenDeviceMemory } from "./device-memory.ts";
import type { ArrayData, ArrayValue, DeviceArray, DeviceMemory, DeviceProgram, Program } from "./engine.ts";
import type { Graph } from "./graph.ts";
import { Queue } from "./queue.ts";

type Inputs = Readonly<Record<string, ArrayData | DeviceArray>>;
type Values = Record<string, ArrayValue>;

/** A run that the device has and the caller waits for. */
interface Pending {
  fetch(): Promise<void>;
  readonly timer: NodeJS.Timeout;
}

/** Fetching blocks the thread until the device is done: by then it mostly is, going by the run before. */
const PATIENCE = 0.8;

const isOnDevice = (value: ArrayData | DeviceArray): value is DeviceArray => "free" in value;

/** The arrays of a device among the inputs as arrays of ours. */
export async function readInputs(memory: DeviceMemory, inputs: Inputs): Promise<Record<string, ArrayData>> {
  const read: Record<string, ArrayData> = {};
  for (const [name, value] of Object.entries(inputs))
    read[name] = isOnDevice(value) ? await memory.read(value) : value;
  return read;
}

/** A program of the CPU that takes a device's arrays too. */
export const takingArrays = (program: Program, memory: DeviceMemory | undefined): Program =>
  memory === undefined
    ? program
    : {
        run: async (inputs) => program.run(await readInputs(memory, inputs)),
        dispose: () => program.dispose(),
      };

/**
 * Runs in the order they were asked for. A device works off what it is given in order, so reading results waits for all that
 * was handed over: the results of run k are read right before run k+1 is handed over, whose inputs the caller prepared
 * while the device worked on k; it goes on with k's results while the device works on k+1. Where no run follows, they
 * are read when the device should be done.
 */
class SubmittedProgram implements Program {
  private readonly program: DeviceProgram;
  private readonly memory: DeviceMemory;
  private readonly queue = new Queue();
  private pending: Pending | undefined;
  /** From handing over to having the results, of the last run, in milliseconds. */
  private took = 0;

  constructor(program: DeviceProgram, memory: DeviceMemory) {
    this.program = program;
    this.memory = memory;
  }

  run(inputs: Inputs): Promise<Values> {
    return new Promise((resolve, reject) => {
      const submit = async (): Promise<void> => {
        await this.pending?.fetch();
        this.pending = await this.submit(inputs, resolve, reject);
      };
      this.queue.add(submit).catch(reject);
    });
  }

  private async submit(
    inputs: Inputs,
    resolve: (values: Values) => void,
    reject: (error: unknown) => void,
  ): Promise<Pending> {
    const began = performance.now();
    const { stays } = await this.program.run(inputs);
    const fetch = async (): Promise<void> => {
      clearTimeout(pending.timer);
      this.pending = undefined;
      await this.read(stays).then(resolve, reject);
      this.took = performance.now() - began;
    };
    const fetchIfLast = () => this.queue.add(() => (this.pending === pending ? fetch() : undefined));
    const pending: Pending = { fetch, timer: setTimeout(fetchIfLast, PATIENCE * this.took) };
    return pending;
  }

  private async read(stays: Readonly<Record<string, DeviceArray>>): Promise<Values> {
    const values: Values = {};
    try {
      for (const [name, array] of Object.entries(stays))
        values[name] = { data: await this.memory.read(array), shape: array.shape };
      return values;
    } finally {
      for (const array of Object.values(stays)) array.free();
    }
  }

  dispose(): Promise<void> {
    return this.queue.add(async () => {
      await this.pending?.fetch();
      await this.program.dispose();
    });
  }
}

/** Whether all results can be fetched: of the types that can be copied down. */
export const canStay = ({ outputs }: Graph): boolean =>
  outputs.every(({ value: { dtype } }) => dtype === "float32" || dtype === "int32");

/** Opens a program over a graph that was traced for the device of `memory`. @throws GanEvalError as `openProgram` */
export async function openSubmittedProgram(graph: Graph, memory: OpenDeviceMemory): Promise<Program> {
  const outputs = graph.outputs.map(({ name }) => name);
  return new SubmittedProgram(await memory.open(graph, outputs), memory);
}
