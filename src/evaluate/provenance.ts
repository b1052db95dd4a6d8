/** Records where and with what a result was computed, and how long it took. */
import { createRequire } from "node:module";
import { instructionSet } from "../engine/instruction-set.ts";
import type { FeatureExtractor } from "../extractors/extractor.ts";
import { steadyClock as ownSteadyClock } from "../steady-clock.ts";
import type { Provenance } from "./result.ts";
import type { FeatureSettings } from "./with-option-defaults.ts";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** What the features were computed with, if any were. */
type Computed = FeatureExtractor["computedBy"] & { readonly batchSize: number };

/** Starts the clock; the returned function closes the record. */
export function openProvenance(
  options: Pick<FeatureSettings, "clock" | "steadyClock" | "command">,
): (computed: Computed | undefined) => Provenance {
  const { clock, steadyClock = ownSteadyClock } = options;
  const [startedAt, started] = [new Date(clock()).toISOString(), steadyClock()];
  return (computed) => ({
    ganEval: version,
    node: process.versions.node,
    engine: computed?.engine ?? null,
    device: computed?.device ?? null,
    threads: computed?.threads ?? null,
    isa: instructionSet(),
    batchSize: computed?.batchSize ?? null,
    command: options.command ?? [],
    startedAt,
    seconds: (steadyClock() - started) / 1000,
  });
}
