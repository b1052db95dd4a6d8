/** One pass over the images of a side feeds everything that was asked of it. */
import type { Warning } from "../errors.ts";
import type { FeatureExtractor, FeatureLayer } from "../extractors/extractor.ts";
import type { Image, ImageSource } from "../images/source.ts";
import { createRandomState } from "../math/random/random-state.ts";
import { steadyClock as ownSteadyClock } from "../steady-clock.ts";
import type { FeatureCache } from "./feature-cache/cache.ts";
import {
  type CachedSide,
  EndGatherer,
  type FoundEnd,
  findEnd,
  type GatheredEnd,
  type LayerRequest,
} from "./gather-end.ts";
import { TimeEstimate } from "./time-estimate.ts";
import type { FeatureSettings } from "./with-option-defaults.ts";

/** An extractor and what is wanted of it. */
export interface Consumer {
  readonly extractor: FeatureExtractor;
  readonly requests: readonly LayerRequest[];
}

export interface Gathered {
  /** Images that could be read. */
  readonly count: number;
  /** The place of each in its source, and its name. */
  readonly positions: Int32Array;
  readonly names: readonly string[];
  /** What each consumer's ends gave, in the consumers' order. */
  readonly ends: readonly Readonly<Partial<Record<FeatureLayer, GatheredEnd>>>[];
  /** The chosen images, if they were asked for. */
  readonly images?: readonly Image[];
  readonly warnings: readonly Warning[];
  /** What was met in the source, and by extractors whose features were cached, when the features were made. */
  readonly sourceWarnings: readonly Warning[];
  readonly extractorWarnings: readonly Warning[];
}

/** Decoded images kept for metrics that look at pixels: at most so many, and so many bytes. */
const MOST_IMAGES = 8192;
const MOST_IMAGE_BYTES = 2 ** 30;

/** Keeps images drawn from all by seed, in their order, so that those sorted by class are of every class. */
function openImageChoice(count: number, seed: number) {
  const drawn = createRandomState(seed).permutation(count).subarray(0, MOST_IMAGES);
  const chosen = new Uint8Array(count);
  for (const position of drawn) chosen[position] = 1;
  const images: Image[] = [];
  let bytes = 0;
  let left = 0;
  return {
    images,
    offer(image: Image, position: number): void {
      if (!chosen[position]) return;
      if (bytes + image.pixels.length > MOST_IMAGE_BYTES) left++;
      else {
        bytes += image.pixels.length;
        images.push({ ...image, pixels: image.pixels.slice() });
      }
    },
    warnings: (stage: string): Warning[] =>
      left === 0
        ? []
        : [
            {
              code: "pictures-in-memory",
              message: `${stage}: pixel metrics use only the first ${images.length} of ${images.length + left} images drawn, to stay within 1 GiB`,
              hint: "Scale the images down, or use fewer: --limit N",
            },
          ],
  };
}

/** A batch that the extractors have and the metrics have not. */
interface Extraction {
  /** Of images from number `from` of the batch on; undefined where all of it was kept from before. */
  readonly features: readonly (ReturnType<FeatureExtractor["extract"]> | undefined)[];
  readonly batch: readonly Image[];
  readonly from: number;
}

export interface GatherOptions
  extends Pick<FeatureSettings, "batchSize" | "onProgress" | "signal" | "onError" | "steadyClock"> {
  /** Of the choice of images; without it none are kept. */
  readonly imageSeed?: number;
  readonly featureCache?: FeatureCache;
}

/** A consumer that the cache did not have whole. */
interface Open {
  readonly extractor: FeatureExtractor;
  readonly ends: readonly EndGatherer[];
}

/** Whether an extraction that is interrupted goes on where it was: what counts remarks as it goes does not. */
const isResumable = (each: Open | undefined): boolean =>
  each !== undefined &&
  each.extractor.warnings === undefined &&
  each.ends.some(({ kept }) => kept !== undefined);

async function findConsumer(
  side: CachedSide | undefined,
  { extractor, requests }: Consumer,
): Promise<readonly FoundEnd[] | undefined> {
  if (!side) return undefined;
  const found: FoundEnd[] = [];
  for (const request of requests) {
    const end = await findEnd(side, extractor, request);
    if (!end) return undefined;
    found.push(end);
  }
  return found;
}

const toEnds = (
  requests: readonly LayerRequest[],
  ends: readonly GatheredEnd[],
): Partial<Record<FeatureLayer, GatheredEnd>> =>
  Object.fromEntries(requests.map(({ end }, i) => [end, ends[i]]));

/**
 * One pass: images to features to moments and rows, by every extractor. Images of the next batches are decoded while
 * the networks work on this one; memory does not grow with their number, but for rows where they are wanted. What the
 * cache has is not computed, and what it lacks is kept there; an extraction that was interrupted goes on where it was.
 */
