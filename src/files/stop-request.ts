/** `stop-request`: through this file whoever works in a locked folder is asked to save and end, from any machine that sees it. */
import { lstat, readFile, rm } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import path from "node:path";
import { z } from "zod";
import { GanEvalError } from "../errors.ts";
import { writeFileAtomically } from "./atomic-file.ts";

/** The file of a request, in the folder that it is for. */
export const STOP_FILE = "stop-request";

const REQUEST = z.object({
  /** `ann on gpu-3` */
  by: z.string().max(500),
  /** ISO 8601. */
  asked: z.string().max(100),
});
export type StopRequest = Readonly<z.infer<typeof REQUEST>>;

/** How often it is looked for. */
const LOOK_MS = 1000;
/** More than a request is no request of ours. */
const MOST_BYTES = 4096;

const locationOf = (folder: string): string => path.join(folder, STOP_FILE);

function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    // Users of containers may have no name.
    return "somebody";
  }
}

/** @throws GanEvalError `input.cannot-write` */
export async function writeStopRequest(folder: string, clock: () => number): Promise<StopRequest> {
  const request = { by: `${ownName()} on ${hostname()}`, asked: new Date(clock()).toISOString() };
  await writeFileAtomically(locationOf(folder), [Buffer.from(`${JSON.stringify(request)}\n`)]);
  return request;
}

/** Also of a run that nobody asks any more. */
export const removeStopRequest = (folder: string): Promise<void> => rm(locationOf(folder), { force: true });

/** Undefined where there is none. A file that was made by hand is one too: `touch runs/gan-1/stop-request`. */
export async function readStopRequest(folder: string): Promise<StopRequest | undefined> {
  const location = locationOf(folder);
  const entry = await lstat(location).catch(() => undefined);
  if (!entry?.isFile()) return undefined;
  try {
    if (entry.size <= MOST_BYTES) return REQUEST.parse(JSON.parse(await readFile(location, "utf8")));
  } catch {}
  return { by: "somebody", asked: entry.mtime.toISOString() };
}

/** `ann on gpu-3 at 2026-03-01T10:00:00.000Z` */
export const stopRequestToText = ({ by, asked }: StopRequest): string => `${by} at ${asked}`;

/** Why a signal was aborted that a request aborted. */
class StopRequested extends Error {
  readonly request: StopRequest;

  constructor(request: StopRequest) {
    super(`asked to stop by ${stopRequestToText(request)}`);
    this.name = "AbortError";
    this.request = request;
  }
}

/** The request that aborted a signal, if one did. */
export const signalToStopRequest = ({ reason }: AbortSignal): StopRequest | undefined =>
  reason instanceof StopRequested ? reason.request : undefined;

/**
 * Does work in a folder that this process has locked, under a signal that is aborted by `signal` and by a request in the
 * folder. A request that was there before is void: it was for another.
 * @throws what the work throws; `run.interrupted` where it throws nothing but that a request aborted it
 */
export async function withStopRequests<T>(
  folder: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await removeStopRequest(folder).catch(() => {});
  const controller = new AbortController();
  const look = async (): Promise<void> => {
    const request = await readStopRequest(folder);
    if (request === undefined || controller.signal.aborted) return;
    // It is taken. Where it cannot be removed it stops this work all the same, and none after it.
    await removeStopRequest(folder).catch(() => {});
    controller.abort(new StopRequested(request));
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  timer.unref();
  const own = AbortSignal.any([signal, controller.signal]);
  try {
    return await work(own);
  } catch (error) {
    if (!(error instanceof StopRequested)) throw error;
    throw new GanEvalError("run.interrupted", `${error.message}, before there was anything to save`, {
      cause: error,
    });
  } finally {
    clearInterval(timer);
  }
}
