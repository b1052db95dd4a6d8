/** Result files, as `--out` and `--json` write them: the one reader of them all. */
import { readFile } from "node:fs/promises";
import type { ZodType } from "zod";
import { GanEvalError } from "../errors.ts";
import { textToJson } from "../formats/json.ts";
import { bytesToText } from "../formats/text.ts";
import { type EvaluationResult, RESULT_SCHEMA, RESULTS_SCHEMA } from "./result.ts";
import { RESULT, SEVERAL } from "./result-schema.ts";

/** No result is so large. */
export const MOST_BYTES = 64 * 2 ** 20;

/** What a file holds: one result, or those of several extractors. */
export interface ReadResults {
  readonly schema: typeof RESULT_SCHEMA | typeof RESULTS_SCHEMA;
  readonly results: readonly EvaluationResult[];
}

const notAResult = (location: string, got: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.not-a-result", `expected a result of gan-eval in ${location}, got ${got}`, {
    hint: "Make one with `gan-eval metrics ... --out result.json`.",
    cause,
  });

/** The schema that an object says it has. */
export const objectToSchema = (object: unknown): string | undefined => {
  const schema =
    typeof object === "object" && object !== null && "schema" in object ? object.schema : undefined;
  return typeof schema === "string" ? schema : undefined;
};

/** @throws GanEvalError `input.not-a-result` that names the first wrong value */
function objectToValid<T>(schema: ZodType<T>, object: unknown, location: string): T {
  const parsed = schema.safeParse(object);
  if (parsed.success) return parsed.data;
  const [{ path: place, message }] = parsed.error.issues;
  throw notAResult(location, `a wrong value: ${place.join(".")}: ${message}`, parsed.error);
}

/** @throws GanEvalError `input.not-a-result` */
export function objectToResults(object: unknown, location: string): ReadResults {
  const schema = objectToSchema(object);
  if (schema === RESULT_SCHEMA) return { schema, results: [objectToValid(RESULT, object, location)] };
  if (schema === RESULTS_SCHEMA) return { schema, results: objectToValid(SEVERAL, object, location).results };
  const got = schema === undefined ? "no schema" : `the schema ${JSON.stringify(schema.slice(0, 80))}`;
  throw notAResult(location, `${got}, not "${RESULT_SCHEMA}"`);
}

/**
 * @param location a file in UTF-8 or UTF-16, with a byte order mark or without
 * @throws GanEvalError `input.not-a-result` for a file that is missing, cut off, too large or something else,
 *   `input.text-encoding`
 */
export async function readResultFile(location: string): Promise<ReadResults> {
  const bytes = await readFile(location).catch((cause: Error) => {
    throw notAResult(location, cause.message, cause);
  });
  if (bytes.length > MOST_BYTES)
    throw notAResult(location, `${bytes.length} bytes, more than the ${MOST_BYTES} that a result may have`);
  const text = bytesToText(bytes, location);
  try {
    return objectToResults(textToJson(text), location);
  } catch (cause) {
    if (cause instanceof GanEvalError) throw cause;
    throw notAResult(
      location,
      text.trim() === "" ? "an empty file" : `JSON that is cut off or damaged: ${(cause as Error).message}`,
      cause,
    );
  }
}
