/** Classes that a conditional generator is told to make. */
import { GanEvalError } from "../errors.ts";
import { drawLabels } from "../train/labels.ts";
import { openRandomStream } from "../train/random.ts";

/** Every class in turn, or these in turn. */
export type ClassChoice = "balanced" | readonly number[];

/**
 * One class for each of n samples; drawn, each as likely as any other, without a choice. Undefined for a generator that
 * reads no labels.
 * @throws GanEvalError `usage.classes` for a choice that this generator does not have
 */
export function chooseClasses(
  choice: ClassChoice | undefined,
  n: number,
  classes: number | undefined,
  seed: number,
): Int32Array | undefined {
  if (classes === undefined) {
    if (choice === undefined) return undefined;
    throw new GanEvalError(
      "usage.classes",
      "expected a conditional generator to choose classes of, got one that reads no labels",
      {
        hint: "Leave --classes out, or train with --conditional.",
      },
    );
  }
  if (choice === undefined) return drawLabels(n, classes, openRandomStream(seed, "labels"));
  const turn = choice === "balanced" ? Array.from({ length: classes }, (_, i) => i) : choice;
  const wrong = turn.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (turn.length === 0 || wrong !== undefined)
    throw new GanEvalError(
      "usage.classes",
      `expected classes from 0 to ${classes - 1}, got ${wrong ?? "none"}`,
    );
  return Int32Array.from({ length: n }, (_, i) => turn[i % turn.length]);
}
