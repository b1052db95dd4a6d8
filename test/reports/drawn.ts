/** Looks at what was drawn. */
import sharp from "sharp";

export interface Drawn {
  readonly width: number;
  readonly height: number;
  /** RGB at a place. */
  at(x: number, y: number): readonly number[];
  /** How many pixels of a part (default: all) are of a kind. */
  count(matches: (rgb: readonly number[]) => boolean, part?: Part): number;
}

export interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export async function pngToDrawn(png: Uint8Array): Promise<Drawn> {
  const { data, info } = await sharp(png).toColourspace("srgb").removeAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  const { width, height } = info;
  const at = (x: number, y: number): number[] => [
    ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
  ];
  return {
    width,
    height,
    at,
    count(matches, part = { left: 0, top: 0, right: width, bottom: height }) {
      let count = 0;
      for (let y = part.top; y < part.bottom; y++)
        for (let x = part.left; x < part.right; x++) if (matches(at(x, y))) count++;
      return count;
    },
  };
}
