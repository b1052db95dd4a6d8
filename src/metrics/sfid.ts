/** sFID: the Frechet distance of spatial Inception features. */
import { GanEvalError } from "../errors.ts";
import {
  blockPairsToFrechetDistances,
  blocksToFrechetDistances,
  type FrechetOptions,
  sidesToFrechetDistance,
} from "./fid.ts";
import { metric, type SideData, type Sides } from "./metric.ts";

/** The definition has no choice of these: the covariances are NumPy's. */
const toOptions = (threads: number | undefined): FrechetOptions => ({
  ddof: 1,
  ...(threads !== undefined && { threads }),
});

function toSpatial({ real, fake }: Sides) {
  const of = (side: SideData | undefined, name: string) => {
    if (side?.spatial) return side.spatial;
    throw new GanEvalError("internal.spatial", `internal: no spatial features of the ${name} side`);
  };
  return { real: of(real, "real"), fake: of(fake, "fake") };
}

/**
 * sFID: the Fréchet distance of spatial features, the first 7 channels of the layer mixed_6/conv of Inception on its
 * 17 x 17 grid, [n, 2023] in the order rows, columns, channels. Where things are in an image shows in them, which the
 * pooled features of FID average out. Formula, errors and accuracy are `momentsToFrechet`'s.
 */
export const row = metric({
  id: "sfid",
  label: "Spatial Fréchet distance (sFID)",
  unit: "squared feature units",
  direction: "lower",
  needs: { real: ["spatial"], fake: ["spatial"] },
  source: {
    paper: "Nash et al. 2021, Generating Images with Sparse Representations (arXiv 2103.03841)",
    library: "guided-diffusion evaluations/evaluator.py",
  },
  defaults: {},
  least: () => ({ real: 2, fake: 2 }),
  keys: { distance: "spatial_frechet_{extractor}_distance" },
  names: { distance: "Spatial Frechet {Extractor} distance" },
  range: [0, Number.POSITIVE_INFINITY],
  hasFloor: true,
  hasFloorRatio: true,
  floorOrder: { distance: 1 },
  measure: (sides, _, { threads }) => {
    const { real, fake } = toSpatial(sides);
    return { distance: sidesToFrechetDistance(real, fake, toOptions(threads)).distance };
  },
  leaveOut: (sides, blocks, _, context) =>
    blocksToFrechetDistances(toSpatial(sides), sides[blocks.role]!.spatialFeatures!, blocks, {
      ...context,
      ...toOptions(context.threads),
    }).map((distance) => ({ distance })),
  leaveOutPairs: (sides, [first, second], pairs, _, context) =>
    blockPairsToFrechetDistances(
      toSpatial(sides),
      [
        { rows: sides[first.role]!.spatialFeatures!, blocks: first },
        { rows: sides[second.role]!.spatialFeatures!, blocks: second },
      ],
      pairs,
      { ...context, ...toOptions(context.threads) },
    ).map((distance) => ({ distance })),
});
