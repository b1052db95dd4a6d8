/** Distributions of one and two dimensions, whose answers are known. */
import type { Mixture } from "../math/clusters/mode-coverage.ts";
import type { RandomStream } from "./random.ts";

export interface ToyData {
  readonly label: string;
  readonly d: number;
  /** The mixture, where the distribution is one of equal round modes. */
  readonly mixture?: Mixture;
  /**
   * Equal normals whose mean is the density: the mixture's modes, exactly; of a curve normals at 2,048 even places of t,
   * which is exact to rounding where their distance is below the deviation.
   */
  readonly kernels: () => Mixture;
  /** Row-major `[n, d]`. */
  readonly sample: (n: number, random: RandomStream) => Float32Array;
  readonly source: string;
}

/** Every sample picks a centre and adds a normal number to each coordinate. */
export function mixtureToSample({ centres, d, deviation }: Mixture): ToyData["sample"] {
  const modes = centres.length / d;
  return (n, random) => {
    const which = random.uniform(new Float32Array(n));
    const samples = random.normal(new Float32Array(n * d));
    for (let i = 0; i < n; i++) {
      const mode = Math.floor(which[i] * modes);
      for (let k = 0; k < d; k++) samples[i * d + k] = centres[mode * d + k] + deviation * samples[i * d + k];
    }
    return samples;
  };
}

function mixture(
  label: string,
  d: number,
  centres: readonly number[],
  deviation: number,
  source: string,
): ToyData & { readonly mixture: Mixture } {
  const of = { centres: Float64Array.from(centres), d, deviation };
  return { label, d, mixture: of, kernels: () => of, sample: mixtureToSample(of), source };
}

const CURVE_POINTS = 2048;

/** A curve, `t` in [0, 1) to a point, with normal noise around it. */
function curve(
  label: string,
  point: (t: number) => readonly [number, number],
  deviation: number,
  source: string,
): ToyData {
  return {
    label,
    d: 2,
    kernels: () => ({
      centres: Float64Array.from(
        Array.from({ length: CURVE_POINTS }, (_, i) => point((i + 0.5) / CURVE_POINTS)).flat(),
      ),
      d: 2,
      deviation,
    }),
    sample: (n, random) => {
      const along = random.uniform(new Float32Array(n));
      const samples = random.normal(new Float32Array(2 * n));
      for (let i = 0; i < n; i++) {
        const [x, y] = point(along[i]);
        samples[2 * i] = x + deviation * samples[2 * i];
        samples[2 * i + 1] = y + deviation * samples[2 * i + 1];
      }
      return samples;
    },
    source,
  };
}

const ring = (modes: number): number[] =>
  Array.from({ length: modes }, (_, i) => {
    const angle = (2 * Math.PI * i) / modes;
    return [Math.cos(angle), Math.sin(angle)];
  }).flat();

const grid = (places: readonly number[]): number[] => places.flatMap((x) => places.flatMap((y) => [x, y]));

/** Every toy distribution, by the name of `--data`. */
export const TOY_DATA = {
  "two-gaussians-1d": mixture("two Gaussians on a line", 1, [-1, 1], 0.1, "this project"),
  line: curve("a line", (t) => [2 * t - 1, 1 - 2 * t], 0.025, "after GAN Lab's line"),
  "two-gaussians": mixture("two Gaussians", 2, [-0.7, -0.7, 0.7, 0.7], 0.1, "after GAN Lab's gaussians"),
  /** Eight distinct modes: the last angle is not the first again, as in a demonstration that many copied. */
  ring: mixture("a ring of 8", 2, ring(8), 0.01, "PacGAN's ring: radius 1, deviation 0.01"),
  grid: mixture("a grid of 25", 2, grid([-4, -2, 0, 2, 4]), 0.05, "PacGAN's grid: deviation 0.05"),
  spiral: curve(
    "a spiral",
    (t) => [t * Math.cos(4 * Math.PI * t), t * Math.sin(4 * Math.PI * t)],
    0.02,
    "this project",
  ),
  disjoint: mixture(
    "three separate blobs",
    2,
    [-0.8, 0.6, 0.8, 0.6, 0, -0.8],
    0.025,
    "after GAN Lab's disjoint",
  ),
} as const satisfies Readonly<Record<string, ToyData>>;

export type ToyName = keyof typeof TOY_DATA;
