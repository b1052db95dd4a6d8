/** An extractor on a device whose numbers nobody held against the CPU: results, and features in the cache, say so. */
import type { Warning } from "../errors.ts";
import type { FeatureExtractor } from "./extractor.ts";

const uncheckedWarning = (device: string): Warning => ({
  code: "device-unchecked",
  message: `features were computed on ${device} without the comparison with the CPU`,
  hint: "Leave out --no-self-check: it costs one run of the network on the CPU.",
});

/** The same extractor, with the warning beside its own; on the CPU there is nothing to compare. */
export function withUnchecked(extractor: FeatureExtractor): FeatureExtractor {
  const { id, hash, ends, featureEnd, logitsEnd, resize, takesGrey, computedBy } = extractor;
  if (computedBy.device === "cpu" || computedBy.engine !== "onnx") return extractor;
  return {
    ...{ id, hash, ends, featureEnd, logitsEnd, resize, takesGrey, computedBy },
    extract: (batch) => extractor.extract(batch),
    warnings: () => [...(extractor.warnings?.() ?? []), uncheckedWarning(computedBy.device)],
    dispose: () => extractor.dispose(),
  };
}
