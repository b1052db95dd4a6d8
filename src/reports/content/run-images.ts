/** The images of a run's report: grids by round, real ones beside them, nearest neighbours. */
import { readFile } from "node:fs/promises";
import { samplesToGrid } from "../../drawing/sample-grid.ts";
import { evenPlaces } from "../../drawing/thin-points.ts";
import { pixelsToPng } from "../../images/sinks/encode-png.ts";
import type { RoundFile } from "../../run-folder/run-folder.ts";
import type { NearestImages } from "./nearest-images.ts";
import type { Image, Neighbours, SampleFrame, Samples } from "./report.ts";

/** Of all grids of a page together. */
const MOST_BYTES = 1_500_000;
const MOST_FRAMES = 60;

const bytesToSource = (kind: "png" | "webp", bytes: Uint8Array): string =>
  `data:image/${kind};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64")}`;

/** Smaller than PNG, and still exact to the pixel. */
async function pngToImage(png: Uint8Array): Promise<Image & { readonly bytes: number }> {
  const { default: sharp } = await import("sharp");
  const { data, info } = await sharp(png)
    .webp({ lossless: true, effort: 4 })
    .toBuffer({ resolveWithObject: true });
  return { source: bytesToSource("webp", data), width: info.width, height: info.height, bytes: data.length };
}

export interface ReadSamples {
  readonly samples: Samples;
  /** Files that could not be read as images. */
  readonly unreadable: number;
}

/** At most 60 grids, evenly over the run; fewer where they are large. The first and the last stay. */
export async function filesToSamples(
  files: readonly RoundFile[],
  areDrawings: boolean,
): Promise<ReadSamples> {
  let kept = evenPlaces(files.length, MOST_FRAMES).map((place) => files[place]);
  const made = new Map<RoundFile, SampleFrame & { readonly bytes: number }>();
  let unreadable = 0;
  for (const file of kept) {
    try {
      made.set(file, { round: file.round, ...(await pngToImage(await readFile(file.location))) });
    } catch {
      unreadable++;
    }
  }
  kept = kept.filter((file) => made.has(file));
  const total = () => kept.reduce((sum, file) => sum + made.get(file)!.bytes, 0);
  while (kept.length > 2 && total() > MOST_BYTES) {
    const fewer = Math.max(2, Math.min(kept.length - 1, Math.floor((kept.length * MOST_BYTES) / total())));
    kept = evenPlaces(kept.length, fewer).map((place) => kept[place]);
  }
  const frames = kept.map((file): SampleFrame => {
    const { bytes: _bytes, ...frame } = made.get(file)!;
    return frame;
  });
  return { samples: { frames, areDrawings, leftOut: files.length - unreadable - frames.length }, unreadable };
}

/** Images of one size as a grid. */
export async function pixelsToGridImage(
  pixels: Uint8Array,
  [height, width, channels]: readonly number[],
  columns: number,
): Promise<Image> {
  const { bytes: _bytes, ...image } = await pngToImage(
    await samplesToGrid({ pixels, height, width, channels, columns }),
  );
  return image;
}

export async function nearestToNeighbours(nearest: NearestImages): Promise<Neighbours> {
  const { height, width, channels, round, searched, pairs } = nearest;
  const toImage = async (pixels: Uint8Array): Promise<Image> => ({
    source: bytesToSource("png", await pixelsToPng(pixels, { height, width, channels })),
    ...{ width, height },
  });
  return {
    pairs: await Promise.all(
      pairs.map(async ({ generated, real, distance }) => ({
        generated: await toImage(generated),
        real: await toImage(real),
        distance,
      })),
    ),
    caption: `Generated images of round ${round.toLocaleString("en-US")}, left, and the nearest of ${searched.toLocaleString("en-US")} training images, right, by root mean squared difference of levels (0 to 255). Identical pairs are copies.`,
  };
}
