/** Scores image sets: one pass over each side feeds every metric and every extractor that was asked for. */

import type { Warning } from "../errors.ts";
import type { FeatureExtractor } from "../extractors/extractor.ts";
import { cropToResize, resizeToCrop } from "../extractors/with-crop.ts";
import type { Role } from "../math/role.ts";
import { extractorToFamily } from "../metrics/extractor-family.ts";
import type { Sides } from "../metrics/metric.ts";
import {
  arithmeticsToStated,
  arithmeticsToWarnings,
  extractorToArithmetic,
  originToArithmetic,
} from "./arithmetic.ts";
import { type ClassScores, sidesToClassScores } from "./classes/by-class.ts";
import { requireClasses } from "./classes/row-classes.ts";
import { type OpenedComparisons, openComparisons } from "./compared/comparisons.ts";
import { type GatheredComparisons, gatherCompared } from "./compared/gather-compared.ts";
import { originsToMixedMachines } from "./computed-on.ts";
import { classesOrFailure } from "./failures.ts";
import { fileToHash } from "./file-hash.ts";
import { type Gathered, sourceWarnings } from "./gather.ts";
import { openableToLocation } from "./images.ts";
import { gatherSides, type OpenedNetworks, openNetworks } from "./opened-networks.ts";
import { MEASUREMENT_ROWS } from "./option-rows.ts";
import type { EvaluateOptions } from "./options.ts";
import { extractorToName } from "./own-extractor.ts";
import { forFamily, type Plan, planMetrics } from "./plan.ts";
import { openProvenance } from "./provenance.ts";
import { type EvaluationResult, type InputRecord, RESULT_SCHEMA } from "./result.ts";
import { intervalsToWarnings } from "./scores/narrow-intervals.ts";
import { sidesToScores } from "./scores/score.ts";
import { openContext, type ScoreOptions } from "./scores/score-context.ts";
import { type Labels, type OpenedSides, openSides } from "./sides/opened-sides.ts";
import type { Side } from "./sides/side.ts";
import { dataToWidth, sideToData } from "./sides/side-data.ts";
import { joinSides, warningsOfSide } from "./sides/side-warnings.ts";
import type { FeatureOrigin } from "./statistics/statistics-file.ts";
import { imagesBesideWarnings, originWarnings, sidesToWarnings } from "./warnings.ts";
import { type EvaluateSettings, toEvaluateSettings } from "./with-option-defaults.ts";

/** The origin that a side states for its features; null for images, whose features are made now. */
const originOf = (side: Side): FeatureOrigin | null =>
  side.kind === "images" ? null : side.kind === "features" ? side.origin : side.statistics.origin;

async function sideToRecord(side: Side, count: number | null): Promise<InputRecord> {
  if (side.kind !== "images") {
    const contentHash = await fileToHash(side.location);
    return {
      location: side.location,
      kind: side.kind,
      count,
      ...(contentHash !== undefined && { contentHash }),
    };
  }
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
  options: EvaluateSettings,
  width: number,
) {
  const stated = origins.find((origin) => origin?.extractor);
  return {
    extractor: extractor?.id ?? stated?.extractor ?? `${extractorToName(options.extractor)} (assumed)`,
    extractorHash: extractor?.hash ?? stated?.extractorHash ?? null,
    featureEnd: options.featureEnd ?? extractor?.featureEnd ?? stated?.featureEnd ?? String(width),
    resize: extractor?.resize ?? stated?.resize ?? "unknown",
  };
}

/** Features of a file have no names. */
const rowsToNames = (rows: number): string[] => Array.from({ length: rows }, (_, i) => `#${i}`);

const heldOutUnused = (location: string): Warning => ({
  code: "held-out-unused",
  message: `${location} (held out) is ignored: none of these metrics uses held-out images`,
  hint: "Held-out images are used by --floor and by nn-ratio.",
});

