/** Samples of trained generators for programs: as the command line makes them, with its defaults. */
import { COMPUTATION_ROWS, MEASUREMENT_ROWS } from "../evaluate/option-rows.ts";
import { withDefaults } from "../options/table.ts";
import type { Exported, ExportOptions } from "../samples/export-generator.ts";
import type { Generated, GenerateOptions as GenerateRequest } from "../samples/generate.ts";
import type { Interpolated, InterpolateOptions as InterpolateRequest } from "../samples/interpolate.ts";
import { abortable } from "./abort.ts";

const { batchSize, engine, device } = COMPUTATION_ROWS;
const ROWS = { seed: MEASUREMENT_ROWS.seed, batchSize, engine, device };

/** What else the command line fills in; a test holds these to its option rows. */
const SAMPLES = { n: 10_000 };
const PATHS = { steps: 8, paths: 8 };

type WithDefaults<Request, Names extends keyof Request> = Omit<Request, Names> &
  Partial<Pick<Request, Names>>;

/** Options of samples: `n` default 10000, seed 2020, batchSize 16, engine and device auto. */
export type GenerateOptions = WithDefaults<GenerateRequest, keyof typeof ROWS | keyof typeof SAMPLES>;
/** Options of paths between latents: `steps` and `paths` default 8, seed 2020, batchSize 16, engine and device auto. */
export type InterpolateOptions = WithDefaults<InterpolateRequest, keyof typeof ROWS | keyof typeof PATHS>;

/** Samples of a run's generator, written as images or points. @throws GanEvalError; AbortError where `signal` ended it */
export const generate = (options: GenerateOptions): Promise<Generated> =>
  abortable(options.signal, async () =>
    (await import("../samples/generate.ts")).generate({
      ...options,
      ...withDefaults(ROWS, options),
      n: options.n ?? SAMPLES.n,
    }),
  );

/** Images from one latent to another. @throws GanEvalError; AbortError where `signal` ended it */
export const interpolate = (options: InterpolateOptions): Promise<Interpolated> =>
  abortable(options.signal, async () =>
    (await import("../samples/interpolate.ts")).interpolate({
      ...options,
      ...withDefaults(ROWS, options),
      steps: options.steps ?? PATHS.steps,
      paths: options.paths ?? PATHS.paths,
    }),
  );

/** A run's generator as an ONNX file or a tensorflow.js graph model. @throws GanEvalError; AbortError where `signal` ended it */
export const exportGenerator = (options: ExportOptions): Promise<Exported> =>
  abortable(options.signal, async () =>
    (await import("../samples/export-generator.ts")).exportGenerator(options),
  );
