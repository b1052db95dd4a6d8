/** Says where runs that are compared were computed on processors of several instruction sets. */
import { isasToWarning } from "../engine/mixed-machines.ts";
import { isCode, type Warning } from "../errors.ts";
import { textToIsas } from "../run-folder/computed-on.ts";
import { readDescription } from "../run-folder/description.ts";

/** Of a run that left nothing to read, none. */
async function readIsas(folder: string): Promise<string[]> {
  try {
    return textToIsas((await readDescription(folder)).versions.isa);
  } catch (error) {
    if (isCode(error, "input.not-a-run")) return [];
    throw error;
  }
}

/** `mixed-machines`, where that is so. */
export async function runsToMixedMachines(runs: readonly { readonly folder: string }[]): Promise<Warning[]> {
  const counts = new Map<string, number>();
  for (const { folder } of runs)
    for (const isa of await readIsas(folder)) counts.set(isa, (counts.get(isa) ?? 0) + 1);
  return counts.size < 2 ? [] : [isasToWarning("the runs", counts)];
}
