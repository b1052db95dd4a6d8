/** What both networks of a run on points of a plane do to it, checkpoint by checkpoint: for a page to show as a film. */

import { type Bounds, pointsToBounds } from "../../drawing/points-to-image.ts";
import { evenPlaces } from "../../drawing/thin-points.ts";
import type { Engine } from "../../engine/engine.ts";
import { openEngine } from "../../engine/index.ts";
import { isCode } from "../../errors.ts";
import { runToConfig } from "../../run-folder/read-config.ts";
import type { RunRecord } from "../../run-folder/read-run.ts";
import { readCheckpoint } from "../../train/checkpoint.ts";
import type { OpenedData } from "../../train/data/opened-data.ts";
import { modelToProbe } from "../../train/discriminator-probe.ts";
import { type GanModel, lossOf, packingOf, samplesOf } from "../../train/gan-model.ts";
import { labelsToOneHot } from "../../train/labels.ts";
import { drawLatents, latentWidth } from "../../train/latent.ts";
import { optionsToModel } from "../../train/model.ts";
import { under } from "../../train/networks/names.ts";
import { openRandomStream } from "../../train/random.ts";
import { openSampler } from "../../train/sampler.ts";

/** Places are 16-bit numbers, 0 to 65,535 between the bounds, x and y in turn; all arrays little-endian in base64. */
export interface ToyFrame {
  readonly round: number;
  readonly samples: string;
  /** 8-bit, row by row from the lowest: 0 is taken for generated, 255 for real. */
  readonly heat: string;
  /** Where a square grid of latents goes, row by row; none of generators that read labels or codes. */
  readonly manifold?: string;
  /** Ends of arrows, tail and head: where the discriminator would push a sample. */
  readonly arrows: string;
}

export interface ToyView {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly real: string;
  readonly heatSide: number;
  readonly manifoldSide: number;
  /** Whether the heat is a probability; else it is scaled to each frame's own range. */
  readonly isProbability: boolean;
  /** Checkpoints that could not be read. */
  readonly skipped: number;
  readonly frames: readonly ToyFrame[];
}

const MOST_FRAMES = 30;
const POINTS = 300;
const HEAT_SIDE = 40;
const MANIFOLD_SIDE = 16;
const ARROWS = 64;
const CONTEXTS = 8;
/** Of the axes' length: the step of the difference that stands for a gradient, and the longest arrow. */
const STEP = 1 / 500;
const LONGEST = 0.07;
const LEVELS = 65_535;

type Plane = (points: Float32Array) => Promise<Float32Array>;

const toBase64 = (array: Uint8Array | Uint16Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");

/**
 * A discriminator's logits of points of the plane, any number. One that judges packs is shown each point beside real
 * samples, the same for all points, and its logits are averaged over eight such packs: beside copies of itself a
 * point would be taken for a collapsed generator's.
 */
async function openLogits(
  engine: Engine,
  model: GanModel,
  arrays: Arrays,
  real: Float32Array,
): Promise<Plane> {
  const { fn, signature, arrays: specs } = modelToProbe(model);
  const inputs = Object.fromEntries(Object.keys(specs).map((name) => [name, arrays[name].data]));
  const program = await engine.compile(
    fn,
    { ...signature, ...specs },
    { name: "discriminator", inPlace: { inputs } },
  );
  const copies = packingOf(model);
  const size = samplesOf(model);
  const judged = size / copies;
  const { classes } = model.discriminator.network;
  const labels =
    classes === undefined
      ? {}
      : {
          labels: labelsToOneHot(
            Int32Array.from({ length: size }, (_, i) => i % classes),
            classes,
          ),
        };
  const run = async (points: Float32Array, context: number): Promise<Float32Array> => {
    const logits = new Float32Array(points.length / 2);
    for (let start = 0; start < logits.length; start += judged) {
      const samples = new Float32Array(size * 2);
      for (let i = 0; i < size; i++) {
        const at = Math.min(logits.length - 1, start + Math.floor(i / copies));
        const beside = (context * copies + (i % copies)) % (real.length / 2);
        const [from, place] = i % copies === 0 ? [points, at] : [real, beside];
        samples.set(from.subarray(2 * place, 2 * place + 2), 2 * i);
      }
      const { logits: made } = await program.run({ samples, ...labels } as never);
      logits.set((made.data as Float32Array).subarray(0, logits.length - start), start);
    }
    return logits;
  };
  const contexts = copies === 1 ? 1 : CONTEXTS;
  return async (points) => {
    const sum = new Float32Array(points.length / 2);
    for (let context = 0; context < contexts; context++)
      for (const [i, logit] of (await run(points, context)).entries()) sum[i] += logit / contexts;
    return sum;
  };
}

type Arrays = Record<string, { readonly data: Float32Array; readonly shape: readonly number[] }>;

/** Arrays of both networks, for programs that read them in place: filled anew from each checkpoint. */
function modelToBuffers(model: GanModel): Arrays {
  const average = model.emaDecay === undefined ? "generator" : "generator/average";
  const specs = {
    ...under(`${average}/weights`, model.generator.network.weights),
    ...under(`${average}/buffers`, model.generator.network.buffers),
    ...modelToProbe(model).arrays,
  };
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape }]) => [
      name,
      { shape, data: new Float32Array(shape.reduce((product, side) => product * side, 1)) },
    ]),
  );
}

