/**
 * The first frame of a GIF, as PIL gives it: transparent pixels have their palette's colour, and what the frame leaves
 * free of the screen has the transparent colour, or else that of index 0. Layout: GIF89a specification, 1990.
 */
import type { Raster } from "./bmp.ts";
import { ImageError } from "./image-error.ts";

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  readonly palette: Uint8Array;
  readonly transparent: number | undefined;
  /** Where the data of the image begin: the width of its codes, then blocks. */
  readonly dataStart: number;
}

const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const IMAGE = 0x2c;

/** First row and step of each pass over an interlaced image. */
const PASSES = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
] as const;

const MOST_CODES = 4096;

/** Grey levels: without a palette, and where it says nothing else, an index is its own colour. */
const RAMP = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));

/** Colours of all indices; those without one are black. A palette of grey levels in their places is none, as for PIL. */
function bytesToPalette(colours: Uint8Array): Uint8Array {
  if (colours.every((level, i) => level === RAMP[i])) return RAMP;
  const palette = new Uint8Array(768);
  palette.set(colours);
  return palette;
}

class GifReader {
  private at = 0;
  private readonly bytes: Uint8Array;
  private readonly name: string;

  constructor(bytes: Uint8Array, name: string) {
    this.bytes = bytes;
    this.name = name;
  }

  get place(): number {
    return this.at;
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw this.damaged();
    return this.bytes[this.at++];
  }

  short(): number {
    return this.byte() + 256 * this.byte();
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw this.damaged();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A palette of 2, 4, ... 256 colours, by the lowest bits of the flags that announce it. */
  palette(flags: number): Uint8Array | undefined {
    return flags & 0x80 ? this.take(3 * 2 ** ((flags & 7) + 1)) : undefined;
  }

  /** Blocks up to the one without bytes. */
  *blocks(): Generator<Uint8Array> {
    for (let length = this.byte(); length > 0; length = this.byte()) yield this.take(length);
  }

  damaged(): ImageError {
    return new ImageError(this.name, "a damaged or truncated gif file");
  }
}

/** From behind the screen's header to the first image. */
function readFrame(reader: GifReader, global: Uint8Array | undefined): Frame {
  let transparent: number | undefined;
  for (;;) {
    const kind = reader.byte();
    if (kind === EXTENSION) {
      const isControl = reader.byte() === GRAPHIC_CONTROL;
      for (const block of reader.blocks())
        if (isControl && block.length >= 4 && block[0] & 1) transparent = block[3];
    } else if (kind === IMAGE) {
      const [left, top, width, height] = [reader.short(), reader.short(), reader.short(), reader.short()];
      const flags = reader.byte();
      const palette = bytesToPalette(reader.palette(flags) ?? global ?? RAMP);
      const interlaced = (flags & 0x40) !== 0;
      return { left, top, width, height, interlaced, palette, transparent, dataStart: reader.place };
    } else throw reader.damaged();
  }
}

/** LZW: at most `count` indices; fewer where the data end before. */
function readIndices(reader: GifReader, count: number): Uint8Array {
  const bits = reader.byte();
  if (bits < 1 || bits > 8) throw reader.damaged();
  const clear = 1 << bits;
  const prefix = new Int16Array(MOST_CODES);
  const suffix = Uint8Array.from({ length: MOST_CODES }, (_, i) => (i < clear ? i : 0));
  const stack = new Uint8Array(MOST_CODES + 1);
  const out = new Uint8Array(count);
  let [size, next, previous, first] = [bits + 1, clear + 2, -1, 0];
  let [pending, available, made] = [0, 0, 0];
  for (const block of reader.blocks())
    for (const byte of block) {
      pending |= byte << available;
      available += 8;
      while (available >= size) {
        const code = pending & ((1 << size) - 1);
        pending >>= size;
        available -= size;
        if (code === clear + 1) return out.subarray(0, made);
        if (code === clear) {
          [size, next, previous] = [bits + 1, clear + 2, -1];
          continue;
        }
        if (code > next || (code === next && previous < 0) || (code > clear && previous < 0))
          throw reader.damaged();
        let depth = 0;
        let at = code;
        if (code === next) {
          stack[depth++] = first;
          at = previous;
        }
        for (; at > clear; at = prefix[at]) stack[depth++] = suffix[at];
        first = at;
        stack[depth++] = first;
        while (depth > 0 && made < count) out[made++] = stack[--depth];
        if (made === count) return out;
        if (previous >= 0 && next < MOST_CODES) {
          prefix[next] = previous;
          suffix[next++] = first;
          if (next === 1 << size && size < 12) size++;
        }
        previous = code;
      }
    }
  return out.subarray(0, made);
}

function* frameRows({ height, interlaced }: Frame): Generator<number> {
  if (!interlaced) for (let y = 0; y < height; y++) yield y;
  else for (const [start, step] of PASSES) for (let y = start; y < height; y += step) yield y;
}

/** Whether another image follows; damage behind the first is no matter of ours. */
function hasMore(bytes: Uint8Array, dataStart: number, name: string): boolean {
  const reader = new GifReader(bytes.subarray(dataStart), name);
  try {
    reader.byte();
    for (const _ of reader.blocks());
    readFrame(reader, undefined);
    return true;
  } catch (error) {
    if (error instanceof ImageError) return false;
    throw error;
  }
}

const isGrey = (palette: Uint8Array, colours: number): boolean => {
  for (let i = 0; i < 3 * colours; i += 3)
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false;
  return true;
};

/**
 * Decodes the first frame.
 * @throws ImageError where it is damaged, cut off, or larger than `maxPixels`
 */
export function gifToRaster(bytes: Uint8Array, name: string, maxPixels: number): Raster {
  const reader = new GifReader(bytes, name);
  reader.take(6);
  const screen = [reader.short(), reader.short()] as const;
  const flags = reader.byte();
  reader.take(2);
  const frame = readFrame(reader, reader.palette(flags));
  const width = Math.max(screen[0], frame.left + frame.width);
  const height = Math.max(screen[1], frame.top + frame.height);
  if (width * height === 0) throw new ImageError(name, `a gif of ${width}x${height} pixels`);
  if (width * height > maxPixels)
    throw new ImageError(name, `${width}x${height} pixels, over the limit of ${maxPixels}`);
  const count = frame.width * frame.height;
  const indices = readIndices(reader, count);
  if (indices.length < count) throw reader.damaged();
  const { palette, transparent } = frame;
  const pixels = new Uint8Array(width * height * 3);
  const free = 3 * (transparent ?? 0);
  if (count < width * height) for (let i = 0; i < pixels.length; i++) pixels[i] = palette[free + (i % 3)];
  let from = 0;
  for (const y of frameRows(frame)) {
    let to = ((frame.top + y) * width + frame.left) * 3;
    for (let x = 0; x < frame.width; x++) {
      const colour = 3 * indices[from++];
      pixels[to++] = palette[colour];
      pixels[to++] = palette[colour + 1];
      pixels[to++] = palette[colour + 2];
    }
  }
  return {
    pixels,
    width,
    height,
    grey: isGrey(palette, 256),
    sixteenBit: false,
    alpha: transparent !== undefined,
    animated: hasMore(bytes, frame.dataStart, name),
  };
}
