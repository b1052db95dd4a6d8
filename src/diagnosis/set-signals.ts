/** What two sets of samples say, held against real ones. */
import type { FloorRecord, IntervalRecord } from "../evaluate/result.ts";
import { featuresToBins, rowsToBinCount, sharesToCoverage } from "../math/clusters/reference-bins.ts";
import { type Features, selectRows } from "../math/features/statistics.ts";
import { createRandomState } from "../math/random/random-state.ts";
import { openNearestRatio, openViewComparison } from "../math/variety/compare-views.ts";
import { imagesToViews } from "../math/variety/image-views.ts";
import { featuresToSpread } from "../math/variety/sample-spread.ts";
import { openRealDistance } from "../math/variety/sample-variety.ts";
import type { Sides } from "../metrics/metric.ts";
import type { MetricId } from "../metrics/table.ts";

/** What is measured for a diagnosis of sets; with held-out samples the last one too. */
export const SET_METRICS = ["pr", "dc", "1nn", "authpct"] as const satisfies readonly MetricId[];
export const HELD_OUT_METRICS = ["nn-ratio"] as const satisfies readonly MetricId[];

/** A value with real against real beside it. */
export interface Measured {
  readonly value: number;
  readonly floor?: number;
  readonly interval?: readonly [number, number];
}

export interface SetSignals {
  readonly real: number;
  readonly fake: number;
  /** Mean distance of two fake samples over that of two real ones. */
  readonly spread: number;
  /** Median distance of a fake sample to its nearest other, over that of as many real ones; undefined where that is 0. */
  readonly nearest?: number;
  /** Of images, the largest of that in the features and in two views of their pixels (image-views.ts). */
  readonly repeated?: number;
  /** How far samples are from real ones (`openRealDistance`), the largest of that in the features and in the views. */
  readonly realDistance: number;
  /** Share of the real samples in bins that the fake ones leave out. */
  readonly missing: Measured;
  /** The same in finer bins, where there are few samples: in wide ones, one class looks like two. */
  readonly unreached: number;
  /** Share of the real samples in whose neighbourhood (dc) no fake one is, of those that real ones reach; 0 if unknown. */
  readonly uncovered: number;
  /** By the names of results: `precision`, `recall`, `coverage`, ... */
  readonly scores: ReadonlyMap<string, Measured>;
}

/**
 * How much better samples are told from real ones, by their nearest others (1nn), than what they leave out explains: of samples
 * that are as good as real ones and leave out a share m of the data, a share 1 / (2 - m) has a generated one as its nearest.
 * Undefined where that was not measured.
 */
export function setsToUnexplained(
  { scores }: Pick<SetSignals, "scores">,
  leftOut: number,
): number | undefined {
  const accuracy = scores.get("nearest_neighbour_accuracy_fake")?.value;
  return accuracy === undefined ? undefined : accuracy - 1 / (2 - leftOut);
}

interface SetScores {
  readonly metrics: Readonly<Record<string, number>>;
  readonly floors?: Readonly<Record<string, Pick<FloorRecord, "value">>>;
  readonly intervals?: Readonly<Record<string, Pick<IntervalRecord, "low" | "high">>>;
}

/** Half of the rows by seed, and the other half. */
function halve(features: Features, seed: number): [Features, Features] {
  const order = createRandomState(seed).permutation(features.rows);
  const first = new Set(order.subarray(0, features.rows >> 1));
  return [selectRows(features, (row) => first.has(row)), selectRows(features, (row) => !first.has(row))];
}

function toUncovered({ metrics, floors = {} }: SetScores): number {
  const [coverage, floor] = [metrics.coverage, floors.coverage?.value];
  return coverage !== undefined && floor !== undefined && floor > 0 ? Math.max(0, 1 - coverage / floor) : 0;
}

/** Undefined where a side has no images. Decoded ones have three channels. */
async function sidesToViewComparison(
  { real, fake }: Sides,
  options: { readonly seed: number; readonly threads?: number },
) {
  if (!real?.images || !fake.images) return undefined;
  const compare = await openViewComparison(imagesToViews(real.images, 3), options);
  return compare(imagesToViews(fake.images, 3));
}

/** Bins that few samples are counted in are this much finer: 4 samples in each, of which chance leaves one in 55 empty. */
const FINER = 5;

async function toMissing(
  real: Features,
  fake: Features,
  { seed, threads, finer = 1 }: { readonly seed: number; readonly threads?: number; readonly finer?: number },
): Promise<number> {
  const samples = finer * fake.rows;
  const bins = await featuresToBins(real, { samples, seed, ...(threads && { threads }) });
  return sharesToCoverage(bins.shares, await bins.toShares(fake)).missing;
}

/**
 * @param sides with features; held-out ones take the fake side's place in the floor of what is missing
 * @param scores of `SET_METRICS` on them
 */
export async function sidesToSetSignals(
  { real, fake, heldOut }: Sides,
  { metrics, floors = {}, intervals = {} }: SetScores,
  { seed, threads }: { readonly seed: number; readonly threads?: number },
): Promise<SetSignals> {
  const [ofReal, ofFake] = [real!.features!, fake.features!];
  const [reference, other] = heldOut?.features ? [ofReal, heldOut.features] : halve(ofReal, seed);
  const count = Math.min(ofReal.rows, ofFake.rows);
  const threading = threads === undefined ? {} : { threads };
  const whole = { seed, ...threading };
  const nearest = await openNearestRatio(ofReal, whole)(ofFake);
  const views = await sidesToViewComparison({ real, fake }, whole);
  const toRealDistance = await openRealDistance(ofReal, whole);
  const missing = await toMissing(ofReal, ofFake, whole);
  const isCoarse = rowsToBinCount(count) < rowsToBinCount(Math.min(ofReal.rows, FINER * ofFake.rows));
  return {
    real: ofReal.rows,
    fake: ofFake.rows,
    spread: featuresToSpread(ofFake, seed) / featuresToSpread(ofReal, seed),
    ...(nearest !== undefined && { nearest }),
    ...(views && { repeated: Math.max(nearest ?? 1, views.nearest) }),
    realDistance: Math.max(await toRealDistance(ofFake), ...Object.values(views?.distance ?? {})),
    missing: {
      value: missing,
      floor: await toMissing(reference, other, whole),
    },
    unreached: isCoarse ? await toMissing(ofReal, ofFake, { ...whole, finer: FINER }) : missing,
    uncovered: toUncovered({ metrics, floors }),
    scores: new Map(
      Object.entries(metrics).map(([name, value]) => [
        name,
        {
          value,
          ...(floors[name] && { floor: floors[name].value }),
          ...(intervals[name] && { interval: [intervals[name].low, intervals[name].high] as const }),
        },
      ]),
    ),
  };
}
