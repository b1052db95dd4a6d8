/** What a generator is fed: noise, and for InfoGAN codes that its images shall tell. */
import { GanEvalError } from "../errors.ts";
import type { RandomStream } from "./random.ts";

/** One latent is `[noise | one-hot of each category | codes]`. */
export interface LatentSpec {
  /** How many numbers of noise. */
  readonly noise: number;
  /** Standard normal, or uniform in [-1, 1). */
  readonly distribution: "normal" | "uniform";
  /** Sizes of categorical codes, each given as one-hot. */
  readonly categories?: readonly number[];
  /** Continuous codes, uniform in [-1, 1). */
  readonly codes?: number;
}

/** The key under which an exported generator states its `LatentSpec`, as JSON. */
export const LATENT_NOTE = "latent_spec";

/** So many are drawn at a time, whatever the batch: what is made of a seed does not depend on it. */
export const LATENTS_DRAWN = 1024;

/** Latents in their order, batch by batch. */
export class LatentStream {
  private readonly spec: LatentSpec;
  private readonly random: RandomStream;
  private drawn = new Float32Array();

  constructor(spec: LatentSpec, random: RandomStream) {
    this.spec = spec;
    this.random = random;
  }

  /** The next n, `[n, width]`, or the fewer that are left of those drawn together. */
  take(n: number): Float32Array<ArrayBuffer> {
    if (this.drawn.length === 0) this.drawn = drawLatents(this.spec, LATENTS_DRAWN, this.random);
    const taken = this.drawn.subarray(0, n * latentWidth(this.spec));
    this.drawn = this.drawn.subarray(taken.length);
    return taken;
  }
}

/** Numbers of one latent. */
export const latentWidth = ({ noise, categories = [], codes = 0 }: LatentSpec): number =>
  noise + categories.reduce((sum, size) => sum + size, 0) + codes;

/** Numbers behind the noise: what the information loss asks for. */
export const codeWidth = (spec: LatentSpec): number => latentWidth(spec) - spec.noise;

const toSigned = (values: Float32Array): Float32Array => values.map((value) => 2 * value - 1);

/** `[n, width]`, row-major. */
export function drawLatents(spec: LatentSpec, n: number, random: RandomStream): Float32Array<ArrayBuffer> {
  const { noise, distribution, categories = [], codes = 0 } = spec;
  const width = latentWidth(spec);
  if (width < 1)
    throw new GanEvalError("usage.latent", `expected a latent of at least 1 number, got ${width}`);
  const drawn = new Float32Array(n * noise);
  const filled = distribution === "normal" ? random.normal(drawn) : toSigned(random.uniform(drawn));
  if (width === noise) return filled as Float32Array<ArrayBuffer>;
  const chosen = random.uniform(new Float32Array(n * categories.length));
  const continuous = toSigned(random.uniform(new Float32Array(n * codes)));
  const latents = new Float32Array(n * width);
  for (let i = 0; i < n; i++) {
    latents.set(filled.subarray(i * noise, (i + 1) * noise), i * width);
    let at = i * width + noise;
    for (const [k, size] of categories.entries()) {
      latents[at + Math.floor(chosen[i * categories.length + k] * size)] = 1;
      at += size;
    }
    latents.set(continuous.subarray(i * codes, (i + 1) * codes), at);
  }
  return latents;
}
