/** The class of each row of two sides; the fakes' by the network where they have no labels. */
import { GanEvalError, type Warning } from "../../errors.ts";
import { logitsToClasses } from "../../math/clusters/class-coverage.ts";
import type { SideData } from "../../metrics/metric.ts";
import { LABEL_FLAGS, type LabelledRole, type SideLabels } from "./labels.ts";
import { labelsToClassCount, type MatchedClasses, matchClasses } from "./match-classes.ts";

export type LabelsOfSides = { readonly [R in LabelledRole]?: SideLabels | undefined } & {
  /** Why a side has none, where it looks as if it had some. */
  readonly unlabelled?: { readonly [R in LabelledRole]?: string | undefined };
};

export interface ClassInputs {
  /** With features; with logits where the fakes' classes are predicted. */
  readonly sides: { readonly [R in LabelledRole]: SideData };
  readonly labels: LabelsOfSides;
  /** The places in its source of a side's rows, where they are not 0, 1, ...: images that were skipped leave gaps. */
  readonly positions?: { readonly [R in LabelledRole]?: Int32Array | undefined };
}

export interface RowClasses extends MatchedClasses {
  /** Whether the fakes' classes were given or are those that the network sees. */
  readonly fakeLabels: "given" | "predicted";
  /** Where they are predicted: the share of the real images whose label the network agrees with, if it saw them. */
  readonly agreement?: number;
}

/** A network that agrees with fewer of the real labels sees other classes than these. */
const LEAST_AGREEMENT = 0.9;

const noLabels = (role: LabelledRole, expected: string, got: string): GanEvalError =>
  new GanEvalError("usage.no-labels", `expected ${expected} for scores by class, got ${got}`, {
    hint: `Put each class into its own folder, or give ${LABEL_FLAGS[role]} FILE: one label per line, or name,label.`,
  });

const toNone = (reason: string | undefined): string =>
  reason === undefined ? "none" : `none, since ${reason}`;

/**
 * What has to hold before images are read: the real side has labels, and the fake side too, of the same names, or a
 * network that sees as many classes. Gives the real side's labels.
 *
 * @param logits how many columns the extractor's logits have; undefined where it has none
 * @throws GanEvalError `usage.no-labels`, `input.class-names`
 */
export function requireClasses(
  { real, fake, unlabelled }: LabelsOfSides,
  logits: number | undefined,
): SideLabels {
  if (real === undefined) throw noLabels("real", "labels of the real images", toNone(unlabelled?.real));
  if (fake) {
    matchClasses(real, fake, () => {});
    return real;
  }
  const classes = labelsToClassCount(real);
  if (logits === classes) return real;
  throw noLabels(
    "fake",
    `labels of the generated images, or an extractor that classifies into the ${classes} classes of the real ones,`,
    `${toNone(unlabelled?.fake)}, and ${logits === undefined ? "an extractor without logits" : `logits of ${logits} classes`}`,
  );
}

const labelsOfRows = (labels: Int32Array, rows: number, positions: Int32Array | undefined): Int32Array =>
  Int32Array.from({ length: rows }, (_, row) => {
    const label = labels[positions?.[row] ?? row];
    if (label !== undefined) return label;
    throw new GanEvalError("internal.labels", `expected a label of row ${row}, got ${labels.length} labels`);
  });

/** The share of real rows whose label is the class that the network sees. */
function labelsToAgreement(real: SideLabels, seen: Int32Array, fake: Int32Array): number {
  // The fakes' are there because these are known to have a class in common with the real ones.
  const matched = matchClasses(real, { labels: Int32Array.of(...seen, ...fake) }, () => {});
  return matched.real.filter((label, row) => label === matched.fake[row]).length / seen.length;
}

/**
 * The class of each row, as a place in `names`.
 * @throws GanEvalError `usage.no-labels`, `input.class-names`, `input.logits-not-finite`
 */
export function inputsToRowClasses(
  { sides, labels, positions }: ClassInputs,
  warn: (warning: Warning) => void,
): RowClasses {
  const rowsOf = (role: LabelledRole, of: SideLabels): SideLabels => ({
    ...of,
    labels: labelsOfRows(of.labels, sides[role].features!.rows, positions?.[role]),
  });
  const real = rowsOf("real", requireClasses(labels, sides.fake.logits?.width));
  if (labels.fake) return { ...matchClasses(real, rowsOf("fake", labels.fake), warn), fakeLabels: "given" };
  const predicted = logitsToClasses(sides.fake.logits!);
  const matched = matchClasses(real, { labels: predicted }, warn);
  const agreement =
    sides.real.logits && labelsToAgreement(real, logitsToClasses(sides.real.logits), predicted);
  const checked =
    agreement === undefined ? "" : `; it agrees with ${(100 * agreement).toFixed(1)} % of the real labels`;
  warn({
    code: "predicted-classes",
    message: `the generated images have no labels: their classes are predicted by the network${checked}`,
    hint:
      agreement !== undefined && agreement < LEAST_AGREEMENT
        ? "The network was trained on other classes or images: give --fake-labels FILE."
        : "If you know the classes, give --fake-labels FILE.",
  });
  return { ...matched, fakeLabels: "predicted", ...(agreement !== undefined && { agreement }) };
}
