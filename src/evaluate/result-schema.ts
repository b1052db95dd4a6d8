/** The one schema of a result file: what every reader of results accepts, held to the types in result.ts. */
import { z } from "zod";
import { CROPS } from "../images/resize/crop.ts";
import { ROLES } from "../math/role.ts";
import type { ClassScore, ClassScores } from "./classes/by-class.ts";
import {
  type EvaluationResult,
  type FailureRecord,
  FLOOR_ROLES,
  type FloorRecord,
  INTERVAL_METHOD_NAMES,
  type InputRecord,
  type IntervalRecord,
  type Protocol,
  type Provenance,
  RESULT_SCHEMA,
  RESULTS_SCHEMA,
} from "./result.ts";

/** A schema for every field of `T`; a field that the type gains or loses does not compile until it is here. */
type Fields<T> = { readonly [K in keyof T]-?: z.ZodType<T[K]> };
const fields =
  <T>() =>
  <F extends Fields<T>>(shape: F): F =>
    shape;

/** JSON lacks NaN and infinities; they are written as text. Other text is no number. */
const NUMBER = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);
const TEXT = z.string();
const TEXTS = z.array(TEXT);
const VALUES = z.record(TEXT, NUMBER);
const VALUE = z.union([z.number(), TEXT, z.boolean()]);
const ROLE = z.enum(ROLES);

/** Fields beyond the known ones are let through: a later version may write more. */
const INTERVAL = z.looseObject(
  fields<IntervalRecord>()({
    low: NUMBER,
    high: NUMBER,
    standardError: NUMBER,
    level: z.number(),
    method: z.enum(INTERVAL_METHOD_NAMES),
    blocks: z.number().optional(),
    cuts: z.number().optional(),
    seed: z.number(),
    fixed: z.array(ROLE).optional(),
    referenceShare: z.number().optional(),
  }),
);
const FLOOR = z.looseObject(
  fields<FloorRecord>()({
    value: NUMBER,
    measured: NUMBER.optional(),
    ratio: NUMBER.optional(),
    real: z.number(),
    fake: z.number(),
    of: z.enum(FLOOR_ROLES),
  }),
);
const INPUT = z.looseObject(
  fields<InputRecord>()({
    location: TEXT,
    kind: TEXT,
    count: z.number().nullable(),
    contentHash: TEXT.optional(),
  }),
);
const WARNING = z.looseObject({ code: TEXT, message: TEXT, hint: TEXT.optional() });
const FAILURE = z.looseObject(fields<FailureRecord>()({ code: TEXT, message: TEXT, hint: TEXT.optional() }));
const PROTOCOL = z.looseObject(
  fields<Protocol>()({
    compat: z
      .looseObject({ name: TEXT, library: TEXT, changed: TEXTS, differs: TEXT, extractor: TEXT.optional() })
      .optional(),
    extractor: TEXT,
    extractorHash: TEXT.nullable(),
    featureEnd: TEXT,
    dims: z.number(),
    resize: TEXT,
    crop: z.enum([...CROPS, "unknown"]).optional(),
    arithmetic: TEXT.optional(),
    ddof: z.number(),
    seed: z.number(),
    splits: z.number(),
    shuffle: z.boolean(),
    /** The first results had none. */
    parameters: z.record(TEXT, z.record(TEXT, VALUE)).default({}),
  }),
);
const PROVENANCE = z.looseObject(
  fields<Provenance>()({
    ganEval: TEXT,
    node: TEXT,
    engine: TEXT.nullable(),
    device: TEXT.nullable(),
    threads: z.number().nullable(),
    isa: TEXT.optional(),
    batchSize: z.number().nullable(),
    command: TEXTS,
    startedAt: TEXT,
    seconds: z.number(),
  }),
);
const CLASS = z.looseObject(
  fields<ClassScore>()({
    name: TEXT,
    real: z.number(),
    fake: z.number(),
    realShare: NUMBER,
    fakeShare: NUMBER,
    distance: NUMBER.nullable(),
    reason: TEXT.optional(),
  }),
);
const BY_CLASS = z.looseObject(
  fields<ClassScores>()({
    classes: z.array(CLASS),
    measured: z.number(),
    distanceKey: TEXT,
    metrics: VALUES,
    intervals: z.record(TEXT, INTERVAL),
    floors: z.record(TEXT, FLOOR),
    fakeLabels: z.enum(["given", "predicted"]),
    agreement: NUMBER.optional(),
  }),
);

const SHAPE = fields<EvaluationResult>()({
  schema: z.literal(RESULT_SCHEMA),
  metrics: VALUES,
  intervals: z.record(TEXT, INTERVAL).optional(),
  floors: z.record(TEXT, FLOOR).optional(),
  byClass: BY_CLASS.optional(),
  notMeasured: z.record(TEXT, FAILURE).optional(),
  inputs: z.looseObject({ real: INPUT.optional(), fake: INPUT.optional(), heldOut: INPUT.optional() }),
  protocol: PROTOCOL,
  warnings: z.array(WARNING),
  provenance: PROVENANCE,
});

/** One result. */
export const RESULT: z.ZodType<EvaluationResult> = z.looseObject(SHAPE);

/** Results of several extractors, from one pass over the images. */
export const SEVERAL: z.ZodType<{ readonly results: readonly EvaluationResult[] }> = z.looseObject({
  schema: z.literal(RESULTS_SCHEMA),
  results: z.array(RESULT).min(1),
});

const { metrics, intervals, inputs, protocol } = SHAPE;

/** The part of a result that a baseline keeps; the rest is left out. */
export const MEASURED: z.ZodType<Pick<EvaluationResult, "metrics" | "intervals" | "inputs" | "protocol">> =
  z.object({ metrics, intervals, inputs, protocol });
