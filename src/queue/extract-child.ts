/** A process that extracts the features of one job. Where it is stopped, what it has is in the cache. */
import { leavesToCache } from "../evaluate/side-jobs.ts";
import { extractLeaves } from "../evaluate/statistics/extract-leaves.ts";
import { serveTask } from "../sweep/serve-task.ts";
import type { ExtractRequest } from "./extract-request.ts";

serveTask<ExtractRequest>(
  ({ work, leaves, ...request }, { clock, signal, onProgress }) => {
    const watch = { clock, signal, onProgress };
    return work === undefined
      ? leavesToCache({ ...request, leaves, ...watch })
      : extractLeaves({ ...request, work, ranges: [leaves], ...watch });
  },
  () => true,
);
