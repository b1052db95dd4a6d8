/** The table of WebAssembly kernels of linear algebra, and how they are loaded. */
import { readFileSync } from "node:fs";

/** One WebAssembly kernel: task `task` of a phase, run by thread `thread`, with its arguments at byte `args`. */
export type Kernel = (task: number, thread: number, args: number) => void;

/** Every kernel and the module it lies in; a kernel's arguments stand beside it in the .as.ts file. */
export const kernelModules = {
  packB: "product",
  multiply: "product",
  factorBlock: "factor",
  solveRows: "factor",
  pivotColumn: "factor",
  tridiagonalRow: "reduce",
  symmetricTimesVector: "reduce",
  tridiagonalColumn: "reduce",
  transposedTimesVector: "reduce",
  bidiagonalColumn: "reduce",
  bidiagonalRow: "reduce",
  bidiagonalUpdate: "reduce",
} as const;

export type KernelName = keyof typeof kernelModules;
type ModuleName = (typeof kernelModules)[KernelName];

/** Kernels are known to threads by their place in this list. */
export const kernelNames = Object.keys(kernelModules) as KernelName[];

const moduleFiles: Record<ModuleName, URL> = {
  product: new URL("./product.wasm", import.meta.url),
  factor: new URL("./factor.wasm", import.meta.url),
  reduce: new URL("./reduce.wasm", import.meta.url),
};

let compiled: Record<ModuleName, WebAssembly.Module> | undefined;

/** The compiled modules; compiled once a process, a few milliseconds. */
export function compileModules(): Record<ModuleName, WebAssembly.Module> {
  compiled ??= Object.fromEntries(
    Object.entries(moduleFiles).map(([name, file]) => [name, new WebAssembly.Module(readFileSync(file))]),
  ) as Record<ModuleName, WebAssembly.Module>;
  return compiled;
}

/** The kernels over one memory, in the order of `kernelNames`. */
export function instantiateKernels(memory: WebAssembly.Memory): Kernel[] {
  const imports = { env: { memory, abort: () => {} } };
  const instances = Object.fromEntries(
    Object.entries(compileModules()).map(([name, module]) => [
      name,
      new WebAssembly.Instance(module, imports),
    ]),
  );
  return kernelNames.map((name) => instances[kernelModules[name]]?.exports[name] as Kernel);
}
