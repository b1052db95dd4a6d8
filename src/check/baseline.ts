/** The committed baseline: what a night is held against until it is updated. */
import { z } from "zod";
import { GanEvalError } from "../errors.ts";
import { objectToSchema } from "../evaluate/read-results.ts";
import { RESULT_SCHEMA } from "../evaluate/result.ts";
import { MEASURED } from "../evaluate/result-schema.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { packageVersion } from "../package-root.ts";
import { locationToShell } from "../shell-word.ts";
import { type Measured, resultToMeasured } from "./measured.ts";
import { objectToMeasured, readJson } from "./read-results.ts";

export const BASELINE_SCHEMA = "gan-eval/baseline/1";

export interface Baseline {
  readonly schema: typeof BASELINE_SCHEMA;
  /** The version that wrote it. */
  readonly ganEval: string;
  /** ISO 8601. */
  readonly when: string;
  /** One a seed. */
  readonly results: readonly Measured[];
}

const isoDate = z.string().refine((text) => Number.isFinite(Date.parse(text)));
const BASELINE = z.object({
  schema: z.literal(BASELINE_SCHEMA),
  ganEval: z.string(),
  when: isoDate,
  results: z.array(MEASURED).min(1),
});

/**
 * A baseline of results, one a seed.
 * @param now milliseconds since 1970 (default: Date.now())
 */
export const resultsToBaseline = (results: readonly Measured[], now = Date.now()): Baseline => ({
  schema: BASELINE_SCHEMA,
  ganEval: packageVersion(),
  when: new Date(now).toISOString(),
  results: results.map((result) => withoutNonFinite(resultToMeasured(result))),
});

/** Values that are no numbers are nothing to hold a night against, and JSON lacks them. */
export const resultToNonFinite = ({ metrics }: Measured): string[] =>
  Object.keys(metrics).filter((key) => !Number.isFinite(metrics[key]));

const withoutNonFinite = ({ intervals, ...measured }: Measured): Measured => ({
  ...measured,
  metrics: Object.fromEntries(Object.entries(measured.metrics).filter(([, value]) => Number.isFinite(value))),
  ...(intervals && {
    intervals: Object.fromEntries(
      Object.entries(intervals).filter(([, of]) =>
        [of.low, of.high, of.standardError].every(Number.isFinite),
      ),
    ),
  }),
});

/**
 * Reads a baseline; a result file counts as one of a single seed.
 * @throws GanEvalError `input.baseline-missing`, `input.not-json`, `input.baseline-version` for another version's file,
 *   `input.baseline` for one that is broken
 */
export async function readBaseline(file: string): Promise<Baseline> {
  const object = await readJson(file, "a baseline").catch((cause) => {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new GanEvalError("input.baseline-missing", `expected a baseline in ${file}, got no such file`, {
      hint: `Make one: gan-eval baseline update --baseline ${locationToShell(file)} ...`,
      cause,
    });
  });
  const schema = objectToSchema(object);
  if (schema === RESULT_SCHEMA) return resultToBaseline(object, file);
  if (schema !== BASELINE_SCHEMA) {
    const by = (object as { ganEval?: unknown } | null)?.ganEval;
    const writer = typeof by === "string" ? ` by gan-eval ${by.slice(0, 40)}` : "";
    throw new GanEvalError(
      "input.baseline-version",
      `expected a baseline of ${BASELINE_SCHEMA} in ${file}, got ${JSON.stringify(schema?.slice(0, 80)) ?? "no schema"}${writer}`,
      {
        hint: `This is gan-eval ${packageVersion()}. Measure again: gan-eval baseline update --baseline ${locationToShell(file)} ...`,
      },
    );
  }
  const parsed = BASELINE.safeParse(object);
  if (parsed.success) return parsed.data as Baseline;
  const [issue] = parsed.error.issues;
  throw new GanEvalError(
    "input.baseline",
    `expected a valid baseline in ${file}, got ${issue.path.join(".")}: ${issue.message}`,
    {
      hint: "It was edited by hand, or contains merge conflict markers. Make it again: gan-eval baseline update",
    },
  );
}

function resultToBaseline(object: unknown, file: string): Baseline {
  const measured = objectToMeasured(object, file);
  const { startedAt, ganEval } = measured.provenance;
  const parsed = isoDate.safeParse(startedAt);
  return {
    schema: BASELINE_SCHEMA,
    ganEval,
    when: parsed.success ? parsed.data : new Date(0).toISOString(),
    results: [resultToMeasured(measured)],
  };
}

/** Whole or not at all. @throws GanEvalError `input.cannot-write` */
export const writeBaseline = (file: string, baseline: Baseline): Promise<void> =>
  writeFileAtomically(file, [Buffer.from(`${JSON.stringify(baseline, null, 2)}\n`)]);
