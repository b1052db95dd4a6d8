/** Latents that stand for a whole distribution: quantiles, each for the same share of it. */
import { tailToQuantile } from "../math/intervals/normal.ts";
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
 * The grid whose image is the manifold: `side` places along each axis at quantiles, so that every cell of it holds the
 * same share of the latents, 1 / side by axis.
 */
export function modelToManifoldGrid(model: GanModel, side: number): Float32Array<ArrayBuffer> {
  const axes = modelToAxes(model);
  if (axes === 0 || side === 0) return new Float32Array(0);
  return placesToLatents(noiseToQuantiles(model.latent.distribution, side), axes, latentWidth(model.latent));
}

/** Points of the lattice that stands for all latents. */
export const LATTICE_POINTS = 16_384;

/** 128 x 128 quantiles of two numbers of noise or 16,384 of one: no sampling noise. Undefined for other latents. */
export function modelToLattice(model: GanModel): Float32Array<ArrayBuffer> | undefined {
  const axes = modelToAxes(model);
  if (axes === 0 || model.latent.noise > 2) return undefined;
  const side = axes === 1 ? LATTICE_POINTS : Math.sqrt(LATTICE_POINTS);
  return placesToLatents(noiseToQuantiles(model.latent.distribution, side), axes, latentWidth(model.latent));
}
