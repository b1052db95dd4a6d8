/** Result files as a check takes them: one result each. */
import { readFile } from "node:fs/promises";
import { GanEvalError } from "../errors.ts";
import { MOST_BYTES, objectToResults, type ReadResults, readResultFile } from "../evaluate/read-results.ts";
import { type EvaluationResult, RESULT_SCHEMA } from "../evaluate/result.ts";
import { textToJson } from "../formats/json.ts";
import { bytesToText } from "../formats/text.ts";

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

function requireSingle({ schema, results }: ReadResults, file: string): EvaluationResult {
  const [result] = results;
  if (schema === RESULT_SCHEMA && result) return result;
  throw new GanEvalError(
    "input.not-a-result",
    `expected one result (${RESULT_SCHEMA}) in ${file}, got those of several extractors (${schema})`,
    {
      hint: "A check has one extractor: measure with one, gan-eval metrics ... --ci --out result.json.",
    },
  );
}

/** @throws GanEvalError `input.not-a-result` */
export const objectToMeasured = (object: unknown, file: string): EvaluationResult =>
  requireSingle(objectToResults(object, file), file);

/** @throws GanEvalError `input.not-a-result`, `input.text-encoding` */
export const readMeasured = async (file: string): Promise<EvaluationResult> =>
  requireSingle(await readResultFile(file), file);
