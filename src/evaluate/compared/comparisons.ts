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

/** One metric's comparison, and what it found so far: rows of numbers, or why there are none. */
export class Comparison {
  readonly id: string;
  private readonly columns: readonly string[];
  private readonly compare: (
    fakes: readonly Image[],
    reals: readonly Image[],
  ) => Promise<readonly (readonly number[])[]>;
  private readonly rows: (readonly number[])[] = [];
  private failure: GanEvalError | undefined;

  constructor(id: string, columns: readonly string[], compare: Comparison["compare"]) {
    this.id = id;
    this.columns = columns;
    this.compare = compare;
  }

  /** [pairs][columns]; NaN once it failed. What one metric cannot compare, another may. */
  async measure(fakes: readonly Image[], reals: readonly Image[]): Promise<readonly (readonly number[])[]> {
    if (this.failure === undefined && fakes.length > 0)
      try {
        return await this.compare(fakes, reals);
      } catch (error) {
        if (!(error instanceof GanEvalError)) throw error;
        this.failure = error;
      }
    return fakes.map(() => this.missing);
  }

  /** The row of images that could not be read. */
  get missing(): readonly number[] {
    return this.columns.map(() => Number.NaN);
  }

  add(row: readonly number[]): void {
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
    const { engine, device, threads, lpipsBackbone, lpipsWeights, seed } = this.options;
    const startEngine = async (): Promise<Engine> => {
      const { openEngine } = await import("../../engine/index.ts");
      this.engine ??= await openEngine({ engine, device, ...(threads !== undefined && { threads }) });
      return this.engine;
    };
    const distance = await openImageDistance(name, startEngine, { lpipsBackbone, lpipsWeights, seed });
    this.opened.set(name, distance);
    return distance;
  }

  async close(): Promise<void> {
    for (const distance of this.opened.values()) await distance.close();
    await this.engine?.dispose();
  }
}

async function openComparison({ row, parameters }: PlannedMetric, networks: Networks) {
  const { columns, compare } = row.compare!(parameters);
  if (typeof compare === "function") {
    const measure: Comparison["measure"] = async (fakes, reals) =>
      fakes.map((fake, i) => compare(fake, reals[i]!));
    return { comparison: new Comparison(row.id, columns, measure) };
  }
  const distance = await networks.open(compare);
  const measure: Comparison["measure"] = async (fakes, reals) =>
    Array.from(await distance.measure(fakes, reals), (value) => [value]);
  return { comparison: new Comparison(row.id, columns, measure), parameters: distance.record };
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
