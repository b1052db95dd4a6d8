/** Samples of trained generators for programs: as the command line makes them, with its defaults. */
import { USUAL_BATCH } from "../evaluate/batch-size.ts";
import { COMPUTATION_ROWS } from "../evaluate/option-rows.ts";
import { SEED_OPTION } from "../options/seed.ts";
import { withDefaults } from "../options/table.ts";
import type { TranslateRequest } from "../reports/translate-with-page.ts";
import type { Exported, ExportOptions } from "../samples/export-generator.ts";
import type { Generated, GenerateOptions as GenerateRequest } from "../samples/generate.ts";
import type { Interpolated, InterpolateOptions as InterpolateRequest } from "../samples/interpolate.ts";
import { OUTPUT_ROWS, SAMPLE_ROWS, TRANSLATION_ROWS } from "../samples/options.ts";
import type { Translated } from "../samples/translate.ts";
import { abortable } from "./abort.ts";

const { batchSize, engine, device } = COMPUTATION_ROWS;
const { n, steps, paths } = SAMPLE_ROWS;
const COMMON_ROWS = { seed: SEED_OPTION, batchSize, engine, device, overwrite: OUTPUT_ROWS.overwrite };

/** What is left out, filled in. The usual batch on every device: the bytes of samples depend on it. */
const filled = <Rows extends typeof COMMON_ROWS>(rows: Rows, options: object) => {
  const values = withDefaults(rows, options);
  return { ...values, batchSize: values.batchSize ?? USUAL_BATCH };
};
const GENERATE_ROWS = { n, ...COMMON_ROWS };
const TRANSLATE_ROWS = { variants: TRANSLATION_ROWS.variants, ...COMMON_ROWS };
const INTERPOLATE_ROWS = { steps, paths, ...COMMON_ROWS };

type Defaulted<Request, Names> = Omit<Request, Names & keyof Request> &
  Partial<Pick<Request, Names & keyof Request>>;

/** Options of samples: n default 10,000, seed 2020, batchSize 16, engine and device auto. */
export type GenerateOptions = Defaulted<GenerateRequest, keyof typeof GENERATE_ROWS>;
/** Options of translation: variants default 1, seed 2020, batchSize 16, engine and device auto. */
export type TranslateOptions = Defaulted<TranslateRequest, keyof typeof TRANSLATE_ROWS>;
/** Options of paths between latents: steps and paths default 8, seed 2020, batchSize 16, engine and device auto. */
export type InterpolateOptions = Defaulted<InterpolateRequest, keyof typeof INTERPOLATE_ROWS>;

/** Samples of a run's generator, written as images or points. @throws GanEvalError; AbortError where `signal` ended it */
export const generate = (options: GenerateOptions): Promise<Generated> =>
  abortable(options.signal, async () =>
    (await import("../samples/generate.ts")).generate({
      ...options,
      ...filled(GENERATE_ROWS, options),
    }),
  );

/** What a run of a model of several networks makes of images. @throws GanEvalError; AbortError where `signal` ended it */
export const translate = (options: TranslateOptions): Promise<Translated> =>
  abortable(options.signal, async () =>
    (await import("../reports/translate-with-page.ts")).translateWithPage({
      ...options,
      ...filled(TRANSLATE_ROWS, options),
    }),
  );

/** Images from one latent to another. @throws GanEvalError; AbortError where `signal` ended it */
export const interpolate = (options: InterpolateOptions): Promise<Interpolated> =>
  abortable(options.signal, async () =>
    (await import("../samples/interpolate.ts")).interpolate({
      ...options,
      ...filled(INTERPOLATE_ROWS, options),
    }),
  );

/** A run's generator as an ONNX file or a tensorflow.js graph model. @throws GanEvalError; AbortError where `signal` ended it */
export const exportGenerator = (options: ExportOptions): Promise<Exported> =>
  abortable(options.signal, async () =>
    (await import("../samples/export-generator.ts")).exportGenerator(options),
  );
