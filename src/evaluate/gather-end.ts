/** One end of one extractor over a side: from the cache where it is there, else row by row, kept for the next time. */
import { deviceToPrecision } from "../engine/arithmetic.ts";
import { instructionSet } from "../engine/instruction-set.ts";
import { GanEvalError, type Warning } from "../errors.ts";
import type { FeatureExtractor, FeatureLayer, FeatureMatrix } from "../extractors/extractor.ts";
import type { Image, ImageSource } from "../images/source.ts";
import { createMomentsAccumulator, type Features, type Moments } from "../math/features/statistics.ts";
import type { FeatureCache, FeatureIdentity, FeatureWriter, ImageRows } from "./feature-cache/cache.ts";
import { leavesToMomentsFile } from "./feature-cache/moments-file.ts";
import { findByLeaves } from "./gather-leaves.ts";
import type { FeatureSettings } from "./with-option-defaults.ts";

/** What is wanted of an end: all rows, their moments, or both. */
export interface LayerRequest {
  readonly end: FeatureLayer;
  readonly rows: boolean;
  readonly moments: boolean;
}

export interface GatheredEnd {
  readonly rows?: Features;
  readonly moments?: Moments;
}

/** Grows to any number of rows; only asked for where a metric needs all rows at once. */
class Rows {
  private data = new Float32Array(0);
  private used = 0;
  private readonly width: number;

  constructor(width: number) {
    this.width = width;
  }

  add(matrix: FeatureMatrix): void {
    const needed = this.used + matrix.rows * this.width;
    if (needed > this.data.length) {
      const larger = new Float32Array(Math.max(needed, 2 * this.data.length));
      larger.set(this.data.subarray(0, this.used));
      this.data = larger;
    }
    this.data.set(matrix.data.subarray(0, matrix.rows * this.width), this.used);
    this.used = needed;
  }

  finish(): FeatureMatrix {
    return { data: this.data.subarray(0, this.used), rows: this.used / this.width, width: this.width };
  }
}

function widthOf(extractor: FeatureExtractor, end: FeatureLayer): number {
  const width = extractor.ends[end];
  if (width !== undefined) return width;
  throw new GanEvalError(
    "usage.feature-end",
    `expected a feature end of ${extractor.id} (${Object.keys(extractor.ends).join(", ")}), got ${end}`,
    {
      hint:
        Object.keys(extractor.ends).length === 1
          ? "It has no logits: leave out metrics that need them, or name the network's logits output with --logits-output."
          : "Leave out --feature-end and --logits-end to use the defaults.",
    },
  );
}

/** A side whose features may be cached: its cache and what its images are. */
export interface CachedSide {
  readonly cache: FeatureCache;
  readonly source: ImageSource;
  /** The source's content hash. */
  readonly content: string;
  readonly onError: FeatureSettings["onError"];
}

/** What the cache had, whole. */
export interface FoundEnd extends GatheredEnd {
  readonly names: readonly string[];
  readonly positions: Int32Array;
  readonly warnings: { readonly source: readonly Warning[]; readonly extractor: readonly Warning[] };
}

const toIdentity = (
  { content, onError }: CachedSide,
  extractor: FeatureExtractor,
  end: FeatureLayer,
): FeatureIdentity => ({
  content,
  extractor: extractor.id,
  extractorHash: extractor.hash,
  end,
  preprocessing: extractor.resize,
  onError,
  engine: extractor.computedBy.engine,
  device: extractor.computedBy.device,
  isa: instructionSet(),
  ...(deviceToPrecision(extractor.computedBy.device) === "tf32" && { precision: "tf32" }),
});

/** What is wanted of an end, if the cache has it: whole, or in parts that jobs extracted. */
export async function findEnd(
  side: CachedSide,
  extractor: FeatureExtractor,
  request: LayerRequest,
): Promise<FoundEnd | undefined> {
  return (
    (await findWhole(side, extractor, request)) ?? (await findByLeaves(side, extractor, request, findWhole))
  );
}

