/** The work of one job: extracts the features of some leaves of an image set, and leaves their moments in files. */
import { mkdir } from "node:fs/promises";
import { deviceToPrecision } from "../../engine/arithmetic.ts";
import { instructionSet } from "../../engine/instruction-set.ts";
import { GanEvalError, type Warning } from "../../errors.ts";
import type { FeatureExtractor, FeatureLayer } from "../../extractors/extractor.ts";
import { cannotWrite } from "../../files/atomic-file.ts";
import type { ImageSource } from "../../images/source.ts";
import type { LeafRange } from "../../math/features/leaves.ts";
import { momentsToNode } from "../../math/features/statistics.ts";
import { packageVersion } from "../../package-root.ts";
import { countsToBatchSize } from "../batch-size.ts";
import type { FeatureCache } from "../feature-cache/cache.ts";
import { gatherSide, sourceWarnings } from "../gather.ts";
import { openCache } from "../open-cache.ts";
import type { FeatureOptions } from "../options.ts";
import { openNamedOrOwn } from "../own-extractor.ts";
import { openSide, requireParts } from "../sides/side.ts";
import { type FeatureSettings, toFeatureSettings } from "../with-option-defaults.ts";
import {
  type LeafPlan,
  rangeToPositions,
  rangeToText,
  requireAligned,
  sourceToLeafPlan,
} from "./leaf-plan.ts";
import {
  type LeafRecord,
  type LeafSettings,
  type NodeFile,
  rangeToFile,
  readLeafRecord,
  writeNodeFile,
} from "./node-file.ts";

/**
 * What leaves are made of and where they go: plain data, but for what `FeatureOptions` has of callbacks. Settings that
 * decide features must be the same in all jobs of a set.
 */
export interface LeafRequest extends FeatureOptions {
  /** A folder or file of images. */
  readonly images: string;
  /** The folder for the files of nodes, on a disk that all machines share. */
  readonly work: string;
  /** Whether spatial features are wanted beside: what the format `adm` holds (default false). */
  readonly spatial?: boolean;
  /** Further ends whose features are kept in the cache, for metrics that need them: `logits` for the Inception Score (default: none). */
  readonly cachedEnds?: readonly FeatureLayer[];
}

export interface ExtractLeavesOptions extends LeafRequest {
  /** Groups of leaves, each one node of the tree, or what chooses them from the plan. */
  readonly ranges: readonly LeafRange[] | ((plan: LeafPlan) => readonly LeafRange[]);
}

/** A group of leaves that lies in the work folder. */
export interface MadeLeaves extends LeafRange {
  readonly file: string;
  readonly count: number;
  /** Images of each leaf that could not be read. */
  readonly skipped: readonly number[];
  /** Whether it was there before. */
  readonly found: boolean;
}

export interface ExtractedLeaves {
  readonly leaves: readonly MadeLeaves[];
  /** Leaves of the whole set. */
  readonly of: number;
  readonly warnings: readonly Warning[];
}

/** Spatial features are Inception's. */
const SPATIAL = "spatial";

/** The Inception network's, which ends named beside it leave out. */
const USUAL_END = "2048";

interface Work {
  readonly request: FeatureSettings<ExtractLeavesOptions>;
  readonly source: ImageSource;
  readonly plan: LeafPlan;
  readonly extractor: FeatureExtractor;
  readonly cache: FeatureCache | undefined;
  readonly settings: LeafSettings;
  readonly ends: readonly string[];
  readonly batchSize: number;
}

const sameSettings = (a: LeafSettings, b: LeafSettings): boolean =>
  Object.entries(a).every(([name, value]) => b[name as keyof LeafSettings] === value);

/** A finished file of the same images by the same network; undefined where there is none. */
async function findMade(work: Work, file: string, content: string): Promise<LeafRecord | undefined> {
  const record = await readLeafRecord(file).catch(() => undefined);
  if (record?.content !== content || !sameSettings(record.settings, work.settings)) return undefined;
  return (record.dSpatial === null) === (work.ends.length === 1) ? record : undefined;
}

/** Images of each leaf that are not among `positions`, which count from the first leaf. */
function toSkipped({ plan }: Work, range: LeafRange, positions: Int32Array): number[] {
  const [first] = rangeToPositions(plan, range);
  let at = 0;
  return Array.from({ length: range.to - range.from }, (_, i) => {
    const [from, to] = rangeToPositions(plan, { from: range.from + i, to: range.from + i + 1 });
    const before = at;
    while (at < positions.length && positions[at]! + first < to) at++;
    return to - from - (at - before);
  });
}

