/** `history.jsonl`: a line a night, appended. */
import { open, stat } from "node:fs/promises";
import { z } from "zod";
import { GanEvalError, type Warning } from "../errors.ts";
import { cannotWrite } from "../files/atomic-file.ts";
import { bytesToText } from "../formats/text.ts";
import { packageVersion } from "../package-root.ts";
import type { OutcomeStatus, RuleOutcome } from "./check-result.ts";
import { type Measured, resultsToSeeds } from "./measured.ts";
import { type ProtocolFields, resultsToFakes, resultToFields } from "./protocol-fields.ts";
import type { Seeds } from "./seeds.ts";

export const HISTORY_SCHEMA = "gan-eval/history/1";

export interface Night {
  readonly schema: typeof HISTORY_SCHEMA;
  readonly ganEval: string;
  /** ISO 8601. */
  readonly when: string;
  readonly passed: boolean;
  /** By the values' names in results; only numbers. */
  readonly metrics: Readonly<Record<string, Seeds>>;
  readonly protocol: ProtocolFields;
  /** Content hashes, where they are known: the same images measured twice are one night. */
  readonly fakes: readonly string[];
  /** What each rule came to. Earlier versions did not write it. */
  readonly rules?: readonly NightRule[];
}

/** One limit of a rule, as a night was held to it. */
export interface NightRule {
  readonly rule: string;
  readonly status: OutcomeStatus;
  /** The value's name in results; expressions have none. */
  readonly key?: string;
  readonly comparison?: "<=" | ">=";
  readonly bound?: number;
}

const NIGHT = z.object({
  schema: z.literal(HISTORY_SCHEMA),
  ganEval: z.string(),
  when: z.string().refine((text) => Number.isFinite(Date.parse(text))),
  passed: z.boolean(),
  metrics: z.record(
    z.string(),
    z.object({
      values: z.array(z.number()).min(1),
      standardErrors: z.array(z.number()).optional(),
      referenceShares: z.array(z.number()).optional(),
      degrees: z.number().positive().optional(),
    }),
  ),
  protocol: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  fakes: z.array(z.string()),
  rules: z
    .array(
      z.object({
        rule: z.string(),
        status: z.enum(["passed", "failed", "warned", "not-judged"]),
        key: z.string().optional(),
        comparison: z.enum(["<=", ">="]).optional(),
        bound: z.number().optional(),
      }),
    )
    .optional(),
});

const outcomeToRule = ({ rule, status, key, expected }: RuleOutcome): NightRule => ({
  ...{ rule, status },
  ...(key !== undefined && { key }),
  ...(expected && Number.isFinite(expected.bound) && expected),
});

/** @param outcomes of its rules (default: none are kept) */
export function resultsToNight(
  results: readonly Measured[],
  when: string,
  passed: boolean,
  outcomes: readonly RuleOutcome[] = [],
): Night {
  const finite = [...resultsToSeeds(results)].filter(([, { values }]) => values.every(Number.isFinite));
  return {
    schema: HISTORY_SCHEMA,
    ganEval: packageVersion(),
    when,
    passed,
    metrics: Object.fromEntries(finite.map(([key, { interval: _, ...seeds }]) => [key, seeds])),
    protocol: resultToFields(results[0]),
    fakes: resultsToFakes(results),
    ...(outcomes.length > 0 && { rules: outcomes.map(outcomeToRule) }),
  };
}

export interface History {
  /** In the order of the file; of nights with the same fakes the last. */
  readonly nights: readonly Night[];
  readonly warnings: readonly Warning[];
}

/**
 * Reads a history; a file that is not there has no nights. Lines that are broken (the last one of a process that was killed,
 * marks of a merge) or of another version are left out and counted in a warning.
 * @throws GanEvalError `input.history` for what is no file
 */
export async function readHistory(file: string): Promise<History> {
  await requirePlainFile(file);
  const text = await open(file, "r")
    .then(async (handle) => {
      try {
        return bytesToText(await handle.readFile(), file);
      } finally {
        await handle.close();
      }
    })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const read = lines.flatMap((line) => lineToNight(line) ?? []);
  const broken = lines.length - read.length;
  const distinct = new Map<string, Night>();
  for (const [i, night] of read.entries()) {
    const name = night.fakes.join() || `night ${i}`;
    distinct.delete(name);
    distinct.set(name, night);
  }
  return {
    nights: [...distinct.values()],
    warnings: broken === 0 ? [] : [linesLeftOut(broken, lines.length, file)],
  };
}

/** Nights are read back: what a pipe swallows is no history. @throws GanEvalError `input.history` */
async function requirePlainFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.isFile() || found.isCharacterDevice()) return;
  const got = found.isDirectory() ? "a folder" : found.isFIFO() ? "a pipe" : "something else";
  throw new GanEvalError("input.history", `expected a file of nights in ${file}, got ${got}`, {
    hint: "Name a file; the first check creates it.",
  });
}

const linesLeftOut = (broken: number, lines: number, file: string): Warning => ({
  code: "history-lines",
  message: `${broken} of ${lines} lines of ${file} skipped: truncated, or written by another version`,
  hint: "A killed process leaves a partial line; no action is needed.",
});

function lineToNight(line: string): Night | undefined {
  try {
    return NIGHT.parse(JSON.parse(line)) as Night;
  } catch {
    return undefined;
  }
}

/**
 * Appends a night as one line with one write, which lands whole behind whatever others append (O_APPEND). What a killed
 * process left of a line is ended first.
 * @throws GanEvalError `input.cannot-write`
 */
export async function appendNight(file: string, night: Night): Promise<void> {
  const handle = await open(file, "a+").catch((cause) => {
    throw cannotWrite(file, cause);
  });
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(1);
    if (size > 0) await handle.read(tail, 0, 1, size - 1);
    const isCut = size > 0 && tail[0] !== 0x0a;
    await handle.write(Buffer.from(`${isCut ? "\n" : ""}${JSON.stringify(night)}\n`));
    await handle.sync();
  } catch (cause) {
    throw cannotWrite(file, cause);
  } finally {
    await handle.close();
  }
}
