/** Images of all sources of a run into one array of bytes, of one size and one number of channels. */
import { constants } from "node:buffer";
import { GanEvalError } from "../../errors.ts";
import type { Image, ImageSource } from "../../images/source.ts";
import { isGrey, pixelsToSize, rgbToGrey } from "./image-to-size.ts";
import type { OpenDataOptions } from "./opened-data.ts";

/** Images of a source that have one purpose: to be trained on, or to be held out. */
export interface Part {
  readonly source: ImageSource;
  /** Where they are in it. */
  readonly positions: Int32Array;
  /** Told of each image before it is resized. */
  readonly onImage?: (image: Image) => void;
}

export interface ReadPart extends Part {
  /** `[readPositions.length, ...shape]` */
  readonly pixels: Uint8Array;
  /** Where the images that could be read are in their source. */
  readonly readPositions: Int32Array;
}

export interface ReadImages {
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly parts: readonly ReadPart[];
  /** How many lost their edges, because their proportions are others than those wanted. */
  readonly cropped: number;
}

export const SMALLEST_SIDE = 4;
export const LARGEST_SIDE = 1024;

export const GIB = 2 ** 30;
/** What images may take unless `memory` says otherwise. */
export const MOST_BYTES = 8 * GIB;

/** Images decoded together. */
const BATCH = 256;

type Size = readonly [height: number, width: number];

type StoreOptions = Pick<OpenDataOptions, "channels" | "memory">;

/** Appends images to an array that is made when the first is there, and widened if the first colour comes later. */
class ImageStore {
  cropped = 0;
  private readonly capacity: number;
  private readonly wanted: Size | undefined;
  private readonly fixedChannels: 1 | 3 | undefined;
  private size: Size | undefined;
  private channels: 1 | 3;
  private pixels = new Uint8Array(0);
  private count = 0;
  private readonly most: number;

  constructor(capacity: number, wanted: Size | undefined, { channels, memory = MOST_BYTES }: StoreOptions) {
    // Node may allow one array less.
    this.most = Math.min(memory, constants.MAX_LENGTH);
    this.capacity = capacity;
    this.wanted = wanted;
    this.fixedChannels = channels;
    this.channels = channels ?? 1;
  }

  get shape(): ReadImages["shape"] {
    return [...this.size!, this.channels];
  }

  get length(): number {
    return this.count;
  }

  add(image: Image): void {
    const { height, width } = image;
    const { wanted } = this;
    if (this.size === undefined) this.begin(wanted ?? imageToSize(image));
    const size = this.size!;
    if (wanted === undefined && (height !== size[0] || width !== size[1])) throw mixedSizes(image, size);
    if (this.fixedChannels === undefined && this.channels === 1 && !isGrey(image.pixels)) this.widen();
    const { channels } = this;
    const pixels = channels === 1 ? rgbToGrey(image.pixels) : image.pixels;
    if (height * size[1] !== width * size[0]) this.cropped++;
    this.pixels.set(pixelsToSize(pixels, [height, width], channels, size), this.count * this.stride);
    this.count++;
  }

  /** Images `from` to `to - 1`. */
  slice(from: number, to: number): Uint8Array {
    return this.pixels.subarray(from * this.stride, to * this.stride);
  }

  private get stride(): number {
    return this.size![0] * this.size![1] * this.channels;
  }

  private begin(size: Size): void {
    this.size = size;
    this.pixels = this.allocate();
  }

  /** Grey so far: every level is copied to three channels. */
  private widen(): void {
    const grey = this.slice(0, this.count);
    this.channels = 3;
    this.pixels = this.allocate();
    for (let i = 0; i < grey.length; i++) this.pixels.fill(grey[i], 3 * i, 3 * i + 3);
  }

  private allocate(): Uint8Array<ArrayBuffer> {
    const { capacity, shape, most } = this;
    const bytes = capacity * this.stride;
    if (bytes <= most) return new Uint8Array(bytes);
    throw new GanEvalError(
      "input.too-large",
      `expected images that fit in ${Number((most / GIB).toPrecision(3))} GiB of memory, got ${capacity.toLocaleString("en-US")} of ${shape.join("x")}: ${(bytes / GIB).toFixed(1)} GiB`,
      { hint: "Make them smaller (--img-size), use fewer (--limit), or allow more memory (--memory)." },
    );
  }
}

export function imageToSize({ width, height, name }: Image): Size {
  if (Math.min(width, height) >= SMALLEST_SIDE && Math.max(width, height) <= LARGEST_SIDE)
    return [height, width];
  throw new GanEvalError(
    "input.picture-size",
    `expected images with sides of ${SMALLEST_SIDE} to ${LARGEST_SIDE} pixels, got ${width}x${height}: ${name}`,
    { hint: "Choose a size to resize them to: --img-size 64." },
  );
}

export const mixedSizes = ({ width, height, name }: Image, size: Size): GanEvalError =>
  new GanEvalError(
    "input.mixed-sizes",
    `expected images of one size, got ${size[1]}x${size[0]}, and ${width}x${height}: ${name}`,
    { hint: "Choose a size to resize them to: --img-size 64." },
  );

/**
 * Reads the parts one after the other. The arrays of all share their memory.
 * @throws GanEvalError `input.mixed-sizes` where no size is wanted and images differ; `input.picture-size`;
 *   `input.too-large` beyond `memory`; what reading images throws
 */
export async function readImages(
  parts: readonly Part[],
  wanted: Size | undefined,
  options: StoreOptions & Pick<OpenDataOptions, "signal" | "onProgress">,
): Promise<ReadImages> {
  const total = parts.reduce((sum, { positions }) => sum + positions.length, 0);
  const store = new ImageStore(total, wanted, options);
  const ends: number[] = [];
  const places: Int32Array[] = [];
  for (const { source, positions, onImage } of parts) {
    const read: number[] = [];
    const batches = positions.length > 0 ? source.batches({ batchSize: BATCH, order: positions }) : [];
    for await (const batch of batches) {
      options.signal?.throwIfAborted();
      for (const image of batch) {
        onImage?.(image);
        store.add(image);
        read.push(image.position!);
      }
      options.onProgress?.({ stage: "data", done: store.length, total, unit: "images" });
    }
    places.push(Int32Array.from(read));
    ends.push(store.length);
  }
  return {
    shape: store.shape,
    cropped: store.cropped,
    parts: parts.map((part, i) => ({
      ...part,
      readPositions: places[i],
      pixels: store.slice(i === 0 ? 0 : ends[i - 1], ends[i]),
    })),
  };
}
