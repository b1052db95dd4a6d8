/** Memory and threads for one problem of linear algebra. */
import { availableParallelism } from "node:os";
import { GanEvalError } from "../../errors.ts";
import { instantiateKernels, type Kernel, type KernelName, kernelNames } from "./kernels.ts";
import { control, SPINS, startHelpers } from "./threads.ts";

const PAGE = 65_536;
const CONTROL_AT = 1024;
const ARGS_AT = 2048;
const FLOATS_AT = ARGS_AT + 128;
const HEAP_AT = 4096;
/** Memories up to this size are kept for the next small problem: making one takes longer than solving it. */
const SMALL_BYTES = 4 * 1024 * 1024;
/** WebAssembly addresses 32 bits; the last page stays free. */
const MOST_BYTES = 2 ** 32 - 2 * PAGE;
/** The products are bound by arithmetic, the reductions by memory: beyond this more threads do not pay. */
const MOST_THREADS = 8;

/** A row-major float64 matrix in a workspace: `pointer` in bytes, `ld` doubles from row to row. */
export interface Matrix {
  readonly pointer: number;
  readonly rows: number;
  readonly columns: number;
  readonly ld: number;
}

/** Memory for one problem, and the threads that work on it. Everything in it is gone when `withWorkspace` returns. */
export interface Workspace {
  readonly threads: number;
  /** A matrix of zeros; rows are aligned to 16 bytes. */
  matrix(rows: number, columns: number): Matrix;
  /** Room for `bytes` bytes of any content, aligned to 16. */
  allocate(bytes: number): number;
  /** Gives back everything allocated since `mark()` returned `at`. */
  mark(): number;
  release(at: number): void;
  doubles(pointer: number, length: number): Float64Array;
  bytes(pointer: number, length: number): Uint8Array;
  /** Runs tasks 0..tasks - 1 of a kernel on all threads and waits. Results may not depend on who runs which. */
  run(kernel: KernelName, tasks: number, integers: readonly number[], floats?: readonly number[]): void;
  /** The floats that a kernel left for its caller. */
  readonly floats: Float64Array;
}

export interface WorkspaceOptions {
  /** Upper bound of all bytes that will be allocated at one time. */
  readonly bytes: number;
  /** Threads to use, this one included (default: as many as the machine runs at once, at most 8). */
  readonly threads?: number;
}

export const matrixBytes = (rows: number, columns: number): number =>
  8 * rows * (columns + (columns & 1)) + 16;

export const defaultThreads = (): number => Math.min(availableParallelism(), MOST_THREADS);

interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly kernels: readonly Kernel[];
}

function makeArena(bytes: number): Arena {
  const pages = Math.ceil((HEAP_AT + bytes) / PAGE);
  if (HEAP_AT + bytes > MOST_BYTES) {
    throw new GanEvalError(
      "input.too-wide",
      `expected a problem of less than 4 GiB, got one of ${(bytes / 2 ** 30).toFixed(1)} GiB`,
      { hint: "reduce the width of the features (a square matrix of 8,000 is about the limit)" },
    );
  }
  const memory = makeMemory(pages);
  return { memory, kernels: instantiateKernels(memory) };
}

function makeMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (cause) {
    throw new GanEvalError(
      "unavailable.memory",
      `expected ${Math.ceil((pages * PAGE) / 2 ** 20)} MiB of memory for a matrix problem, got: ${cause}`,
      { hint: "free some memory, or use features of smaller width", cause },
    );
  }
}

let small: Arena | undefined;
let smallInUse = false;

/** A memory with its helpers, kept for the next problem. */
interface Kept {
  readonly arena: Arena;
  readonly bytes: number;
  readonly threads: number;
  readonly stop: () => void;
}

/**
 * The memory of the last large problem. An interval is forty distances in a row, and memories of hundreds of megabytes
 * that nobody refers to any more are collected late: without this they add up to gigabytes.
 */
let kept: Kept | undefined;
let forgetting: NodeJS.Timeout | undefined;

/** How long an unused memory is kept, in milliseconds. */
const KEPT_FOR = 2_000;

/** Takes the kept memory if it is large enough and has the helpers that are wanted (one thread needs none). */
function takeKept(bytes: number, threads: number): Kept | undefined {
  if (kept === undefined || kept.bytes < bytes || (threads > 1 && kept.threads !== threads)) return undefined;
  const taken = kept;
  kept = undefined;
  return taken;
}

