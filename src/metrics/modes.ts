/** How many classes a generator makes, by a classifier: the mode count of stacked MNIST and the like. */
import { GanEvalError } from "../errors.ts";
import { classesToCoverage, logitsToStackedClasses } from "../math/clusters/class-coverage.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import { toIsLeftOut } from "../math/intervals/jackknife.ts";
import type { Role } from "../math/role.ts";
import { type MetricContext, metric, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.modes);

type ModesParameters = typeof DEFAULTS;

/** A perfect generator is said to miss classes where it misses this many in the mean. */
const LEAST_MISSED = 0.5;

/** The class of each row, as the classifier sees it. */
interface Seen {
  readonly classes: number;
  readonly fake: Int32Array;
  /** Where the real images' frequencies are the reference. */
  readonly real?: Int32Array;
}

function sidesToSeen({ real, fake }: Sides, { places, reference }: ModesParameters): Seen {
  if (reference !== "uniform" && reference !== "real")
    throw new GanEvalError(
      "usage.modes-reference",
      `expected --modes-reference uniform or real, got ${reference}`,
      {
        hint: "uniform is the protocol of stacked MNIST.",
      },
    );
  const { predicted, classes } = logitsToStackedClasses(fake.logits!, places);
  if (reference === "uniform") return { classes, fake: predicted };
  if (real?.logits === undefined)
    throw new GanEvalError(
      "usage.modes-reference",
      "expected the classifier's logits of real images for --modes-reference real, got none",
      {
        hint: "Give real images with --real DIR, or leave --modes-reference out to expect equal frequencies.",
      },
    );
  return { classes, fake: predicted, real: logitsToStackedClasses(real.logits, places).predicted };
}

function seenToValues({ classes, fake, real }: Seen) {
  const reference = real && classesToCoverage(real, classes).counts;
  const { hit, divergence } = classesToCoverage(fake, classes, reference);
  return { hit, kl: divergence };
}

/** What is left without block `out[i]` of `blocks[i]`, for each i. */
function seenWithout({ classes, fake, real }: Seen, blocks: readonly Blocks[], out: readonly number[]): Seen {
  const rest = (role: Role, rows: Int32Array): Int32Array => {
    const isLeftOut = toIsLeftOut(role, blocks, out);
    return rows.filter((_, row) => !isLeftOut(row));
  };
  return { classes, fake: rest("fake", fake), ...(real && { real: rest("real", real) }) };
}

/** So few samples that a perfect generator of equal classes would miss some: classes (1 - 1 / classes)^n in the mean. */
function warnOfFew({ classes, fake }: Seen, { warn }: MetricContext): void {
  const missed = classes * (1 - 1 / classes) ** fake.length;
  if (missed < LEAST_MISSED) return;
  warn({
    code: "few-samples-for-modes",
    message: `modes: with ${fake.length} samples, a perfect generator hits about ${Math.floor(classes - missed)} of ${classes} equal classes`,
    hint: "The protocol of stacked MNIST uses 26,000 samples for 1,000 classes.",
  });
}

/**
 * Modes: the classes that a classifier sees among fake images, counted, and KL(p || q) in nats of their frequencies p
 * to equal ones q, or to those of the real images as the same classifier sees them (`reference: "real"`).
 *
 * With the logits of three digits side by side and `places: 3` these are the 1,000 modes of stacked MNIST (Srivastava et
 * al. 2017, VEEGAN; Lin et al. 2018, PacGAN: 26,000 samples, natural logarithm, equal frequencies), by another classifier
 * than theirs. A perfect generator of n samples has KL (classes - 1) / 2n in the mean.
 *
 * Throws `usage.modes-places`, `usage.modes-reference`, `input.logits-not-finite`.
 */
export const row = metric({
  id: "modes",
  label: "Modes by a classifier",
  unit: "classes",
  direction: "higher",
  directions: { kl: "lower" },
  needs: { fake: ["logits"] },
  alsoNeeds: ({ reference }) => (reference === "real" ? { real: ["logits"] } : {}),
  ofFamilies: { stacked_digits: { places: 3 } },
  source: {
    paper: "Srivastava et al. 2017, VEEGAN (arXiv 1705.07761); Lin et al. 2018, PacGAN (arXiv 1712.04086)",
    library: "PacGAN's stacked MNIST evaluation, with another classifier",
  },
  defaults: DEFAULTS,
  units: { kl: "nats" },
  keys: { hit: "{extractor}_modes", kl: "{extractor}_modes_kl" },
  names: { hit: "Modes hit", kl: "KL of modes" },
  range: [0, Number.POSITIVE_INFINITY],
  measure: (sides, parameters, context) => {
    const seen = sidesToSeen(sides, parameters);
    warnOfFew(seen, context);
    return seenToValues(seen);
  },
  leaveOut: (sides, blocks, parameters) => {
    const seen = sidesToSeen(sides, parameters);
    return Array.from({ length: blocks.count }, (_, block) =>
      seenToValues(seenWithout(seen, [blocks], [block])),
    );
  },
  pairs: "all",
  leaveOutPairs: (sides, blocks, pairs, parameters) => {
    const seen = sidesToSeen(sides, parameters);
    return pairs.map((out) => seenToValues(seenWithout(seen, blocks, out)));
  },
});
