/** Small networks whose weights follow the formula of bench/peers/networks.py, and what the reference programs make of them. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ComputedRow } from "../../../src/extractors/named/read-named-network.ts";
import { safetensorsToBytes, type WritableTensor } from "../../../src/formats/safetensors.ts";
import type { Image } from "../../../src/images/source.ts";
import type { Positions } from "../../../src/networks/architectures/positions.ts";
import { flatImage, hashed, realImage } from "../../metrics/paired-images.ts";

interface FormulaRow {
  readonly key: string;
  readonly shape: readonly number[];
  readonly seed: number;
  readonly scale: number;
  readonly offset: number;
}

export interface GoldenCase {
  readonly kind: "dinov2" | "clip" | "vgg";
  readonly program: string;
  readonly positions?: Positions;
  readonly weights: readonly FormulaRow[];
  readonly results: readonly {
    readonly side: number;
    readonly ends: Readonly<Record<string, readonly (readonly number[])[]>>;
  }[];
}

export const GOLDENS = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "fixtures/networks.json"), "utf8"),
) as readonly GoldenCase[];

export const goldenOf = (kind: string, program: string): GoldenCase =>
  GOLDENS.find((golden) => golden.kind === kind && golden.program === program)!;

export type Tensors = Map<string, WritableTensor & { readonly data: Float32Array }>;

export const formulaTensors = ({ weights }: GoldenCase): Tensors =>
  new Map(
    weights.map(({ key, shape, seed, scale, offset }) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const data = Float32Array.from(hashed(size, seed), (value) => value * scale + offset);
      return [key, { data, shape }];
    }),
  );

export function writeTensors(folder: string, name: string, tensors: Tensors): string {
  const file = path.join(folder, name);
  writeFileSync(file, safetensorsToBytes(tensors));
  return file;
}

const ARCHITECTURES = {
  dinov2: { kind: "dinov2", width: 64, depth: 2, heads: 2, patch: 4, grid: 5 },
  clip: { kind: "clip", width: 64, depth: 2, heads: 2, patch: 4, grid: 4, projection: 32 },
} as const;

export const smallRow = (kind: keyof typeof ARCHITECTURES, inputSize: number): ComputedRow => ({
  title: `a small ${kind}`,
  architecture: ARCHITECTURES[kind],
  ...{ inputSize, scaling: kind === "clip" ? "clip" : "imagenet" },
});

/** Two in colour and one that is black. */
export const smallImages = (side: number): Image[] => [
  realImage(0, side, side),
  realImage(1, side, side),
  flatImage(0, side, side),
];

/** The largest difference, as a share of the largest number. */
export function differenceOf(got: Float32Array, wanted: readonly (readonly number[])[]): number {
  const numbers = wanted.flat();
  if (numbers.length !== got.length) return Number.NaN;
  const largest = Math.max(...numbers.map(Math.abs));
  return Math.max(...numbers.map((number, i) => Math.abs(number - got[i]!))) / largest;
}
