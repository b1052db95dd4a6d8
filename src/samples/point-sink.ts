/** Where generated points are written: NumPy's files, or CSV. */
import { GanEvalError } from "../errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { type NpyArray, npyToBytes } from "../formats/npy.ts";
import { writeNpz } from "../formats/npz.ts";
import { requireFree } from "../images/sinks/target.ts";

export type PointSinkKind = "npy" | "npz" | "csv";

export interface PointSinkOptions {
  /** How many points will be written. */
  readonly count: number;
  /** Coordinates of each. */
  readonly d: number;
  readonly overwrite: boolean;
}

export interface PointSink {
  readonly kind: PointSinkKind;
  /** The next n points, row-major `[n, d]`. */
  write(points: Float32Array, n: number): Promise<void>;
  finish(): Promise<void>;
  abort(): Promise<void>;
}

/** Names of coordinates: x, y and then numbers. */
export const coordinateNames = (d: number): string[] =>
  Array.from({ length: d }, (_, axis) => ["x", "y"][axis] ?? `x${axis + 1}`);

/** Rows of CSV text; numbers in the fewest digits that make the same float32 again. */
function* pointsToCsv(points: Float32Array, d: number): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`${coordinateNames(d).join(",")}\r\n`);
  for (let at = 0; at < points.length; at += d)
    yield encoder.encode(`${Array.from(points.subarray(at, at + d), floatToText).join(",")}\r\n`);
}

export const floatToText = (value: number): string => {
  for (let digits = 6; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
};

const toNpy = (data: Float32Array, d: number): NpyArray => ({
  dtype: "<f4",
  shape: [data.length / d, d],
  data,
});

const WRITE: Readonly<
  Record<PointSinkKind, (location: string, points: Float32Array, d: number) => Promise<void>>
> = {
  npy: (location, points, d) => writeFileAtomically(location, [npyToBytes(toNpy(points, d))]),
  npz: (location, points, d) => writeNpz(location, new Map([["arr_0", toNpy(points, d)]])),
  csv: (location, points, d) => writeFileAtomically(location, pointsToCsv(points, d)),
};

/**
 * Opens a `.npy`, `.npz` (`arr_0`) or `.csv` file for points. They are kept until `finish` writes them.
 * @throws GanEvalError `usage.sink-kind` for another ending, `usage.target-exists` where something is there
 */
export async function openPointSink(location: string, options: PointSinkOptions): Promise<PointSink> {
  const { count, d, overwrite } = options;
  const kind = /\.(npy|npz|csv)$/i.exec(location)?.[1].toLowerCase() as PointSinkKind | undefined;
  if (kind === undefined)
    throw new GanEvalError("usage.sink-kind", `expected a name for a set of points, got ${location}`, {
      hint: "The run's data are points: name a file ending in .npy, .npz or .csv.",
    });
  await requireFree(location, "file", overwrite);
  const points = new Float32Array(count * d);
  let written = 0;
  return {
    kind,
    async write(more, n) {
      points.set(more.subarray(0, n * d), written);
      written += n * d;
    },
    finish: () => WRITE[kind](location, points, d),
    async abort() {},
  };
}
