/** What an evaluation's result holds, as it is written to JSON. */
import type { Warning } from "../errors.ts";
import type { Crop } from "../images/resize/crop.ts";
import type { Role } from "../math/role.ts";
import type { Parameters } from "../metrics/metric.ts";
import type { ClassScores } from "./classes/by-class.ts";
import type { CompatRecord } from "./options.ts";

export const RESULT_SCHEMA = "gan-eval/result/1";
/** Of results of several extractors, from one pass over the images. */
export const RESULTS_SCHEMA = "gan-eval/results/1";

/** What one side of a comparison was. */
export interface InputRecord {
  /** What the user wrote. */
  readonly location: string;
  /** `folder`, `zip`, `tar`, `idx`, `cifar`, `npz`, `list`, `generator`, `features`, `statistics`. */
  readonly kind: string;
  /** Images or feature rows used; null for statistics files that do not say. */
  readonly count: number | null;
  /** Of the images, wherever they lie; of a file of statistics or features that of its bytes. */
  readonly contentHash?: string;
}

/** Everything that decides a number; two results compare only if these agree. */
export interface Protocol {
  /** The library whose conventions these are, if one was named. */
  readonly compat?: CompatRecord;
  readonly extractor: string;
  readonly extractorHash: string | null;
  readonly featureEnd: string;
  readonly dims: number;
  /** Begins with the crop, where there is one. */
  readonly resize: string;
  /** What of each image was used; unknown of features whose file does not say. Earlier versions did not write it. */
  readonly crop?: Crop | "unknown";
  /** In what numbers features were computed, and where: `float32 on cpu`, `tf32 on cuda`. Absent where no file says. */
  readonly arithmetic?: string;
  readonly ddof: number;
  readonly seed: number;
  readonly splits: number;
  readonly shuffle: boolean;
  /** Of every metric, by id. */
  readonly parameters: Readonly<Record<string, Parameters>>;
}

export const INTERVAL_METHOD_NAMES = [
  "delete-block jackknife",
  "split halves",
  "split halves and quarters",
  "Wilson score",
] as const;

/** How sure a value is; which values have which method is in docs/intervals.md. */
export interface IntervalRecord {
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /** The share of such intervals that hold the mean: 0.95. */
  readonly level: number;
  readonly method: (typeof INTERVAL_METHOD_NAMES)[number];
  /** Blocks a side that were left out one at a time, by the jackknife. */
  readonly blocks?: number;
  /** Times that the rows were cut in halves, or in halves and quarters. */
  readonly cuts?: number;
  readonly seed: number;
  /** Sides that were taken as they are, since their rows are not known. */
  readonly fixed?: readonly Role[];
  /** The share of the variance that is of the real images alone (by the jackknife): common to all that is measured with them. */
  readonly referenceShare?: number;
}

/** Sides that can take the place of the fake one in a floor. */
export const FLOOR_ROLES = ["real", "heldOut"] as const;

/** Real against real: what a perfect generator would get at these numbers of samples. */
export interface FloorRecord {
  /** At the numbers of the comparison, where it is known how it falls with them; else as measured. */
  readonly value: number;
  /** As it was measured between `real` and `fake` images, where that is another. */
  readonly measured?: number;
  /** The value of the comparison over this one, of Frechet distances (FDr); 1 is as good as other real images. */
  readonly ratio?: number;
  readonly real: number;
  readonly fake: number;
  /** Whether the fake side's place was taken by held-out images or by a part of the real ones. */
  readonly of: (typeof FLOOR_ROLES)[number];
}

/** Why a metric has no value. */
export interface FailureRecord {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** Where and with what it was computed; may differ between comparable results. */
export interface Provenance {
  readonly ganEval: string;
  readonly node: string;
  readonly engine: string | null;
  readonly device: string | null;
  readonly threads: number | null;
  /** The processor's instruction set, `avx2`: last digits differ between them. Earlier versions did not write it. */
  readonly isa?: string;
  readonly batchSize: number | null;
  readonly command: readonly string[];
  readonly startedAt: string;
  readonly seconds: number;
}

/**
 * The one object that leaves a measurement; text, JSON, CSV and pages are functions of it.
 * `metrics` has torch-fidelity's key names for the Inception network (`frechet_inception_distance`,
 * `inception_score_mean`, `inception_score_std`), and other names for other extractors
 * (`frechet_digits_distance`, `digits_score_mean`, `digits_score_std`), so that nobody mixes them up.
 */
export interface EvaluationResult {
  readonly schema: typeof RESULT_SCHEMA;
  readonly metrics: Readonly<Record<string, number>>;
  /** By the names of `metrics`, where they were asked for. */
  readonly intervals?: Readonly<Record<string, IntervalRecord>>;
  readonly floors?: Readonly<Record<string, FloorRecord>>;
  readonly byClass?: ClassScores;
  /** Metrics that were asked for and could not be measured, by id, and why. */
  readonly notMeasured?: Readonly<Record<string, FailureRecord>>;
  readonly inputs: {
    readonly real?: InputRecord;
    readonly fake?: InputRecord;
    readonly heldOut?: InputRecord;
  };
  readonly protocol: Protocol;
  readonly warnings: readonly Warning[];
  readonly provenance: Provenance;
}
