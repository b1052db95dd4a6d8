/** `run.json`: what a run is, how far it came and what happened on the way. */
import path from "node:path";
import { z } from "zod";
import { GanEvalError } from "../errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { textToJson } from "../formats/json.ts";
import { readText } from "../formats/text.ts";
import { DESCRIPTION_FILE } from "./run-folder.ts";

export const RUN_SCHEMA = "gan-eval/run/1";

const count = z.number().int().nonnegative();
const shape = z.array(count).readonly();
const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What `run.json` keeps of a `LayerRecord`. */
const LAYER = z.object({
  name: z.string(),
  kind: z.string(),
  input: shape,
  output: shape,
  parameters: count,
});
const layers = z.array(LAYER).readonly();

const BEST = z.object({
  round: count,
  metric: z.string(),
  value: z.number(),
  /** From the run's folder. */
  checkpoint: z.string(),
});

const EVENT = z.object({
  round: count,
  kind: z.string(),
  message: z.string(),
  /** The round of the checkpoint that a roll-back went to. */
  to: count.optional(),
});

const names = z.array(z.string()).readonly();

/** Who plays in a model of several networks: what its columns and layers are called after. */
const SCHEME = z.object({
  /** By player: whose learning rate it has, and its networks. */
  players: z.record(z.string(), z.object({ role: z.enum(["generator", "discriminator"]), networks: names })),
  /** Each discriminator, whose step it is read at, and whether its logits are those of a probability. */
  discriminators: z
    .array(z.object({ name: z.string(), player: z.string(), isProbability: z.boolean() }))
    .readonly(),
  /** Terms that have a column of losses.csv, and the players that they train. */
  terms: z.array(z.object({ name: z.string(), trains: names })).readonly(),
  /** What is made of held-out samples; `source` where it starts from images. */
  makers: z
    .array(z.object({ name: z.string(), label: z.string(), source: z.string().optional() }))
    .readonly(),
  /** What stands above the columns of samples/ROUND.png. */
  columns: names,
});

const PLAN = z.object({
  name: z.string(),
  command: z.array(z.string()).readonly(),
  /** Of `gan-eval`, `node`, the engine, by name; `isa`: the processor's instruction set, all of them if it went on on others. */
  versions: z.record(z.string(), z.string()),
  /** Every option as it was resolved. A record of zod would drop an option that is called `__proto__`. */
  config: z.custom<Record<string, unknown>>(isObject),
  data: z.object({
    label: z.string(),
    /** Undefined for data without an end. */
    count: count.optional(),
    shape,
    classes: count.optional(),
    /** By class. */
    classNames: z.array(z.string()).readonly().optional(),
    hash: z.string().optional(),
    /** Of models of several networks: shapes by field, and the columns of `attributes`. */
    fields: z.record(z.string(), shape).optional(),
    attributes: z.array(z.string()).readonly().optional(),
  }),
  /** By network; `generator` and `discriminator` of a model of these two. */
  networks: z.record(z.string(), layers),
  /** Of models of several networks. */
  scheme: SCHEME.optional(),
  /** How many are to be played. */
  rounds: count,
  seed: count,
});

const DESCRIPTION = z.object({
  schema: z.literal(RUN_SCHEMA),
  status: z.enum(["running", "finished", "interrupted", "failed"]),
  ...PLAN.shape,
  /** ISO 8601. */
  started: z.string(),
  updated: z.string(),
  /** The round of the newest checkpoint. */
  round: count,
  events: z.array(EVENT).readonly(),
  best: BEST.optional(),
  /** The next best, while its checkpoint is being written. */
  claimed: BEST.optional(),
  /** The round of a checkpoint that an interrupt made: it goes with the next one, and no roll-back leads to it. */
  interim: count.optional(),
  /** What ended a run that failed. */
  failure: z.string().optional(),
});

/** What a run is from its beginning on. */
export type RunScheme = Readonly<z.infer<typeof SCHEME>>;
export type RunPlan = Readonly<z.infer<typeof PLAN>>;
export type RunDescription = Readonly<z.infer<typeof DESCRIPTION>>;
export type RunStatus = RunDescription["status"];
export type RunEvent = Readonly<z.infer<typeof EVENT>>;
export type BestCheckpoint = Readonly<z.infer<typeof BEST>>;

/** JSON has neither `NaN` nor infinities: they become text. */
const nonFiniteToText = (_name: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;

/** A value as it is read back from JSON. */
export const toStored = (value: unknown): unknown => JSON.parse(JSON.stringify(value, nonFiniteToText));

/** @throws GanEvalError `internal.run-description` for what could not be read back */
export function descriptionToText(description: RunDescription): string {
  const { success, data, error } = DESCRIPTION.safeParse(toStored(description));
  if (success) return `${JSON.stringify(data, null, 2)}\n`;
  throw new GanEvalError("internal.run-description", `internal: ${issueToText(error)}`, { cause: error });
}

export const writeDescription = (folder: string, description: RunDescription): Promise<void> =>
  writeFileAtomically(path.join(folder, DESCRIPTION_FILE), [Buffer.from(descriptionToText(description))]);

const issueToText = ({ issues: [{ path: place, message }] }: z.ZodError): string =>
  `${place.length === 0 ? "the whole" : place.join(".")}: ${message}`;

const notARun = (got: string, hint: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.not-a-run", `expected a run folder, got ${got}`, { hint, cause });

const START_ANEW =
  "Its CSV files, samples and checkpoints remain readable; to train, start a new run with another --out.";

/** @throws GanEvalError `input.not-a-run` for text that is cut off, damaged or of another version */
export function textToDescription(text: string, location: string): RunDescription {
  let value: unknown;
  try {
    value = textToJson(text);
  } catch (cause) {
    throw notARun(`${location}, truncated or damaged: ${(cause as Error).message}`, START_ANEW, cause);
  }
  const { schema } = (isObject(value) ? value : {}) as { schema?: unknown };
  if (schema !== RUN_SCHEMA)
    throw notARun(
      `${location} with schema ${JSON.stringify(schema)}, not "${RUN_SCHEMA}"`,
      "Another program or another version of gan-eval wrote it: use that one.",
    );
  const read = DESCRIPTION.safeParse(value);
  if (!read.success)
    throw notARun(`${location} with an invalid value: ${issueToText(read.error)}`, START_ANEW, read.error);
  return read.data;
}

/** @throws GanEvalError `input.not-a-run` where there is none that can be read */
export async function readDescription(folder: string): Promise<RunDescription> {
  const location = path.join(folder, DESCRIPTION_FILE);
  const text = await readText(location).catch((cause: NodeJS.ErrnoException) => {
    if (cause instanceof GanEvalError) throw cause;
    const missing = cause.code === "ENOENT" || cause.code === "ENOTDIR";
    throw missing
      ? notARun(`${folder} without ${DESCRIPTION_FILE}`, "Give the folder of a trained run.", cause)
      : notARun(`unreadable ${location}: ${cause.message}`, "Check its permissions.", cause);
  });
  return textToDescription(text, location);
}
