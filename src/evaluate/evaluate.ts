/** Scores picture sets: one pass over each side feeds every metric and every extractor that was asked for. */
import type { Warning } from "../errors.ts";
import type { FeatureEnd, FeatureExtractor } from "../inception/extractor.ts";
import { extractorToFamily } from "../inception/extractor-family.ts";
import type { Role, Sides } from "../metrics/metric.ts";
import { countsToBatchSize } from "./batch-size.ts";
import { type Consumer, type Gathered, gatherSide, sourceWarnings } from "./gather.ts";
import { openCache } from "./open-cache.ts";
import type { OpenedExtractor } from "./open-extractor.ts";
import type { EvaluateOptions } from "./options.ts";
import { type Plan, planMetrics } from "./plan.ts";
import { openProvenance } from "./provenance.ts";
import { type EvaluationResult, type InputRecord, RESULT_SCHEMA } from "./result.ts";
import { sidesToScores } from "./score.ts";
import { openSide, type Side } from "./side.ts";
import { dataToWidth, type Ends, needsToWishes, requireIngredients, sideToData } from "./side-data.ts";
import type { FeatureOrigin } from "./statistics-file.ts";
import { originWarnings, sidesToWarnings } from "./warnings.ts";

/** The origin that a side states for its features; null for pictures, whose features are made now. */
const originOf = (side: Side): FeatureOrigin | null =>
  side.kind === "pictures" ? null : side.kind === "features" ? side.origin : side.statistics.origin;

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

/** Features of a file have no names. */
const rowsToNames = (rows: number): string[] => Array.from({ length: rows }, (_, i) => `#${i}`);

/** Warnings of one code and message once. */
const distinct = (warnings: readonly Warning[]): Warning[] => [
  ...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values(),
];

/** A source's warnings, saying which side they are about. */
const named = (role: Role, warnings: readonly Warning[]): Warning[] =>
  warnings.map((warning) => ({ ...warning, message: `${role}: ${warning.message}` }));

