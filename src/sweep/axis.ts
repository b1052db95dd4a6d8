/** One option of a sweep, and the values that it takes: a list, or a range. */
import { optionValueToText } from "../compare/option-values.ts";
import { GanEvalError } from "../errors.ts";

/** Values as text, as they stand on a command line. */
export type Axis =
  | { readonly name: string; readonly values: readonly string[] }
  | { readonly name: string; readonly low: number; readonly high: number };

const NUMBER = "[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?";
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})$`, "i");

/** Drawn and spaced values have so many digits, so that a command line repeats them exactly. */
const DIGITS = 4;

const toText = (value: number): string => optionValueToText(Number(value.toPrecision(DIGITS)));

/**
 * `1e-5..1e-2` is a range, anything else a list with commas. `called`: how a message names the option.
 * @throws GanEvalError `usage.sweep-values`
 */
export function textToAxis(name: string, text: string, called: string): Axis {
  const range = RANGE.exec(text.trim());
  if (!range) {
    const values = [...new Set(text.split(",").map((value) => value.trim()))];
    if (values.includes(""))
      throw new GanEvalError(
        "usage.sweep-values",
        `${called} expects values between its commas, got ${JSON.stringify(text)}`,
      );
    return { name, values };
  }
  const [low, high] = [Number(range[1]), Number(range[2])];
  if (!(low < high))
    throw new GanEvalError("usage.sweep-values", `${called} expects a range from low to high, got ${text}`, {
      hint: `Write ${optionValueToText(high)}..${optionValueToText(low)}, or one value.`,
    });
  return { name, low, high };
}

/** Ranges of numbers above 0 are walked by ratio, others by difference. */
const between = (low: number, high: number, share: number): number =>
  low > 0 ? low * (high / low) ** share : low + (high - low) * share;

/** Every value of a list; so many of a range, both ends among them. */
export function axisToValues(axis: Axis, points: number): string[] {
  if ("values" in axis) return [...axis.values];
  const { low, high } = axis;
  return Array.from({ length: points }, (_, i) =>
    toText(between(low, high, points === 1 ? 0.5 : i / (points - 1))),
  );
}

/** @param share in [0, 1) */
export const axisToDrawn = (axis: Axis, share: number): string =>
  "values" in axis
    ? axis.values[Math.floor(share * axis.values.length)]
    : toText(between(axis.low, axis.high, share));
