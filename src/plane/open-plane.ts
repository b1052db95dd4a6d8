/** What both networks do to the plane of their data, or to its line, at the weights as they are. */
import { type Bounds, pointsToBounds } from "../drawing/points-to-image.ts";
import type { Engine } from "../engine/engine.ts";
import { GanEvalError } from "../errors.ts";
import type { OpenedData } from "../train/data/opened-data.ts";
import { type GanModel, packingOf } from "../train/gan-model.ts";
import { labelsToOneHot } from "../train/labels.ts";
import { drawLatents } from "../train/latent.ts";
import { openRandomStream } from "../train/random.ts";
import { openSampler, type Sampler } from "../train/sampler.ts";
import { boundsToCells, latticeToShares, pointsToShares } from "./cells.ts";
import {
  LATTICE_POINTS,
  type Lattice,
  modelToAxes,
  modelToLattice,
  modelToManifoldGrid,
} from "./latent-lattice.ts";
import { openLookProgram, type PlaneArrays } from "./look-program.ts";

export type { PlaneArrays } from "./look-program.ts";

/** All row-major, in the data's units; d is 1 or 2. */
export interface PlaneLook {
  /** `[n, d]`, of the same latents at every look. */
  readonly samples: Float32Array;
  /**
   * `[n, d]`: -dL_G/dx of each sample's own term of the generator's adversarial loss, the batch's size taken out; of
   * losses that couple samples the exact gradient times n. Before the learning rate.
   */
  readonly pushes: Float32Array;
  /** `[n]`; of a discriminator of packs each is its pack's. */
  readonly fakeLogits: Float32Array;
  readonly realLogits: Float32Array;
  /** Logits by cell, row by row from the lowest, `[heatSide, heatSide]`; on a line `[heatSide]`. */
  readonly heat: Float32Array;
  /** Where the grid of latents goes, `[manifoldSide^2, d]`; of latents of one number `[manifoldSide, d]`; else empty. */
  readonly manifold: Float32Array;
}

export interface Plane {
  /** 1.25 times the data's range, the same along both axes. */
  readonly bounds: Bounds;
  /** Held-out samples, as many as generated ones are shown: `[n, d]`. */
  readonly real: Float32Array;
  readonly heatSide: number;
  /** 0 where no grid goes over the latents: those with codes or classes. */
  readonly manifoldSide: number;
  /** One run of one program: 2 ms on one thread for networks of 2 x 128 units (12 ms where packs of two are judged). */
  look(): Promise<PlaneLook>;
  /**
   * Share of the generated samples by cell of the heat: of a lattice of 128 x 128 latents of two numbers, or of 16,384
   * quantiles of one, which have no sampling noise; else of 16,384 fixed samples. What lies outside is 1 minus the sum.
   */
  density(): Promise<Float32Array>;
  /** n fresh samples `[n, d]` of a seed. */
  sample(n: number, seed: number): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface PlaneRequest {
  readonly engine: Engine;
  readonly model: GanModel;
  readonly data: OpenedData;
  /** Read where they lie at each call: a trainer's (`arraysOf`) move on with training. */
  readonly arrays: PlaneArrays;
  /** Of the latents shown. */
  readonly seed: number;
  /** Samples shown (default 200). */
  readonly samples?: number;
  /** Cells along each axis (default 60). */
  readonly heatSide?: number;
  /** Latents along each axis of the grid (default 21). */
  readonly manifoldSide?: number;
}

/** On either side, as a share of the range: 1.25 times the range together. */
const ROOM = 0.125;
/** Held-out samples whose range counts. */
const RANGE_SAMPLES = 3000;
const SAMPLER_BATCH = 4096;

/** The corners of the plane for data of one or two numbers: the same at every call. */
export const dataToBounds = (data: OpenedData): Bounds =>
  pointsToBounds(data.heldOut(RANGE_SAMPLES).samples, data.shape[0], ROOM);

function requirePoints({ shape, label }: OpenedData): void {
  if (shape.length === 1 && (shape[0] === 1 || shape[0] === 2)) return;
  throw new GanEvalError(
    "usage.points",
    `expected data of 1 or 2 numbers for a plane, got ${label} of shape [${shape}]`,
  );
}

/** A generator on any latents, compiled when it is first asked for. */
function openLateSampler(engine: Engine, model: GanModel, arrays: PlaneArrays) {
  let opened: Promise<Sampler> | undefined;
  const { network } = model.generator;
  return {
    async sample(latents: Float32Array): Promise<Float32Array> {
      opened ??= openSampler(engine, network, arrays.generator, SAMPLER_BATCH);
      const { classes } = network;
      const n = latents.length / network.input[0];
      const labels =
        classes &&
        labelsToOneHot(
          Int32Array.from({ length: n }, (_, i) => i % classes),
          classes,
        );
      return (await opened).sample(latents, labels || undefined);
    },
    async dispose() {
      await (await opened)?.dispose();
    },
  };
}

/**
 * Compiles what shows a model of points. @throws GanEvalError `usage.points` for data of other than 1 or 2 numbers
 */
export async function openPlane(request: PlaneRequest): Promise<Plane> {
  const { engine, model, data, arrays, seed, samples: n = 200, heatSide = 60 } = request;
  requirePoints(data);
  const d = data.shape[0];
  const packing = packingOf(model);
  // Packs are whole: a few more are judged than shown.
  const judged = packing * Math.ceil(n / packing);
  const bounds = dataToBounds(data);
  const manifoldSide = modelToAxes(model) === 0 ? 0 : (request.manifoldSide ?? 21);
  const { samples: real, labels: realLabels } = data.heldOut(judged);
  const program = await openLookProgram(engine, model, arrays, {
    latents: drawLatents(model.latent, judged, openRandomStream(seed, "preview")),
    grid: modelToManifoldGrid(model, manifoldSide),
    real,
    ...(realLabels && { realLabels }),
    cells: boundsToCells(bounds, heatSide),
  });
  const sampler = openLateSampler(engine, model, arrays);
  let lattice: Lattice | undefined;
  const toEach = (logits: Float32Array): Float32Array =>
    Float32Array.from({ length: n }, (_, i) => logits[Math.floor(i / packing)]);
  return {
    bounds,
    real: real.subarray(0, n * d),
    heatSide,
    manifoldSide,
    async look() {
      const { samples, pushes, fake, real, heat, manifold } = await program.run();
      return {
        samples: samples.subarray(0, n * d),
        pushes: pushes.subarray(0, n * d),
        fakeLogits: toEach(fake),
        realLogits: toEach(real),
        heat,
        manifold: manifoldSide === 0 ? new Float32Array(0) : manifold,
      };
    },
    async density() {
      lattice ??= modelToLattice(model) ?? {
        latents: drawLatents(model.latent, LATTICE_POINTS, openRandomStream(0, "evaluation")),
      };
      const { latents, masses } = lattice;
      const images = await sampler.sample(latents);
      return masses
        ? latticeToShares(images, masses, bounds, heatSide)
        : pointsToShares(images, bounds, heatSide);
    },
    sample: (count, of) =>
      sampler.sample(drawLatents(model.latent, count, openRandomStream(of, "evaluation"))),
    async dispose() {
      await program.dispose();
      await sampler.dispose();
    },
  };
}
