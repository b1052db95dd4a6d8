/** A side of a comparison: what a location turns out to hold. */

import { stat } from "node:fs/promises";
import { unlessForbidden } from "../formats/forbidden.ts";
import type { ImageSource } from "../images/source.ts";
import type { Features } from "../metrics/features/statistics.ts";
import type { FeatureOptions } from "./options.ts";
import type { FeatureOrigin, StatisticsFile } from "./statistics-file.ts";

export type Side =
  | { readonly kind: "pictures"; readonly location: string; readonly source: ImageSource }
  | FileSide;

/** What a file holds in place of pictures. */
export type FileSide =
  | {
      readonly kind: "features";
      readonly location: string;
      readonly features: Features;
      readonly origin: FeatureOrigin;
    }
  | { readonly kind: "statistics"; readonly location: string; readonly statistics: StatisticsFile };

export type SideOptions = Pick<FeatureOptions, "onError" | "split" | "limit"> & {
  /** Which of a file's statistics are meant, where it has those of several networks (EDM2's). */
  readonly extractor?: string;
};

type FileOpener = (location: string, options: SideOptions) => Promise<FileSide | undefined>;

/** Files that may hold features or statistics, by their ending; undefined for those that hold pictures after all. */
const FILE_OPENERS: readonly (readonly [ending: RegExp, opener: FileOpener])[] = [
  [/\.npz$/i, async (location) => (await import("./npz-side.ts")).openNpz(location)],
  [/\.npy$/i, async (location) => (await import("./npz-side.ts")).openNpy(location)],
  [
    /\.(pkl|pickle|pth?)$/i,
    async (location, { extractor }) => (await import("./pickled-side.ts")).openPickled(location, extractor),
  ],
];

const isFile = async (location: string): Promise<boolean> =>
  (await stat(location).catch(unlessForbidden(undefined)))?.isFile() ?? false;

/**
 * Opens a location as statistics, features or pictures, by what is in it. Loads no picture library for the first two.
 *
 * Statistics and features of other programs: npz of pytorch-fid, TTUR, clean-fid, StudioGAN, ADM (with spatial
 * statistics), dgm-eval; npy [n, d]; `.pt` of torch-fidelity's cache; `.pkl` of StyleGAN and EDM2.
 * @throws GanEvalError `input.*`
 */
export async function openSide(location: string, options: SideOptions): Promise<Side> {
  const opener = FILE_OPENERS.find(([ending]) => ending.test(location))?.[1];
  if (opener && (await isFile(location))) {
    const side = await opener(location, options);
    if (side !== undefined) return side;
  }
  const { openImages } = await import("../images/open.ts");
  const { onError, split, limit } = options;
  const source = await openImages(location, {
    onError,
    ...(split !== undefined && { split }),
    ...(limit !== undefined && { limit }),
  });
  return { kind: "pictures", location, source };
}
