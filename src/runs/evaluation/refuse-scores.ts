/** Scores that these data, this extractor or so few samples cannot give: refused before anything is trained. */
import { GanEvalError } from "../../errors.ts";
import type { FeatureExtractor } from "../../extractors/extractor.ts";
import type { Role } from "../../math/role.ts";
import { type ImageScore, scoreToDirection } from "./image-score.ts";
import { realOfScore } from "./score-sides.ts";

/** What a score is held against, and how. */
export interface ScoreConditions {
  /** The data, as messages call them. */
  readonly label: string;
  readonly stacked: boolean;
  /** Samples in an evaluation. */
  readonly samples: number;
  /** Images of each kind that are used; none set apart: undefined. */
  readonly trained: number;
  readonly heldOut: number | undefined;
}

/** Why one score is refused, if it is. */
type Refuse = (score: ImageScore, conditions: ScoreConditions) => GanEvalError | undefined;

const LEAVE_OUT = (id: string): string => `Leave ${id} out of --eval-metrics`;

/** Inception's 1,000 classes are not those of the data. */
const refuseClasses: Refuse = ({ id, family }, { label }) =>
  id === "classes" && family === "inception"
    ? new GanEvalError(
        "usage.unknown-metric",
        `expected metrics that ${label} can be scored by, got ${id}, which is of digits`,
        { hint: `${LEAVE_OUT(id)}, or take modes for the classes of Inception.` },
      )
    : undefined;

/** Logits of a stack as a whole are of one grey image that is no digit. */
const refuseStacks: Refuse = ({ id, row, view }, { label, stacked }) =>
  stacked && view === "whole" && id !== "is" && row.needs.fake?.includes("logits")
    ? new GanEvalError(
        "usage.eval-metrics",
        `expected a metric for stacks of digits, got ${id} for ${label}`,
        {
          hint: `${LEAVE_OUT(id)}, or take classes or modes, which read the three digits of a stack one by one.`,
        },
      )
    : undefined;

const refuseWithoutHeldOut: Refuse = ({ id, row }, { label, heldOut }) =>
  row.needs.heldOut && heldOut === undefined
    ? new GanEvalError(
        "usage.missing-held-out",
        `expected images that are not trained on for ${id}, got ${label}, of which none are held out`,
        { hint: `${LEAVE_OUT(id)}, or set images apart with --held-out.` },
      )
    : undefined;

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  real: "real images",
  fake: "samples in an evaluation",
  heldOut: "held-out images",
};

const refuseTooFew: Refuse = (score, { samples, trained, heldOut }) => {
  const { id, row, parameters } = score;
  const least = row.least?.(parameters) ?? {};
  const side = realOfScore(score);
  const all = side.images === "trained" ? trained : (heldOut ?? trained);
  const counts: Readonly<Record<Role, number>> = {
    real: side.isEqual ? Math.min(samples, all) : all,
    fake: samples,
    heldOut: heldOut ?? 0,
  };
  for (const role of ["fake", "real", "heldOut"] as const) {
    if (!(role in row.needs)) continue;
    const needed = least[role] ?? 1;
    if (counts[role] >= needed) continue;
    const isOfSamples = role === "fake" || (side.isEqual && all >= needed);
    return new GanEvalError(
      "input.too-few-samples",
      `expected at least ${needed} ${ROLE_NAMES[role]} for ${row.label} (${id}), got ${counts[role]}`,
      {
        hint: isOfSamples
          ? `Give --eval-samples ${needed} or more, or leave ${id} out of --eval-metrics.`
          : `Take data with more images, or leave ${id} out of --eval-metrics.`,
      },
    );
  }
  return undefined;
};

/** Samples of a generator of noise belong to no real image, and to no input. */
const refuseCompared: Refuse = ({ id, row }) =>
  row.compare &&
  new GanEvalError(
    "usage.eval-metrics",
    `expected a metric of samples for --eval-metrics, got ${id}, which compares images that belong together`,
    {
      hint: `${LEAVE_OUT(id)}; ${row.needs.real ? "measure files with gan-eval metrics --paired." : "measure files with gan-eval metrics."}`,
    },
  );

const REFUSALS: readonly Refuse[] = [
  refuseCompared,
  refuseClasses,
  refuseStacks,
  refuseWithoutHeldOut,
  refuseTooFew,
];

/**
 * @throws GanEvalError `usage.unknown-metric`, `usage.eval-metrics` where data or the order of the scores do not fit, `usage.missing-held-out`,
 *   `input.too-few-samples`
 */
export function refuseScores(scores: readonly ImageScore[], conditions: ScoreConditions): void {
  for (const score of scores)
    for (const refuse of REFUSALS) {
      const error = refuse(score, conditions);
      if (error) throw error;
    }
  const [first] = scores;
  if (scoreToDirection(first) !== "none") return;
  throw new GanEvalError(
    "usage.eval-metrics",
    `expected first a metric that is better one way, which decides which checkpoint is best, got ${first.id} (${first.row.unit})`,
    { hint: `Put another one first: --eval-metrics fid,${first.id}` },
  );
}

/** @throws GanEvalError `usage.eval-metrics` for a score of an end that the extractor does not have */
export function refuseMissingEnds(
  scores: readonly ImageScore[],
  { id, ends, logitsEnd }: FeatureExtractor,
): void {
  const lacks = [
    ...("spatial" in ends ? [] : [["spatial", "spatial features"] as const]),
    ...(logitsEnd in ends ? [] : [["logits", "logits"] as const]),
  ];
  for (const score of scores)
    for (const [requirement, words] of lacks)
      if (score.row.needs.fake?.includes(requirement))
        throw new GanEvalError(
          "usage.eval-metrics",
          `expected an extractor with ${words} for ${score.id}, got ${id} (${Object.keys(ends).join(", ")})`,
          { hint: `${LEAVE_OUT(score.id)}, or take --extractor inception.` },
        );
}