/**
 * Measures `fake` against `real`, or alone, by one extractor.
 * @throws GanEvalError `usage.*` for options that do not go together, `input.*` for pictures and files that cannot be
 *   used, `unavailable.*` for weights, engines and devices that are not there
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationResult> {
  const [result] = await evaluateEach(options, [options.extractor]);
  return result;
}

/** The same by several extractors, a result each; pictures are read once. */
export async function evaluateEach(
  options: EvaluateOptions,
  extractors: readonly string[],
): Promise<EvaluationResult[]> {
  const plan = planMetrics(options);
  const provenance = openProvenance(options);
  const sides = new Map<Role, Side>();
  const opened: OpenedExtractor[] = [];
  try {
    for (const role of plan.needs.keys()) {
      const side = await openSide(options[role]!, options);
      sides.set(role, side);
      requireIngredients(plan, role, side);
    }
    const pictureSides = [...sides].filter(([, { kind }]) => kind === "pictures");
    const batchSize = countsToBatchSize(
      pictureSides.map(([, side]) => (side.kind === "pictures" ? side.source.count : 0)),
      options.batchSize,
    );
    const needsNetwork = pictureSides.some(([role]) =>
      [...plan.needs.get(role)!].some((ingredient) => ingredient !== "pictures"),
    );
    if (needsNetwork)
      for (const extractor of extractors)
        opened.push(await openFor(plan, { ...options, extractor, batchSize }));
    const ends = opened.map(
      ({ extractor }): Ends => ({
        features: options.featureEnd ?? extractor.featureEnd,
        logits: options.logitsEnd ?? extractor.logitsEnd,
      }),
    );
    const cache = needsNetwork ? await openCache(options) : undefined;
    const gathered = new Map<Role, Gathered>();
    for (const [role, side] of pictureSides) {
      if (side.kind !== "pictures") continue;
      const needs = plan.needs.get(role)!;
      const consumers = opened.map(
        ({ extractor }, i): Consumer => ({ extractor, wishes: needsToWishes(needs, ends[i], options) }),
      );
      const stage = role === "heldOut" ? "held-out" : role;
      gathered.set(
        role,
        await gatherSide(side.source, consumers, stage, {
          ...options,
          batchSize,
          ...(cache && { featureCache: cache }),
          ...(needs.has("pictures") && { pictureSeed: options.seed }),
        }),
      );
    }

    const results: EvaluationResult[] = [];
    for (const [i, name] of extractors.entries()) {
      const extractor = opened[i]?.extractor;
      const data = Object.fromEntries(
        [...sides].map(([role, side]) => {
          const of = gathered.get(role);
          const seen = of && { side: of, consumer: i, ends: ends[i] };
          return [role, sideToData(side, seen, plan.needs.get(role)!, options.threads)];
        }),
      ) as unknown as Sides;
      const origins = [...sides.values()].map(originOf);
      const width = dataToWidth(data.fake);
      const described = describeExtractor(extractor, origins, { ...options, extractor: name }, width);
      const warnings: Warning[] = originWarnings(
        [...sides.values()].map((side, at) => [side.location, origins[at]]),
        described,
      );
      const scores = await sidesToScores(plan.metrics, data, {
        ...options,
        family: extractorToFamily(described.extractor).key,
        perPicture: options.onPerPicture !== undefined,
        warn: (warning) => warnings.push(warning),
      });
      options.onPerPicture?.({
        extractor: described.extractor,
        names: gathered.get("fake")?.names ?? rowsToNames(data.fake.count ?? 0),
        columns: scores.perPicture,
      });
      warnings.push(...sidesToWarnings(data, width));
      const inputs: { -readonly [R in Role]?: InputRecord } = {};
      for (const [role, side] of sides) {
        inputs[role] = await sideToRecord(side, data[role]!.count);
        if (side.kind === "pictures")
          warnings.push(
            ...named(role, sourceWarnings(gathered.get(role)!, extractor)),
            ...gathered.get(role)!.warnings,
            ...gathered.get(role)!.extractorWarnings,
          );
      }
      warnings.push(...(extractor?.warnings?.() ?? []), ...(cache?.warnings() ?? []));
      results.push({
        schema: RESULT_SCHEMA,
        metrics: scores.metrics,
        ...(options.ci && { intervals: scores.intervals }),
        ...(options.floor && { floors: scores.floors }),
        inputs,
        protocol: {
          ...(options.compat && { compat: options.compat }),
          ...described,
          dims: width || (extractor?.ends[extractor.featureEnd] ?? 0),
          ddof: options.ddof,
          seed: options.seed,
          splits: options.splits,
          shuffle: options.shuffle,
          parameters: Object.fromEntries(plan.metrics.map(({ row, parameters }) => [row.id, parameters])),
        },
        warnings: distinct(warnings),
        provenance: provenance(extractor && { ...extractor.computedBy, batchSize }),
      });
    }
    return results;
  } finally {
    for (const side of sides.values()) if (side.kind === "pictures") await side.source.close();
    for (const each of opened) await each.close();
  }
}

/** Inception's usual ends, which have to be named where another is wanted beside them. */
const USUAL = { features: "2048", logits: "logits_unbiased" } as const;

/** Opens the extractor with the ends that the plan reads; only now is a network library loaded. */
async function openFor(plan: Plan, options: EvaluateOptions): Promise<OpenedExtractor> {
  const wanted = new Set([...plan.needs.values()].flatMap((needs) => [...needs]));
  const wants = {
    features: wanted.has("statistics") || wanted.has("features"),
    logits: wanted.has("logits"),
    spatial: wanted.has("spatial"),
  };
  const named =
    (!wants.features || options.featureEnd) && (!wants.logits || options.logitsEnd) && !wants.spatial;
  const ends: FeatureEnd[] = [];
  if (wants.features) ends.push(options.featureEnd ?? USUAL.features);
  if (wants.logits) ends.push(options.logitsEnd ?? USUAL.logits);
  if (wants.spatial) ends.push("spatial");
  const { openExtractor } = await import("./open-extractor.ts");
  return openExtractor(options, named || wants.spatial ? ends : undefined);
}