/** Warnings of one code and message once. */
const distinct = (warnings: readonly Warning[]): Warning[] => [
  ...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values(),
];

/**
 * Measures `fake` against `real`, or alone, by one extractor.
 * @throws GanEvalError `usage.*` for options that do not go together, `input.*` for images and files that cannot be
 *   used, `unavailable.*` for weights, engines and devices that are not there
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationResult> {
  const { extractor = MEASUREMENT_ROWS.extractor.default[0] } = options;
  const [result] = await evaluateEach(options, [extractor]);
  return result;
}

/** The same by several extractors, a result each; images are read once. */
export async function evaluateEach(
  given: EvaluateOptions,
  extractors: readonly (string | FeatureExtractor)[],
): Promise<EvaluationResult[]> {
  const options = toEvaluateSettings({ ...given, extractor: extractors[0] ?? given.extractor });
  const plan = planMetrics(options);
  const provenance = openProvenance(options);
  const opened = await openSides(plan, options);
  try {
    const comparisons = await openComparisons(plan, options);
    const open = await openNetworks(opened, extractors, options).catch(async (error) => {
      await comparisons.close();
      throw error;
    });
    try {
      if (opened.labels) requireClassesOf(opened.labels, open.networks);
      const ofNetworks = await gatherSides(opened, open, options);
      const compared = await gatherCompared(opened, comparisons, { ...options, batchSize: open.batchSize });
      const gathered = new Map([...compared.sides, ...ofNetworks]);
      const results: EvaluationResult[] = [];
      for (const [i, extractor] of extractors.entries()) {
        const evaluation = { plan, opened, open, gathered, compared, comparisons, place: i };
        results.push(await gatheredToResult(evaluation, { ...options, extractor }, provenance));
      }
      return results;
    } finally {
      await open.cache?.trim();
      await open.close();
      await comparisons.close();
    }
  } finally {
    await opened.close();
  }
}

/** Files of features see no network, which could tell a class. */
function requireClassesOf(labels: Labels, networks: OpenedNetworks["networks"]): void {
  if (networks.length === 0) requireClasses(labels, undefined);
  for (const { extractor, ends } of networks)
    requireClasses(labels, labels.fake ? undefined : extractor.ends[ends.logits]);
}

/** Everything that was read, and which of the extractors a result is of. */
interface Evaluation {
  readonly plan: Plan;
  readonly opened: OpenedSides;
  readonly open: OpenedNetworks;
  readonly gathered: ReadonlyMap<Role, Gathered>;
  readonly compared: GatheredComparisons;
  readonly comparisons: OpenedComparisons;
  readonly place: number;
}

