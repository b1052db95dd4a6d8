/** The weights of a vision transformer from a file, under the names and in the shapes that its functions take. */
import type { ArrayValue } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import type { LazyTensors } from "../../formats/tensor.ts";
import { openStoredWeights } from "../stored-weights.ts";
import type { NetworkArchitecture } from "../table.ts";
import { interpolatePositions, type Positions } from "./positions.ts";
import {
  architectureToWeights,
  NAMINGS,
  type Naming,
  type StoredPlace,
  type WeightRow,
  weightToPlace,
} from "./weight-names.ts";

export type Transformer = Extract<NetworkArchitecture, { kind: "dinov2" | "clip" }>;

export type Arrays = Record<string, ArrayValue>;

/** More names than these are no help. */
const MOST_NAMED = 3;

/** The naming whose sign the file has, with what its keys have before them all: `dinov2.` in a classifier's file. */
function fileToNaming(
  { tensors }: LazyTensors,
  kind: Transformer["kind"],
): { naming: Naming; prefix: string } | undefined {
  const keys = [...tensors.keys()];
  for (const naming of NAMINGS[kind].toSorted((a, b) => b.sign.length - a.sign.length)) {
    const found = keys.find((key) => key === naming.sign || key.endsWith(`.${naming.sign}`));
    if (found !== undefined) return { naming, prefix: found.slice(0, -naming.sign.length) };
  }
  return undefined;
}

/** The shape that the file has it in. */
function storedShape({ shape }: WeightRow, { third, transposed }: StoredPlace): readonly number[] {
  if (transposed) return shape.toReversed();
  return third === undefined ? shape : [3 * shape[0]!, ...shape.slice(1)];
}

/** Sides of 1 before a shape make no difference: a class token is `[1, 1, width]` in one file and `[width]` in another. */
const withoutOnes = (shape: readonly number[]): string => {
  const first = shape.findIndex((side) => side !== 1);
  return first < 0 ? "" : shape.slice(first).join();
};

interface PlacedWeight {
  readonly row: WeightRow;
  readonly place: StoredPlace;
}

const otherWeights = (location: string, title: string, faults: readonly string[]): GanEvalError => {
  const more = faults.length > MOST_NAMED ? `, and ${faults.length - MOST_NAMED} more` : "";
  return new GanEvalError(
    "input.network-weights",
    `expected the weights of ${title} in ${location}, got ${faults.slice(0, MOST_NAMED).join(", ")}${more}`,
    {
      hint: "The file is of another network, or of another size of it. `gan-eval network info NAME` says which file it is.",
    },
  );
};

/** Where each weight lies. @throws GanEvalError `input.network-weights` naming the first that are missing or of other shapes */
function placeWeights(file: LazyTensors, architecture: Transformer, title: string): PlacedWeight[] {
  const { location, tensors } = file;
  const found = fileToNaming(file, architecture.kind);
  if (found === undefined) {
    const some = [...tensors.keys()].slice(0, MOST_NAMED).join(", ") || "none";
    throw otherWeights(location, title, [`tensors named ${some}`]);
  }
  const placed = architectureToWeights(architecture).map((row): PlacedWeight => {
    const place = weightToPlace(row, found.naming);
    return { row, place: { ...place, key: found.prefix + place.key } };
  });
  const faults = placed.flatMap(({ row, place }) => {
    const tensor = tensors.get(place.key);
    if (tensor === undefined) return [`no ${place.key}`];
    const expected = storedShape(row, place);
    if (withoutOnes(tensor.shape) === withoutOnes(expected)) return [];
    return [`${place.key} of shape [${tensor.shape.join(", ")}] where [${expected.join(", ")}] was expected`];
  });
  if (faults.length > 0) throw otherWeights(location, title, [...new Set(faults)]);
  return placed;
}

/** `[rows, columns]` to `[columns, rows]`. */
function transpose(data: Float32Array, [rows, columns]: readonly number[]): Float32Array {
  const turned = new Float32Array(data.length);
  for (let row = 0, at = 0; row < rows!; row++)
    for (let column = 0; column < columns!; column++, at++) turned[column * rows! + row] = data[at]!;
  return turned;
}

/** A filter `[out, in, h, w]` to `[h, w, in, out]`, as tensorflow.js has it. */
function turnFilter({ data, shape: [out, into, height, width] }: ArrayValue): ArrayValue {
  const area = height! * width!;
  const turned = new Float32Array(data.length);
  for (let o = 0, at = 0; o < out!; o++)
    for (let i = 0; i < into!; i++)
      for (let place = 0; place < area; place++, at++) turned[(place * into! + i) * out! + o] = data[at]!;
  return { data: turned, shape: [height!, width!, into!, out!] };
}

/** Each tensor is read once, for the weights that are parts of it. */
async function readPlaced(file: LazyTensors, placed: readonly PlacedWeight[]): Promise<Arrays> {
  const byKey = new Map<string, PlacedWeight[]>();
  for (const weight of placed) byKey.set(weight.place.key, [...(byKey.get(weight.place.key) ?? []), weight]);
  const arrays: Arrays = {};
  for (const [key, weights] of byKey) {
    const data = await file.read(key);
    for (const { row, place } of weights) {
      const { name, shape } = row;
      const size = shape.reduce((product, side) => product * side, 1);
      const from = (place.third ?? 0) * size;
      const own = place.third === undefined ? data : data.subarray(from, from + size);
      arrays[name] = { data: place.transposed ? transpose(own, shape.toReversed()) : own, shape };
    }
  }
  return arrays;
}

/** Positions brought to the grid of the images; the class token's is added to it once and for all. */
function preparePositions(
  { class: token, positions, ...arrays }: Arrays,
  { width, grid }: Transformer,
  side: number,
  mode: Positions,
): Arrays {
  const own = positions!.data as Float32Array;
  const onGrid = interpolatePositions(own.subarray(width), { from: grid, to: side, width, mode });
  return {
    ...arrays,
    class: { data: Float32Array.from(token!.data, (value, i) => value + own[i]!), shape: [width] },
    positions: { data: onGrid, shape: [side * side, width] },
  };
}

/**
 * Reads what a transformer needs of a file, and no more: of CLIP's files, half of which are about texts, the image side.
 *
 * @param title of the network, for messages
 * @param side of the grid of patches that images will have
 * @throws GanEvalError `input.network-weights` for a file without its weights or of other shapes; `input.cannot-read`,
 *   and what a damaged file's format throws
 */
export async function readTransformer(
  location: string,
  architecture: Transformer,
  { title, side, positions }: { title: string; side: number; positions: Positions },
): Promise<Arrays> {
  const file = await openStoredWeights(location);
  try {
    const arrays = await readPlaced(file, placeWeights(file, architecture, title));
    const { "patch.weight": filter, ...others } = preparePositions(arrays, architecture, side, positions);
    return { ...others, "patch.weight": turnFilter(filter!) };
  } finally {
    await file.close();
  }
}
