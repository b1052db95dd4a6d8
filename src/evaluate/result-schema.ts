/** The schema of a result in JSON: what every reader of results and baselines holds a file against. */
import { z } from "zod";
import { type EvaluationResult, RESULT_SCHEMA } from "./result.ts";

/** JSON lacks NaN and infinities; reports/result-to-json.ts writes them as text. */
const NUMBER = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);

const INTERVAL = z.looseObject({
  low: NUMBER,
  high: NUMBER,
  standardError: NUMBER,
  level: z.number(),
  method: z.enum(["delete-block jackknife", "split halves", "split halves and quarters", "Wilson score"]),
  blocks: z.number().optional(),
  cuts: z.number().optional(),
  seed: z.number(),
  fixed: z.array(z.enum(["real", "fake", "heldOut"])).optional(),
});

const FLOOR = z.looseObject({
  value: NUMBER,
  measured: NUMBER.optional(),
  real: z.number(),
  fake: z.number(),
  of: z.enum(["real", "heldOut"]),
});

const INPUT = z.looseObject({
  location: z.string(),
  kind: z.string(),
  count: z.number().nullable(),
  contentHash: z.string().optional(),
});

const PROTOCOL = z.looseObject({
  compat: z
    .looseObject({
      name: z.string(),
      library: z.string(),
      changed: z.array(z.string()),
      differs: z.string(),
    })
    .optional(),
  extractor: z.string(),
  extractorHash: z.string().nullable(),
  featureEnd: z.string(),
  dims: z.number(),
  resize: z.string(),
  ddof: z.number(),
  seed: z.number(),
  splits: z.number(),
  shuffle: z.boolean(),
  parameters: z.record(z.string(), z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))),
});

const BY_CLASS = z.looseObject({
  fakeLabels: z.looseObject({}),
  classes: z.array(z.looseObject({})),
  measured: z.number(),
  distanceKey: z.string(),
  metrics: z.record(z.string(), NUMBER),
  intervals: z.record(z.string(), INTERVAL),
  floors: z.record(z.string(), FLOOR),
});

const WARNING = z.looseObject({ code: z.string(), message: z.string(), hint: z.string().optional() });

const PROVENANCE = z.looseObject({
  ganEval: z.string(),
  node: z.string(),
  engine: z.string().nullable(),
  device: z.string().nullable(),
  threads: z.number().nullable(),
  batchSize: z.number().nullable(),
  command: z.array(z.string()),
  startedAt: z.string(),
  seconds: z.number(),
});

export const RESULT = z.looseObject({
  schema: z.literal(RESULT_SCHEMA),
  metrics: z.record(z.string(), NUMBER),
  intervals: z.record(z.string(), INTERVAL).optional(),
  floors: z.record(z.string(), FLOOR).optional(),
  byClass: BY_CLASS.optional(),
  notMeasured: z.record(z.string(), WARNING).optional(),
  inputs: z.looseObject({ real: INPUT.optional(), fake: INPUT.optional(), heldOut: INPUT.optional() }),
  protocol: PROTOCOL,
  warnings: z.array(WARNING),
  provenance: PROVENANCE,
});

/** The parts of a result that a baseline keeps. */
export const MEASURED = z.object({
  metrics: RESULT.shape.metrics,
  intervals: RESULT.shape.intervals,
  inputs: z.object(RESULT.shape.inputs.shape),
  protocol: RESULT.shape.protocol,
});

/** The results of several extractors, in one file. */
export const RESULTS = z.looseObject({
  schema: z.literal("gan-eval/results/1"),
  results: z.array(RESULT).min(1),
});

// A field of a result that the schema lacks, or has with another type, does not compile. Classes are read by reports only.
const toResult = (read: z.infer<typeof RESULT>): Omit<EvaluationResult, "byClass"> => read;
export type ReadResult = ReturnType<typeof toResult> & Pick<EvaluationResult, "byClass">;
type Missing = Exclude<keyof EvaluationResult, keyof typeof RESULT.shape>;
const nothingMissing: Missing extends never ? true : never = true;
void nothingMissing;
