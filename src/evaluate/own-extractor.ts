/** Extractors that a program brings along as objects. */
import { GanEvalError } from "../errors.ts";
import type { FeatureExtractor, FeatureLayer, FeatureMatrix } from "../extractors/extractor.ts";
import type { ExtractorOptions, OpenedExtractor } from "../extractors/open-extractor.ts";
import { withCrop } from "../extractors/with-crop.ts";
import type { Image } from "../images/source.ts";

/** How results name an extractor. */
export const extractorToName = (extractor: string | FeatureExtractor): string =>
  typeof extractor === "string" ? extractor : extractor.id;

const wrong = (expected: string, got: string, hint: string): GanEvalError =>
  new GanEvalError("usage.own-extractor", `expected ${expected}, got ${got}`, { hint });

function requireWhole(extractor: FeatureExtractor): void {
  const { id, hash, ends, featureEnd, extract } = extractor;
  const hint = "defineExtractor({ id, version, width, extract }) makes one.";
  if (typeof id !== "string" || id === "") throw wrong("an extractor with an id", JSON.stringify(id), hint);
  if (typeof extract !== "function" || typeof ends !== "object" || ends === null)
    throw wrong(`extract(images) and ends of extractor ${id}`, "an object without them", hint);
  if (typeof hash !== "string" || hash === "")
    throw wrong(`a hash of what extractor ${id} computes`, JSON.stringify(hash), hint);
  if (ends[featureEnd] === undefined)
    throw wrong(`an end ${featureEnd} of extractor ${id}`, Object.keys(ends).join(", ") || "no ends", hint);
}

function requireMatrix(
  matrix: FeatureMatrix | undefined,
  end: string,
  { id, ends }: FeatureExtractor,
  n: number,
): void {
  if (matrix === undefined) return;
  const { data, rows, width } = matrix;
  if (rows === n && width === ends[end] && data.length === n * width) return;
  throw wrong(
    `features [${n}, ${ends[end]}] of ${end} from extractor ${id}`,
    `${data?.length} values for [${rows}, ${width}]`,
    "Give one row per image, as wide as the end says.",
  );
}

/**
 * A caller's extractor, with what it gives checked. It stays the caller's: closing does not dispose of it.
 * @throws GanEvalError `usage.own-extractor` for what is missing; `extract` throws the same for features of another shape
 */
function ownToOpened(own: FeatureExtractor): OpenedExtractor {
  requireWhole(own);
  const extract: FeatureExtractor["extract"] = async (batch) => {
    const features = await own.extract(batch);
    for (const [end, matrix] of Object.entries(features)) requireMatrix(matrix, end, own, batch.length);
    return features;
  };
  const extractor: FeatureExtractor = {
    id: own.id,
    hash: own.hash,
    ends: own.ends,
    featureEnd: own.featureEnd,
    logitsEnd: own.logitsEnd,
    resize: own.resize,
    takesGrey: own.takesGrey,
    computedBy: own.computedBy,
    extract,
    warnings: () => own.warnings?.() ?? [],
    dispose: async () => {},
  };
  return { extractor, close: async () => {} };
}

/** An extractor by its name or place, or a caller's own. The network library is loaded for a named one. */
export async function openNamedOrOwn(
  options: Omit<ExtractorOptions, "extractor"> & { readonly extractor: string | FeatureExtractor },
  ends?: readonly FeatureLayer[],
): Promise<OpenedExtractor> {
  const { extractor } = options;
  if (typeof extractor !== "string") {
    const opened = ownToOpened(extractor);
    return { ...opened, extractor: withCrop(opened.extractor, options.crop) };
  }
  const { openExtractor } = await import("../extractors/open-extractor.ts");
  return openExtractor({ ...options, extractor }, ends);
}

/** What `defineExtractor` needs. */
export interface ExtractorDefinition {
  /** Names it in results: `frechet_<id>_distance`. */
  readonly id: string;
  /** Says what is computed: change it whenever features change. It stands in a result as the extractor's hash. */
  readonly version: string;
  /** Features an image. */
  readonly width: number;
  /** The features of each image of a batch: a row an image, or all rows in one array `[n, width]`. */
  extract(
    images: readonly Image[],
  ): Float32Array | readonly ArrayLike<number>[] | Promise<Float32Array | readonly ArrayLike<number>[]>;
  /** Classes, where `logits` gives them: for the Inception Score. */
  readonly classes?: number;
  /** The logits of each image, shaped as what `extract` gives, `[n, classes]`. */
  logits?(
    images: readonly Image[],
  ): Float32Array | readonly ArrayLike<number>[] | Promise<Float32Array | readonly ArrayLike<number>[]>;
  /** How it brings images to its size, for the record (default "own"). */
  readonly resize?: string;
  /** Whether grey images are what it is for (default true); others are told that the channel was copied. */
  readonly takesGrey?: boolean;
}

function rowsToMatrix(
  rows: Float32Array | readonly ArrayLike<number>[],
  n: number,
  width: number,
): FeatureMatrix {
  if (rows instanceof Float32Array) return { data: rows, rows: n, width };
  const bad = rows.find((row) => row.length !== width);
  if (bad !== undefined || rows.length !== n)
    throw wrong(
      `${n} rows of ${width} features`,
      bad === undefined ? `${rows.length} rows` : `a row of ${bad.length}`,
      "Give one row per image, as wide as the definition says.",
    );
  const data = new Float32Array(n * width);
  for (const [i, row] of rows.entries()) data.set(row, i * width);
  return { data, rows: n, width };
}

/**
 * An extractor of one's own, for `evaluate({ extractor })`: a function from images to features.
 * @throws GanEvalError `usage.own-extractor` when it gives features of another shape
 */
export function defineExtractor(definition: ExtractorDefinition): FeatureExtractor {
  const { id, version, width, classes, logits, resize = "own", takesGrey = true } = definition;
  return {
    ...{ id, hash: version, resize, takesGrey },
    ends: { features: width, ...(classes !== undefined && { logits: classes }) },
    featureEnd: "features",
    logitsEnd: "logits",
    computedBy: { engine: "none", device: "cpu", threads: 1 },
    async extract(batch) {
      const features = rowsToMatrix(await definition.extract(batch), batch.length, width);
      if (logits === undefined || classes === undefined) return { features };
      return { features, logits: rowsToMatrix(await definition.logits!(batch), batch.length, classes) };
    },
    dispose: async () => {},
  };
}
