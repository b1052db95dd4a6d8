/** Result files as rows to compare: one a result, several where a file has those of several extractors. */
import { readResultFile } from "../evaluate/read-results.ts";
import type { LocatedResult } from "./results-to-comparison.ts";

/** @throws GanEvalError `input.not-a-result` for a file that is missing, cut off, or something else */
export async function readResults(location: string): Promise<LocatedResult[]> {
  const { results } = await readResultFile(location);
  return results.map((result) => ({
    location: results.length === 1 ? location : `${location} (${result.protocol.extractor})`,
    result,
  }));
}
