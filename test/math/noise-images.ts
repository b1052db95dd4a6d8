import type { Image } from "../../src/images/source.ts";
import { mulberry32 } from "./seeded-features.ts";

/** Images of independent levels, below `range` about mid-grey. */
export function noiseImages(
  count: number,
  width: number,
  height: number,
  seed: number,
  range = 256,
): Image[] {
  const uniform = mulberry32(seed);
  return Array.from({ length: count }, (_, i) => ({
    pixels: Uint8Array.from({ length: width * height * 3 }, () => 128 - range / 2 + range * uniform()),
    width,
    height,
    name: `#${i}`,
  }));
}
