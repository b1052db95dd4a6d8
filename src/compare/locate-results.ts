/** Result files, each result with the place that rows name it by. */
import { readResults } from "../evaluate/read-results.ts";
import type { LocatedResult } from "./results-to-comparison.ts";

/** @throws GanEvalError `input.not-a-result` */
export async function locateResults(location: string): Promise<LocatedResult[]> {
  const results = await readResults(location);
  return results.map((result) => ({
    location: results.length === 1 ? location : `${location} (${result.protocol.extractor})`,
    result,
  }));
}
