/** Jobs of extraction: features of some leaves of a set of images, by a process of its own. */
import { moduleBeside, startProgram } from "../sweep/start-child.ts";
import type { ExtractJob, ExtractRequest } from "./extract-request.ts";
import type { JobEnding } from "./job-endings.ts";
import type { JobContext } from "./job-kinds.ts";

const startExtraction = startProgram<ExtractRequest>(moduleBeside(import.meta.url, "extract-child"));

/** A second execution finds what the first one kept, and goes on there. */
export async function extractJob(
  { request, threads }: ExtractJob,
  { lease, signal, onProgress, onNotice }: JobContext,
): Promise<JobEnding> {
  const child = startExtraction({ ...request, threads }, onProgress, onNotice, lease);
  const stop = (): void => child.stop();
  signal.addEventListener("abort", stop);
  try {
    if (signal.aborted) child.stop();
    return await child.ending;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
