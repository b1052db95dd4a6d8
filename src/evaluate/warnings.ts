/** Warnings about what is compared: too few samples, features that do not vary, files of unlike origin. */
import { GanEvalError, type Warning } from "../errors.ts";
import type { SideData, Sides } from "../metrics/metric.ts";
import type { Side } from "./sides/side.ts";
import type { FeatureOrigin } from "./statistics/statistics-file.ts";

/** From here on the bias of the Frechet distance is small beside what papers report (TTUR's README). */
const FEW_SAMPLES = 10_000;

const number = (n: number): string => n.toLocaleString("en-US");

/** What the sizes of the two sides mean for a Frechet distance at width `dims`. Unknown counts (null) say nothing. */
export function sampleSizeWarnings(
  real: number | null,
  fake: number | null,
  dims: number,
  isInception = false,
): Warning[] {
  const sides = [
    ["real", real],
    ["fake", fake],
  ] as const;
  const known = sides.filter((side): side is readonly ["real" | "fake", number] => side[1] !== null);
  const warnings: Warning[] = [];

  const deficient = known.filter(([, n]) => n <= dims);
  if (deficient.length > 0) {
    const which = deficient.map(([side, n]) => `${number(n)} ${side}`).join(" and ");
    warnings.push({
      code: "rank-deficient",
      message: `${which} for ${number(dims)} feature dimensions: the covariance is singular, and the distance is mostly bias`,
      hint: `Use more than ${number(dims)} images per side${isInception && dims >= 768 ? ", or a narrower feature end (--feature-end 64 or 192)" : ""}.`,
    });
  }
  const few = known.filter(([, n]) => n > dims && n < FEW_SAMPLES);
  if (few.length > 0) {
    const which = few.map(([side, n]) => `${number(n)} ${side}`).join(" and ");
    warnings.push({
      code: "few-samples",
      message: `${which}: under ${number(FEW_SAMPLES)} the distance is biased upwards`,
      hint: "Compare only with distances of the same sample sizes.",
    });
  }
  if (real !== null && fake !== null && real !== fake) {
    warnings.push({
      code: "unequal-samples",
      message: `${number(real)} real against ${number(fake)} fake: the bias depends on both counts`,
      hint: "Give both sides the same count (--limit), or the counts used in papers.",
    });
  }
  return warnings;
}

/** A side whose features do not vary at all: copies of one image, or a network that is broken. */
export function constantFeaturesWarnings(
  sides: readonly (readonly [side: "real" | "fake", variances: Iterable<number>])[],
): Warning[] {
  return sides.flatMap(([side, variances]) => {
    for (const variance of variances) if (variance !== 0) return [];
    return {
      code: "constant-features",
      message: `${side}: every image has the same features`,
      hint: "Either the images are copies of one image, or the network outputs constants: look at the images.",
    };
  });
}

/** A file with statistics and images, of which the statistics were used: papers differ in which they mean. */
export function imagesBesideWarnings(sides: Iterable<Side>): Warning[] {
  return [...sides].flatMap((side) => {
    if (side.kind !== "statistics" || side.besideImages === undefined) return [];
    const { n } = side.statistics;
    const of = n === null ? "a number of images that it does not state" : `${number(n)} images`;
    return {
      code: "statistics-of-the-file",
      message: `${side.location} holds ${number(side.besideImages)} images and statistics of ${of}: the statistics were used`,
      hint: "--prefer images measures with the images instead. Say which beside the value.",
    };
  });
}

/** The fields of an origin that must agree, and what a person calls them. */
export const ORIGIN_FIELDS = [
  ["extractor", "extractor"],
  ["extractorHash", "extractor weights"],
  ["featureEnd", "feature end"],
  ["resize", "resize mode"],
] as const;

/**
 * Holds what files say of their features against what the other side is made with.
 * @throws GanEvalError `input.unlike-features` where they contradict each other
 */
export function originWarnings(
  sides: readonly (readonly [location: string, origin: FeatureOrigin | null])[],
  protocol: FeatureOrigin,
): Warning[] {
  const unknown: string[] = [];
  for (const [location, origin] of sides) {
    if (origin === null) continue;
    for (const [field, label] of ORIGIN_FIELDS) {
      const stated = origin[field];
      const expected = protocol[field];
      if (stated === null || expected === null || expected === "unknown" || stated === expected) continue;
      throw new GanEvalError(
        "input.unlike-features",
        `expected features made with ${label} ${expected}, got ${stated} in ${location}`,
        {
          hint: "Distances between different features are meaningless: make both sides with the same options.",
        },
      );
    }
    if (origin.extractor === null) unknown.push(location);
  }
  if (unknown.length === 0) return [];
  const says =
    unknown.length === 1
      ? "does not record its network and resize mode"
      : "do not record their network and resize mode";
  return [
    {
      code: "unknown-origin",
      message: `${unknown.join(" and ")} ${says}: ${protocol.extractor?.replace(/ \(assumed\)$/, "")} is assumed`,
      hint: "Statistics from gan-eval stats record their protocol.",
    },
  ];
}

/** The diagonal of the covariance, up to a factor. */
function variancesOf({ statistics }: SideData): Float64Array | undefined {
  if (statistics === undefined) return undefined;
  const [matrix, d] =
    "scatter" in statistics ? [statistics.scatter, statistics.d] : [statistics.sigma, statistics.mu.length];
  return Float64Array.from({ length: d }, (_, i) => matrix[i * d + i]);
}

/** What the numbers and the features themselves say about a comparison. */
export function sidesToWarnings({ real, fake }: Sides, width: number, isInception: boolean): Warning[] {
  if (!real?.statistics || !fake.statistics) return [];
  const variances = (["real", "fake"] as const).map(
    (role) => [role, variancesOf((role === "real" ? real : fake)!)!] as const,
  );
  return [
    ...constantFeaturesWarnings(variances),
    ...sampleSizeWarnings(real.count, fake.count, width, isInception),
  ];
}
