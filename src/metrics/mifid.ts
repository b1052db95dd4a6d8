/** The memorization-informed Frechet distance (MiFID). */

import { GanEvalError } from "../errors.ts";
import type { ComputeContext } from "../math/compute-context.ts";
import { checkSides } from "../math/features/check-features.ts";
import { FLOAT_TILE, openFloatProducts } from "../math/features/float-products.ts";
import { type Features, selectRows } from "../math/features/statistics.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import { toIsLeftOut } from "../math/intervals/jackknife.ts";
import { meanOf } from "../math/mean.ts";
import { memoPair } from "../math/memo-pair.ts";
import type { Role } from "../math/role.ts";
import { checkLeast } from "./check-parameters.ts";
import {
  blockPairsToFrechetDistances,
  blocksToFrechetDistances,
  featuresToFrechet,
  sidesToFrechetDistance,
} from "./fid.ts";
import { type MetricContext, metric, type Sides } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = parametersToDefaults(PARAMETER_ROWS.mifid);

type MifidParameters = typeof DEFAULTS;

/** At or below this Fréchet distance the score is 0. */
const LEAST_FRECHET = 1e-8;
/** Added to the divisor. */
const LEAST_DIVISOR = 1e-14;

/** Rows that are not all zero, and where they were. Zero has no direction: Kaggle's rule drops such rows. */
interface Directed {
  readonly rows: Features;
  readonly places: Int32Array;
}

function toDirected(features: Features, role: Role): Directed {
  const { data, rows, width } = features;
  const places = Int32Array.from(Array(rows).keys()).filter((r) =>
    data.subarray(r * width, (r + 1) * width).some((value) => value !== 0),
  );
  checkLeast(
    places.length,
    1,
    `that are not all zero on the ${role} side`,
    "Look at the images and at the network.",
  );
  if (places.length === rows) return { rows: features, places };
  const kept = new Set(places);
  return { rows: selectRows(features, (row) => kept.has(row)), places };
}

/** Rows scaled to length 1. */
function toUnitRows({ data, rows, width }: Features): Features {
  const unit = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    let squared = 0;
    for (let at = r * width; at < (r + 1) * width; at++) squared += data[at]! ** 2;
    const factor = 1 / Math.sqrt(squared);
    for (let at = r * width; at < (r + 1) * width; at++) unit[at] = data[at]! * factor;
  }
  return { data: unit, rows, width };
}

/** 1 - |cos| of two rows, in float64. */
function cosineDistance(a: Features, i: number, b: Features, j: number): number {
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let k = 0; k < a.width; k++) {
    const x = a.data[i * a.width + k]!;
    const y = b.data[j * b.width + k]!;
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return Math.max(0, 1 - Math.abs(product) / Math.sqrt(squaresA * squaresB));
}

/**
 * The cosine distance 1 - |cos| of each fake row to the nearest real row of each part: [parts] of [m], Infinity where a
 * part has none. The nearest row is found in float32 and its distance computed in float64: off by a few 1e-7 at most, where
 * two are about as near.
 *
 * @param partOf the part of a real row
 */
async function toNearest(
  real: Features,
  fake: Features,
  parts: number,
  partOf: (row: number) => number,
  { threads, signal, progress }: ComputeContext,
): Promise<Float64Array[]> {
  const m = fake.rows;
  const largest = Array.from({ length: parts }, () => new Float32Array(m).fill(-1));
  const places = Array.from({ length: parts }, () => new Int32Array(m).fill(-1));
  const ofRow = Int32Array.from({ length: real.rows }, (_, row) => partOf(row));
  const [unitReal, unitFake] = [toUnitRows(real), toUnitRows(fake)];
  const products = await openFloatProducts({ width: real.width, ...(threads && { threads }) });
  try {
    for (let j = 0; j < m; j += FLOAT_TILE) {
      signal?.throwIfAborted();
      const fakes = Math.min(FLOAT_TILE, m - j);
      for (let i = 0; i < real.rows; i += FLOAT_TILE) {
        const reals = Math.min(FLOAT_TILE, real.rows - i);
        const tile = await products.product(unitFake, j, fakes, unitReal, i, reals);
        for (let f = 0; f < fakes; f++)
          for (let r = 0; r < reals; r++) {
            const cosine = Math.abs(tile[f * reals + r]!);
            const part = ofRow[i + r]!;
            if (cosine > largest[part]![j + f]!) {
              largest[part]![j + f] = cosine;
              places[part]![j + f] = i + r;
            }
          }
      }
      progress?.(j + fakes, m);
    }
  } finally {
    await products.close();
  }
  return places.map((ofPart) =>
    Float64Array.from(ofPart, (place, j) =>
      place < 0 ? Number.POSITIVE_INFINITY : cosineDistance(fake, j, real, place),
    ),
  );
}

