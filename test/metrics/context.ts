import type { Warning } from "../../src/errors.ts";
import type { MetricContext } from "../../src/metrics/metric.ts";

/** Surroundings of a metric that keep what it warned of. */
export function openContext(): MetricContext & { readonly warnings: Warning[] } {
  const known = new WeakMap<object, Map<string, unknown>>();
  const warnings: Warning[] = [];
  return {
    warnings,
    warn: (warning) => warnings.push(warning),
    progress: () => {},
    memo: <T>(of: object, key: string, compute: () => T): T => {
      const ofObject = known.get(of) ?? new Map<string, unknown>();
      known.set(of, ofObject);
      if (!ofObject.has(key)) ofObject.set(key, compute());
      return ofObject.get(key) as T;
    },
  };
}
