/** The mode score: an Inception Score that takes the real classes into account. */
import { GanEvalError } from "../errors.ts";
import type { Features } from "../math/features/statistics.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import {
  checkLogits,
  joinSums,
  logitsToSums,
  type ProbabilitySums,
  sumsToDivergence,
} from "../math/probability-sums.ts";
import { checkLeast } from "./check-parameters.ts";
import { metric, type Sides } from "./metric.ts";

/** KL(mean p of fake || mean p of real), in nats; infinite where a class's mean is 0 in float64 on the real side only. */
function marginalsToDivergence(fake: ProbabilitySums, real: ProbabilitySums): number {
  return fake.marginal.reduce((sum, value, c) => {
    const p = value / fake.count;
    return p > 0 ? sum + p * Math.log(p / (real.marginal[c]! / real.count)) : sum;
  }, 0);
}

const sumsToModeScore = (real: ProbabilitySums, fake: ProbabilitySums): number =>
  Math.exp(sumsToDivergence(fake) - marginalsToDivergence(fake, real));

function checkSides(real: Features, fake: Features): void {
  for (const side of [real, fake]) {
    checkLogits(side);
    checkLeast(side.rows, 1, "of logits a side", "give more images");
  }
  if (real.width === fake.width) return;
  throw new GanEvalError(
    "input.logits-shape",
    `expected logits of the same number of classes, got ${real.width} (real) and ${fake.width} (fake)`,
    { hint: "Both sides must come from the same classifier." },
  );
}

/** Sums of a side in the blocks that `ofRow` says, or in one. */
const sideToSums = (
  side: Features,
  parts = 1,
  partOf: (row: number) => number = () => 0,
): ProbabilitySums[] => logitsToSums(side, Array(side.rows).keys(), parts, partOf);

/**
 * Mode score of logits [n, classes] and [m, classes]: exp( mean_i KL(p_i || q) - KL(q || r) ), p_i the softmax of a fake
 * row, q the mean of these, r that of the real rows: the Inception Score (of one split), less what the fakes' classes are
 * distributed otherwise than the real ones. From 0 (a class that the real side all but lacks) to `classes`.
 *
 * @throws GanEvalError `input.logits-shape`, `input.logits-not-finite`, `input.too-few-samples`
 */
export function logitsToModeScore(real: Features, fake: Features): number {
  checkSides(real, fake);
  return sumsToModeScore(sideToSums(real)[0]!, sideToSums(fake)[0]!);
}

/** Scores with blocks left out, of each element of `out` one of each of `blocks`. */
function logitsToScoresWithoutBlocks(
  sides: { readonly real: Features; readonly fake: Features },
  blocks: readonly Blocks[],
  out: readonly (readonly number[])[],
): number[] {
  checkSides(sides.real, sides.fake);
  const open = (role: "real" | "fake") => {
    const own = blocks.find((each) => each.role === role);
    const parts = sideToSums(sides[role], own?.count, own && ((row) => own.ofRow[row]!));
    return (left: readonly number[]) =>
      joinSums(parts.filter((_, part) => !left.some((at, i) => at === part && blocks[i]!.role === role)));
  };
  const [real, fake] = [open("real"), open("fake")];
  return out.map((left) => sumsToModeScore(real(left), fake(left)));
}

const sidesToLogits = ({ real, fake }: Sides) => ({ real: real!.logits!, fake: fake.logits! });

export const row = metric({
  id: "mode-score",
  label: "Mode score",
  unit: "classes",
  direction: "higher",
  needs: { real: ["logits"], fake: ["logits"] },
  source: {
    paper: "Che et al. 2017, Mode Regularized Generative Adversarial Networks (arXiv 1612.02136)",
    library: "GAN-Metrics metric.py",
  },
  defaults: {},
  keys: { score: "{extractor}_mode_score" },
  names: { score: "Mode score" },
  range: [0, Number.POSITIVE_INFINITY],
  measure: ({ real, fake }) => ({ score: logitsToModeScore(real!.logits!, fake.logits!) }),
  leaveOut: (sides, blocks) => {
    const out = Array.from({ length: blocks.count }, (_, block) => [block]);
    return logitsToScoresWithoutBlocks(sidesToLogits(sides), [blocks], out).map((score) => ({ score }));
  },
  pairs: "all",
  leaveOutPairs: (sides, blocks, pairs) =>
    logitsToScoresWithoutBlocks(sidesToLogits(sides), blocks, pairs).map((score) => ({ score })),
});