export interface MemorizationInformedFrechet {
  /** The Fréchet distance over the memorization distance, if this is below the threshold; else the Fréchet distance. */
  readonly mifid: number;
  /** The mean over fakes of 1 - |cos| to the nearest real row, whatever the threshold. */
  readonly distance: number;
}

/** FID / (D + 1e-14), D the distance below the threshold, else 1; 0 where FID <= 1e-8. */
export const distancesToMifid = (
  frechet: number,
  distance: number,
  threshold = DEFAULTS.threshold,
): number =>
  frechet <= LEAST_FRECHET ? 0 : frechet / ((distance < threshold ? distance : 1) + LEAST_DIVISOR);

const toResult = (
  frechet: number,
  distance: number,
  { threshold }: MifidParameters,
): MemorizationInformedFrechet => ({ mifid: distancesToMifid(frechet, distance, threshold), distance });

function checkAll(real: Features, fake: Features, { threshold }: MifidParameters): void {
  if (!(threshold > 0 && threshold <= 1))
    throw new GanEvalError(
      "usage.mifid-threshold",
      `expected a number above 0 and at most 1 for --mifid-threshold, got ${threshold}`,
      { hint: "The usual value is --mifid-threshold 0.1." },
    );
  checkSides(real, fake);
}

async function sidesToDistances(
  real: Features,
  fake: Features,
  parameters: MifidParameters,
  context: ComputeContext,
): Promise<{ readonly distances: Float64Array; readonly places: Int32Array }> {
  checkAll(real, fake, parameters);
  const made = toDirected(fake, "fake");
  const [distances] = await toNearest(toDirected(real, "real").rows, made.rows, 1, () => 0, context);
  return { distances: distances!, places: made.places };
}

/**
 * Memorization-informed Fréchet distance of features [n, d] and [m, d]: FID / (D + 1e-14), D the mean over fakes of
 * min_j (1 - |cos(fake_i, real_j)|) where that is below `threshold`, else 1; 0 where FID <= 1e-8. Rows of zeros are left
 * out of D. A generator that copies the real images has a small D and pays for it. Agrees with Kaggle's rule to 1e-6
 * relative; torchmetrics takes the mean over the real rows of the nearest fake one instead.
 *
 * @throws GanEvalError `usage.mifid-threshold`, `input.too-few-samples`, `input.feature-width`,
 *   `input.features-not-finite`
 */
export async function featuresToMifid(
  real: Features,
  fake: Features,
  options: Partial<MifidParameters> & ComputeContext = {},
): Promise<MemorizationInformedFrechet> {
  const parameters = { ...DEFAULTS, ...options };
  const { distances } = await sidesToDistances(real, fake, parameters, options);
  return toResult(featuresToFrechet(real, fake, options).distance, meanOf(distances), parameters);
}

const distancesOnce = ({ real, fake }: Sides, parameters: MifidParameters, context: MetricContext) =>
  memoPair(context, real!.features!, fake.features!, `mifid ${parameters.threshold}`, () =>
    sidesToDistances(real!.features!, fake.features!, parameters, context),
  );

