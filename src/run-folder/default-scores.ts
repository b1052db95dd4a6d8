/** What a generator is scored by where nothing else is asked for; free of any network library, for option tables. */
import type { OpenedData } from "../train/data/opened-data.ts";

/** The usual `--eval-metrics` of each kind of data, in the order of the values; the first decides. */
export const SCORES = {
  toy: ["wasserstein", "modes"],
  images: ["fid", "is", "precision", "recall", "classes"],
} as const satisfies Readonly<Record<OpenedData["kind"], readonly string[]>>;

/** The ids of the usual scores of a kind of data. */
export type ScoreId<K extends OpenedData["kind"] = OpenedData["kind"]> = (typeof SCORES)[K][number];
