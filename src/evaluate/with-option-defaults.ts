/** What a caller left out, filled in from the option tables. */

import { READING_ROWS } from "../images/reading-options.ts";
import type { ImageGenerator } from "../images/sources/generator.ts";
import { SHARED_PARAMETER_ROWS } from "../metrics/parameter-rows.ts";
import { withDefaults } from "../options/table.ts";
import { deviceToBatchSize } from "./batch-size.ts";
import { imagesToOpenable } from "./images.ts";
import { COMPUTATION_ROWS, MEASUREMENT_ROWS } from "./option-rows.ts";
import type { EvaluateOptions, FeatureOptions } from "./options.ts";

/** Whether GAN_EVAL_OFFLINE forbids a download is asked where one would begin. */
const { offline: _, ...computation } = COMPUTATION_ROWS;
const PROTOCOL_ROWS = {
  ...SHARED_PARAMETER_ROWS,
  ci: MEASUREMENT_ROWS.ci,
  floor: MEASUREMENT_ROWS.floor,
};

type Filled<O, Names extends keyof O> = Omit<O, Names> & { readonly [N in Names]-?: NonNullable<O[N]> };

type FeatureDefaults = "extractor" | "batchSize" | "onError" | "engine" | "device" | "clock";

/** `FeatureOptions` with every default. */
export type FeatureSettings<O extends FeatureOptions = FeatureOptions> = Filled<O, FeatureDefaults & keyof O>;

/** `EvaluateOptions` with every default; sides as `openSide` takes them. */
export type EvaluateSettings = Omit<
  Filled<EvaluateOptions, FeatureDefaults | "metrics" | "splits" | "shuffle" | "seed" | "ddof">,
  "real" | "fake" | "heldOut"
> & {
  readonly real?: string | ImageGenerator;
  readonly fake: string | ImageGenerator;
  readonly heldOut?: string | ImageGenerator;
};

export function toFeatureSettings<O extends FeatureOptions>(options: O): FeatureSettings<O> {
  const computed = withDefaults(computation, options);
  return {
    ...options,
    ...computed,
    batchSize: computed.batchSize ?? deviceToBatchSize(computed.device),
    ...withDefaults(READING_ROWS, options),
    extractor: options.extractor ?? MEASUREMENT_ROWS.extractor.default[0],
    clock: options.clock ?? Date.now,
  } as unknown as FeatureSettings<O>;
}

export function toEvaluateSettings(options: EvaluateOptions): EvaluateSettings {
  const { real, fake, heldOut } = options;
  const { metrics = MEASUREMENT_ROWS.metrics.default as EvaluateSettings["metrics"] } = options;
  return {
    ...toFeatureSettings(options),
    ...withDefaults(PROTOCOL_ROWS, options),
    metrics,
    fake: imagesToOpenable(fake, "fake"),
    real: real === undefined ? undefined : imagesToOpenable(real, "real"),
    heldOut: heldOut === undefined ? undefined : imagesToOpenable(heldOut, "heldOut"),
  };
}
