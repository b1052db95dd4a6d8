/** An image as planes of numbers, as paired scores compare it: its three channels or its luma, without its border. */
import { GanEvalError } from "../../errors.ts";
import type { Levels } from "./structural-similarity.ts";

/** What of an image is compared. */
export const PLANE_CHANNELS = ["rgb", "y"] as const;

export interface PlaneOptions {
  /** `rgb`: red, green and blue. `y`: BT.601 luma, 16 to 235, as super-resolution is scored. */
  readonly channel: (typeof PLANE_CHANNELS)[number];
  /** Pixels left out on every side. */
  readonly border: number;
}

/** Row-major planes `[height, width]`, levels of a scale of 255. */
export interface Planes {
  readonly planes: readonly Float64Array[];
  readonly width: number;
  readonly height: number;
}

/** Of 255 levels each; 16 is added. Source: ITU-R BT.601; BasicSR's `bgr2ycbcr(y_only=True)`, which does not round. */
const LUMA = [65.481, 128.553, 24.966] as const;

const lumaAt = (pixels: ArrayLike<number>, at: number): number =>
  16 + (LUMA[0] * pixels[at]! + LUMA[1] * pixels[at + 1]! + LUMA[2] * pixels[at + 2]!) / 255;

/** Every plane as a number at a pixel's place in `pixels`. */
const READERS: Readonly<
  Record<PlaneOptions["channel"], readonly ((pixels: ArrayLike<number>, at: number) => number)[]>
> = {
  rgb: [0, 1, 2].map((channel) => (pixels, at) => pixels[at + channel]!),
  y: [lumaAt],
};

/** @throws GanEvalError `input.too-small` where the border leaves nothing */
export function imageToPlanes(image: Levels, { channel, border }: PlaneOptions): Planes {
  const [width, height] = [image.width - 2 * border, image.height - 2 * border];
  if (width < 1 || height < 1)
    throw new GanEvalError(
      "input.too-small",
      `expected images larger than a border of ${border} on every side, got ${image.width}x${image.height}`,
      { hint: "Lower --paired-border; super-resolution leaves out as many pixels as the scale is." },
    );
  const planes = READERS[channel].map((read) => {
    const plane = new Float64Array(width * height);
    for (let y = 0, to = 0; y < height; y++)
      for (let x = 0; x < width; x++, to++)
        plane[to] = read(image.pixels, 3 * ((y + border) * image.width + x + border));
    return plane;
  });
  return { planes, width, height };
}
