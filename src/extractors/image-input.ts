/** Batches of images as a network takes them: the one way from pixels to a run, on the CPU and on devices. */
import type { DeviceArray, Engine } from "../engine/engine.ts";
import { Queue } from "../engine/queue.ts";
import type { ResizeMode } from "../images/resize/mode-names.ts";
import type { Image } from "../images/source.ts";
import type { Layout } from "./custom/custom-options.ts";

export interface InputForm {
  readonly height: number;
  readonly width: number;
  /** 1: colour becomes grey by ITU-R 601's luma. */
  readonly channels: 1 | 3;
  readonly layout: Layout;
  readonly resize: ResizeMode;
  /** `(level / 255 - mean) / std` of each channel; levels 0..255 where left out. */
  readonly scaling?: { readonly mean: readonly number[]; readonly std: readonly number[] };
}

/** Resizes and scales one image into its place in a batch, exactly as the form says. */
export type FillPlace = (image: Image, place: Float32Array) => void;

/** float32 `[batchSize, ...]`; what stands behind the images is dropped from what the network makes of it. */
export type BatchArray = Float32Array | DeviceArray;

export interface ImageInput {
  /** Brings up to a batch of images to the network's form, and runs `work` on it, which may not keep it. */
  run<T>(images: readonly Image[], work: (batch: BatchArray) => Promise<T>): Promise<T>;
  dispose(): Promise<void>;
}

interface Buffer {
  data: Float32Array | undefined;
  /** Who fills it waits until the run before has read it. */
  readonly queue: Queue;
}

/** Numbers of one image. */
export const formToStride = ({ height, width, channels }: InputForm): number => height * width * channels;

/** Two batches, filled anew for each run: one is resized into while the network works on the other. */
class HostInput implements ImageInput {
  private readonly length: number;
  private readonly stride: number;
  private readonly fill: FillPlace;
  private readonly buffers: readonly Buffer[] = [0, 1].map(() => ({ data: undefined, queue: new Queue() }));
  private runs = 0;

  constructor(form: InputForm, batchSize: number, fill: FillPlace) {
    this.stride = formToStride(form);
    this.length = batchSize * this.stride;
    this.fill = fill;
  }

  run<T>(images: readonly Image[], work: (batch: BatchArray) => Promise<T>): Promise<T> {
    const buffer = this.buffers[this.runs++ % this.buffers.length];
    return buffer.queue.add(() => {
      buffer.data ??= new Float32Array(this.length);
      const { data } = buffer;
      for (const [row, image] of images.entries())
        this.fill(image, data.subarray(row * this.stride, (row + 1) * this.stride));
      data.fill(0, images.length * this.stride);
      return work(data);
    });
  }

  async dispose(): Promise<void> {}
}

/**
 * Where the engine has a memory of a device, images go there as bytes and are resized there, if the form's way of resizing
 * allows it; else `fill` does it here. On the CPU it always does.
 */
export async function openImageInput(
  engine: Engine,
  form: InputForm,
  batchSize: number,
  fill: FillPlace,
): Promise<ImageInput> {
  const host = new HostInput(form, batchSize, fill);
  const { memory } = engine;
  if (memory === undefined) return host;
  const { DeviceInput } = await import("./device-input.ts");
  return new DeviceInput({ engine, memory, form, batchSize, fill }, host);
}