/** Of each fake row the distances to the nearest real row of each block, and where fake rows were. */
async function distancesToBlocks(sides: Sides, { count, ofRow }: Blocks, context: MetricContext) {
  const real = toDirected(sides.real!.features!, "real");
  const fake = toDirected(sides.fake.features!, "fake");
  const partOf = (row: number): number => ofRow[real.places[row]!]!;
  return {
    parts: await toNearest(real.rows, fake.rows, count, partOf, context),
    places: fake.places,
  };
}

/** Memorization distances without block `left[i]` of `blocks[i]`, for each `left` of `out`. */
async function distancesWithoutBlocks(
  sides: Sides,
  blocks: readonly Blocks[],
  out: readonly (readonly number[])[],
  parameters: MifidParameters,
  context: MetricContext,
): Promise<number[]> {
  const ofReal = blocks.find(({ role }) => role === "real");
  const { parts, places } = ofReal
    ? await memoPair(context, ofReal, sides.fake.features!, "mifid of blocks", () =>
        distancesToBlocks(sides, ofReal, context),
      )
    : await distancesOnce(sides, parameters, context).then(({ distances, places }) => ({
        parts: [distances],
        places,
      }));
  return out.map((left) => {
    const rest = parts.filter((_, part) => !left.some((at, i) => at === part && blocks[i]!.role === "real"));
    const isLeftOut = toIsLeftOut("fake", blocks, left);
    const least = rest.reduce((a, b) => a.map((value, i) => Math.min(value, b[i]!)));
    return meanOf(least.filter((_, i) => !isLeftOut(places[i]!)));
  });
}

const toStatistics = ({ real, fake }: Sides) => ({ real: real!.statistics!, fake: fake.statistics! });

async function leaveOut(sides: Sides, blocks: Blocks, parameters: MifidParameters, context: MetricContext) {
  const out = Array.from({ length: blocks.count }, (_, block) => [block]);
  const distances = await distancesWithoutBlocks(sides, [blocks], out, parameters, context);
  const frechet = blocksToFrechetDistances(
    toStatistics(sides),
    sides[blocks.role]!.features!,
    blocks,
    context,
  );
  return frechet.map((value, block) => toResult(value, distances[block]!, parameters));
}

async function leaveOutPairs(
  sides: Sides,
  blocks: readonly [Blocks, Blocks],
  pairs: readonly (readonly [number, number])[],
  parameters: MifidParameters,
  context: MetricContext,
) {
  const distances = await distancesWithoutBlocks(sides, blocks, pairs, parameters, context);
  const toBlocked = (of: Blocks) => ({ rows: sides[of.role]!.features!, blocks: of });
  const frechet = blockPairsToFrechetDistances(
    toStatistics(sides),
    [toBlocked(blocks[0]), toBlocked(blocks[1])],
    pairs,
    context,
  );
  return frechet.map((value, i) => toResult(value, distances[i]!, parameters));
}

export const row = metric({
  id: "mifid",
  label: "Memorization-informed Fréchet distance (MIFID)",
  unit: "squared feature units",
  units: { distance: "cosine distance" },
  direction: "lower",
  directions: { distance: "higher" },
  needs: { real: ["statistics", "features"], fake: ["statistics", "features"] },
  againstTrained: true,
  source: {
    paper: "Bai et al. 2021, On Training Sample Memorization (arXiv 2106.03062)",
    library: "Kaggle Generative Dog Images; torchmetrics mifid.py, with the sides exchanged in the distance",
  },
  defaults: DEFAULTS,
  least: () => ({ real: 2, fake: 2 }),
  keys: {
    mifid: "memorization_informed_frechet_{extractor}_distance",
    distance: "memorization_distance",
  },
  names: { mifid: "Memorization-informed {Extractor} distance", distance: "Memorization distance" },
  range: [0, Number.POSITIVE_INFINITY],
  hasFloor: true,
  measure: async (sides, parameters, context) => {
    const { distances } = await distancesOnce(sides, parameters, context);
    const { distance } = sidesToFrechetDistance(sides.real!.statistics!, sides.fake.statistics!, context);
    return { ...toResult(distance, meanOf(distances), parameters) };
  },
  leaveOut,
  leaveOutPairs,
});
