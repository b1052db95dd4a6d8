/** Latents that stand for a whole distribution: a grid to look at, and a lattice of known masses. */
import { tailToQuantile } from "../math/intervals/normal.ts";
import { normalDistribution } from "../math/intervals/normal-distribution.ts";
import type { GanModel } from "../train/gan-model.ts";
import { type LatentSpec, latentWidth } from "../train/latent.ts";

type Distribution = LatentSpec["distribution"];

/** The quantiles (i + 1/2) / count of one number of noise, i = 0 .. count - 1: one for each share 1 / count. */
function noiseToQuantiles(distribution: Distribution, count: number): Float32Array {
  if (distribution === "uniform")
    return Float32Array.from({ length: count }, (_, i) => (2 * i + 1) / count - 1);
  const quantiles = new Float32Array(count);
  for (let i = 0; i < count >> 1; i++) {
    const tail = (2 * i + 1) / count;
    quantiles[count - 1 - i] = tailToQuantile(tail);
    quantiles[i] = -quantiles[count - 1 - i];
  }
  return quantiles;
}

/** Numbers of noise over which a grid of latents goes: 2, or 1 where there is one; 0 of latents with codes or classes. */
export function modelToAxes({ latent, generator }: GanModel): 0 | 1 | 2 {
  if (latentWidth(latent) !== latent.noise || generator.network.classes !== undefined) return 0;
  return latent.noise === 1 ? 1 : 2;
}

/** All pairs of places, the first number changing fastest, or the places alone; other numbers of the latent are 0. */
function placesToLatents(places: Float32Array, axes: 1 | 2, width: number): Float32Array<ArrayBuffer> {
  const side = places.length;
  const count = side ** axes;
  const latents = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    latents[i * width] = places[i % side];
    if (axes === 2) latents[i * width + 1] = places[Math.floor(i / side)];
  }
  return latents;
}

/**
 * The grid whose image is the manifold: `side` places along each axis at the quantiles (i + 1/2) / side, so that every
 * cell of it holds the same share of the latents, 1 / side^2 (1 / side of latents of one number).
 */
export function modelToManifoldGrid(model: GanModel, side: number): Float32Array<ArrayBuffer> {
  const axes = modelToAxes(model);
  if (axes === 0 || side === 0) return new Float32Array(0);
  return placesToLatents(noiseToQuantiles(model.latent.distribution, side), axes, latentWidth(model.latent));
}

/** Points of a lattice, and fixed samples where there is none. */
export const LATTICE_POINTS = 16_384;

/** Parts of each step of the lattice along an axis: between its points images are interpolated. */
export const PARTS = 8;

export interface Lattice {
  /** `[points, width]`, the first number changing fastest. */
  readonly latents: Float32Array<ArrayBuffer>;
  /** Shares of one number's distribution in the parts of each step along an axis; undefined where all points weigh the same. */
  readonly masses?: Float64Array;
}

const LATTICE_SIDE = 128;
/**
 * Quantiles of a normal distribution so much wider: the outermost lie at 4.3 deviations, where 1e-5 is left, and the
 * steps in the middle are 0.03 deviations.
 */
const WIDER = 1.6;

/**
 * A lattice without sampling noise: 16,384 quantiles of latents of one number; of two 128 x 128 places with the exact
 * mass of everything between them. Undefined for other latents.
 */
export function modelToLattice(model: GanModel): Lattice | undefined {
  const { distribution, noise } = model.latent;
  const axes = modelToAxes(model);
  if (axes === 0 || noise > 2) return undefined;
  if (axes === 1) return { latents: placesToLatents(noiseToQuantiles(distribution, LATTICE_POINTS), 1, 1) };
  const places =
    distribution === "uniform"
      ? Float32Array.from({ length: LATTICE_SIDE }, (_, i) => (2 * i) / (LATTICE_SIDE - 1) - 1)
      : noiseToQuantiles("normal", LATTICE_SIDE).map((place) => WIDER * place);
  const share =
    distribution === "uniform" ? (z: number) => Math.min(1, Math.max(0, (z + 1) / 2)) : normalDistribution;
  const parts = (LATTICE_SIDE - 1) * PARTS;
  const masses = new Float64Array(parts);
  let below = 0;
  for (let i = 0; i < parts; i++) {
    const step = Math.floor(i / PARTS);
    const end = places[step] + ((places[step + 1] - places[step]) * ((i % PARTS) + 1)) / PARTS;
    const upTo = i === parts - 1 ? 1 : share(end);
    masses[i] = upTo - below;
    below = upTo;
  }
  return { latents: placesToLatents(places, 2, 2), masses };
}
