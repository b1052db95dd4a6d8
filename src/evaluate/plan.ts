/** What an evaluation has to gather, from the metrics asked for. */
import { GanEvalError } from "../errors.ts";
import type { Role } from "../math/role.ts";
import type { Metric, Parameters, Requirement } from "../metrics/metric.ts";
import { idToMetric, type MetricId, metrics as table } from "../metrics/table.ts";
import type { EvaluateSettings } from "./with-option-defaults.ts";

export interface PlannedMetric {
  readonly row: Metric;
  readonly parameters: Parameters;
}

export interface Plan {
  readonly metrics: readonly PlannedMetric[];
  /** What each side has to give; a role that is not in it takes no part. */
  readonly needs: ReadonlyMap<Role, ReadonlySet<Requirement>>;
  /** What is measured class by class, where that is asked for. */
  readonly byClass?: PlannedMetric;
}

/** What must be given for a role, and how. */
const LOCATIONS = {
  real: {
    code: "usage.missing-real",
    what: "real images to compare with",
    hint: "Name them: --real DIR (a folder, zip, IDX, npz, or a statistics file).",
  },
  heldOut: {
    code: "usage.missing-held-out",
    what: "real images that the generator was not trained on",
    hint: "Name them: --held-out DIR. The test parts of MNIST and CIFAR qualify.",
  },
} as const;

/** A metric's parameters: its own by id, else those that several share by name (seed, ddof, ...), else its defaults. */
function rowToParameters(row: Metric, options: EvaluateSettings): Parameters {
  const { seed, ddof, splits, shuffle, pairedChannel, pairedBorder } = options;
  const shared: Parameters = {
    ...{ seed, ddof, splits, shuffle },
    ...(pairedChannel !== undefined && { channel: pairedChannel }),
    ...(pairedBorder !== undefined && { border: pairedBorder }),
  };
  const parameters: Record<string, Parameters[string]> = { ...row.defaults };
  for (const name of Object.keys(row.defaults)) if (name in shared) parameters[name] = shared[name]!;
  for (const [name, value] of Object.entries(options.parameters?.[row.id] ?? {})) {
    if (!(name in row.defaults))
      throw new GanEvalError(
        "usage.parameter",
        `expected a parameter of ${row.id} (${Object.keys(row.defaults).join(", ")}), got ${name}`,
      );
    parameters[name] = value;
  }
  return parameters;
}

/** Each metric once. @throws GanEvalError `usage.unknown-metric`, `usage.metric-id` for two of one id */
function askedToRows(asked: EvaluateSettings["metrics"]): Metric[] {
  const rows = new Map<string, Metric>();
  for (const each of asked) {
    const row = typeof each === "string" ? idToMetric(each) : each;
    const known = rows.get(row.id) ?? (Object.hasOwn(table, row.id) ? idToMetric(row.id) : row);
    if (known !== row)
      throw new GanEvalError("usage.metric-id", `expected an id that no other metric has, got "${row.id}"`, {
        hint: "Give the metric of your own another id.",
      });
    rows.set(row.id, row);
  }
  return [...rows.values()];
}

const needsPairs = ({ row }: PlannedMetric): boolean => row.needs.fake?.includes("pairs") ?? false;

/** Pairs are asked for by an option, so that nobody takes unpaired images for paired ones. */
function refuseUnpaired({ paired }: EvaluateSettings, metrics: Plan["metrics"]): void {
  const ofPairs = metrics.filter(needsPairs).map(({ row }) => row.id);
  if (ofPairs.length > 0 && !paired)
    throw new GanEvalError(
      "usage.paired",
      `expected --paired for ${ofPairs.join(", ")}, which ${ofPairs.length === 1 ? "compares" : "compare"} each generated image with the real one of its name, got unpaired images`,
      { hint: "Add --paired if images of one name belong together." },
    );
  if (paired && ofPairs.length === 0)
    throw new GanEvalError(
      "usage.paired",
      `expected a metric of pairs for --paired, got ${metrics.map(({ row }) => row.id).join(", ")}`,
      { hint: "For example: --metrics l1,psnr,ssim. Distances of sets, as fid, need no pairs." },
    );
}

