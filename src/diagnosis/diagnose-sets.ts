/** Two sets of images, diagnosed. */
import { evaluate } from "../evaluate/evaluate.ts";
import { requireAllMeasured } from "../evaluate/failures.ts";
import { type Images, imagesToLocation } from "../evaluate/images.ts";
import { MEASUREMENT_ROWS } from "../evaluate/option-rows.ts";
import type { EvaluateOptions } from "../evaluate/options.ts";
import type { Sides } from "../metrics/metric.ts";
import { toProvenance } from "./diagnose-run.ts";
import { judgeSets } from "./rules.ts";
import { HELD_OUT_METRICS, SET_METRICS, sidesToSetSignals } from "./set-signals.ts";
import { DIAGNOSIS_SCHEMA, type Diagnosis } from "./verdict.ts";

export interface DiagnoseSetsOptions
  extends Omit<EvaluateOptions, "metrics" | "real" | "ci" | "floor" | "onSides" | "keepImages"> {
  readonly real: Images;
}

/**
 * Diagnoses `fake` against `real`: collapse, copies, samples that are not alike. With `heldOut`, real images that were
 * not trained on, copies are told by whether samples are nearer to the one than to the other.
 * @throws GanEvalError what `evaluate` throws
 */
export async function diagnoseSets(options: DiagnoseSetsOptions): Promise<Diagnosis> {
  const { real, fake, heldOut, seed = MEASUREMENT_ROWS.seed.default, threads } = options;
  let sides: Sides | undefined;
  const evaluated = await evaluate({
    ...options,
    metrics: [...SET_METRICS, ...(heldOut === undefined ? [] : HELD_OUT_METRICS)],
    ci: true,
    floor: true,
    keepImages: true,
    onSides: (read) => {
      sides = read;
    },
  });
  const result = requireAllMeasured(evaluated);
  const signals = await sidesToSetSignals(sides!, result, {
    seed,
    ...(threads !== undefined && { threads }),
  });
  const { verdicts, notJudged } = judgeSets(signals);
  return {
    schema: DIAGNOSIS_SCHEMA,
    subject: `${imagesToLocation(fake)} against ${imagesToLocation(real)}`,
    verdicts,
    notJudged,
    warnings: result.warnings,
    provenance: toProvenance(options.command),
  };
}
