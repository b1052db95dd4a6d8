/** What a generator of images can be scored by: every metric of the table, single values of one, and its classes. */
import type { Direction, Metric, Parameters } from "../../metrics/metric.ts";
import { row as precisionRecall } from "../../metrics/pr.ts";
import { metricIds, metrics, valueToKey } from "../../metrics/table.ts";
import { SCORES } from "../../run-folder/default-scores.ts";
import { row as classes } from "./class-score.ts";
import { chooseScores } from "./score-generator.ts";

/** A metric as an evaluation measures it. */
export interface ImageScore {
  /** What `--eval-metrics` calls it. */
  readonly id: string;
  readonly row: Metric;
  readonly parameters: Parameters;
  /** Of the metric's values those that are kept; the first may decide which checkpoint is best. */
  readonly values: readonly string[];
  /** Whose logits it reads: those of each image as a whole, or of the channels of a stack, side by side. */
  readonly view: "whole" | "channels";
  /** The extractor's, in the names of values. */
  readonly family: string;
}

/** Ids beside those of the table: single values of a metric, and what is of training alone. */
const OTHERS: Readonly<Record<string, { readonly row: Metric; readonly values?: readonly string[] }>> = {
  precision: { row: precisionRecall, values: ["precision"] },
  recall: { row: precisionRecall, values: ["recall"] },
  classes: { row: classes },
};

/** Every id, the usual ones first. */
const IMAGE_SCORE_IDS: readonly string[] = [...new Set<string>([...SCORES.images, ...metricIds])];

export interface ScoreSetting {
  /** `digits`, `inception` */
  readonly family: string;
  /** Whether images are stacks of three grey ones. */
  readonly stacked: boolean;
  /** Samples in an evaluation. */
  readonly samples: number;
}

/** The score of an id that IMAGE_SCORE_IDS has. A score of parts has no more parts than samples. */
function idToImageScore(id: string, { family, stacked, samples }: ScoreSetting): ImageScore {
  const { row, values } = Object.hasOwn(OTHERS, id)
    ? OTHERS[id]
    : { row: metrics[id as keyof typeof metrics], values: undefined };
  const { splits } = row.defaults;
  // Of a stack's classes: it reads the logits of each channel, side by side.
  const ofChannels = stacked ? row.ofFamilies?.[`stacked_${family}`] : undefined;
  return {
    id,
    row,
    parameters: {
      ...row.defaults,
      ...(typeof splits === "number" && { splits: Math.min(splits, samples) }),
      ...(ofChannels as Parameters | undefined),
    },
    values: values ?? Object.keys(row.keys),
    view: ofChannels ? "channels" : "whole",
    family: ofChannels ? `stacked_${family}` : family,
  };
}

/** The names of a score's values in tables. */
export const scoreToNames = ({ row, values, family }: ImageScore): string[] =>
  values.map((value) => valueToKey(row, value, family));

/** Which way a score's first value is better. */
export const scoreToDirection = ({ row, values: [first] }: ImageScore): Direction =>
  row.directions?.[first] ?? row.direction;

/**
 * The scores that were asked for, `usual` where none were.
 * @param label the data and the extractor, for the message
 * @throws GanEvalError `usage.unknown-metric` for ids that there are not
 */
export function idsToImageScores(
  asked: readonly string[] | undefined,
  usual: readonly string[],
  setting: ScoreSetting,
  label: string,
): ImageScore[] {
  return chooseScores(asked, IMAGE_SCORE_IDS, usual, label).map((id) => idToImageScore(id, setting));
}