/** A grid over the first two numbers of the noise; the others are 0. */
function modelToGrid({ latent, generator }: GanModel): Float32Array | undefined {
  const width = latentWidth(latent);
  if (latent.noise < 2 || width !== latent.noise || generator.network.classes !== undefined) return undefined;
  const reach = latent.distribution === "normal" ? 2 : 1;
  const grid = new Float32Array(MANIFOLD_SIDE ** 2 * width);
  for (let i = 0; i < MANIFOLD_SIDE ** 2; i++) {
    grid[i * width] = reach * ((2 * (i % MANIFOLD_SIDE)) / (MANIFOLD_SIDE - 1) - 1);
    grid[i * width + 1] = reach * ((2 * Math.floor(i / MANIFOLD_SIDE)) / (MANIFOLD_SIDE - 1) - 1);
  }
  return grid;
}

function toPlaces(points: ArrayLike<number>, { low, high }: Bounds): Uint16Array {
  return Uint16Array.from(points, (value, i) => {
    const place = (value - low[i % 2]) / (high[i % 2] - low[i % 2]);
    return Number.isFinite(place) ? Math.round(LEVELS * Math.min(1, Math.max(0, place))) : 0;
  });
}

function boundsToCells({ low, high }: Bounds): Float32Array {
  const cells = new Float32Array(HEAT_SIDE ** 2 * 2);
  for (let i = 0; i < HEAT_SIDE ** 2; i++) {
    cells[2 * i] = low[0] + ((high[0] - low[0]) * ((i % HEAT_SIDE) + 0.5)) / HEAT_SIDE;
    cells[2 * i + 1] = low[1] + ((high[1] - low[1]) * (Math.floor(i / HEAT_SIDE) + 0.5)) / HEAT_SIDE;
  }
  return cells;
}

function logitsToHeat(logits: Float32Array, isProbability: boolean): Uint8Array {
  if (isProbability) return Uint8Array.from(logits, (logit) => Math.round(255 / (1 + Math.exp(-logit))));
  const low = logits.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return Uint8Array.from(logits, (logit) => Math.round((255 * (logit - low)) / (high - low || 1)));
}

/** From samples along the gradient of the logit, by central differences; the longest of a frame has a fixed length. */
async function samplesToArrows(
  samples: Float32Array,
  toLogits: Plane,
  { low, high }: Bounds,
): Promise<Float32Array> {
  const span = high[0] - low[0];
  const h = STEP * span;
  const n = samples.length / 2;
  const beside = new Float32Array(n * 8);
  for (let i = 0; i < n; i++)
    for (const [k, [dx, dy]] of [
      [h, 0],
      [-h, 0],
      [0, h],
      [0, -h],
    ].entries()) {
      beside[8 * i + 2 * k] = samples[2 * i] + dx;
      beside[8 * i + 2 * k + 1] = samples[2 * i + 1] + dy;
    }
  const logits = await toLogits(beside);
  const slopes = Float32Array.from({ length: 2 * n }, (_, i) => logits[2 * i] - logits[2 * i + 1]);
  let longest = 0;
  for (let i = 0; i < n; i++) longest = Math.max(longest, Math.hypot(slopes[2 * i], slopes[2 * i + 1]));
  const scale = (LONGEST * span) / (longest || 1);
  const arrows = new Float32Array(4 * n);
  for (let i = 0; i < n; i++)
    for (let axis = 0; axis < 2; axis++) {
      arrows[4 * i + axis] = samples[2 * i + axis];
      arrows[4 * i + 2 + axis] = samples[2 * i + axis] + scale * slopes[2 * i + axis];
    }
  return arrows;
}