async function extractNode(
  work: Work,
  range: LeafRange,
  part: ImageSource,
  content: string,
): Promise<NodeFile> {
  const { request, extractor, cache, ends, batchSize, plan } = work;
  const further = (request.cachedEnds ?? []).filter((end) => !ends.includes(end));
  const requests = [
    ...ends.map((end) => ({ end, rows: false, moments: true })),
    ...further.map((end) => ({ end, rows: false, moments: false })),
  ];
  const stage = `${rangeToText(range)} of ${plan.begins.length}`;
  const options = { ...request, batchSize, ...(cache && { featureCache: cache }) };
  const gathered = await gatherSide(part, [{ extractor, requests }], stage, options);
  const [moments, spatial] = ends.map((end) => gathered.ends[0]![end]!.moments!);
  const [from, to] = rangeToPositions(plan, range);
  const record: LeafRecord = {
    v: 1,
    ...{ settings: work.settings, content },
    leaves: { ...range, of: plan.begins.length },
    positions: { from, to },
    n: moments!.n,
    skipped: toSkipped(work, range, gathered.positions),
    ...{ d: moments!.d, dSpatial: spatial?.d ?? null },
    warnings: [...sourceWarnings(gathered, extractor), ...gathered.extractorWarnings],
  };
  const isEmpty = moments!.n === 0;
  return {
    record,
    moments: isEmpty ? undefined : momentsToNode(moments!),
    spatial: isEmpty || !spatial ? undefined : momentsToNode(spatial),
  };
}

async function makeLeaves(work: Work, range: LeafRange): Promise<MadeLeaves> {
  const part = work.source.range!(...rangeToPositions(work.plan, range));
  const content = await part.contentHash();
  work.request.signal?.throwIfAborted();
  const file = rangeToFile(work.request.work, range);
  // Ends that are only cached are looked for where they would be: in the cache.
  const isCached = (work.request.cachedEnds ?? []).length > 0;
  const found = isCached ? undefined : await findMade(work, file, content);
  const record: LeafRecord = found ?? (await writeTo(file, await extractNode(work, range, part, content)));
  const { n: count, skipped } = record;
  return { ...range, file, count, skipped, found: found !== undefined };
}

async function writeTo(file: string, node: NodeFile): Promise<LeafRecord> {
  await writeNodeFile(file, node);
  return node.record;
}

/** Inception computes the ends that are named, of others all are there. */
const toEnds = (request: FeatureSettings<ExtractLeavesOptions>): readonly string[] | undefined => {
  const { extractor, featureEnd, spatial, cachedEnds = [] } = request;
  const further = [...(spatial && extractor === "inception" ? [SPATIAL] : []), ...cachedEnds];
  if (further.length > 0) return [...new Set([featureEnd ?? USUAL_END, ...further])];
  return featureEnd === undefined ? undefined : [featureEnd];
};

/**
 * Extracts features of groups of leaves, through the feature cache, and writes a file of moments for each (`node-file.ts`).
 * Only these images are read. A file that is there, of the same images and settings, is left as it is; what an
 * interrupted extraction left in the cache is gone on with. Files are written whole or not at all, and the same request
 * gives the same bytes. To be called any number of times, by any number of processes.
 *
 * @throws GanEvalError `usage.leaf-group` for a range that is no node of the tree, `usage.leaves-of-generator`,
 *   `input.already-statistics` for features and statistics, `input.cannot-write`, and what images and extractors throw
 */
export async function extractLeaves(given: ExtractLeavesOptions): Promise<ExtractedLeaves> {
  const request = toFeatureSettings(given);
  const side = await openSide(request.images, request as never);
  if (side.kind !== "images")
    throw new GanEvalError(
      "input.already-statistics",
      `expected images to divide into leaves, got ${side.kind} in ${side.location}`,
      { hint: "Features and statistics need no extraction: give the images themselves." },
    );
  const { source } = side;
  try {
    await requireParts([side], request.split);
    const plan = sourceToLeafPlan(source);
    const ranges = typeof request.ranges === "function" ? request.ranges(plan) : request.ranges;
    for (const range of ranges) requireAligned(range, plan);
    const of = plan.begins.length;
    if (ranges.length === 0) return { leaves: [], of, warnings: [] };
    request.signal?.throwIfAborted();
    await mkdir(request.work, { recursive: true }).catch((error) => {
      throw cannotWrite(request.work, error);
    });
    const batchSize = countsToBatchSize([source.count], request.batchSize);
    const { extractor, close } = await openNamedOrOwn({ ...request, batchSize }, toEnds(request));
    try {
      const cache =
        typeof request.extractor === "string" ? await openCache({ cache: true, ...request }) : undefined;
      const { engine, device } = extractor.computedBy;
      const featureEnd = request.featureEnd ?? extractor.featureEnd;
      const settings: LeafSettings = {
        ...{ ganEval: packageVersion(), isa: instructionSet(), engine, device },
        ...(deviceToPrecision(device) === "tf32" && { precision: "tf32" as const }),
        ...{ extractor: extractor.id, extractorHash: extractor.hash, featureEnd, resize: extractor.resize },
        ...{ onError: request.onError, listing: plan.listing },
      };
      const ends = [featureEnd, ...(request.spatial && extractor.ends[SPATIAL] ? [SPATIAL] : [])];
      const work = { request, source, plan, extractor, cache, settings, ends, batchSize };
      const leaves: MadeLeaves[] = [];
      for (const range of ranges) leaves.push(await makeLeaves(work, range));
      return { leaves, of, warnings: [...(extractor.warnings?.() ?? []), ...(cache?.warnings() ?? [])] };
    } finally {
      await close();
    }
  } finally {
    await source.close();
  }
}
