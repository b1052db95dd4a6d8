/** Scores what a generator makes, from memory, again and again while it learns. */
import type { DeviceName, EngineName } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import type { ExtractorName } from "../../evaluate/options.ts";
import type { Progress } from "../../progress.ts";
import type { ScoreError } from "../../run-folder/tables.ts";
import { wordToSuggestion } from "../../suggestion.ts";
import type { OpenedData } from "../../train/data/opened-data.ts";

export interface GeneratorScorer {
  /** Names of the values, as results have them: `frechet_digits_distance`, `precision`; of toys `modes`, `reverse_kl`. */
  readonly metrics: readonly string[];
  /** The value that decides which checkpoint is best: the first of the metrics that were asked for. */
  readonly first: { readonly name: string; readonly lowerIsBetter: boolean };
  /**
   * What a perfect generator would get for as many samples: `samples` training images, or fresh ones of a toy, in the
   * generated ones' place. Fewer where there are fewer; undefined where no images are held out to hold them against.
   * A metric that has no floor (nn-ratio), or could not be measured on them, is not in it.
   */
  readonly floor?: Readonly<Record<string, number>>;
  /**
   * @param samples row-major `[n, ...shape]`; images in [-1, 1], scored as the bytes they would be written as
   * @throws GanEvalError `usage.samples` where the length does not fit, `input.samples` for NaN
   */
  score(samples: Float32Array, n: number): Promise<Record<string, number>>;
  /** The scores, and what else the samples say (`openSampleSignals`; nothing where no features are at hand). */
  examine(samples: Float32Array, n: number): Promise<Examined>;
  dispose(): Promise<void>;
}

export interface Examined {
  /** By name; NaN for what could not be measured on these samples. */
  readonly scores: Record<string, number>;
  /** Why it could not, by the id of the metric. */
  readonly failures?: ReadonlyMap<string, GanEvalError>;
  readonly signals: Record<string, number>;
  /** How sure the scores are, where that was asked for (`ci`) and is known. */
  readonly errors?: Readonly<Record<string, ScoreError>>;
}

export interface ScorerOptions {
  /**
   * Ids: of images those of the table of metrics, `precision`, `recall` and `classes`; of toys `wasserstein`, `modes`.
   * The usual ones if left out (`SCORES`).
   */
  readonly metrics?: readonly string[];
  /** If left out: digits for square grey images of 28 or 32 pixels and stacks of them, else inception. */
  readonly extractor?: ExtractorName;
  /** Samples in an evaluation. */
  readonly samples: number;
  /** Whether it is found how much sampling varies each score, of images (default false). */
  readonly ci?: boolean;
  /** Whether the floor is found, which costs as much as one scoring (default true). */
  readonly floor?: boolean;
  readonly engine: EngineName | "auto";
  readonly device: DeviceName | "auto";
  readonly threads?: number;
  readonly selfCheck?: boolean;
  readonly weights?: string;
  readonly cacheDir?: string;
  /** As in FeatureOptions. */
  readonly offline?: boolean;
  /** Images in one run of the extractor. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * The metrics as they were asked for, `fallback` where none were.
 * @throws GanEvalError `usage.unknown-metric` for others than `possible`
 */
export function chooseScores<Id extends string>(
  asked: readonly string[] | undefined,
  possible: readonly Id[],
  fallback: readonly Id[],
  label: string,
): readonly Id[] {
  if (asked === undefined || asked.length === 0) return fallback;
  for (const id of asked) {
    if (possible.includes(id as Id)) continue;
    const near = wordToSuggestion(id, possible);
    throw new GanEvalError(
      "usage.unknown-metric",
      `expected metrics that ${label} can be scored by (${possible.join(", ")}), got "${id}"`,
      { hint: near ? `Did you mean ${near}?` : "Leave --eval-metrics out for the usual ones." },
    );
  }
  return [...new Set(asked as readonly Id[])];
}

/** @throws GanEvalError `usage.samples` */
export function requireSamples(samples: Float32Array, n: number, shape: readonly number[]): void {
  if (n > 0 && samples.length === shape.reduce((size, side) => size * side, n)) return;
  throw new GanEvalError(
    "usage.samples",
    `expected samples [${n}, ${shape.join(", ")}], got ${samples.length} numbers`,
  );
}

/**
 * Opens a scorer: everything that can be missing is found missing here, and what is known of the real samples is
 * computed once.
 * @throws GanEvalError `usage.eval-samples`, `usage.unknown-metric`; of images `usage.eval-metrics`,
 *   `usage.missing-held-out` and `input.too-few-samples` for metrics that cannot be measured on them, and what opening an
 *   extractor throws, `unavailable.inception-weights` among it
 */
export async function openGeneratorScorer(
  data: OpenedData,
  options: ScorerOptions,
): Promise<GeneratorScorer> {
  if (!Number.isInteger(options.samples) || options.samples < 2)
    throw new GanEvalError(
      "usage.eval-samples",
      `expected 2 or more samples in an evaluation, got ${options.samples}`,
      { hint: "Scores begin to mean something at a few thousand." },
    );
  if (data.kind === "toy") return (await import("./score-toys.ts")).openToyScorer(data, options);
  return (await import("./score-images.ts")).openImageScorer(data, options);
}
