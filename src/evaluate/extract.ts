import { GanEvalError, type Warning } from "../errors.ts";
import type { ImageSource } from "../images/source.ts";
import type { FeatureEnd, FeatureExtractor, FeatureMatrix } from "../inception/extractor.ts";
import { createMomentsAccumulator, type Moments } from "../metrics/statistics.ts";
import type { FeatureOptions } from "./options.ts";

/** What one pass over the pictures gathers. */
export interface Gathered {
  readonly count: number;
  /** Moments of the feature end, if it was asked for. */
  readonly moments?: Moments;
  /** All rows of the logits end, if it was asked for. */
  readonly logits?: FeatureMatrix;
}

export interface Wanted {
  readonly featureEnd?: FeatureEnd;
  readonly logitsEnd?: FeatureEnd;
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

function widthOf(extractor: FeatureExtractor, end: FeatureEnd): number {
  const width = extractor.ends[end];
  if (width !== undefined) return width;
  throw new GanEvalError(
    "usage.feature-end",
    `expected a feature end of ${extractor.id} (${Object.keys(extractor.ends).join(", ")}), got ${end}`,
    { hint: "Leave out --feature-end and --logits-end for the usual ones." },
  );
}

/** A batch that the extractor has and the metrics have not. */
interface Extraction {
  readonly features: ReturnType<FeatureExtractor["extract"]>;
  readonly rows: number;
}

/**
 * One pass: pictures to features to moments and logits. Pictures of the next batches are decoded while the network
 * works on this one; memory does not grow with their number, but for logits (4 KB a picture) where they are wanted.
 */
export async function picturesToFeatures(
  source: ImageSource,
  extractor: FeatureExtractor,
  wanted: Wanted,
  stage: string,
  options: Pick<FeatureOptions, "batchSize" | "onProgress" | "signal">,
): Promise<Gathered> {
  const moments = wanted.featureEnd && createMomentsAccumulator(widthOf(extractor, wanted.featureEnd));
  const logits = wanted.logitsEnd && new Rows(widthOf(extractor, wanted.logitsEnd));
  let count = 0;
  let seen = 0;
  const report = () => options.onProgress?.({ stage, done: seen, total: source.count, unit: "pictures" });
  const gather = async ({ features, rows }: Extraction): Promise<void> => {
    const { [wanted.featureEnd!]: featureRows, [wanted.logitsEnd!]: logitRows } = await features;
    moments?.add(featureRows!);
    logits?.add(logitRows!);
    count += rows;
    seen = Math.min(seen + options.batchSize, source.count);
    report();
  };
  report();
  let before: Extraction | undefined;
  for await (const batch of source.batches({ batchSize: options.batchSize })) {
    options.signal?.throwIfAborted();
    // Given to the extractor before the last batch is waited for: it is resized while the network works on that one.
    const features = extractor.extract(batch);
    features.catch(() => {});
    if (before) await gather(before);
    before = { features, rows: batch.length };
  }
  if (before) await gather(before);
  return { count, ...(moments && { moments: moments.finish() }), ...(logits && { logits: logits.finish() }) };
}

/** A source's remarks, less those that the extractor makes no matter: grey is what the digits network is for. */
export function sourceWarnings(source: ImageSource, extractor: FeatureExtractor): Warning[] {
  return source.warnings().filter(({ code }) => !(code === "grey" && extractor.takesGrey));
}
