/** Scores picture sets: one pass over each side feeds every metric that was asked for. */
import { GanEvalError, type Warning } from "../errors.ts";
import type { FeatureEnd, FeatureExtractor } from "../inception/extractor.ts";
import { meta as fid, momentsToFrechet, statisticsToFrechet } from "../metrics/frechet.ts";
import { meta as is, logitsToInceptionScore } from "../metrics/inception-score.ts";
import { featuresToMoments, type Moments, momentsToCovariance } from "../metrics/statistics.ts";
import { idToMetric, valuesToResultKeys } from "../metrics/table.ts";
import { countsToBatchSize } from "./batch-size.ts";
import { type Gathered, picturesToFeatures, sourceWarnings } from "./extract.ts";
import type { OpenedExtractor } from "./open-extractor.ts";
import type { EvaluateOptions, ExtractorName } from "./options.ts";
import { openProvenance } from "./provenance.ts";
import { type EvaluationResult, type InputRecord, RESULT_SCHEMA } from "./result.ts";
import { openSide, type Side } from "./side.ts";
import type { FeatureOrigin, StatisticsFile } from "./statistics-file.ts";
import { constantFeaturesWarnings, originWarnings, sampleSizeWarnings } from "./warnings.ts";

type Role = "real" | "fake";

/** A side as the Frechet distance takes it. */
type Measured = { readonly count: number | null } & (
  | { readonly moments: Moments }
  | { readonly statistics: StatisticsFile }
);

/** What is known of a protocol before any picture is read. */
interface Plan {
  readonly wantsDistance: boolean;
  readonly wantsScore: boolean;
}

function planMetrics(options: EvaluateOptions): Plan {
  const needs = new Set(options.metrics.map((id) => idToMetric(id).needs));
  if (needs.size === 0)
    throw new GanEvalError("usage.no-metrics", "expected at least one metric, got none", {
      hint: "For example: --metrics fid,is",
    });
  const wantsDistance = needs.has("real-and-fake-features");
  if (wantsDistance && options.real === undefined)
    throw new GanEvalError("usage.missing-real", "expected real pictures to compare with, got none", {
      hint: "Name them: --real DIR (a folder, zip, IDX, npz, or a statistics file)",
    });
  return { wantsDistance, wantsScore: needs.has("fake-logits") };
}

function refuseScoreWithoutPictures(side: Side): void {
  if (side.kind === "pictures") return;
  throw new GanEvalError(
    "input.no-pictures",
    `expected fake pictures for the Inception Score, got ${side.kind} in ${side.location}`,
    { hint: "Give the pictures themselves, or ask for --metrics fid alone." },
  );
}

/** The origin that a side states for its features; null for pictures, whose features are made now. */
const originOf = (side: Side): FeatureOrigin | null =>
  side.kind === "pictures" ? null : side.kind === "features" ? side.origin : side.statistics.origin;

async function sideToMeasured(side: Side, gathered: Gathered | undefined): Promise<Measured> {
  if (side.kind === "statistics") return { count: side.statistics.n, statistics: side.statistics };
  if (side.kind === "features") {
    const moments = featuresToMoments(side.features);
    return { count: moments.n, moments };
  }
  const moments = gathered!.moments!;
  return { count: moments.n, moments };
}

/** Between moments exactly; from sigma alone where a side has nothing else. */
function measuredToFrechet(real: Measured, fake: Measured, options: EvaluateOptions) {
  const { ddof, threads } = options;
  const threading = threads === undefined ? {} : { threads };
  if ("moments" in real && "moments" in fake)
    return momentsToFrechet(real.moments, fake.moments, { ddof, ...threading });
  const statistics = (side: Measured) =>
    "statistics" in side
      ? side.statistics
      : { mu: side.moments.mean, sigma: momentsToCovariance(side.moments, ddof) };
  return statisticsToFrechet(statistics(real), statistics(fake), threading);
}

async function sideToRecord(side: Side, count: number | null): Promise<InputRecord> {
  if (side.kind !== "pictures") return { location: side.location, kind: side.kind, count };
  return {
    location: side.location,
    kind: side.source.kind,
    count,
    contentHash: await side.source.contentHash(),
  };
}

/** Without an extractor at hand: what the files say, else what the options assume. */
function describeExtractor(
  extractor: FeatureExtractor | undefined,
  origins: readonly (FeatureOrigin | null)[],
  options: EvaluateOptions,
  width: number,
) {
  const stated = origins.find((origin) => origin?.extractor);
  return {
    extractor: extractor?.id ?? stated?.extractor ?? `${options.extractor} (assumed)`,
    extractorHash: extractor?.hash ?? stated?.extractorHash ?? null,
    featureEnd: options.featureEnd ?? extractor?.featureEnd ?? stated?.featureEnd ?? String(width),
    resize: extractor?.resize ?? stated?.resize ?? "unknown",
  };
}

/** Results of unlike extractors have unlike names. */
function familyOf(extractor: string, asked: ExtractorName): "inception" | "digits" {
  if (extractor.startsWith("inception")) return "inception";
  if (extractor.startsWith("digits")) return "digits";
  return asked;
}

/** The diagonal of the covariance, up to a factor. */
function variancesOf(side: Measured): Float64Array {
  const matrix = "moments" in side ? side.moments.scatter : side.statistics.sigma;
  const d = widthOf(side);
  return Float64Array.from({ length: d }, (_, i) => matrix[i * d + i]);
}

