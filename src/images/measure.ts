/** Size and kind of an image from its header alone, so that memory can be set aside before it is decoded. */
import type { ImageFormat } from "./sources/sniff.ts";

export interface Measure {
  readonly width: number;
  readonly height: number;
  /** Colour components of a JPEG: 4 is CMYK. */
  readonly components?: number;
}

type Reader = (view: DataView) => Measure | undefined;

function jpegMeasure(view: DataView): Measure | undefined {
  let at = 2;
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame)
      return {
        height: view.getUint16(at + 5),
        width: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
      };
    if (marker === 0xda || marker === 0xd9) return undefined;
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function webpMeasure(view: DataView): Measure | undefined {
  const chunk = view.getUint32(12);
  const three = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (chunk === 0x56503858) return { width: three(24) + 1, height: three(27) + 1 }; // "VP8X"
  if (chunk === 0x56503820)
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }; // "VP8 "
  if (chunk === 0x5650384c) {
    const bits = view.getUint32(21, true); // "VP8L"
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return undefined;
}

/** TIFF and HEIF keep their size behind pointers; it is estimated from the file's length. */
const READERS: Partial<Record<ImageFormat, Reader>> = {
  png: (view) => ({ width: view.getUint32(16), height: view.getUint32(20) }),
  jpeg: jpegMeasure,
  gif: (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  webp: webpMeasure,
};

/** What a header says, or undefined where it is cut off, damaged or not read here. */
export function bytesToMeasure(bytes: Uint8Array, format: ImageFormat): Measure | undefined {
  try {
    return READERS[format]?.(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether a WebP file is coded with loss: it has a "VP8 " chunk and no "VP8L". */
export function isLossyWebp(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 65536));
  return head.includes("VP8 ") && !head.includes("VP8L");
}
