/** Bytes are turned into other numbers as late as possible: a set of images stays bytes where a few rows are read of it. */
import type { Rule } from "./rule.ts";

/** Gather(Cast(bytes), rows) to Cast(Gather(bytes, rows)). */
export const gatherBeforeCast: Rule = (g, [x, rows], attributes) => {
  const bytes = x && g.producer(x, "Cast")?.inputs[0];
  if (x === undefined || bytes?.dtype !== "uint8") return undefined;
  return g.cast(g.op("Gather", [bytes, rows], attributes), x.dtype);
};
