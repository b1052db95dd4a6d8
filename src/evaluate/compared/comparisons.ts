/** The comparisons that the metrics of a plan ask for, opened. */
import type { Engine } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import type { ImageDistance } from "../../extractors/perceptual/image-distance.ts";
import type { Image } from "../../images/source.ts";
import type { Columns, ComparedImages, NetworkDistance } from "../../metrics/image-comparison.ts";
import type { Parameters } from "../../metrics/metric.ts";
import type { Plan, PlannedMetric } from "../plan.ts";
import type { EvaluateSettings } from "../with-option-defaults.ts";

export type ComparedKind = "pairs" | "groups";

type Row = readonly number[];

/** How a metric compares images. */
interface Compare {
  /** [pairs][columns] */
  pairs(fakes: readonly Image[], reals: readonly Image[]): Promise<readonly Row[]>;
  /** [columns] The means over all pairs of two images or more. */
  all(images: readonly Image[]): Promise<Row>;
}

/** One metric's comparison, and what it found so far: rows of numbers, or why there are none. */
export class Comparison {
  readonly id: string;
  private readonly columns: readonly string[];
  private readonly compare: Compare;
  private readonly rows: Row[] = [];
  private failure: GanEvalError | undefined;

  constructor(id: string, columns: readonly string[], compare: Compare) {
    this.id = id;
    this.columns = columns;
    this.compare = compare;
  }

  /** [pairs][columns]; NaN once it failed. */
  async comparePairs(fakes: readonly Image[], reals: readonly Image[]): Promise<readonly Row[]> {
    const rows = fakes.length > 0 ? await this.orFailure(() => this.compare.pairs(fakes, reals)) : undefined;
    return rows ?? fakes.map(() => this.missing);
  }

  /** [columns] The means over all pairs; NaN of fewer than two images, and once it failed. */
  async compareAll(images: readonly Image[]): Promise<Row> {
    const row = images.length > 1 ? await this.orFailure(() => this.compare.all(images)) : undefined;
    return row ?? this.missing;
  }

  /** Undefined once it failed. What one metric cannot compare, another may. */
  private async orFailure<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.failure !== undefined) return undefined;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GanEvalError)) throw error;
      this.failure = error;
      return undefined;
    }
  }

  /** The row of images that could not be read. */
  get missing(): Row {
    return this.columns.map(() => Number.NaN);
  }

  add(row: Row): void {
    this.rows.push(row);
  }

  finish(): Columns | GanEvalError {
    if (this.failure) return this.failure;
    return Object.fromEntries(
      this.columns.map((name, column) => [name, Float64Array.from(this.rows, (row) => row[column]!)]),
    );
  }
}

export const comparisonsToCompared = (comparisons: readonly Comparison[], rows: number): ComparedImages => ({
  rows,
  of: Object.fromEntries(comparisons.map((comparison) => [comparison.id, comparison.finish()])),
});

export interface OpenedComparisons {
  readonly pairs: readonly Comparison[];
  readonly groups: readonly Comparison[];
  /** What networks are to be recorded with, by the metric's id. */
  readonly parameters: Readonly<Record<string, Parameters>>;
  close(): Promise<void>;
}

/** Opens networks when they are asked for, each once. */
class Networks {
  private readonly options: EvaluateSettings;
  private readonly opened = new Map<NetworkDistance, ImageDistance>();
  private engine: Engine | undefined;

  constructor(options: EvaluateSettings) {
    this.options = options;
  }

  async open(name: NetworkDistance): Promise<ImageDistance> {
    const known = this.opened.get(name);
    if (known) return known;
    const { openImageDistance } = await import("../../extractors/perceptual/image-distance.ts");
    const { engine, device, threads, selfCheck, lpipsBackbone, lpipsWeights, seed } = this.options;
    const { cacheDir, offline, signal, onProgress } = this.options;
    const startEngine = async (): Promise<Engine> => {
      const { openEngine } = await import("../../engine/index.ts");
      this.engine ??= await openEngine({ engine, device, threads, selfCheck });
      return this.engine;
    };
    const distance = await openImageDistance(name, startEngine, {
      ...{ lpipsBackbone, lpipsWeights, seed, cacheDir, offline },
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    this.opened.set(name, distance);
    return distance;
  }

  async close(): Promise<void> {
    for (const distance of this.opened.values()) await distance.close();
    await this.engine?.dispose();
  }
}

/** A function of two images, pair by pair. */
const ofEach = (compare: (a: Image, b: Image) => Row): Compare => ({
  pairs: async (fakes, reals) => fakes.map((fake, i) => compare(fake, reals[i]!)),
  all: async (images) => {
    const rows = images.flatMap((a, i) => images.slice(i + 1).map((b) => compare(a, b)));
    return rows[0]!.map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length);
  },
});

async function openComparison({ row, parameters }: PlannedMetric, networks: Networks) {
  const { columns, compare } = row.compare!(parameters);
  if (typeof compare === "function") return { comparison: new Comparison(row.id, columns, ofEach(compare)) };
  const distance = await networks.open(compare);
  const ofNetwork: Compare = {
    pairs: async (fakes, reals) => Array.from(await distance.measure(fakes, reals), (value) => [value]),
    all: async (images) => [await distance.measureAll(images)],
  };
  return { comparison: new Comparison(row.id, columns, ofNetwork), parameters: distance.record };
}

/** @throws GanEvalError `unavailable.weights` for LPIPS without files, and what reading these throws */
export async function openComparisons(
  { metrics }: Plan,
  options: EvaluateSettings,
): Promise<OpenedComparisons> {
  const networks = new Networks(options);
  const found = { pairs: [] as Comparison[], groups: [] as Comparison[] };
  const parameters: Record<string, Parameters> = {};
  try {
    for (const planned of metrics) {
      if (planned.row.compare === undefined) continue;
      const opened = await openComparison(planned, networks);
      found[planned.row.needs.fake!.includes("pairs") ? "pairs" : "groups"].push(opened.comparison);
      if (opened.parameters) parameters[planned.row.id] = opened.parameters;
    }
    return { ...found, parameters, close: () => networks.close() };
  } catch (error) {
    await networks.close();
    throw error;
  }
}
