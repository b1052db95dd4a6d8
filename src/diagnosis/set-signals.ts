/** What two sets of samples say, held against real ones. */
import type { FloorRecord, IntervalRecord } from "../evaluate/result.ts";
import { featuresToBins, rowsToBinCount, sharesToCoverage } from "../metrics/clusters/reference-bins.ts";
import { type Features, selectRows } from "../metrics/features/statistics.ts";
import type { Sides } from "../metrics/metric.ts";
import { picturesToViews, VIEWS, type ViewName } from "../metrics/pictures/picture-views.ts";
import { createRandomState } from "../metrics/random/random-state.ts";
import { featuresToSpread } from "../metrics/sample-spread.ts";
import { distinctRows, featuresToNearestOther, openRealDistance } from "../metrics/sample-variety.ts";
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
  /** Of pictures, the same in two views of their pixels (picture-views.ts), whichever is larger; with that in the features. */
  readonly repeated?: number;
  /** How far samples are from real ones, in the unit of how far these are from each other (`openRealDistance`). */
  readonly realDistance: number;
  /** Share of the real samples in bins that the fake ones leave out. */
  readonly missing: Measured;
  /** The same in finer bins, where there are few samples: in wide ones, one class looks like two. */
  readonly unreached: number;
  /** By the names of results: `precision`, `recall`, `coverage`, ... */
  readonly scores: ReadonlyMap<string, Measured>;
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

/** `count` rows by seed. */
function drawRows(features: Features, count: number, seed: number): Features {
  if (count >= features.rows) return features;
  const drawn = new Set(createRandomState(seed).permutation(features.rows).subarray(0, count));
  return selectRows(features, (row) => drawn.has(row));
}

/** Nearest others of fake samples over those of as many real ones; real ones that are equal count once. */
async function sidesToNearest(
  real: Features,
  fake: Features,
  { seed, ...threading }: { readonly seed: number; readonly threads?: number },
): Promise<number | undefined> {
  const distinct = distinctRows(real);
  const count = Math.min(distinct.rows, fake.rows, MOST_COMPARED);
  if (count < 2) return undefined;
  const [ofReal, ofFake] = await Promise.all(
    [distinct, fake].map((side) => featuresToNearestOther(drawRows(side, count, seed), threading)),
  );
  return ofReal > 0 ? ofFake / ofReal : undefined;
}

/** In each view of the pictures; undefined where a side has none. */
async function sidesToRepeated(
  { real, fake }: Sides,
  nearest: number | undefined,
  whole: { readonly seed: number; readonly threads?: number },
): Promise<number | undefined> {
  if (!real?.pictures || !fake.pictures) return undefined;
  const [ofReal, ofFake] = [real.pictures, fake.pictures].map((pictures) =>
    // Decoded pictures have three channels.
    picturesToViews(pictures, 3),
  );
  const ratios = [nearest];
  for (const name of Object.keys(VIEWS) as ViewName[])
    ratios.push(await sidesToNearest(ofReal[name], ofFake[name], whole));
  const known = ratios.filter((ratio) => ratio !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** More would say the same. */
const MOST_COMPARED = 5000;

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
  const nearest = await sidesToNearest(ofReal, ofFake, whole);
  const repeated = await sidesToRepeated({ real, fake }, nearest, whole);
  const toRealDistance = await openRealDistance(ofReal, threading);
  const missing = await toMissing(ofReal, ofFake, whole);
  const isCoarse = rowsToBinCount(count) < rowsToBinCount(Math.min(ofReal.rows, FINER * ofFake.rows));
  return {
    real: ofReal.rows,
    fake: ofFake.rows,
    spread: featuresToSpread(ofFake, seed) / featuresToSpread(ofReal, seed),
    ...(nearest !== undefined && { nearest }),
    ...(repeated !== undefined && { repeated }),
    realDistance: await toRealDistance(ofFake),
    missing: {
      value: missing,
      floor: await toMissing(reference, other, whole),
    },
    unreached: isCoarse ? await toMissing(ofReal, ofFake, { ...whole, finer: FINER }) : missing,
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
