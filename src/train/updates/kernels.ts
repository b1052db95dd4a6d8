/** The passes over weights, compiled (update.as.ts). Addresses and lengths are in bytes. */
import { readFileSync } from "node:fs";

/** Numbers of an optimizer's pass, in the order in which it reads them. */
export const UPDATE_NUMBERS = ["rate", "epsilon", "firstDecay", "secondDecay", "bound", "decay"] as const;

export type UpdateNumbers = Record<(typeof UPDATE_NUMBERS)[number], number>;

type Pass = (
  weights: number,
  gradients: number,
  first: number,
  second: number,
  bytes: number,
  numbers: number,
  sums: number,
) => void;

export interface UpdateKernels {
  readonly adam: Pass;
  readonly rmsprop: Pass;
  readonly sgd: Pass;
  /** The same, and the sums of squares of gradients, old weights and steps. */
  readonly adamMeasured: Pass;
  readonly rmspropMeasured: Pass;
  readonly sgdMeasured: Pass;
  squares(x: number, bytes: number): number;
  scale(x: number, bytes: number, factor: number): void;
  blend(average: number, x: number, bytes: number, decay: number): void;
}

export type UpdateKernel = "adam" | "rmsprop" | "sgd";

let compiled: WebAssembly.Module | undefined;

/** The passes over one memory. */
export function openUpdateKernels(memory: WebAssembly.Memory): UpdateKernels {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("./update.wasm", import.meta.url)));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory, abort: () => {} } });
  return exports as unknown as UpdateKernels;
}
