/** Result files, as `--json` and `--out` write them. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { GanEvalError } from "../errors.ts";
import { RESULT_SCHEMA } from "../evaluate/result.ts";
import { textToJson } from "../formats/json.ts";
import { bytesToText } from "../formats/text.ts";
import type { Measured } from "./measured.ts";

/** JSON lacks NaN and infinities; reports/result-to-json.ts writes them as text. */
const NUMBER = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);

const INTERVAL = z.looseObject({
  low: NUMBER,
  high: NUMBER,
  standardError: NUMBER,
  level: z.number(),
  method: z.string(),
  blocks: z.number().optional(),
  cuts: z.number().optional(),
  seed: z.number(),
});
const INPUT = z.looseObject({
  location: z.string(),
  kind: z.string(),
  count: z.number().nullable(),
  contentHash: z.string().optional(),
});
/** What is read of a result, and what a baseline holds of one. */
export const MEASURED = z.object({
  metrics: z.record(z.string(), NUMBER),
  intervals: z.record(z.string(), INTERVAL).optional(),
  inputs: z.object({ real: INPUT.optional(), fake: INPUT.optional(), heldOut: INPUT.optional() }),
  protocol: z.looseObject({
    extractor: z.string(),
    extractorHash: z.string().nullable(),
    featureEnd: z.string(),
    dims: z.number(),
    resize: z.string(),
    ddof: z.number(),
    splits: z.number(),
    shuffle: z.boolean(),
    parameters: z.record(z.string(), z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))),
  }),
});
const RESULT = MEASURED.extend({ schema: z.literal(RESULT_SCHEMA) });

/** No result is so large. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * The object in a JSON file.
 * @throws GanEvalError `input.not-json`; what the system says where it cannot be read
 */
export async function readJson(file: string, what: string): Promise<unknown> {
  const bytes = await readFile(file);
  try {
    if (bytes.length > MOST_BYTES) throw new Error("it is too large");
    return textToJson(bytesToText(bytes, file));
  } catch (cause) {
    if (cause instanceof GanEvalError) throw cause;
    throw new GanEvalError(
      "input.not-json",
      `expected ${what} in ${file}, got: ${(cause as Error).message}`,
      {
        hint: "Results are what --out FILE and --json write.",
        cause,
      },
    );
  }
}

/** The schema that an object says it has. */
export const objectToSchema = (object: unknown): string | undefined => {
  const schema =
    typeof object === "object" && object !== null && "schema" in object ? object.schema : undefined;
  return typeof schema === "string" ? schema : undefined;
};

/** @throws GanEvalError `input.not-a-result` */
export function objectToMeasured(object: unknown, file: string): Measured {
  const parsed = RESULT.safeParse(object);
  if (parsed.success) return parsed.data as unknown as Measured;
  const schema = objectToSchema(object);
  const [issue] = parsed.error.issues;
  const got =
    schema === RESULT_SCHEMA
      ? `${issue.path.join(".")}: ${issue.message}`
      : schema === undefined
        ? "no schema"
        : JSON.stringify(schema.slice(0, 80));
  throw new GanEvalError(
    "input.not-a-result",
    `expected a result (${RESULT_SCHEMA}) in ${file}, got ${got}`,
    {
      hint: "gan-eval metrics ... --ci --out result.json writes one. One of several extractors is none: measure with one.",
    },
  );
}

/** @throws GanEvalError `input.not-json`, `input.not-a-result` */
export const readMeasured = async (file: string): Promise<Measured> =>
  objectToMeasured(await readJson(file, "a result"), file);
