import { createRequire } from "node:module";
import type { FeatureExtractor } from "../inception/extractor.ts";
import type { FeatureOptions } from "./options.ts";
import type { Provenance } from "./result.ts";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** Starts the clock; the returned function closes the record. */
export function openProvenance(
  options: Pick<FeatureOptions, "clock" | "batchSize" | "command">,
): (extractor: FeatureExtractor | undefined) => Provenance {
  const started = options.clock();
  return (extractor) => ({
    ganEval: version,
    node: process.versions.node,
    engine: extractor?.computedBy.engine ?? null,
    device: extractor?.computedBy.device ?? null,
    threads: extractor?.computedBy.threads ?? null,
    batchSize: extractor ? options.batchSize : null,
    command: options.command ?? [],
    startedAt: new Date(started).toISOString(),
    seconds: (options.clock() - started) / 1000,
  });
}
