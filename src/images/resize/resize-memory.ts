/** The WebAssembly rows of `resize.as.ts`, and the memory they work in. */
import { readFileSync } from "node:fs";
import { GanEvalError } from "../../errors.ts";

type RowBlend = (
  source: number,
  left: number,
  right: number,
  weights: number,
  count: number,
  to: number,
) => void;
type RowsBlend = (top: number, bottom: number, weight: number, length: number, to: number) => void;

export interface ResizeKernels {
  readonly tf1Row: RowBlend;
  readonly tf1Rows: RowsBlend;
  readonly pytorchRow: RowBlend;
  readonly pytorchRows: RowsBlend;
  readonly cubicRow: (
    source: number,
    first: number,
    counts: number,
    weights: number,
    taps: number,
    count: number,
    to: number,
  ) => void;
  readonly cubicRows: (
    from: number,
    stride: number,
    weights: number,
    count: number,
    length: number,
    to: number,
  ) => void;
  readonly clip: (at: number, length: number) => void;
}

const PAGE = 65_536;
const MOST_PAGES = 65_536;
/** Kernels load and store four floats at a time, and may pass a row's end by that much. */
const SLACK = 16;

let opened: { readonly memory: WebAssembly.Memory; readonly kernels: ResizeKernels } | undefined;

function open() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  const module = new WebAssembly.Module(readFileSync(new URL("./resize.wasm", import.meta.url)));
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort: () => {} } });
  return { memory, kernels: exports as unknown as ResizeKernels };
}

/** Memory for one image, used anew for the next. */
export interface ResizeMemory {
  readonly kernels: ResizeKernels;
  readonly buffer: ArrayBufferLike;
  /** Where each of the areas asked for begins, in their order; aligned to 16 bytes. */
  readonly places: readonly number[];
}

/** Memory with an area of each of the sizes (bytes). Its content is whatever the last image left. */
export function reserveResizeMemory(sizes: readonly number[]): ResizeMemory {
  opened ??= open();
  const { memory, kernels } = opened;
  const places: number[] = [];
  let end = 0;
  for (const size of sizes) {
    places.push(end);
    end += Math.ceil((size + SLACK) / 16) * 16;
  }
  const missing = Math.ceil(end / PAGE) - memory.buffer.byteLength / PAGE;
  if (missing > 0) {
    try {
      memory.grow(missing);
    } catch (cause) {
      throw new GanEvalError(
        "unavailable.memory",
        `expected ${Math.ceil(end / 2 ** 20)} MiB of memory to resize an image, got: ${cause}`,
        { hint: "Leave out images of such dimensions, or make them smaller.", cause },
      );
    }
  }
  return { kernels, buffer: memory.buffer, places };
}
