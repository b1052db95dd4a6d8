/** What is known exactly of data of points, over the cells of a plane. */
import type { Bounds } from "../../drawing/points-to-image.ts";
import type { OpenedData } from "../../train/data/opened-data.ts";
import type { GanModel } from "../../train/gan-model.ts";
import { LATTICE_POINTS } from "../latent-lattice.ts";
import { sharesToJensenShannon, sharesToKullbackLeibler, withOutside } from "./divergences.ts";
import { sharesToFloors } from "./floors.ts";
import { kernelsToMasses } from "./kernel-masses.ts";
import { sharesToOptimalLoss, sharesToOptimum } from "./optimum.ts";

/** A value, and what 99 of 100 perfect generators read at most with as many samples. */
export interface ExactReading {
  readonly value: number;
  readonly floor: number;
}

/** `shares` are a generator's by cell, as `Plane.density` gives them. */
export interface Exact {
  /** The data's mass by cell. */
  readonly masses: Float64Array;
  /** KL(q||p) and the Jensen-Shannon divergence, in nats; what lies outside is one more cell. */
  divergences(shares: ArrayLike<number>): { readonly kl: ExactReading; readonly js: ExactReading };
  /** D* for this generator on the scale of the logits, by cell; undefined where it is not known. */
  optimum(model: GanModel, shares: ArrayLike<number>): Float32Array | undefined;
  /** The discriminator's loss at D*, 2 ln 2 - 2 JSD for cross-entropy; undefined where it is not known. */
  optimalLoss(model: GanModel, shares: ArrayLike<number>): number | undefined;
}

/** Undefined for data of unknown density. The floors are drawn when they are first asked for: some 100 ms. */
export function openExact(data: OpenedData, bounds: Bounds, side: number): Exact | undefined {
  if (data.kernels === undefined) return undefined;
  const masses = kernelsToMasses(data.kernels(), bounds, side);
  const p = withOutside(masses);
  let floors: ReturnType<typeof sharesToFloors> | undefined;
  return {
    masses,
    divergences(shares) {
      floors ??= sharesToFloors(p, LATTICE_POINTS);
      const q = withOutside(shares);
      return {
        kl: { value: sharesToKullbackLeibler(p, q, LATTICE_POINTS), floor: floors.kl.reach },
        js: { value: sharesToJensenShannon(p, q), floor: floors.js.reach },
      };
    },
    optimum: (model, shares) => sharesToOptimum(model, masses, shares),
    optimalLoss: (model, shares) => sharesToOptimalLoss(model, p, withOutside(shares)),
  };
}
