/** Training that diagnosis watches, unless a request brings its own monitor. Both are loaded with the first run. */

import type { ResumeRequest, TrainRequest } from "../runs/train.ts";
import type { TrainedRun } from "../runs/trained-run.ts";

const withMonitor = async <Request extends TrainRequest | ResumeRequest>(
  request: Request,
): Promise<Request> => ({
  ...request,
  openMonitor: request.openMonitor ?? (await import("../diagnosis/live-monitor.ts")).openLiveMonitor,
});

/** Begins a run in a new folder and trains it. */
export const trainMonitored = async (request: TrainRequest): Promise<TrainedRun> =>
  (await import("../runs/train.ts")).train(await withMonitor(request));

/** Continues a run from its newest checkpoint. */
export const resumeMonitored = async (request: ResumeRequest): Promise<TrainedRun> =>
  (await import("../runs/train.ts")).resume(await withMonitor(request));
