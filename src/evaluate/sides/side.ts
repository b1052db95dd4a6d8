/** A side of a comparison: what a location turns out to hold. */

import { stat } from "node:fs/promises";
import { GanEvalError } from "../../errors.ts";
import { unlessForbidden } from "../../files/forbidden.ts";
import type { ImageSource } from "../../images/source.ts";
import type { ImageGenerator } from "../../images/sources/generator.ts";
import { refuseKnownKind } from "../../images/sources/known-kinds.ts";
import type { Features } from "../../math/features/statistics.ts";
import { cacheFolder } from "../../networks/cache-folder.ts";
import { wordToShell } from "../../shell-word.ts";
import type { FeatureOrigin, StatisticsFile } from "../statistics/statistics-file.ts";
import type { FeatureSettings } from "../with-option-defaults.ts";
import type { GeneratorFileOptions } from "./onnx-generator.ts";

export type Side =
  | { readonly kind: "images"; readonly location: string; readonly source: ImageSource }
  | FileSide;

/** What a file holds in place of images. */
export type FileSide =
  | {
      readonly kind: "features";
      readonly location: string;
      readonly features: Features;
      /** A classifier's outputs for the same images, where the file has them: for the Inception Score. */
      readonly logits?: Features;
      readonly origin: FeatureOrigin;
    }
  | {
      readonly kind: "statistics";
      readonly location: string;
      readonly statistics: StatisticsFile;
      /** Images that lie in the same file, which its statistics may be of or not. */
      readonly besideImages?: number;
    };

export type SideOptions = Pick<
  FeatureSettings,
  "onError" | "split" | "limit" | "imageKey" | "cache" | "cacheDir" | "prefer"
> &
  GeneratorFileOptions & {
    /** Which of a file's statistics are meant, where it has those of several networks (EDM2's). */
    readonly extractor?: string;
  };

type FileOpener = (location: string, options: SideOptions) => Promise<FileSide | undefined>;

/** Files that may hold features or statistics, by their ending; undefined for those that hold images after all. */
const FILE_OPENERS: readonly (readonly [ending: RegExp, opener: FileOpener])[] = [
  [/\.npz$/i, async (location, { prefer }) => (await import("./npz-side.ts")).openNpz(location, prefer)],
  [/\.npy$/i, async (location) => (await import("./npz-side.ts")).openNpy(location)],
  [
    /\.(pkl|pickle|pth?)$/i,
    async (location, { extractor }) => (await import("./pickled-side.ts")).openPickled(location, extractor),
  ],
];

/**
 * The first rows of a file's features, as of images.
 * @throws GanEvalError `usage.limit` for statistics of more images, or of an unknown number: none can be left out
 */
function limitSide(side: FileSide, limit: number | undefined): FileSide {
  if (limit === undefined) return side;
  if (side.kind === "features") {
    if (side.features.rows <= limit) return side;
    const first = ({ data, width }: Features) => ({
      ...{ data: data.subarray(0, limit * width), rows: limit, width },
    });
    const { features, logits } = side;
    return { ...side, features: first(features), ...(logits && { logits: first(logits) }) };
  }
  const { n } = side.statistics;
  if (n !== null && n <= limit) return side;
  throw new GanEvalError(
    "usage.limit",
    `expected images or features for --limit ${limit}, got statistics of ${n ?? "an unknown number of"} images in ${side.location}`,
    {
      hint: `Leave --limit out, or make statistics of that many: gan-eval stats --images A --limit ${wordToShell(String(limit))} --out FILE.npz`,
    },
  );
}

/**
 * `--split` is of the sides that have parts; the others are what they are.
 * @throws GanEvalError `usage.split` where none has
 */
export async function requireParts(sides: Iterable<Side>, split: SideOptions["split"]): Promise<void> {
  if (split === undefined) return;
  const all = [...sides];
  if (all.some((side) => side.kind === "images" && side.source.part !== undefined)) return;
  const { noParts } = await import("../../images/sources/open.ts");
  throw noParts(
    split,
    all.map(({ location }) => location),
  );
}

/** Whether a side is a generator in a file, by its ending. */
const isGeneratorFile = (location: string): boolean => /\.onnx$/i.test(location);

const isFile = async (location: string): Promise<boolean> =>
  (await stat(location).catch(unlessForbidden(undefined)))?.isFile() ?? false;

/**
 * Opens a location as statistics, features or images, by what is in it. Loads no image library for the first two.
 *
 * Statistics and features of other programs: npz of pytorch-fid, TTUR, clean-fid, StudioGAN, ADM (with spatial
 * statistics), dgm-eval; npy [n, d]; `.pt` of torch-fidelity's cache; `.pkl` of StyleGAN and EDM2. An `.onnx` is a generator.
 * @throws GanEvalError `input.*`, `usage.limit`
 */
export async function openSide(location: string | ImageGenerator, options: SideOptions): Promise<Side> {
  if (typeof location !== "string") return openImages(location, options);
  if (isGeneratorFile(location) && (await isFile(location))) {
    const { openOnnxGenerator } = await import("./onnx-generator.ts");
    return openImages(await openOnnxGenerator(location, options), options);
  }
  const opener = FILE_OPENERS.find(([ending]) => ending.test(location))?.[1];
  if (opener && (await isFile(location))) {
    // Pickles are what some of these files are; the rest of what is known is something else.
    if (/\.np[yz]$/i.test(location)) await refuseKnownKind(location, "arrays");
    const side = await opener(location, options);
    if (side !== undefined) return limitSide(side, options.limit);
  }
  return openImages(location, options);
}

async function openImages(
  images: string | ImageGenerator,
  { onError, split, limit, imageKey, cache, cacheDir }: SideOptions,
): Promise<Side> {
  const { openImages } = await import("../../images/sources/open.ts");
  const source = await openImages(images, {
    onError,
    ...(split !== undefined && { split }),
    ...(limit !== undefined && { limit }),
    ...(imageKey !== undefined && { imageKey }),
    ...(cache && { cacheFolder: cacheFolder(cacheDir) }),
  });
  return { kind: "images", location: source.location, source };
}
