/** A side of a comparison: what a location turns out to hold. */
import { stat } from "node:fs/promises";
import { GanEvalError } from "../errors.ts";
import type { NpyArray } from "../formats/npy.ts";
import type { ImageSource } from "../images/source.ts";
import type { Features } from "../metrics/statistics.ts";
import type { FeatureOptions } from "./options.ts";
import {
  arraysToOrigin,
  arraysToStatistics,
  type FeatureOrigin,
  type StatisticsFile,
  UNKNOWN_ORIGIN,
} from "./statistics-file.ts";

export type Side =
  | { readonly kind: "pictures"; readonly location: string; readonly source: ImageSource }
  | {
      readonly kind: "features";
      readonly location: string;
      readonly features: Features;
      readonly origin: FeatureOrigin;
    }
  | { readonly kind: "statistics"; readonly location: string; readonly statistics: StatisticsFile };

/** The names under which programs keep features: ours and TF's, clean-fid's, dgm-eval's. */
const FEATURE_KEYS = ["features", "feats", "reps"];

function arrayToFeatures(array: NpyArray, location: string): Features {
  const [rows, width] = array.shape;
  if (array.shape.length !== 2)
    throw new GanEvalError(
      "input.features-shape",
      `expected features [pictures, width] in ${location}, got [${array.shape}]`,
      {
        hint: `Features are one row a picture, under one of the names ${FEATURE_KEYS.join(", ")}.`,
      },
    );
  const data =
    array.data instanceof Float32Array
      ? array.data
      : Float32Array.from(array.data as ArrayLike<number>, Number);
  return { data, rows, width };
}

/** An npz by its arrays' names: `mu` and `sigma` are statistics; `features`, `feats`, `reps` features; else pictures. */
async function openNpz(location: string): Promise<Side | undefined> {
  const { listNpz, readNpz } = await import("../formats/npz.ts");
  const names = (await listNpz(location)).map((entry) => entry.name);
  if (names.includes("mu") && names.includes("sigma"))
    return {
      kind: "statistics",
      location,
      statistics: arraysToStatistics(await readNpz(location), location),
    };
  const key = FEATURE_KEYS.find((name) => names.includes(name));
  if (key === undefined) return undefined;
  const arrays = await readNpz(location);
  return {
    kind: "features",
    location,
    features: arrayToFeatures(arrays.get(key)!, location),
    origin: arraysToOrigin(arrays),
  };
}

async function openNpy(location: string): Promise<Side | undefined> {
  const [{ readFile }, { bytesToNpy }] = await Promise.all([
    import("node:fs/promises"),
    import("../formats/npy.ts"),
  ]);
  const array = bytesToNpy(new Uint8Array(await readFile(location)), location);
  if (array.shape.length !== 2) return undefined;
  return { kind: "features", location, features: arrayToFeatures(array, location), origin: UNKNOWN_ORIGIN };
}

const isFile = async (location: string): Promise<boolean> =>
  (await stat(location).catch(() => undefined))?.isFile() ?? false;

/** Opens a location as statistics, features or pictures, by what is in it. Loads no picture library for the first two. */
export async function openSide(
  location: string,
  options: Pick<FeatureOptions, "onError" | "split" | "limit">,
): Promise<Side> {
  if (/\.np[yz]$/i.test(location) && (await isFile(location))) {
    const side = await (/z$/i.test(location) ? openNpz(location) : openNpy(location));
    if (side !== undefined) return side;
  }
  const { openImages } = await import("../images/open.ts");
  const { onError, split, limit } = options;
  const source = await openImages(location, {
    onError,
    ...(split !== undefined && { split }),
    ...(limit !== undefined && { limit }),
  });
  return { kind: "pictures", location, source };
}
