/** Samples of trained generators for programs: as the command line makes them, with its defaults. */
import { COMPUTATION_ROWS, MEASUREMENT_ROWS } from "../evaluate/option-rows.ts";
import { withDefaults } from "../options/table.ts";
import type { Exported, ExportOptions } from "../samples/export-generator.ts";
import type { Generated, GenerateOptions as GenerateRequest } from "../samples/generate.ts";
import type { Interpolated, InterpolateOptions as InterpolateRequest } from "../samples/interpolate.ts";
import { abortable } from "./abort.ts";

const { batchSize, engine, device } = COMPUTATION_ROWS;
const ROWS = { seed: MEASUREMENT_ROWS.seed, batchSize, engine, device };

type Defaulted = keyof typeof ROWS;

/** Options of samples: seed default 2020, batchSize 16, engine and device auto. */
export type GenerateOptions = Omit<GenerateRequest, Defaulted> & Partial<Pick<GenerateRequest, Defaulted>>;
/** Options of paths between latents: seed default 2020, batchSize 16, engine and device auto. */
export type InterpolateOptions = Omit<InterpolateRequest, Defaulted> &
  Partial<Pick<InterpolateRequest, Defaulted>>;

/** Samples of a run's generator, written as images or points. @throws GanEvalError; AbortError where `signal` ended it */
export const generate = (options: GenerateOptions): Promise<Generated> =>
  abortable(options.signal, async () =>
    (await import("../samples/generate.ts")).generate({ ...options, ...withDefaults(ROWS, options) }),
  );

/** Images from one latent to another. @throws GanEvalError; AbortError where `signal` ended it */
export const interpolate = (options: InterpolateOptions): Promise<Interpolated> =>
  abortable(options.signal, async () =>
    (await import("../samples/interpolate.ts")).interpolate({ ...options, ...withDefaults(ROWS, options) }),
  );

/** A run's generator as an ONNX file or a tensorflow.js graph model. @throws GanEvalError; AbortError where `signal` ended it */
export const exportGenerator = (options: ExportOptions): Promise<Exported> =>
  abortable(options.signal, async () =>
    (await import("../samples/export-generator.ts")).exportGenerator(options),
  );