/** Options that nothing would come of, so that nobody takes a figure for what they asked for. */
function refuseUnused(
  { byClass, realLabels, fakeLabels, onPerImage }: EvaluateSettings,
  metrics: Plan["metrics"],
): void {
  if (!byClass && (realLabels ?? fakeLabels) !== undefined)
    throw new GanEvalError(
      "usage.labels",
      `expected --by-class with the classes in ${realLabels ?? fakeLabels}, got the classes alone`,
      { hint: "Add --by-class, or leave --real-labels and --fake-labels out." },
    );
  if (onPerImage && !metrics.some(({ row }) => row.perImage))
    throw new GanEvalError("usage.per-picture", "expected a metric with values for single images, got none", {
      hint: "Metrics with such values: --metrics realism,authpct,pr, and with --paired l1,psnr,ssim.",
    });
}

/** Intervals and floors need rows where the value itself needs moments only. */
const withRows = (requirement: Requirement): readonly Requirement[] =>
  requirement === "statistics" ? ["statistics", "features"] : [requirement];

/**
 * @throws GanEvalError `usage.labels`, `usage.per-picture`, `usage.paired`, `usage.no-metrics`, `usage.unknown-metric`, `usage.parameter`,
 *   `usage.missing-real`, `usage.missing-held-out`
 */
export function planMetrics(options: EvaluateSettings): Plan {
  const rows = askedToRows(options.metrics);
  if (rows.length === 0)
    throw new GanEvalError("usage.no-metrics", "expected at least one metric, got none", {
      hint: "For example: --metrics fid,is",
    });
  const metrics = rows.map((row) => ({ row, parameters: rowToParameters(row, options) }));
  refuseUnused(options, metrics);
  refuseUnpaired(options, metrics);
  const needs = new Map<Role, Set<Requirement>>();
  const need = (role: Role, requirement: Requirement): void => {
    needs.set(role, (needs.get(role) ?? new Set()).add(requirement));
  };
  for (const { row } of metrics) {
    const sides = Object.entries(row.needs) as [Role, readonly Requirement[]][];
    for (const [role, requirements] of sides)
      for (const requirement of requirements) {
        const wanted =
          options.ci || (options.floor && role === "real") ? withRows(requirement) : [requirement];
        for (const each of wanted) need(role, each);
        if (options.floor && row.hasFloor && role === "real" && options.heldOut !== undefined)
          for (const each of withRows(requirement)) need("heldOut", each);
      }
  }
  if (options.keepImages) for (const role of ["real", "fake"] as const) need(role, "images");
  if (options.byClass) for (const role of ["real", "fake"] as const) need(role, "features");
  for (const { row, parameters } of metrics) {
    const sides = Object.entries(row.alsoNeeds?.(parameters) ?? {}) as [Role, readonly Requirement[]][];
    for (const [role, requirements] of sides) for (const requirement of requirements) need(role, requirement);
  }
  for (const role of ["real", "heldOut"] as const)
    if (needs.has(role) && options[role] === undefined) {
      const { code, what, hint } = LOCATIONS[role];
      throw new GanEvalError(code, `expected ${what}, got none`, { hint });
    }
  const fid = idToMetric("fid");
  const byClass = { row: fid, parameters: rowToParameters(fid, options) };
  return { metrics, needs, ...(options.byClass && { byClass }) };
}

/** A metric as it is measured by an extractor of a family. */
export function forFamily(
  { row, parameters }: PlannedMetric,
  family: string,
  options: EvaluateSettings,
): PlannedMetric {
  const own = row.ofFamilies?.[family] as Parameters | undefined;
  return own === undefined
    ? { row, parameters }
    : { row, parameters: { ...parameters, ...own, ...options.parameters?.[row.id as MetricId] } };
}
