/** A job as it lies in the queue: what it may hold, and what it is called. */
import { createHash } from "node:crypto";
import * as zod from "zod";
import { GanEvalError } from "../errors.ts";
import type { OptionTable } from "../options/table.ts";
import { REQUEST_TABLE } from "../run-folder/length-options.ts";
import { CONFIG_TABLES } from "../run-folder/run-config.ts";
import type { RunRequest } from "../runs/request-to-config.ts";
import { DERIVED_KINDS } from "../train/options/table.ts";

const { z } = zod;

/** A job is a request, not a file: more is none of ours. */
export const MOST_BYTES = 65_536;

/** Exactly the options of a table, each as its row takes it. */
export const tableToSchema = (table: OptionTable, derived: Readonly<Record<string, zod.ZodType>> = {}) =>
  z.strictObject({
    ...Object.fromEntries(
      Object.entries(table).map(([name, { kind }]) => [name, kind.schema(zod).optional()]),
    ),
    ...derived,
  });

const derivedSchemas = (): Record<string, zod.ZodType> =>
  Object.fromEntries(
    Object.entries(DERIVED_KINDS).map(([name, kind]) => [name, kind.schema(zod).optional()]),
  );

/** A name or a path. */
export const text = z.string().min(1).max(4096);

const makeRequestSchema = () =>
  z.strictObject({
    ...Object.fromEntries(
      Object.entries(REQUEST_TABLE).map(([name, { kind }]) => [name, kind.schema(zod).optional()]),
    ),
    data: tableToSchema(CONFIG_TABLES.data).optional(),
    model: tableToSchema(CONFIG_TABLES.model, derivedSchemas()).optional(),
    recording: tableToSchema(CONFIG_TABLES.recording).optional(),
    computation: tableToSchema(CONFIG_TABLES.computation).optional(),
    weights: text.optional(),
    cacheDir: text.optional(),
    memory: z.number().positive().optional(),
    folder: text,
    command: z.array(z.string().max(4096)).max(1000).optional(),
    offline: z.boolean().optional(),
  });

const STALLS = z.strictObject({
  seen: z.number().int().nonnegative(),
  idle: z.number().int().nonnegative(),
  round: z.number().int().nonnegative(),
});

/** What jobs of every kind have. */
export const COMMON = {
  v: z.literal(1),
  /** The version that added it. */
  ganEval: z.string().max(100),
  /** The instruction set that it is to be computed with; null for any. */
  isa: z.string().max(100).nullable(),
  /** The sweep's folder, or the images; from the folder that producer and workers share. */
  root: text,
  /** The run's folder in it, or which of the images. */
  name: text,
  threads: z.number().int().min(1).max(1024),
  /** The file, from the shared folder, that holds the id of the folder that the job is of; and that id. */
  folder: z.strictObject({ file: text, id: z.string().regex(/^[0-9a-f]{16}$/) }),
  /** When somebody cancelled it, ISO 8601. */
  cancelled: z.string().max(100).optional(),
  stalls: STALLS.optional(),
};

const makeTrainSchema = () =>
  z.strictObject({ ...COMMON, kind: z.literal("train"), request: makeRequestSchema() });

export interface TrainJob extends Omit<zod.infer<ReturnType<typeof makeTrainSchema>>, "request"> {
  readonly request: RunRequest;
}

let trainSchema: zod.ZodType<TrainJob> | undefined;

const badJob = (got: string, expected = "a job as gan-eval writes it"): GanEvalError =>
  new GanEvalError("queue.bad-job", `expected ${expected}, got ${got}`, {
    hint: "Another program wrote it, or another version of gan-eval: remove it with `gan-eval queue cancel`.",
  });

/** @throws GanEvalError `queue.bad-job` */
export function requireSize(data: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(data) ?? "");
  if (bytes > MOST_BYTES) throw badJob(`${bytes} bytes`, `a job of at most ${MOST_BYTES} bytes`);
}

/** A job's data by a schema, checked before anything is opened. @throws GanEvalError `queue.bad-job` */
export function dataToJob<Job>(schema: zod.ZodType<Job>, data: unknown): Job {
  requireSize(data);
  const read = schema.safeParse(data);
  if (read.success) return read.data;
  const [{ path: place, message }] = read.error.issues;
  throw badJob(`${place.length === 0 ? "the whole" : place.join(".")}: ${message}`);
}

/** @throws GanEvalError `queue.bad-job` */
export function dataToTrainJob(data: unknown): TrainJob {
  // Made at the first job: a sweep reads thousands.
  trainSchema ??= makeTrainSchema() as unknown as zod.ZodType<TrainJob>;
  return dataToJob(trainSchema, data);
}

/** Keys in order, so that equal requests are equal texts. */
const inOrder = (_name: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The same command finds the same jobs: `t-` and 32 hexadecimal digits. Threads, places and the command line do not count. */
export function requestToJobId(sweepId: string, name: string, request: RunRequest): string {
  const {
    folder: _folder,
    command: _command,
    cacheDir: _cache,
    memory: _memory,
    computation,
    ...rest
  } = request;
  const { threads: _threads, ...computed } = computation ?? {};
  return partsToJobId("t", [sweepId, name, { ...rest, computation: computed }]);
}

/** A letter for the kind, and 32 hexadecimal digits of what decides the job. */
export const partsToJobId = (kind: string, parts: readonly unknown[]): string =>
  `${kind}-${createHash("sha256").update(JSON.stringify(parts, inOrder)).digest("hex").slice(0, 32)}`;
