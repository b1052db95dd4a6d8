/** What a metric is: a row of the table in table.ts, exported by the metric's own file. */

import type { Warning } from "../errors.ts";
import type { Image } from "../images/source.ts";
import type { MemoContext } from "../math/compute-context.ts";
import type { Features, Moments } from "../math/features/statistics.ts";
import type { Blocks } from "../math/intervals/blocks.ts";
import type { HalfValues, QuarterValues } from "../math/intervals/split-halves.ts";
import type { Role } from "../math/role.ts";
import type { FeatureStatistics } from "./fid.ts";
import type { ComparedImages, ImageComparison } from "./image-comparison.ts";

/** What one side gives; a metric finds there what it named in `needs`, and perhaps more. */
export interface SideData {
  /** Images or feature rows; null where a statistics file does not say. */
  readonly count: number | null;
  /** Moments where images or features are at hand, else what a statistics file holds. */
  readonly statistics?: Moments | FeatureStatistics;
  /** [n, d] */
  readonly features?: Features;
  /** [n, classes] */
  readonly logits?: Features;
  /** Of the spatial features [n, 2023] that sFID compares. */
  readonly spatial?: Moments | FeatureStatistics;
  /** Rows of the spatial features, where intervals are wanted. */
  readonly spatialFeatures?: Features;
  /** The images themselves, decoded. */
  readonly images?: readonly Image[];
  /** Of the fake side: a row for each of its images, compared with the real one of the same name. */
  readonly pairs?: ComparedImages;
  /** Of the fake side: a row for each input, whose outputs were compared with each other. */
  readonly groups?: ComparedImages;
}

export type Requirement = "statistics" | "features" | "logits" | "spatial" | "images" | "pairs" | "groups";

export type Sides = { readonly fake: SideData } & { readonly [R in Exclude<Role, "fake">]?: SideData };

export type Direction = "lower" | "higher" | "none";

export type ParameterValue = number | string | boolean;
export type Parameters = Readonly<Record<string, ParameterValue>>;

export type Values<V extends string = string> = Readonly<Record<V, number>>;

/** What a metric may use: the context of its computation, and a place for warnings. */
export interface MetricContext extends MemoContext {
  warn(warning: Warning): void;
}

/** How few rows a metric can do with. */
export type Least = { readonly [R in Role]?: number } & {
  /** The flag that makes do with `rows`, where there is one: `--kid-subset-size 64`. */
  readonly fewer?: (rows: number) => string;
};

