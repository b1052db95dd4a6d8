/** Images that go to a device as bytes, a quarter of what floats weigh, and are resized and scaled there. */
import type { DeviceArray, DeviceMemory, DeviceProgram, Engine } from "../engine/engine.ts";
import { requireSameOutputs } from "../engine/self-check.ts";
import * as tf from "../engine/tfjs.ts";
import { RESIZE_MODES } from "../images/resize/resize.ts";
import { LINEAR_RESIZES, type LinearResize } from "../images/resize/resize-matrix.ts";
import type { Image } from "../images/source.ts";
import {
  type BatchArray,
  type FillPlace,
  formToStride,
  type ImageInput,
  type InputForm,
} from "./image-input.ts";

/** Sets of images mostly have one size. */
const MOST_PROGRAMS = 8;

/** float32 numbers of 128 MiB: what WebGPU lets a shader see of a buffer everywhere (maxStorageBufferBindingSize). */
const MOST_NUMBERS = 2 ** 25;

interface Size {
  readonly height: number;
  readonly width: number;
}

const isSize = (a: Size, b: Size): boolean => a.height === b.height && a.width === b.width;

interface Opened {
  readonly engine: Engine;
  readonly memory: DeviceMemory;
  readonly form: InputForm;
  readonly batchSize: number;
  readonly fill: FillPlace;
}

/** `[n, 3, h, w]` to `[n, 3, height, width]`: across, then down. An axis that keeps its size is not touched. */
function resizePlanes(
  planes: tf.Tensor,
  from: Size,
  { height, width }: Size,
  resize: LinearResize,
): tf.Tensor {
  const images = planes.shape[0] * 3;
  let x = tf.reshape(planes, [images * from.height, from.width]);
  if (from.width !== width)
    x = tf.matMul(x, tf.tensor2d(resize.matrix(from.width, width), [width, from.width]), false, true);
  if (from.height !== height) {
    const rows = tf.tensor3d(resize.matrix(from.height, height), [1, height, from.height]);
    x = tf.matMul(rows, tf.reshape(x, [images, from.height, width]));
  }
  const resized = tf.reshape(x, [planes.shape[0], 3, height, width]);
  return resize.range === "clipped" && !isSize(from, { height, width })
    ? tf.clipByValue(resized, 0, 255)
    : resized;
}

/** A number for each channel of `[n, channels, height, width]`. */
const perChannel = (values: readonly number[]): tf.Tensor =>
  tf.tensor4d([...values], [1, values.length, 1, 1]);

/** Bytes `[n, h, w, 3]` to the form. */
function bytesToForm(bytes: tf.Tensor, from: Size, form: InputForm): tf.Tensor {
  const planes = tf.transpose(tf.cast(bytes, "float32"), [0, 3, 1, 2]);
  const linear = LINEAR_RESIZES[form.resize];
  // Other ways have the network's size before they come here.
  let x = linear === undefined ? planes : resizePlanes(planes, from, form, linear);
  if (form.channels === 1) x = tf.div(tf.sum(tf.mul(x, perChannel([19595, 38470, 7471])), 1, true), 65536);
  if (form.scaling !== undefined) {
    const { mean, std } = form.scaling;
    x = tf.div(tf.sub(tf.div(x, 255), perChannel(mean)), perChannel(std));
  }
  return form.layout === "nchw" ? x : tf.transpose(x, [0, 2, 3, 1]);
}

export class DeviceInput implements ImageInput {
  private readonly opened: Opened;
  /** What takes images that cannot be resized on the device. */
  private readonly host: ImageInput;
  private readonly programs = new Map<string, Promise<DeviceProgram>>();

  constructor(opened: Opened, host: ImageInput) {
    this.opened = opened;
    this.host = host;
  }

  async run<T>(images: readonly Image[], work: (batch: BatchArray) => Promise<T>): Promise<T> {
    const size = this.toSize(images);
    if (size === undefined) return this.host.run(images, work);
    const array = await this.toDevice(images, size);
    try {
      return await work(array);
    } finally {
      array.free();
    }
  }

  async dispose(): Promise<void> {
    await this.host.dispose();
    const opened = await Promise.allSettled(this.programs.values());
    for (const program of opened) if (program.status === "fulfilled") await program.value.dispose();
    this.programs.clear();
  }

  /** The size in which they go to the device; undefined where they do not. */
  private toSize(images: readonly Image[]): Size | undefined {
    const { form, batchSize } = this.opened;
    if (LINEAR_RESIZES[form.resize] === undefined) return form;
    const [{ height, width }] = images;
    const most = batchSize * 3 * height * Math.max(width, form.width);
    return most <= MOST_NUMBERS && images.every((image) => isSize(image, images[0]))
      ? { height, width }
      : undefined;
  }

  /** Rows behind the images are black. */
  private toBytes(images: readonly Image[], { height, width }: Size): Uint8Array {
    const stride = height * width * 3;
    const bytes = new Uint8Array(this.opened.batchSize * stride);
    for (const [row, image] of images.entries()) {
      const isThere = isSize(image, { height, width });
      // Only ways that give whole levels come to another size here.
      bytes.set(
        isThere
          ? image.pixels
          : RESIZE_MODES[this.opened.form.resize](image.pixels, image.width, image.height, width, height),
        row * stride,
      );
    }
    return bytes;
  }

  private async toDevice(images: readonly Image[], size: Size): Promise<DeviceArray> {
    const key = `${size.width}x${size.height}`;
    const isNew = !this.programs.has(key);
    const opening = this.programs.get(key) ?? this.open(size, key);
    // The one that was used last is the last to go.
    this.programs.delete(key);
    this.programs.set(key, opening);
    const program = await opening.catch((error) => {
      this.programs.delete(key);
      throw error;
    });
    const { stays } = await program.run({ images: this.toBytes(images, size) });
    const { batch } = stays;
    if (!isNew) return batch;
    try {
      await this.closeOldest();
      await this.check(images, batch, key);
      return batch;
    } catch (error) {
      batch.free();
      // The next one of the size is compared again.
      this.programs.delete(key);
      await program.dispose();
      throw error;
    }
  }

  private open(size: Size, key: string): Promise<DeviceProgram> {
    const { memory, form, batchSize } = this.opened;
    return memory.compile(
      ({ images }) => ({ batch: bytesToForm(images, size, form) }),
      { images: { shape: [batchSize, size.height, size.width, 3], dtype: "uint8" } },
      { name: `resize-${key}`, stays: ["batch"], isProven: true },
    );
  }

  private async closeOldest(): Promise<void> {
    if (this.programs.size <= MOST_PROGRAMS) return;
    const [[key, oldest]] = this.programs;
    this.programs.delete(key);
    await (await oldest).dispose();
  }

  /** @throws GanEvalError `unavailable.device-differs` where the first batch of a size is not what `fill` makes of it */
  private async check(images: readonly Image[], batch: DeviceArray, key: string): Promise<void> {
    const { engine, memory, form, fill } = this.opened;
    if (!engine.selfCheck) return;
    const stride = formToStride(form);
    const expected = new Float32Array(images.length * stride);
    for (const [row, image] of images.entries())
      fill(image, expected.subarray(row * stride, (row + 1) * stride));
    const actual = ((await memory.read(batch)) as Float32Array).subarray(0, expected.length);
    requireSameOutputs(
      { batch: actual },
      { batch: expected },
      { name: `resize-${key}`, device: engine.device },
    );
  }
}
