/**
 * Y'CbCr to RGB as libyuv computes it, whole numbers of 6 binary places, and so PIL's AVIF images. Source: libyuv,
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

/** What decoded planes are: their matrix, and by how much chroma is smaller across and down. */
export interface YuvPlanes {
  readonly matrix: YuvMatrix;
  readonly across: 1 | 2;
  readonly down: 1 | 2;
}

/**
 * A chroma plane that was enlarged by repetition, smoothly: of each two neighbours the nearer counts three times, across
 * and down (libyuv's ScaleRowUp2_Linear and _Bilinear); the last column stands for itself.
 */
function smoothChroma(
  pixels: Uint8Array,
  channel: number,
  width: number,
  { across, down }: YuvPlanes,
): Uint8Array {
  const height = pixels.length / 3 / width;
  const [columns, rows] = [Math.ceil(width / across), Math.ceil(height / down)];
  const small = new Uint8Array(columns * rows);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      small[y * columns + x] = pixels[(y * down * width + x * across) * 3 + channel];
  const other = (at: number, size: number, step: 1 | 2): number =>
    step === 1 ? at : Math.max(0, Math.min(size - 1, (at >> 1) + (at % 2 === 0 ? -1 : 1)));
  const smooth = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const near = Math.floor(y / down) * columns;
    const far = other(y, rows, down) * columns;
    for (let x = 0; x < width; x++) {
      const [left, right] = [
        Math.floor(x / across),
        x === width - 1 ? Math.floor(x / across) : other(x, columns, across),
      ];
      smooth[y * width + x] =
        (9 * small[near + left] + 3 * small[near + right] + 3 * small[far + left] + small[far + right] + 8) >>
        4;
    }
  }
  return smooth;
}

/** Pixels of red Cr, green Y, blue Cb, chroma enlarged by repetition, in place, to RGB. */
export function planesToRgb(pixels: Uint8Array, width: number, planes: YuvPlanes): Uint8Array {
  const { matrix, across } = planes;
  const [red, blue] =
    across === 1 ? [] : [0, 2].map((channel) => smoothChroma(pixels, channel, width, planes));
  for (let i = 0; i < pixels.length; i += 3) {
    const y = ((pixels[i + 1] * 257 * matrix.y) >>> 16) + matrix.bias;
    const u = (blue ? blue[i / 3] : pixels[i + 2]) - 128;
    const v = (red ? red[i / 3] : pixels[i]) - 128;
    pixels[i] = clamp((y + v * matrix.vToRed) >> 6);
    pixels[i + 1] = clamp((y - (u * matrix.uToGreen + v * matrix.vToGreen)) >> 6);
    pixels[i + 2] = clamp((y + u * matrix.uToBlue) >> 6);
  }
  return pixels;
}