/** Of two memories the larger is kept. */
function keep(used: Kept): void {
  if (kept !== undefined && kept.bytes >= used.bytes) {
    used.stop();
    return;
  }
  kept?.stop();
  kept = used;
  clearTimeout(forgetting);
  forgetting = setTimeout(() => {
    kept?.stop();
    kept = undefined;
  }, KEPT_FOR);
  forgetting.unref();
}

function makeKept(bytes: number, threads: number): Kept {
  const arena = makeArena(bytes);
  const helpers = threads > 1 ? startHelpers(arena.memory, threads, CONTROL_AT, ARGS_AT) : undefined;
  return { arena, bytes, threads, stop: () => helpers?.stop() };
}

/**
 * Calls `use` with a workspace of at least `bytes` and releases it. Small problems share one kept memory and one
 * thread; larger ones take the one before's, or get their own with helpers.
 */
export function withWorkspace<T>(options: WorkspaceOptions, use: (workspace: Workspace) => T): T {
  if (options.bytes > SMALL_BYTES || smallInUse) {
    const threads = Math.max(1, Math.floor(options.threads ?? defaultThreads()));
    const taken = takeKept(options.bytes, threads) ?? makeKept(options.bytes, threads);
    try {
      const result = use(makeWorkspace(taken.arena, threads));
      keep(taken);
      return result;
    } catch (error) {
      // Helpers may be in the middle of it.
      taken.stop();
      throw error;
    }
  }
  small ??= makeArena(SMALL_BYTES);
  smallInUse = true;
  try {
    return use(makeWorkspace(small, 1));
  } finally {
    smallInUse = false;
  }
}

/** A workspace of its own on the caller's thread, for as long as it is referred to. */
export const openWorkspace = (bytes: number): Workspace => makeWorkspace(makeArena(bytes), 1);

function makeWorkspace({ memory, kernels }: Arena, threads: number): Workspace {
  const { buffer } = memory;
  const state = new Int32Array(buffer, CONTROL_AT, control.length);
  const integers = new Int32Array(buffer, ARGS_AT, 32);
  const floats = new Float64Array(buffer, FLOATS_AT, 4);
  let top = HEAP_AT;

  const allocate = (bytes: number): number => {
    const pointer = top;
    top += Math.ceil(bytes / 16) * 16;
    if (top > buffer.byteLength)
      throw new GanEvalError("internal.workspace", "a workspace was sized too small");
    return pointer;
  };

  const run: Workspace["run"] = (name, tasks, ints, reals = []) => {
    integers.set(ints);
    floats.set(reals);
    const id = kernelNames.indexOf(name);
    const kernel = kernels[id] as Kernel;
    if (tasks === 1 || threads === 1) {
      for (let task = tasks - 1; task >= 0; task--) kernel(task, 0, ARGS_AT);
      return;
    }
    state[control.kernel] = id;
    state[control.tasks] = tasks;
    Atomics.store(state, control.done, 0);
    Atomics.store(state, control.remaining, tasks);
    Atomics.notify(state, control.remaining);
    for (let left = tasks; left > 0; left = Atomics.load(state, control.remaining)) {
      if (Atomics.compareExchange(state, control.remaining, left, left - 1) !== left) continue;
      kernel(left - 1, 0, ARGS_AT);
      Atomics.add(state, control.done, 1);
    }
    for (let spin = 0; ; spin++) {
      const done = Atomics.load(state, control.done);
      if (done === tasks) break;
      if (spin > SPINS) Atomics.wait(state, control.done, done, 100);
    }
  };

  return {
    threads,
    floats,
    allocate,
    run,
    mark: () => top,
    release: (at) => {
      top = at;
    },
    doubles: (pointer, length) => new Float64Array(buffer, pointer, length),
    bytes: (pointer, length) => new Uint8Array(buffer, pointer, length),
    matrix: (rows, columns) => {
      const ld = columns + (columns & 1);
      const pointer = allocate(8 * rows * ld);
      new Float64Array(buffer, pointer, rows * ld).fill(0);
      return { pointer, rows, columns, ld };
    },
  };
}