/** What one entry has of it. */
async function findWhole(
  side: CachedSide,
  extractor: FeatureExtractor,
  { end, rows, moments }: LayerRequest,
): Promise<FoundEnd | undefined> {
  widthOf(extractor, end);
  const { threads } = extractor.computedBy;
  const { leafStarts } = side.source;
  const wanted = { features: rows, moments, threads, ...(leafStarts && { leafStarts }) };
  const found = await side.cache.find(toIdentity(side, extractor, end), wanted);
  if (!found) return undefined;
  const { names, positions, warnings } = found;
  return {
    ...(found.features && { rows: found.features }),
    ...(found.moments && { moments: found.moments }),
    ...{ names, positions, warnings },
  };
}

/** Gathers an end from batches, and keeps it where a cache is there. */
export class EndGatherer {
  readonly end: FeatureLayer;
  /** Rows that an interrupted extraction left. */
  readonly kept: ImageRows | undefined;
  private readonly moments: ReturnType<typeof createMomentsAccumulator> | undefined;
  private readonly rows: Rows | undefined;
  private readonly writer: FeatureWriter | undefined;
  private readonly leafStarts: Int32Array | undefined;
  /** The position of the last image. */
  private last = 0;

  private constructor(
    { end, rows, moments }: LayerRequest,
    width: number,
    leafStarts: Int32Array | undefined,
    begun: { readonly writer: FeatureWriter; readonly kept: ImageRows } | undefined,
  ) {
    this.end = end;
    this.leafStarts = leafStarts;
    this.moments = moments ? createMomentsAccumulator(width, { leafStarts }) : undefined;
    this.rows = rows ? new Rows(width) : undefined;
    this.writer = begun?.writer;
    this.kept = begun?.kept;
  }

  static async open(
    extractor: FeatureExtractor,
    request: LayerRequest,
    leafStarts: Int32Array | undefined,
    side: CachedSide | undefined,
  ): Promise<EndGatherer> {
    const width = widthOf(extractor, request.end);
    const begun = await side?.cache.begin(toIdentity(side, extractor, request.end), {
      location: side.source.location,
      threads: extractor.computedBy.threads,
      width,
      // What it counts as it goes would be of the rest only.
      resume: extractor.warnings === undefined,
    });
    return new EndGatherer(request, width, leafStarts, begun);
  }

  /** Takes the first rows from what an interrupted extraction left. */
  resume(count: number): void {
    if (count === 0 || !this.kept) return;
    const { data, width } = this.kept.features;
    const rows = { data: data.subarray(0, count * width), rows: count, width };
    this.take(rows, this.kept.positions.subarray(0, count));
  }

  /** Rows of images, of which the first is number `at` of all. */
  async add(matrix: FeatureMatrix, images: readonly Image[], at: number): Promise<void> {
    const positions = Int32Array.from(images, ({ position }, i) => position ?? at + i);
    this.take(matrix, positions);
    await this.writer?.append(matrix, images, at);
  }

  async finish(warnings: FoundEnd["warnings"]): Promise<GatheredEnd> {
    const moments = this.moments?.finish();
    const rows = this.rows?.finish();
    const { source, extractor } = warnings;
    await this.writer?.finish({
      warnings: { source: [...source], extractor: [...extractor] },
      ...(moments && { moments: { ...moments, file: leavesToMomentsFile(this.last, this.leafStarts) } }),
    });
    return { ...(moments && { moments }), ...(rows && { rows }) };
  }

  /** Leaves what is there for the next time; nothing after `finish`. */
  async abandon(): Promise<void> {
    await this.writer?.abandon();
  }

  private take(matrix: FeatureMatrix, positions: Int32Array): void {
    this.moments?.add(matrix, positions);
    this.rows?.add(matrix);
    this.last = positions.at(-1) ?? this.last;
  }
}