async function gatheredToResult(
  { plan, opened, open, gathered, compared, comparisons, place }: Evaluation,
  options: EvaluateSettings,
  provenance: ReturnType<typeof openProvenance>,
): Promise<EvaluationResult> {
  const { sides, needs } = opened;
  const network = open.networks[place];
  const data = Object.fromEntries(
    [...sides].map(([role, side]) => {
      const of = gathered.get(role);
      const seen = of && { side: of, consumer: place, ends: network?.ends };
      const ofImages = role === "fake" ? compared.data : {};
      return [role, sideToData(side, seen, needs.get(role)!, options.threads, ofImages)];
    }),
  ) as unknown as Sides;
  const origins = [...sides.values()].map(originOf);
  const width = dataToWidth(data.fake);
  const described = describeExtractor(network?.extractor, origins, options, width);
  const family = extractorToFamily(described.extractor).key;
  const metrics = plan.metrics.map((planned) => forFamily(planned, family, options));
  // Without a network nothing is resized here: then --resize says what the files must have been made with.
  const resize = network ? described.resize : cropToResize(options.crop, options.resize ?? described.resize);
  const warnings: Warning[] = originWarnings(
    [...sides.values()].map((side, at) => [side.location, origins[at]]),
    { ...described, resize },
  );
  warnings.push(...imagesBesideWarnings(sides.values()));
  warnings.push(...originsToMixedMachines("the sides", origins, network?.extractor));
  const arithmetics = origins.map((origin) =>
    origin ? originToArithmetic(origin) : network && extractorToArithmetic(network.extractor),
  );
  warnings.push(...arithmeticsToWarnings("the sides", arithmetics));
  warnings.push(...compared.warnings);
  if (options.heldOut !== undefined && !sides.has("heldOut"))
    warnings.push(heldOutUnused(openableToLocation(options.heldOut)));
  const scoring = {
    ...options,
    family,
    perImage: options.onPerImage !== undefined,
    warn: (warning: Warning) => warnings.push(warning),
  };
  options.onSides?.(data);
  const scores = await sidesToScores(metrics, data, scoring);
  warnings.push(...intervalsToWarnings(metrics, scores.intervals, family));
  const measureClasses = () => sidesToClasses(plan, data, opened.labels!, gathered, scoring);
  const classes = opened.labels && (await classesOrFailure(measureClasses, scores.notMeasured, scoring.warn));
  options.onPerImage?.({
    extractor: described.extractor,
    names: gathered.get("fake")?.names ?? rowsToNames(data.fake.count ?? 0),
    columns: scores.perImage,
  });
  warnings.push(...sidesToWarnings(data, width, family === "inception"));
  const inputs: { -readonly [R in Role]?: InputRecord } = {};
  for (const [role, side] of sides) {
    inputs[role] = await sideToRecord(side, data[role]!.count);
    const of = gathered.get(role);
    if (of)
      warnings.push(
        ...warningsOfSide(role, sourceWarnings(of, network?.extractor)),
        ...of.warnings,
        ...of.extractorWarnings,
      );
  }
  warnings.push(...(opened.labels?.warnings ?? []));
  warnings.push(...(network?.extractor.warnings?.() ?? []), ...(open.cache?.warnings() ?? []));
  return {
    schema: RESULT_SCHEMA,
    metrics: { ...scores.metrics, ...classes?.metrics },
    ...(options.ci && { intervals: { ...scores.intervals, ...classes?.intervals } }),
    ...(options.floor && { floors: { ...scores.floors, ...classes?.floors } }),
    ...(classes && { byClass: classes }),
    ...(Object.keys(scores.notMeasured).length > 0 && { notMeasured: scores.notMeasured }),
    inputs,
    protocol: {
      ...(options.compat && { compat: options.compat }),
      ...described,
      crop: resizeToCrop(described.resize),
      ...arithmeticsToStated(arithmetics),
      dims: width || (network?.extractor.ends[network.ends.features] ?? 0),
      ddof: options.ddof,
      seed: options.seed,
      splits: options.splits,
      shuffle: options.shuffle,
      parameters: Object.fromEntries(
        metrics.map(({ row, parameters }) => [row.id, { ...parameters, ...comparisons.parameters[row.id] }]),
      ),
    },
    warnings: joinSides(distinct(warnings)),
    provenance: provenance(network && { ...network.extractor.computedBy, batchSize: open.batchSize }),
  };
}

/** Scores by class, of the Frechet distance. */
async function sidesToClasses(
  plan: Plan,
  { real, fake }: Sides,
  labels: Labels,
  gathered: ReadonlyMap<Role, Gathered>,
  options: ScoreOptions,
): Promise<ClassScores> {
  const [real_, fake_] = [gathered.get("real")?.positions, gathered.get("fake")?.positions];
  const positions = { ...(real_ && { real: real_ }), ...(fake_ && { fake: fake_ }) };
  const measure = {
    planned: plan.byClass!,
    family: options.family,
    seed: options.seed,
    ...(options.ci && { ci: true }),
    ...(options.floor && { floor: true }),
  };
  const inputs = { sides: { real: real!, fake }, labels, positions };
  return sidesToClassScores(inputs, measure, openContext("classes", options));
}
