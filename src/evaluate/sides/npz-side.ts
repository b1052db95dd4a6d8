/** Features and statistics in NumPy's files. */
import { GanEvalError } from "../../errors.ts";
import { bytesToNpy, bytesToNpyHeader, npyHeaderLength } from "../../formats/npy.ts";
import { listNpz, readNpz, readNpzText } from "../../formats/npz.ts";
import { MAX_ENTRY } from "../../formats/zip.ts";
import { openByteFile } from "../../images/sources/byte-file.ts";
import type { Features } from "../../math/features/statistics.ts";
import {
  chooseFeatures,
  FEATURE_KEYS,
  isFloat,
  LOGIT_KEYS,
  PROBABILITY_KEYS,
  shapeToRows,
} from "../choose-features.ts";
import {
  arraysToOrigin,
  arraysToStatistics,
  type FeatureOrigin,
  type NumberArray,
  ORIGIN_KEYS,
  STATISTICS_KEYS,
  UNKNOWN_ORIGIN,
} from "../statistics/statistics-file.ts";
import type { FileSide, SideOptions } from "./side.ts";

/** @throws GanEvalError `input.features-shape` for numbers that are not one row an image */
export function arrayToFeatures({ shape, data }: NumberArray, location: string): Features {
  const [rows, width] = shapeToRows(shape) ?? [];
  if (rows === undefined || width === undefined)
    throw new GanEvalError(
      "input.features-shape",
      `expected features [images, width] in ${location}, got [${shape}]`,
      {
        hint: `Features have one row per image. In an npz file their name is one of ${FEATURE_KEYS.join(", ")}.`,
      },
    );
  return {
    data: data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>, Number),
    rows,
    width,
  };
}

/** Bytes in rows are images whose sides got lost more often than features. */
const flatImages = (location: string, shape: readonly number[]): GanEvalError =>
  new GanEvalError(
    "input.features-shape",
    `expected features as real numbers, or images [n, height, width, channels], in ${location}, got uint8 [${shape.join(", ")}]`,
    {
      hint: "For images save x.reshape(n, height, width, channels); for features x.astype(numpy.float32).",
    },
  );

/** Ours say all; dgm-eval's only the network, as `model`, and its `inception` is pytorch-fid's copy of ours. */
async function readOrigin(location: string): Promise<FeatureOrigin> {
  const stated = arraysToOrigin(await readNpz(location, { only: ORIGIN_KEYS }));
  if (stated.extractor !== null) return stated;
  const model = await readNpzText(location, "model");
  if (model === undefined) return stated;
  if (model !== "inception") return { ...stated, extractor: model };
  const { INCEPTION_ID } = await import("../../inception/manifest.ts");
  return { ...stated, extractor: INCEPTION_ID };
}

/** `log p` as logits, whose softmax is p; a probability that is 0 in float32 keeps a logarithm that is finite. */
function probabilitiesToLogits({ data, rows, width }: Features, location: string, name: string): Features {
  const logits = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let at = row * width; at < (row + 1) * width; at++) {
      sum += data[at] >= 0 ? data[at] : Number.NaN;
      logits[at] = Math.log(Math.max(data[at], 2 ** -149));
    }
    if (!(Math.abs(sum - 1) <= 1e-3))
      throw new GanEvalError(
        "input.features-shape",
        `expected rows of probabilities that add up to 1 in ${name} of ${location}, got ${sum} in row ${row + 1}`,
        { hint: "Outputs before the softmax belong under the name logits." },
      );
  }
  return { data: logits, rows, width };
}

/** A classifier's outputs beside features, where there is one array of them. */
async function readLogits(
  location: string,
  names: readonly string[],
  rows: number,
): Promise<Features | undefined> {
  const name = [...LOGIT_KEYS, ...PROBABILITY_KEYS].find((each) => names.includes(each));
  if (name === undefined) return undefined;
  const read = arrayToFeatures((await readNpz(location, { only: [name] })).get(name)!, location);
  if (read.rows !== rows)
    throw new GanEvalError(
      "input.features-shape",
      `expected ${rows} rows in ${name} of ${location}, one for each row of features, got ${read.rows}`,
      { hint: "Save both of the same images, in the same order." },
    );
  return LOGIT_KEYS.includes(name) ? read : probabilitiesToLogits(read, location, name);
}

/** The name under which images lie beside statistics in ADM's reference batches. */
const IMAGES_KEY = "arr_0";

/**
 * An npz by its arrays: `mu` and `sigma` are statistics, unless images in the same file are preferred; then features by name or
 * shape; else it is images.
 */
export async function openNpz(
  location: string,
  prefer: SideOptions["prefer"],
): Promise<FileSide | undefined> {
  const listings = await listNpz(location);
  const names = listings.map(({ name }) => name);
  if (names.includes("mu") && names.includes("sigma")) {
    const images = listings.find(({ name, shape }) => name === IMAGES_KEY && shape.length === 4);
    if (images && prefer === "images") return undefined;
    const statistics = arraysToStatistics(await readNpz(location, { only: STATISTICS_KEYS }), location);
    return { kind: "statistics", location, statistics, ...(images && { besideImages: images.shape[0] }) };
  }
  const key = chooseFeatures(listings, location)?.name;
  if (key === undefined) return undefined;
  const array = (await readNpz(location, { only: [key] })).get(key)!;
  const origin = await readOrigin(location);
  const features = arrayToFeatures(array, location);
  const logits = await readLogits(location, names, features.rows);
  return { kind: "features", location, features, origin, ...(logits && { logits }) };
}

/** Rows of real numbers are features; other shapes are images: their numbers are not read here. */
export async function openNpy(location: string): Promise<FileSide | undefined> {
  const file = await openByteFile(location);
  try {
    const start = await file.read(0, Math.min(file.size, 4096));
    const length = npyHeaderLength(start, location) ?? 0;
    const head = length > start.length && length <= file.size ? await file.read(0, length) : start;
    const { shape, type } = bytesToNpyHeader(head, location);
    if (shapeToRows(shape) === undefined || !(isFloat(type) || shape.length === 2)) return undefined;
    if (type === "u1") throw flatImages(location, shape);
    if (file.size > MAX_ENTRY)
      throw new GanEvalError(
        "input.too-large",
        `expected at most ${MAX_ENTRY} bytes in ${location}, got ${file.size}`,
        { hint: "Save the features as float32, or fewer of them." },
      );
    const array = bytesToNpy(await file.read(0, file.size), location);
    return {
      kind: "features",
      location,
      features: arrayToFeatures(array, location),
      origin: UNKNOWN_ORIGIN,
    };
  } finally {
    await file.close();
  }
}
