/** Reads result files, as `--out` and `--json` write them. */
import { readFile } from "node:fs/promises";
import type { core } from "zod";
import { GanEvalError } from "../errors.ts";
import { JsonFault, textToJson } from "../formats/json.ts";
import { bytesToText } from "../formats/text.ts";
import { type EvaluationResult, RESULT_SCHEMA } from "./result.ts";
import { RESULT, RESULTS } from "./result-schema.ts";

/** No result is so large. */
const MOST_BYTES = 64 * 2 ** 20;

/** A read error of the schema: the first place that does not fit. */
const issueToText = ([{ path, message }]: readonly core.$ZodIssue[]): string =>
  `${path.join(".")}: ${message}`;

const notAResult = (location: string, got: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.not-a-result", `expected a result (${RESULT_SCHEMA}) in ${location}, got ${got}`, {
    hint: "Write one with gan-eval metrics ... --ci --out result.json.",
    cause,
  });

/** The schema that an object names; undefined where it names none. */
export const objectToSchema = (object: unknown): string | undefined => {
  const schema =
    typeof object === "object" && object !== null && "schema" in object ? object.schema : undefined;
  return typeof schema === "string" ? schema : undefined;
};

/**
 * The results in an object: one, or one an extractor.
 * @throws GanEvalError `input.not-a-result`, with the first field that does not fit
 */
export function objectToResults(object: unknown, location: string): EvaluationResult[] {
  const schema = objectToSchema(object);
  const isSeveral = schema === RESULTS.shape.schema.value;
  if (!isSeveral && schema !== RESULT_SCHEMA)
    throw notAResult(location, schema === undefined ? "no schema" : JSON.stringify(schema.slice(0, 80)));
  const read = isSeveral ? RESULTS.safeParse(object) : RESULT.safeParse(object);
  if (!read.success) throw notAResult(location, issueToText(read.error.issues), read.error);
  const results = "results" in read.data ? read.data.results : [read.data];
  return results as unknown as EvaluationResult[];
}

/**
 * The object in a JSON file of ours.
 * @throws GanEvalError `input.not-json`; what the system says where it cannot be read
 */
export async function readJson(location: string, what: string): Promise<unknown> {
  const bytes = await readFile(location);
  try {
    if (bytes.length > MOST_BYTES) throw new Error("it is too large");
    if (bytes.length === 0) throw new Error("an empty file");
    return textToJson(bytesToText(bytes, location));
  } catch (cause) {
    if (cause instanceof GanEvalError) throw cause;
    const { message } = cause as Error;
    const got = cause instanceof JsonFault ? `JSON that is cut off or damaged: ${message}` : message;
    throw new GanEvalError("input.not-json", `expected ${what} in ${location}, got: ${got}`, {
      hint: "Results are what --out FILE and --json write.",
      cause,
    });
  }
}

/**
 * The results in a file: one, or one an extractor.
 * @throws GanEvalError `input.not-a-result` for a file that is missing, cut off, or something else
 */
export async function readResults(location: string): Promise<EvaluationResult[]> {
  const object = await readJson(location, "a result").catch((cause: Error) => {
    const isOther = cause instanceof GanEvalError && cause.code !== "input.not-json";
    throw isOther ? cause : notAResult(location, cause.message.replace(/^expected .*?, got: /s, ""), cause);
  });
  return objectToResults(object, location);
}