export async function gatherSide(
  source: ImageSource,
  consumers: readonly Consumer[],
  stage: string,
  options: GatherOptions,
): Promise<Gathered> {
  const { featureCache: cache, onError, imageSeed } = options;
  const side =
    cache && source.kind !== "generator"
      ? { cache, source, content: await source.contentHash(), onError }
      : undefined;
  const found = await Promise.all(consumers.map((consumer) => findConsumer(side, consumer)));
  const whole = found.find((ends) => ends !== undefined && ends.length > 0)?.[0];
  if (whole && imageSeed === undefined && found.every((ends) => ends !== undefined)) {
    const extractorWarnings = found.flatMap((ends) => ends!.flatMap(({ warnings }) => warnings.extractor));
    return {
      count: whole.positions.length,
      positions: whole.positions,
      names: whole.names,
      ends: consumers.map(({ requests }, i) => toEnds(requests, found[i]!)),
      warnings: [],
      sourceWarnings: whole.warnings.source,
      extractorWarnings,
    };
  }
  const open: (Open | undefined)[] = [];
  try {
    for (const [i, { extractor, requests }] of consumers.entries()) {
      if (found[i]) open.push(undefined);
      else {
        const ends: EndGatherer[] = [];
        open.push({ extractor, ends });
        for (const request of requests)
          ends.push(await EndGatherer.open(extractor, request, source.leafStarts, side));
      }
    }
    const read = await readSide(source, open, stage, options);
    const sourceWarnings = source.warnings();
    const ends: Partial<Record<FeatureLayer, GatheredEnd>>[] = [];
    for (const [i, { extractor, requests }] of consumers.entries()) {
      const warnings = { source: sourceWarnings, extractor: extractor.warnings?.() ?? [] };
      const of = found[i] ?? (await Promise.all(open[i]!.ends.map((end) => end.finish(warnings))));
      ends.push(toEnds(requests, of));
    }
    return { ...read, ends, sourceWarnings, extractorWarnings: [] };
  } finally {
    for (const each of open) for (const end of each?.ends ?? []) await end.abandon();
  }
}

/** Reads the images and feeds what is open. */
async function readSide(
  source: ImageSource,
  open: readonly (Open | undefined)[],
  stage: string,
  options: GatherOptions,
): Promise<Pick<Gathered, "count" | "positions" | "names" | "images" | "warnings">> {
  const ends = open.flatMap((each) => each?.ends ?? []);
  const kept = ends.length === 0 ? 0 : Math.min(...ends.map((end) => end.kept?.features.rows ?? 0));
  for (const end of ends) end.resume(kept);
  const choice =
    options.imageSeed === undefined ? undefined : openImageChoice(source.count, options.imageSeed);
  const positions: number[] = [];
  const names: string[] = [];
  let given = 0;
  let seen = 0;
  const working = open.flatMap((each) => (each ? [each.extractor.id] : []));
  const estimate = new TimeEstimate(
    stage,
    { total: source.count, extractors: working, isKept: open.some(isResumable) },
    options.steadyClock ?? ownSteadyClock,
  );
  const report = (notice?: string) =>
    options.onProgress?.({
      ...{ stage, done: seen, total: source.count, unit: "images" },
      ...(notice !== undefined && { notice }),
    });
  const gather = async ({ features, batch, from }: Extraction): Promise<void> => {
    const at = positions.length + from;
    for (const [i, extracted] of (await Promise.all(features)).entries())
      for (const end of open[i]?.ends ?? [])
        if (extracted) await end.add(extracted[end.end]!, batch.slice(from), at);
    for (const image of batch) {
      const position = image.position ?? positions.length;
      choice?.offer(image, position);
      positions.push(position);
      names.push(image.name);
    }
    seen = Math.min(seen + options.batchSize, source.count);
    report(working.length === 0 ? undefined : estimate.toNotice(batch.length - from, seen));
  };
  report();
  let before: Extraction | undefined;
  for await (const batch of source.batches({ batchSize: options.batchSize })) {
    options.signal?.throwIfAborted();
    // Given to the extractors before the last batch is waited for: it is resized while the network works on that one.
    const from = Math.min(batch.length, Math.max(0, kept - given));
    const rest = batch.slice(from);
    const features = open.map((each) => (each && rest.length > 0 ? each.extractor.extract(rest) : undefined));
    for (const each of features) each?.catch(() => {});
    given += batch.length;
    if (before) await gather(before);
    before = { features, batch, from };
  }
  if (before) await gather(before);
  return {
    count: positions.length,
    positions: Int32Array.from(positions),
    names,
    ...(choice && { images: choice.images }),
    warnings: choice?.warnings(stage) ?? [],
  };
}

/** A source's warnings, less those that the extractor makes no matter: grey is what the digits network is for. */
export function sourceWarnings(
  { sourceWarnings: met }: Gathered,
  extractor: FeatureExtractor | undefined,
): Warning[] {
  const isInception = extractor?.id.startsWith("inception") ?? true;
  return met
    .filter(({ code }) => !(code === "grey" && extractor?.takesGrey))
    .map(({ hint, ...warning }) => ({
      ...warning,
      // What it says of grey images is about Inception.
      ...(hint !== undefined && (warning.code !== "grey" || isInception) && { hint }),
    }));
}
