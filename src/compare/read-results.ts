/** Result files, as `--out` and `--json` write them. */
import { z } from "zod";
import { GanEvalError } from "../errors.ts";
import { type EvaluationResult, RESULT_SCHEMA } from "../evaluate/result.ts";
import { textToJson } from "../formats/json.ts";
import { readText } from "../formats/text.ts";
import type { LocatedResult } from "./results-to-comparison.ts";

/** What comparison reads of a result; the rest is let through. */
const RESULT = z.looseObject({
  schema: z.literal(RESULT_SCHEMA),
  /** NaN and infinities are text in JSON. */
  metrics: z.record(z.string(), z.union([z.number(), z.string().transform(Number)])),
  intervals: z.record(z.string(), z.looseObject({ low: z.number(), high: z.number() })).optional(),
  inputs: z.looseObject({}),
  protocol: z.looseObject({
    extractor: z.string(),
    seed: z.number(),
    parameters: z.record(z.string(), z.looseObject({})),
  }),
  provenance: z.looseObject({ command: z.array(z.string()), seconds: z.number() }),
});
/** Of several extractors at once. */
const SEVERAL = z.looseObject({ schema: z.literal("gan-eval/results/1"), results: z.array(RESULT).min(1) });

const notAResult = (location: string, got: string, cause?: unknown): GanEvalError =>
  new GanEvalError("input.not-a-result", `expected a result of gan-eval in ${location}, got ${got}`, {
    hint: "Make one with `gan-eval metrics ... --out result.json`.",
    cause,
  });

/** @throws GanEvalError `input.not-a-result` for a file that is missing, cut off, or something else */
export async function readResults(location: string): Promise<LocatedResult[]> {
  const text = await readText(location).catch((cause: Error) => {
    throw cause instanceof GanEvalError ? cause : notAResult(location, cause.message, cause);
  });
  let value: unknown;
  try {
    value = textToJson(text);
  } catch (cause) {
    throw notAResult(
      location,
      text.trim() === "" ? "an empty file" : `JSON that is cut off or damaged: ${(cause as Error).message}`,
      cause,
    );
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  const isSeveral = schema === SEVERAL.shape.schema.value;
  if (!isSeveral && schema !== RESULT_SCHEMA)
    throw notAResult(location, `the schema ${JSON.stringify(schema)}, not "${RESULT_SCHEMA}"`);
  const read = (isSeveral ? SEVERAL : RESULT).safeParse(value);
  if (!read.success) {
    const [{ path: place, message }] = read.error.issues;
    throw notAResult(location, `a wrong value: ${place.join(".")}: ${message}`, read.error);
  }
  const results = (isSeveral
    ? (read.data as z.infer<typeof SEVERAL>).results
    : [read.data]) as unknown as EvaluationResult[];
  return results.map((result) => ({
    location: results.length === 1 ? location : `${location} (${result.protocol.extractor})`,
    result,
  }));
}
