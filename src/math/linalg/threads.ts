/** Helper threads that run WebAssembly kernels on a shared memory. */
import { Worker } from "node:worker_threads";
import { compileModules, kernelModules, kernelNames } from "./kernels.ts";

/** Places in the control block (int32 indices from its start) that threads share. */
export const control = { remaining: 0, done: 1, kernel: 2, tasks: 3, stop: 4, length: 5 } as const;

/** How many times a thread looks before it sleeps: about 0.1 ms, longer than the serial part between two phases. */
export const SPINS = 20_000;

/**
 * What a helping thread does: claim a task by counting `remaining` down, run it, count `done` up, wait for more.
 * A claim can only succeed while the phase it belongs to is unfinished, so kernel and arguments are those of that
 * phase however late the thread comes. Plain script text, for it must run from sources and from dist alike.
 */
const helperCode = `
const { workerData } = require("node:worker_threads");
const { modules, kernels, memory, thread, controlAt, argsAt, c, spins } = workerData;
const imports = { env: { memory, abort() {} } };
const exported = Object.fromEntries(
  Object.entries(modules).map(([name, module]) => [name, new WebAssembly.Instance(module, imports).exports]));
const table = kernels.map(([name, module]) => exported[module][name]);
const state = new Int32Array(memory.buffer, controlAt, c.length);
let idle = 0;
while (Atomics.load(state, c.stop) === 0) {
  const left = Atomics.load(state, c.remaining);
  if (left > 0) {
    idle = 0;
    if (Atomics.compareExchange(state, c.remaining, left, left - 1) !== left) continue;
    table[state[c.kernel]](left - 1, thread, argsAt);
    if (Atomics.add(state, c.done, 1) + 1 === state[c.tasks]) Atomics.notify(state, c.done);
  } else if (++idle > spins) {
    Atomics.wait(state, c.remaining, 0, 1000);
    idle = 0;
  }
}
`;

/**
 * Starts helpers 1..threads - 1 on a shared memory; the caller is thread 0. They join when they are ready: until then
 * the caller does their work. They never keep the process alive. `stop` ends them.
 */
export function startHelpers(
  memory: WebAssembly.Memory,
  threads: number,
  controlAt: number,
  argsAt: number,
): { stop: () => void } {
  const modules = compileModules();
  const kernels = kernelNames.map((name) => [name, kernelModules[name]]);
  const workers = Array.from({ length: threads - 1 }, (_, index) => {
    const worker = new Worker(helperCode, {
      eval: true,
      execArgv: [],
      workerData: {
        modules,
        kernels,
        memory,
        thread: index + 1,
        controlAt,
        argsAt,
        c: control,
        spins: SPINS,
      },
    });
    // Without helpers the caller computes everything itself, to the same bits: a failure here is not an error.
    worker.on("error", () => {});
    worker.unref();
    return worker;
  });
  const state = new Int32Array(memory.buffer, controlAt, control.length);
  return {
    stop: () => {
      Atomics.store(state, control.stop, 1);
      Atomics.notify(state, control.remaining);
      for (const worker of workers) void worker.terminate();
    },
  };
}
