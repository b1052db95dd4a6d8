/** What is said where numbers that stand side by side come from processors of several instruction sets. */
import type { Warning } from "../errors.ts";

/** The code of the warning, and the kind of the event in `run.json`. */
export const MIXED_MACHINES = "mixed-machines";

const MIXED_MACHINES_HINT =
  "The values are sound, but last digits differ between instruction sets: bits are equal only on one. Where you need equal bits, use machines of one kind (docs/cluster.md).";

/** @param counts how many of `what` by instruction set */
export function isasToWarning(what: string, counts: ReadonlyMap<string, number>): Warning {
  const parts = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([isa, n]) => `${n} on ${isa}`);
  return {
    code: MIXED_MACHINES,
    message: `${what} were computed on processors of ${counts.size} instruction sets: ${parts.join(", ")}`,
    hint: MIXED_MACHINES_HINT,
  };
}
