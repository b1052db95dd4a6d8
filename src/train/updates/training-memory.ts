/**
 * Memory that the whole of training shares without copies: ONNX Runtime reads the weights and writes the gradients in
 * it, and WebAssembly updates them where they lie. It belongs to one thread: ONNX Runtime's binding takes no arrays over
 * memory that threads share.
 */
import { GanEvalError } from "../../errors.ts";
import { openUpdateKernels, type UpdateKernels } from "./kernels.ts";

const PAGE = 65_536;
/** WebAssembly addresses 32 bits; the last page stays free. */
const MOST_BYTES = 2 ** 32 - 2 * PAGE;

/** Arrays begin at multiples of this: four floats. */
export const align = (bytes: number): number => Math.ceil(bytes / 16) * 16;

export class TrainingMemory {
  readonly kernels: UpdateKernels;
  private readonly memory: WebAssembly.Memory;
  /** The compiler's own room ends before. */
  private top = 1024;

  /** @param bytes the sum of all allocations, each rounded up to 16 */
  constructor(bytes: number) {
    const pages = Math.ceil((this.top + bytes) / PAGE);
    if (this.top + bytes > MOST_BYTES)
      throw new GanEvalError(
        "usage.network",
        `expected networks whose weights, gradients and optimizer take less than 4 GiB, got ${(bytes / 2 ** 30).toFixed(1)} GiB`,
        { hint: "Use smaller networks or images." },
      );
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.kernels = openUpdateKernels(this.memory);
  }

  /** The byte address of room for `bytes` zeros, aligned to 16. */
  allocate(bytes: number): number {
    const at = this.top;
    this.top += align(bytes);
    if (this.top > this.memory.buffer.byteLength)
      throw new GanEvalError("internal.training-memory", "internal: training memory was sized too small");
    return at;
  }

  floats(at: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, at, length);
  }

  doubles(at: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.memory.buffer, at, length);
  }
}
