/** From folders of runs to their comparison. */
import type { Warning } from "../errors.ts";
import type { Progress } from "../progress.ts";
import type { Comparison } from "./comparison.ts";
import { type CompareOptions, entriesToComparison } from "./entries-to-comparison.ts";
import type { Entry } from "./entry.ts";
import type { Options } from "./option-values.ts";
import { readRunEntry } from "./read-run-entry.ts";

/** How work on many files is watched and ended. */
export interface Watch {
  /** Ends the work with an AbortError (default: it runs to its end). */
  readonly signal?: AbortSignal;
  /** Called as the work goes on (default: nobody is). */
  readonly onProgress?: (progress: Progress) => void;
}

/** Files that are open at a time. */
const AT_ONCE = 16;
/** Warnings of single runs that are told one by one. */
const MOST_WARNINGS = 5;

/** Entries of the folders, in their order. */
async function readRunEntries(
  folders: readonly string[],
  { signal, onProgress }: Watch = {},
): Promise<{ entries: Entry[]; warnings: Warning[] }> {
  const entries: Entry[] = new Array(folders.length);
  const found: Warning[] = [];
  let next = 0;
  let done = 0;
  const readOn = async (): Promise<void> => {
    while (next < folders.length) {
      signal?.throwIfAborted();
      const at = next++;
      entries[at] = await readRunEntry(folders[at], found);
      onProgress?.({ stage: "reading", done: ++done, total: folders.length, unit: "runs" });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readOn));
  const more = found.length - MOST_WARNINGS;
  const warnings = found.slice(0, MOST_WARNINGS);
  if (more > 0) warnings.push({ code: "more-warnings", message: `and ${more} more of this kind` });
  return { entries: nameDataOnce(entries), warnings };
}

/** One label for data of one content, wherever they lie. */
function nameDataOnce(entries: readonly Entry[]): Entry[] {
  const labels = new Map<string, Options[string]>();
  return entries.map((entry) => {
    const hash = / \(([0-9a-f]{8})\)$/.exec(String(entry.protocol.data))?.[1];
    if (hash === undefined) return entry;
    if (!labels.has(hash)) labels.set(hash, entry.protocol.data);
    return { ...entry, protocol: { ...entry.protocol, data: labels.get(hash)! } };
  });
}

/** @throws GanEvalError `input.unlike-protocols`, `input.no-scores`, `usage.unknown-metric`, `usage.baseline` */
export async function runsToComparison(
  folders: readonly string[],
  options: CompareOptions & Watch = {},
): Promise<Comparison> {
  const { entries, warnings } = await readRunEntries(folders, options);
  return entriesToComparison(entries, options, warnings);
}
