/**
 * Y'CbCr to RGB as libyuv computes it, whole numbers of 6 binary places, and so PIL's AVIF pictures. Source: libyuv,
 * row_common.cc (YuvPixel) and its kYuv...Constants of x86.
 */

export interface YuvMatrix {
  /** Factor of y * 257, over 2^16; and what is added. */
  readonly y: number;
  readonly bias: number;
  readonly uToBlue: number;
  readonly uToGreen: number;
  readonly vToGreen: number;
  readonly vToRed: number;
}

const FULL = { y: 16320, bias: 32 };
const LIMITED = { y: 18997, bias: -1160 };

const BT709 = {
  full: { ...FULL, uToBlue: 119, uToGreen: 12, vToGreen: 30, vToRed: 101 },
  limited: { ...LIMITED, uToBlue: 128, uToGreen: 14, vToGreen: 34, vToRed: 115 },
};
const BT601 = {
  full: { ...FULL, uToBlue: 113, uToGreen: 22, vToGreen: 46, vToRed: 90 },
  limited: { ...LIMITED, uToBlue: 128, uToGreen: 25, vToGreen: 52, vToRed: 102 },
};

/** By the matrix coefficients of ITU-T H.273; 2 is "unspecified". */
const MATRICES: Readonly<Record<number, { readonly full: YuvMatrix; readonly limited: YuvMatrix }>> = {
  1: BT709,
  2: BT601,
  5: BT601,
  6: BT601,
};

export const codeToYuvMatrix = (code: number, fullRange: boolean): YuvMatrix | undefined =>
  MATRICES[code]?.[fullRange ? "full" : "limited"];

const clamp = (level: number): number => Math.max(0, Math.min(255, level));

/** Pixels of red Cr, green Y, blue Cb, in place, to RGB. */
export function planesToRgb(pixels: Uint8Array, matrix: YuvMatrix): Uint8Array {
  for (let i = 0; i < pixels.length; i += 3) {
    const y = ((pixels[i + 1] * 257 * matrix.y) >>> 16) + matrix.bias;
    const u = pixels[i + 2] - 128;
    const v = pixels[i] - 128;
    pixels[i] = clamp((y + v * matrix.vToRed) >> 6);
    pixels[i + 1] = clamp((y - (u * matrix.uToGreen + v * matrix.vToGreen)) >> 6);
    pixels[i + 2] = clamp((y + u * matrix.uToBlue) >> 6);
  }
  return pixels;
}
