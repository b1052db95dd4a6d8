/** Runs and reports for programs, loaded when they are first asked for. */
import type { MadeReport, ReportRequest } from "../reports/make-report.ts";
import type { RunRecord } from "../run-folder/read-run.ts";
import { abortable } from "./abort.ts";

/** What a run's folder holds. @throws GanEvalError `input.not-a-run` */
export const readRun = async (folder: string): Promise<RunRecord> =>
  (await import("../run-folder/read-run.ts")).readRun(folder);

/**
 * A page about a run, a result, or several of either; `ReportRequest` says where it goes.
 * @throws GanEvalError `usage.report`, `input.*`, `unavailable.charts`; AbortError where `signal` ended it
 */
export const makeReport = (request: ReportRequest): Promise<MadeReport> =>
  abortable(request.signal, async () => (await import("../reports/make-report.ts")).makeReport(request));
