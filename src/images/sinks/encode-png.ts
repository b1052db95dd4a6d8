/** Raw pixels to PNG. */
import type { Sharp, SharpOptions } from "sharp";

export interface PixelShape {
  readonly height: number;
  readonly width: number;
  /** 1 grey, 3 RGB, 4 RGBA. */
  readonly channels: number;
}

type SharpModule = (input: Uint8Array, options: SharpOptions) => Sharp;

let loaded: Promise<SharpModule> | undefined;

/** One image, row-major `[height, width, channels]`, as a PNG file. */
export async function pixelsToPng(pixels: Uint8Array, shape: PixelShape): Promise<Buffer> {
  const { height, width, channels } = shape;
  loaded ??= import("sharp").then(({ default: sharp }) => sharp as SharpModule);
  const sharp = await loaded;
  const raw = { width, height, channels: channels as 1 | 3 | 4 };
  return (
    sharp(pixels, { raw, limitInputPixels: false })
      // Grey is written as RGB otherwise.
      .toColourspace(channels === 1 ? "b-w" : "srgb")
      .png()
      .toBuffer()
  );
}

/** Images encoded at once: enough for the threads that do it, few enough to hold. */
const AHEAD = 16;

/** Images `[n, height, width, channels]` as PNG files, in order, encoded side by side. */
export async function* pixelsToPngs(
  pixels: Uint8Array,
  n: number,
  shape: PixelShape,
): AsyncGenerator<Buffer> {
  const stride = shape.height * shape.width * shape.channels;
  const encode = (i: number): Promise<Buffer> =>
    pixelsToPng(pixels.subarray(i * stride, (i + 1) * stride), shape);
  for (let first = 0; first < n; first += AHEAD)
    yield* await Promise.all(Array.from({ length: Math.min(AHEAD, n - first) }, (_, i) => encode(first + i)));
}
