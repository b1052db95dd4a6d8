/** What a job of extraction asks for: some leaves of a set of images, into the shared cache or into a file of moments. */
import * as zod from "zod";
import { EXTRACTOR_ROWS } from "../evaluate/extractor-rows.ts";
import { COMPUTATION_ROWS } from "../evaluate/option-rows.ts";
import type { FeatureOptions } from "../evaluate/options.ts";
import { READING_ROWS } from "../images/reading-options.ts";
import { RESIZE_MODE_NAMES } from "../images/resize/mode-names.ts";
import type { LeafRange } from "../math/features/leaves.ts";
import type { Requirement } from "../metrics/metric.ts";
import { COMMON, dataToJob, tableToSchema, text } from "./job.ts";

const { z } = zod;

/** Options of a measurement that decide features or where they are kept: plain data. */
type ExtractOptions = Omit<
  FeatureOptions,
  "extractor" | "onProgress" | "signal" | "clock" | "steadyClock" | "command" | "cache"
>;

export interface ExtractRequest extends ExtractOptions {
  readonly images: string;
  readonly extractor: string;
  readonly leaves: LeafRange;
  /** Of all images: a job that finds others is refused. */
  readonly listing: string;
  /** What metrics read of a network's outputs. */
  readonly wants: readonly Requirement[];
  readonly logitsEnd?: string;
  /** The folder for files of moments (`gan-eval stats`); without it features go into the cache alone. */
  readonly work?: string;
  /** Whether spatial moments are wanted beside. */
  readonly spatial?: boolean;
}

/** Requirements that a network answers. */
export const NETWORK_WANTS = [
  "statistics",
  "features",
  "logits",
  "spatial",
] as const satisfies readonly Requirement[];

const number = z.int().nonnegative();

const makeSchema = () =>
  z.strictObject({
    ...COMMON,
    kind: z.literal("extract"),
    request: z.strictObject({
      ...tableToSchema(EXTRACTOR_ROWS).shape,
      ...tableToSchema(READING_ROWS).shape,
      ...tableToSchema(COMPUTATION_ROWS).shape,
      images: text,
      extractor: text,
      leaves: z.strictObject({ from: number, to: number }),
      listing: z.string().regex(/^[0-9a-f]{64}$/),
      wants: z.array(z.enum(NETWORK_WANTS)).min(1),
      prefer: z.enum(["statistics", "images"]).optional(),
      featureEnd: text.optional(),
      logitsEnd: text.optional(),
      resize: z.enum(RESIZE_MODE_NAMES).optional(),
      work: text.optional(),
      spatial: z.boolean().optional(),
    }),
  });

export interface ExtractJob extends Omit<zod.infer<ReturnType<typeof makeSchema>>, "request"> {
  readonly request: ExtractRequest;
}

let schema: zod.ZodType<ExtractJob> | undefined;

/** @throws GanEvalError `queue.bad-job` */
export function dataToExtractJob(data: unknown): ExtractJob {
  schema ??= makeSchema() as unknown as zod.ZodType<ExtractJob>;
  return dataToJob(schema, data);
}