const widthOf = (side: Measured): number => ("moments" in side ? side.moments.d : side.statistics.mu.length);

/**
 * Measures `fake` against `real`, or alone.
 * @throws GanEvalError `usage.*` for options that do not go together, `input.*` for pictures and files that cannot be
 *   used, `unavailable.*` for weights, engines and devices that are not there
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationResult> {
  const plan = planMetrics(options);
  const provenance = openProvenance(options);
  const sides = new Map<Role, Side>();
  let opened: OpenedExtractor | undefined;
  try {
    if (plan.wantsDistance) sides.set("real", await openSide(options.real!, options));
    sides.set("fake", await openSide(options.fake, options));
    const fake = sides.get("fake")!;
    if (plan.wantsScore) refuseScoreWithoutPictures(fake);

    const featureEnd = plan.wantsDistance ? options.featureEnd : undefined;
    const pictureCounts = [...sides.values()].flatMap((side) =>
      side.kind === "pictures" ? [side.source.count] : [],
    );
    const batchSize = countsToBatchSize(pictureCounts, options.batchSize);
    if (pictureCounts.length > 0) opened = await openFor(plan, { ...options, batchSize });
    const gathered = new Map<Role, Gathered>();
    for (const [role, side] of sides) {
      if (side.kind !== "pictures") continue;
      const wanted = {
        ...(plan.wantsDistance && { featureEnd: featureEnd ?? opened!.extractor.featureEnd }),
        ...(plan.wantsScore &&
          role === "fake" && { logitsEnd: options.logitsEnd ?? opened!.extractor.logitsEnd }),
      };
      gathered.set(
        role,
        await picturesToFeatures(side.source, opened!.extractor, wanted, role, { ...options, batchSize }),
      );
    }

    const metrics: Record<string, number> = {};
    const warnings: Warning[] = [];
    const counts = new Map<Role, number | null>();
    const origins = [...sides.values()].map(originOf);
    let width = 0;
    let described = describeExtractor(opened?.extractor, origins, options, width);

    if (plan.wantsDistance) {
      options.onProgress?.({ stage: "distance", done: 0, total: 1, unit: "distance" });
      const measured = {
        real: await sideToMeasured(sides.get("real")!, gathered.get("real")),
        fake: await sideToMeasured(fake, gathered.get("fake")),
      };
      width = widthOf(measured.fake);
      described = describeExtractor(opened?.extractor, origins, options, width);
      warnings.push(
        ...originWarnings(
          [...sides.values()].map((side, i) => [side.location, origins[i]]),
          described,
        ),
      );
      const frechet = measuredToFrechet(measured.real, measured.fake, options);
      Object.assign(
        metrics,
        valuesToResultKeys(fid, familyOf(described.extractor, options.extractor), {
          distance: frechet.distance,
        }),
      );
      warnings.push(
        ...constantFeaturesWarnings([
          ["real", variancesOf(measured.real)],
          ["fake", variancesOf(measured.fake)],
        ]),
      );
      counts.set("real", measured.real.count).set("fake", measured.fake.count);
      warnings.push(...sampleSizeWarnings(measured.real.count, measured.fake.count, width));
      options.onProgress?.({ stage: "distance", done: 1, total: 1, unit: "distance" });
    }
    if (plan.wantsScore) {
      const { data, rows, width: classes } = gathered.get("fake")!.logits!;
      const { mean, std } = logitsToInceptionScore(data, rows, classes, options);
      Object.assign(
        metrics,
        valuesToResultKeys(is, familyOf(described.extractor, options.extractor), { mean, std }),
      );
      counts.set("fake", rows);
    }

    const inputs: { real?: InputRecord; fake?: InputRecord } = {};
    for (const [role, side] of sides) {
      inputs[role] = await sideToRecord(side, counts.get(role) ?? null);
      if (side.kind === "pictures")
        warnings.push(...named(role, sourceWarnings(side.source, opened!.extractor)));
    }
    if (opened) warnings.push(...(opened.extractor.warnings?.() ?? []));
    return {
      schema: RESULT_SCHEMA,
      metrics,
      inputs,
      protocol: {
        ...described,
        dims: width || (opened?.extractor.ends[opened.extractor.featureEnd] ?? 0),
        ddof: options.ddof,
        seed: options.seed,
        splits: options.splits,
        shuffle: options.shuffle,
      },
      warnings,
      provenance: provenance(opened && { ...opened.extractor.computedBy, batchSize }),
    };
  } finally {
    for (const side of sides.values()) if (side.kind === "pictures") await side.source.close();
    await opened?.close();
  }
}

/** Opens the extractor with the ends that the plan reads; only now is a network library loaded. */
async function openFor(plan: Plan, options: EvaluateOptions): Promise<OpenedExtractor> {
  const ends: FeatureEnd[] = [];
  if (plan.wantsDistance && options.featureEnd) ends.push(options.featureEnd);
  if (plan.wantsScore && options.logitsEnd) ends.push(options.logitsEnd);
  const explicit = (!plan.wantsDistance || options.featureEnd) && (!plan.wantsScore || options.logitsEnd);
  const { openExtractor } = await import("./open-extractor.ts");
  return openExtractor(options, explicit ? ends : undefined);
}

/** A source's warnings, saying which side they are about. */
const named = (role: Role, warnings: readonly Warning[]): Warning[] =>
  warnings.map((warning) => ({ ...warning, message: `${role}: ${warning.message}` }));
