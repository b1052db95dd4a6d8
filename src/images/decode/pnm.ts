/** Portable bitmaps, graymaps and pixmaps (Netpbm P1 to P6), 8 or 16 bits a sample. */
import type { Raster } from "./bmp.ts";
import { ImageError } from "./image-error.ts";

interface Kind {
  readonly channels: 1 | 3;
  readonly plain: boolean;
  readonly bitmap: boolean;
}

/** By the digit after the P. */
const KINDS: Readonly<Record<number, Kind>> = {
  1: { channels: 1, plain: true, bitmap: true },
  2: { channels: 1, plain: true, bitmap: false },
  3: { channels: 3, plain: true, bitmap: false },
  4: { channels: 1, plain: false, bitmap: true },
  5: { channels: 1, plain: false, bitmap: false },
  6: { channels: 3, plain: false, bitmap: false },
};

const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

/** Reads decimal numbers between white space and comments (# to the end of the line). */
class NumberReader {
  at = 2;
  private readonly bytes: Uint8Array;
  private readonly name: string;

  constructor(bytes: Uint8Array, name: string) {
    this.bytes = bytes;
    this.name = name;
  }

  /** `digits` limits the length: the samples of a plain bitmap need no space between them. */
  next(digits = 10): number {
    const { bytes } = this;
    while (this.at < bytes.length && (isSpace(bytes[this.at]) || bytes[this.at] === 35)) {
      if (bytes[this.at] === 35) while (this.at < bytes.length && bytes[this.at] !== 10) this.at++;
      else this.at++;
    }
    const start = this.at;
    let value = 0;
    while (this.at < start + digits && bytes[this.at] >= 48 && bytes[this.at] <= 57)
      value = value * 10 + bytes[this.at++] - 48;
    if (this.at === start) throw new ImageError(this.name, "a damaged or truncated PNM image");
    return value;
  }
}

/** Samples in order, as numbers 0..max. */
function sampleReader(reader: NumberReader, bytes: Uint8Array, kind: Kind, width: number, max: number) {
  if (kind.plain) return () => reader.next(kind.bitmap ? 1 : 10);
  let at = reader.at + 1; // one white space ends the header
  if (!kind.bitmap) return max < 256 ? () => bytes[at++] : () => bytes[at++] * 256 + bytes[at++];
  let x = 0;
  return () => {
    const bit = (bytes[at] >> (7 - (x % 8))) & 1;
    if (++x === width || x % 8 === 0) at++;
    if (x === width) x = 0;
    return bit;
  };
}

function bodyLength(kind: Kind, width: number, height: number, max: number): number {
  if (kind.plain) return 0;
  if (kind.bitmap) return Math.ceil(width / 8) * height;
  return width * height * kind.channels * (max < 256 ? 1 : 2);
}

/** As Python rounds, and so PIL. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * Decodes a PNM image. Samples are scaled to 0..255 from the file's maximum, rounded; in bitmaps 1 is black.
 * @throws ImageError where it is damaged, cut off, or larger than `maxPixels`
 */
export function pnmToRaster(bytes: Uint8Array, name: string, maxPixels: number): Raster {
  const kind = KINDS[bytes[1] - 48];
  const reader = new NumberReader(bytes, name);
  const width = reader.next();
  const height = reader.next();
  const max = kind.bitmap ? 1 : reader.next();
  if (width < 1 || height < 1 || max < 1 || max > 65535)
    throw new ImageError(name, `a PNM image of ${width}x${height} pixels up to ${max}`);
  if (width * height > maxPixels)
    throw new ImageError(name, `${width}x${height} pixels, over the limit of ${maxPixels}`);
  const needed = kind.plain ? width * height * kind.channels : bodyLength(kind, width, height, max);
  if (bytes.length - reader.at < needed) throw new ImageError(name, "a truncated PNM image");
  const sample = sampleReader(reader, bytes, kind, width, max);
  const level = (value: number) =>
    kind.bitmap ? 255 - 255 * value : Math.min(255, roundHalfToEven((value / max) * 255));
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < pixels.length; i += 3) {
    pixels[i] = level(sample());
    pixels[i + 1] = kind.channels === 1 ? pixels[i] : level(sample());
    pixels[i + 2] = kind.channels === 1 ? pixels[i] : level(sample());
  }
  return { pixels, width, height, grey: kind.channels === 1, sixteenBit: max > 255 };
}
