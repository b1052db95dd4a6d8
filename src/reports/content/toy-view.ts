/** What both networks of a run on points of a plane do to it, checkpoint by checkpoint: for a page to show as a film. */

import type { Bounds } from "../../drawing/points-to-image.ts";
import { evenPlaces } from "../../drawing/thin-points.ts";
import type { ArrayValue, Engine } from "../../engine/engine.ts";
import { openEngine } from "../../engine/index.ts";
import { isCode } from "../../errors.ts";
import { logitsToMiddle, toRoundReach } from "../../plane/drawing/plane-drawing.js";
import { openPlane, type Plane, type PlaneLook } from "../../plane/open-plane.ts";
import { runToConfig } from "../../run-folder/read-config.ts";
import type { RunRecord } from "../../run-folder/read-run.ts";
import { readCheckpoint } from "../../train/checkpoint.ts";
import type { OpenedData } from "../../train/data/opened-data.ts";
import { type GanModel, lossOf } from "../../train/gan-model.ts";
import { optionsToModel } from "../../train/model.ts";
import type { Specs } from "../../train/networks/layer-row.ts";
import { under, within } from "../../train/networks/names.ts";

/**
 * Places are 16-bit numbers, x and y in turn: 0 to 65,535 over three times the plane, which lies in the middle; what lies
 * farther is at the ends. All arrays little-endian in base64.
 */
export interface ToyFrame {
  readonly round: number;
  /** Places. */
  readonly samples: string;
  /** The discriminator's output by cell, row by row from the lowest: 16-bit, in steps of `heatStep`. */
  readonly heat: string;
  /** The output that prefers neither side. */
  readonly middle: number;
  /** Where a square grid of latents goes, places row by row; none of generators that read labels or codes. */
  readonly manifold?: string;
  /** Minus the gradient of the generator's loss by each of the first samples, 32-bit. */
  readonly pushes: string;
}

export interface ToyView {
  /** Corners of the plane. */
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly real: string;
  readonly heatSide: number;
  readonly manifoldSide: number;
  /** Whether the sigmoid of the heat is a probability. */
  readonly isProbability: boolean;
  /** What one step of the heat is. */
  readonly heatStep: number;
  /** The ends of the heat's colours, from the middle, for all frames; not read where it is a probability. */
  readonly reach: number;
  /** Checkpoints that could not be read. */
  readonly skipped: number;
  readonly frames: readonly ToyFrame[];
}

const MOST_FRAMES = 30;
const ARROWS = 64;
/** What a film shows of a plane: less than a page that draws while it trains. */
export const FILM_SIZES = { samples: 300, heatSide: 40, manifoldSide: 16 } as const;
const LEVELS = 65_535;
/** Steps of a heat: probabilities from 128 logits to either side; else to four times the ends of the colours. */
const PROBABILITY_STEP = 1 / 256;
const MOST_STEPS = 32_767;
const BEYOND = 4;
/** Share of the cells whose output the colours reach. */
const COLOURED = 0.98;

const toBase64 = (array: Uint16Array | Int16Array | Float32Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");

function toPlaces(points: ArrayLike<number>, { low, high }: Bounds): Uint16Array {
  return Uint16Array.from(points, (value, i) => {
    const place = ((value - low[i % 2]) / (high[i % 2] - low[i % 2]) + 1) / 3;
    return Number.isFinite(place) ? Math.round(LEVELS * Math.min(1, Math.max(0, place))) : 0;
  });
}

const toSteps = (logits: Float32Array, step: number): Int16Array =>
  Int16Array.from(logits, (logit) => Math.max(-MOST_STEPS, Math.min(MOST_STEPS, Math.round(logit / step))));

type Arrays = Record<string, ArrayValue>;

const specsToBuffers = (prefix: string, { weights, buffers }: { weights: Specs; buffers: Specs }): Arrays =>
  Object.fromEntries(
    Object.entries({ ...under(`${prefix}/weights`, weights), ...under(`${prefix}/buffers`, buffers) }).map(
      ([name, { shape }]) => [
        name,
        { shape, data: new Float32Array(shape.reduce((product, side) => product * side, 1)) },
      ],
    ),
  );

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

/** A plane whose networks' arrays each checkpoint fills anew. */
async function openFilm(engine: Engine, model: GanModel, data: OpenedData, seed: number) {
  const average = model.emaDecay === undefined ? "generator" : "generator/average";
  const generator = specsToBuffers(average, model.generator.network);
  const discriminator = specsToBuffers("discriminator", model.discriminator.network);
  const arrays = {
    generator: within(generator, average),
    discriminator: within(discriminator, "discriminator"),
  };
  const plane = await openPlane({ engine, model, data, arrays, seed, ...FILM_SIZES });
  const buffers = { ...generator, ...discriminator };
  /** Undefined where the checkpoint cannot be read. */
  const look = async (location: string): Promise<PlaneLook | undefined> => {
    const state = await readState(location, buffers);
    if (!state) return undefined;
    for (const [name, { data: buffer }] of Object.entries(buffers)) buffer.set(state[name].data as never);
    return plane.look();
  };
  return { plane, look };
}

interface Shot extends PlaneLook {
  readonly round: number;
  readonly middle: number;
}

/** The end of one scale for all shots: of the outputs' distances from the middle the 98th percentile, rounded up. */
function shotsToReach(shots: readonly Shot[]): number {
  const distances = shots
    .flatMap(({ heat, middle }) => Array.from(heat, (logit) => Math.abs(logit - middle)))
    .sort((a, b) => a - b);
  return toRoundReach(distances[Math.floor(COLOURED * (distances.length - 1))] ?? 0);
}

function shotsToView(shots: readonly Shot[], plane: Plane, isProbability: boolean, skipped: number): ToyView {
  const { bounds, real, heatSide, manifoldSide } = plane;
  const reach = isProbability ? 1 : shotsToReach(shots);
  const farthest = shots.reduce((most, { middle }) => Math.max(most, Math.abs(middle)), 0) + BEYOND * reach;
  const heatStep = isProbability ? PROBABILITY_STEP : farthest / MOST_STEPS;
  const frames = shots.map(
    ({ round, middle, samples, heat, manifold, pushes }): ToyFrame => ({
      round,
      middle,
      samples: toBase64(toPlaces(samples, bounds)),
      heat: toBase64(toSteps(heat, heatStep)),
      pushes: toBase64(pushes.slice(0, 2 * ARROWS)),
      ...(manifold.length > 0 && { manifold: toBase64(toPlaces(manifold, bounds)) }),
    }),
  );
  return {
    ...bounds,
    real: toBase64(toPlaces(real, bounds)),
    heatSide,
    manifoldSide,
    isProbability,
    heatStep,
    reach,
    skipped,
    frames,
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
  const engine = await openEngine({ engine: "auto", device: "auto", threads: 1 });
  try {
    const { plane, look } = await openFilm(engine, model, data, config.seed);
    const shots: Shot[] = [];
    const places = evenPlaces(checkpoints.length, MOST_FRAMES);
    for (const { round, location } of places.map((place) => checkpoints[place])) {
      signal?.throwIfAborted();
      const shown = await look(location);
      if (!shown) continue;
      const middle = logitsToMiddle(model.loss, shown.realLogits, shown.fakeLogits);
      shots.push({ ...shown, round, middle });
    }
    return shotsToView(shots, plane, lossOf(model).isProbability, places.length - shots.length);
  } finally {
    await engine.dispose();
  }
}