/** The table lists these, everything else reads them: adding a metric is one file and one row, and a row a parameter. */
export interface Metric<P extends Parameters = Parameters, V extends string = string> {
  /** What `--metrics` calls it. */
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  /** Of single values, where they differ. */
  readonly units?: { readonly [value in V]?: string };
  /** Which way is better, of all values but a spread; `none` where both ends are bad or neither is. */
  readonly direction: Direction;
  /** Of single values, where they differ. */
  readonly directions?: { readonly [value in V]?: Direction };
  readonly needs: { readonly [R in Role]?: readonly Requirement[] };
  /** What it needs besides by some parameters (modes by real frequencies). */
  alsoNeeds?(parameters: P): { readonly [R in Role]?: readonly Requirement[] };
  /** Parameters that an extractor's family decides, unless they are given: a stack of three digits shows three classes. */
  readonly ofFamilies?: Readonly<Record<string, Partial<P>>>;
  /**
   * Whether its real side has to be images that the generator was trained on, since it measures memorisation. While
   * training, other metrics compare with held-out images.
   */
  readonly againstTrained?: boolean;
  /** Where the definition comes from, and the library whose numbers it agrees with. */
  readonly source: { readonly paper: string; readonly library: string };
  /** Parameters and their defaults (parameter-rows.ts), those of the library named unless it says otherwise. */
  readonly defaults: P;
  /**
   * The values' names in a result, the main one first; one called `std` is the spread of the
   * first. `{extractor}` stands for the extractor's family, so that nobody mixes up unlike networks: torch-fidelity's
   * names (`frechet_inception_distance`) for Inception.
   */
  readonly keys: Readonly<Record<V, string>>;
  /** Names for reading, of every value but the spread. `{Extractor}` is `Inception`, `digits`, ... */
  readonly names: Readonly<Record<Exclude<V, "std">, string>>;
  /** The values' natural bounds: an interval does not go beyond them. */
  readonly range?: readonly [low: number, high: number];
  /** Of single values, where they are narrower. */
  readonly ranges?: { readonly [value in V]?: readonly [low: number, high: number] };
  /**
   * The fewest rows of each side that it can be measured on, where that is more than one: what has fewer is refused before
   * any image is read. `measure` refuses the same.
   */
  least?(parameters: P): Least;
  /** How two images are compared, of metrics that need `pairs` or `groups`. */
  compare?(parameters: P): ImageComparison;
  /** Whether the values measure how far fake is from real, so that real against real is a zero to read them from. */
  readonly hasFloor?: boolean;
  /** Values that fall as (1/n + 1/m)^order between equal distributions, so that a floor is known at other numbers too. */
  readonly floorOrder?: { readonly [value in V]?: number };
  /** Whether the main value is also stated as a ratio to its floor: of distances that have a bias and cannot be below zero. */
  readonly hasFloorRatio?: boolean;
  measure(sides: Sides, parameters: P, context: MetricContext): Values<V> | Promise<Values<V>>;
  /**
   * The values with each block left out, [blocks.count]: for the jackknife. Where it is missing, `measure` runs once a
   * block on the other rows; a file has its own where it is faster.
   */
  leaveOut?(
    sides: Sides,
    blocks: Blocks,
    parameters: P,
    context: MetricContext,
  ): readonly Values<V>[] | Promise<readonly Values<V>[]>;
  /**
   * The values with two blocks left out at a time, of one side or of two, [pairs.length]. With them the jackknife's
   * excess where real and fake are nearly alike is taken off (math/intervals/jackknife.ts).
   */
  leaveOutPairs?(
    sides: Sides,
    blocks: readonly [Blocks, Blocks],
    pairs: readonly (readonly [number, number])[],
    parameters: P,
    context: MetricContext,
  ): readonly Values<V>[] | Promise<readonly Values<V>[]>;
  /** What `leaveOut` and `leaveOutPairs` would give of all rows, where it is not what `measure` gives. */
  leaveOutNone?(sides: Sides, parameters: P, context: MetricContext): Values<V> | Promise<Values<V>>;
  /** How many pairs to leave out: few where each costs a measurement (default), all where they cost next to nothing. */
  readonly pairs?: "few" | "all";
  /**
   * The values of halves of the rows, by cuts that are drawn by seed: of each cut those of one half of real and fake rows,
   * and those of the other. For values whose variance falls as 1 / n but that the jackknife overrates (math/intervals/split-halves.ts).
   */
  halve?(
    sides: Sides,
    seed: number,
    parameters: P,
    context: MetricContext,
  ): readonly HalfValues<Values<V>>[] | Promise<readonly HalfValues<Values<V>>[]>;
  /**
   * The values of halves and quarters of the rows, by cuts that are drawn by seed: for values whose variance has parts that
   * fall as 1 / n and as 1 / n^2, and that the jackknife overrates (math/intervals/split-halves.ts).
   */
  quarter?(
    sides: Sides,
    seed: number,
    parameters: P,
    context: MetricContext,
  ): readonly QuarterValues<Values<V>>[] | Promise<readonly QuarterValues<Values<V>>[]>;
  /** Values that are shares of so many outcomes, yes or no, that are nearly independent (math/intervals/wilson.ts). */
  outcomes?(sides: Sides, parameters: P): Partial<Values<V>>;
  /** Variance of the values by the metric's own draws (subsets, directions), which the jackknife does not see. */
  drawVariance?(values: Values<V>, parameters: P, sides: Sides, context: MetricContext): Partial<Values<V>>;
  /** Why a value has no interval, where it has none. */
  readonly withoutInterval?: Readonly<Partial<Record<V, string>>>;
  /** One number a fake image, by name; for `--per-image`. */
  perImage?(
    sides: Sides,
    parameters: P,
    context: MetricContext,
  ): Readonly<Record<string, Float64Array>> | Promise<Readonly<Record<string, Float64Array>>>;
}

/** Types a metric's row; parameters and values are inferred from it. */
export const metric = <const P extends Parameters, V extends string>(
  row: Metric<WidenedParameters<P>, V> & { readonly defaults: P },
): Metric<WidenedParameters<P>, V> => row;

/** `{ k: 3 }` to `{ k: number }`: a default is not the only value. */
export type WidenedParameters<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends number
    ? number
    : P[K] extends boolean
      ? boolean
      : P[K] extends string
        ? string
        : never;
};
