/** Stopping runs from elsewhere, for programs. */
import { requestStop, type StopOptions, type StoppedRun } from "../run-folder/stop-run.ts";
import { abortable } from "./abort.ts";

/**
 * Asks a run in progress to stop, as Ctrl-C would, and waits until it has: it plays its round to the end, saves, and can be
 * resumed. Of a sweep's folder it stops the sweep and all its runs. The request is a file in the folder, which the run
 * looks for every second: it may be in another process or on another machine.
 * @param folder the folder of a run or sweep
 * @throws GanEvalError `usage.not-running` where nobody trains into the folder, `input.not-a-run`, `input.cannot-write`;
 *   AbortError where `signal` ended the waiting, which leaves the request there
 */
export function stopRun(folder: string, options: StopOptions = {}): Promise<StoppedRun> {
  return abortable(options.signal, () => requestStop(folder, options));
}
