/** What a score is asked for, and the context that metrics are measured in. */
import type { Warning } from "../../errors.ts";
import type { MetricContext } from "../../metrics/metric.ts";
import type { EvaluateSettings } from "../with-option-defaults.ts";

export interface ScoreOptions
  extends Pick<EvaluateSettings, "ci" | "floor" | "seed" | "threads" | "signal" | "onProgress"> {
  /** In the names of values. */
  readonly family: string;
  readonly warn: (warning: Warning) => void;
  /** Whether to ask metrics for a number an image, too. */
  readonly perImage?: boolean;
}

/** A context whose progress is that of a stage, with a memory of its own for what metrics share. */
export function openContext(
  stage: string,
  { threads, signal, onProgress, warn }: ScoreOptions,
): MetricContext {
  const known = new WeakMap<object, Map<string, unknown>>();
  return {
    ...(threads !== undefined && { threads }),
    ...(signal && { signal }),
    warn,
    progress: (done, total) => onProgress?.({ stage, done, total, unit: "steps" }),
    memo<T>(of: object, key: string, compute: () => T): T {
      const results = known.get(of) ?? new Map<string, unknown>();
      known.set(of, results);
      if (!results.has(key)) results.set(key, compute());
      return results.get(key) as T;
    },
  };
}
