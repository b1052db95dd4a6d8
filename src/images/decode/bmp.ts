/** Windows bitmaps: 1, 4 and 8 bit palettes, 16, 24 and 32 bit, uncompressed or with bit fields. */
import { ImageError } from "./image-error.ts";

export interface Raster {
  /** RGB, `[height, width, 3]`. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly grey: boolean;
  readonly sixteenBit: boolean;
  readonly alpha?: boolean;
  /** Whether frames follow this one. */
  readonly animated?: boolean;
}

const UNCOMPRESSED = 0;
const BIT_FIELDS = 3;
const ALPHA_BIT_FIELDS = 6;

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bottomUp: boolean;
  readonly bits: number;
  readonly dataStart: number;
  readonly rowLength: number;
  /** RGB triples. */
  readonly palette: Uint8Array;
  /** Red, green, blue of 16 and 32 bit pixels. */
  readonly masks: readonly [number, number, number];
}

function readLayout(bytes: Uint8Array, view: DataView, name: string, maxPixels: number): Layout {
  const headerSize = view.getUint32(14, true);
  const old = headerSize === 12;
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? UNCOMPRESSED : view.getUint32(30, true);
  const height = Math.abs(signedHeight);
  if (width <= 0 || height === 0) throw new ImageError(name, `a bitmap of ${width}x${signedHeight} pixels`);
  if (width * height > maxPixels)
    throw new ImageError(name, `${width}x${height} pixels, over the limit of ${maxPixels}`);
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw new ImageError(name, `a bitmap of ${bits} bits a pixel`);
  if (compression !== UNCOMPRESSED && compression !== BIT_FIELDS && compression !== ALPHA_BIT_FIELDS)
    throw new ImageError(name, `a compressed bitmap (method ${compression}); save it as PNG`);
  const fields = compression !== UNCOMPRESSED && bits >= 16;
  const masks: [number, number, number] = fields
    ? [view.getUint32(54, true), view.getUint32(58, true), view.getUint32(62, true)]
    : bits === 16
      ? [0x7c00, 0x3e0, 0x1f]
      : [0xff0000, 0xff00, 0xff];
  const dataStart = view.getUint32(10, true);
  const paletteStart = 14 + headerSize + (fields && headerSize === 40 ? 12 : 0);
  const rowLength = Math.floor((bits * width + 31) / 32) * 4;
  if (dataStart + rowLength * (height - 1) + Math.ceil((bits * width) / 8) > bytes.length)
    throw new ImageError(name, "a truncated bitmap");
  return {
    width,
    height,
    bottomUp: signedHeight > 0,
    bits,
    dataStart,
    rowLength,
    palette:
      bits <= 8
        ? readPalette(bytes.subarray(paletteStart, dataStart), old ? 3 : 4, 2 ** bits)
        : new Uint8Array(0),
    masks,
  };
}

/** Colours stored blue, green, red; missing ones are black. */
function readPalette(bytes: Uint8Array, stride: number, colours: number): Uint8Array {
  const palette = new Uint8Array(colours * 3);
  for (let i = 0; i < Math.min(colours, Math.floor(bytes.length / stride)); i++)
    for (let c = 0; c < 3; c++) palette[i * 3 + c] = bytes[i * stride + 2 - c];
  return palette;
}

/** A channel of a packed pixel, scaled to 0..255 as PIL does (5 bits: v * 255 / 31, rounded down). */
function maskToChannel(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask);
  const top = mask >>> shift;
  return (pixel) => Math.floor((((pixel & mask) >>> shift) * 255) / top);
}

type PixelReader = (rowStart: number, x: number, out: Uint8Array, at: number) => void;

function pixelReader(bytes: Uint8Array, view: DataView, layout: Layout): PixelReader {
  const { bits, palette } = layout;
  if (bits <= 8) {
    const perByte = 8 / bits;
    return (rowStart, x, out, at) => {
      const byte = bytes[rowStart + Math.floor(x / perByte)];
      const index = (byte >> (8 - bits * ((x % perByte) + 1))) & (2 ** bits - 1);
      out.set(palette.subarray(index * 3, index * 3 + 3), at);
    };
  }
  if (bits === 24)
    return (rowStart, x, out, at) => {
      for (let c = 0; c < 3; c++) out[at + c] = bytes[rowStart + x * 3 + 2 - c];
    };
  const channels = layout.masks.map(maskToChannel);
  const size = bits / 8;
  return (rowStart, x, out, at) => {
    const place = rowStart + x * size;
    const pixel = size === 2 ? view.getUint16(place, true) : view.getUint32(place, true);
    for (let c = 0; c < 3; c++) out[at + c] = channels[c](pixel);
  };
}

/**
 * Decodes a bitmap; the alpha channel of 32 bit ones is dropped.
 * @throws ImageError where it is cut off, compressed, or larger than `maxPixels`
 */
export function bmpToRaster(bytes: Uint8Array, name: string, maxPixels: number): Raster {
  if (bytes.length < 26) throw new ImageError(name, "a truncated bitmap");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let layout: Layout;
  try {
    layout = readLayout(bytes, view, name, maxPixels);
  } catch (error) {
    throw error instanceof RangeError ? new ImageError(name, "a truncated bitmap", error) : error;
  }
  const { width, height } = layout;
  const read = pixelReader(bytes, view, layout);
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const rowStart = layout.dataStart + (layout.bottomUp ? height - 1 - y : y) * layout.rowLength;
    for (let x = 0; x < width; x++) read(rowStart, x, pixels, (y * width + x) * 3);
  }
  return { pixels, width, height, grey: isGreyPalette(layout.palette), sixteenBit: false };
}

function isGreyPalette(palette: Uint8Array): boolean {
  for (let i = 0; i < palette.length; i += 3)
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false;
  return palette.length > 0;
}