type State = Readonly<Record<string, { readonly data: ArrayLike<number> }>>;

/** Undefined where the file is damaged or of other networks. */
async function readState(location: string, arrays: Arrays): Promise<State | undefined> {
  try {
    const { state } = await readCheckpoint(location);
    return Object.entries(arrays).every(([name, { data }]) => state[name]?.data.length === data.length)
      ? state
      : undefined;
  } catch (error) {
    if (isCode(error, "input.checkpoint")) return undefined;
    throw error;
  }
}

/** Programs of both networks over arrays that each checkpoint fills anew. */
async function openNetworks(engine: Engine, model: GanModel, seed: number, real: Float32Array) {
  const arrays = modelToBuffers(model);
  const prefix = model.emaDecay === undefined ? "generator/" : "generator/average/";
  const own = Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
  const sampler = await openSampler(engine, model.generator.network, own, POINTS);
  const latents = drawLatents(model.latent, POINTS, openRandomStream(seed, "preview"));
  const { classes } = model.generator.network;
  const labels =
    classes === undefined
      ? undefined
      : labelsToOneHot(
          Int32Array.from({ length: POINTS }, (_, i) => i % classes),
          classes,
        );
  const grid = modelToGrid(model);
  return {
    arrays,
    toLogits: await openLogits(engine, model, arrays, real),
    toSamples: () => sampler.sample(latents, labels),
    toManifold: async () => grid && sampler.sample(grid),
  };
}

/**
 * A frame a checkpoint that the run kept, at most 30, evenly. Undefined for runs on other data than points of a plane.
 * @throws GanEvalError `usage.*` for options that make no model
 */
export async function runToToyView(
  { description, checkpoints, folder }: RunRecord,
  data: OpenedData,
  signal?: AbortSignal,
): Promise<ToyView | undefined> {
  if (data.shape.length !== 1 || data.shape[0] !== 2) return undefined;
  const config = runToConfig(description, folder);
  const model = await optionsToModel(config, description.data);
  const bounds = pointsToBounds(data.heldOut(10 * POINTS).samples, 2);
  const real = data.heldOut(POINTS).samples;
  const cells = boundsToCells(bounds);
  const { isProbability } = lossOf(model);
  const engine = await openEngine({ engine: "auto", device: "auto", threads: 1 });
  try {
    const { arrays, toLogits, toSamples, toManifold } = await openNetworks(engine, model, config.seed, real);
    const frames: ToyFrame[] = [];
    const places = evenPlaces(checkpoints.length, MOST_FRAMES);
    for (const { round, location } of places.map((place) => checkpoints[place])) {
      signal?.throwIfAborted();
      const state = await readState(location, arrays);
      if (!state) continue;
      for (const [name, { data: buffer }] of Object.entries(arrays)) buffer.set(state[name].data);
      const samples = await toSamples();
      const manifold = await toManifold();
      const arrows = await samplesToArrows(samples.subarray(0, 2 * ARROWS), toLogits, bounds);
      frames.push({
        round,
        samples: toBase64(toPlaces(samples, bounds)),
        heat: toBase64(logitsToHeat(await toLogits(cells), isProbability)),
        arrows: toBase64(toPlaces(arrows, bounds)),
        ...(manifold && { manifold: toBase64(toPlaces(manifold, bounds)) }),
      });
    }
    return {
      ...bounds,
      real: toBase64(toPlaces(real, bounds)),
      heatSide: HEAT_SIDE,
      manifoldSide: MANIFOLD_SIDE,
      isProbability,
      skipped: places.length - frames.length,
      frames,
    };
  } finally {
    await engine.dispose();
  }
}
