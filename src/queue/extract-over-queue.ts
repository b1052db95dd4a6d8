/** Measurements whose features are extracted by workers: jobs for the images of each side, and a wait until all are done. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Queue, QueueEvents } from "bullmq";
import { instructionSet } from "../engine/instruction-set.ts";
import { type ErrorCode, GanEvalError, type Warning } from "../errors.ts";
import type { EvaluateOptions, FeatureOptions } from "../evaluate/options.ts";
import { extractorToName } from "../evaluate/own-extractor.ts";
import { evaluationToSides, type LeafGroup, planToSizes } from "../evaluate/side-jobs.ts";
import { openSide } from "../evaluate/sides/side.ts";
import { rangeToText, sourceToLeafPlan } from "../evaluate/statistics/leaf-plan.ts";
import { LEAF_GROUP } from "../evaluate/statistics/options.ts";
import { outToWork, type SharedStatisticsOptions } from "../evaluate/statistics/shared-statistics.ts";
import { fileToStatisticsFormat } from "../evaluate/statistics/statistics-formats.ts";
import { toFeatureSettings } from "../evaluate/with-option-defaults.ts";
import { cannotWrite } from "../files/atomic-file.ts";
import { packageVersion } from "../package-root.ts";
import type { Progress } from "../progress.ts";
import { type ExtractJob, type ExtractRequest, NETWORK_WANTS } from "./extract-request.ts";
import { partsToJobId } from "./job.ts";
import { type JobResult, reasonToFailure } from "./job-endings.ts";
import { EXTRACT_QUEUE } from "./job-kinds.ts";
import { extractionToShared, isInside } from "./job-paths.ts";
import { addJobs, lostJobs, onlyGone, readPlaces } from "./jobs-in-queue.ts";
import { kindToQueueName, openServer, type QueueAccess } from "./open-queue.ts";
import { JOBS_FILE, readFolderId } from "./sweep-id.ts";
import { LOCK_SECONDS, lockToTimes } from "./times.ts";

/** How jobs reach the workers. */
export interface ExtractionAccess extends QueueAccess {
  /** The folder that is shared with the workers (default: the program's own). */
  readonly root?: string | undefined;
  /** Seconds until a dead worker's job is taken up by another (default 60). */
  readonly queueLock?: number;
  /** Leaves of 8,192 images in a job: 1, 2, 4, 8, ... (default 8). */
  readonly leafGroup?: number;
}

/** What the jobs of one set of images have in common. */
type SetRequest = Omit<ExtractRequest, "leaves">;

interface Extraction {
  readonly request: SetRequest;
  readonly groups: readonly LeafGroup[];
}

interface Waiting {
  readonly job: ExtractJob;
  readonly images: number;
  done: number;
}

/** Between two looks, besides those that an event asks for, in milliseconds. */
const LOOK_MS = 1000;

const sharedOptions = (options: FeatureOptions) => {
  const { featureEnd, resize, batchSize, onError, split, imageKey, limit, engine, device } = options;
  const { tf32, selfCheck, weights, cacheDir, offline } = options;
  const { crop, positions, inputSize, mean, std, layout, output, logitsOutput, extractorSeed } = options;
  return {
    ...{ featureEnd, resize, batchSize, onError, split, imageKey, limit, engine, device },
    ...{ tf32, selfCheck, weights, cacheDir, offline, prefer: options.prefer },
    ...{ crop, positions, inputSize, mean, std, layout, output, logitsOutput, extractorSeed },
  };
};

const withoutUndefined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

class ExtractionProducer {
  private readonly pending = new Map<string, Waiting>();
  private readonly queue: Queue;
  private readonly isDelaying: boolean;
  private readonly backoff: number;
  private readonly onProgress: (progress: Progress) => void;
  private readonly total: number;
  private ended = 0;
  private images = 0;
  readonly warnings: Warning[] = [];

  constructor(
    jobs: ReadonlyMap<string, Waiting>,
    options: {
      readonly queue: Queue;
      readonly isDelaying: boolean;
      readonly backoff: number;
      readonly onProgress: (progress: Progress) => void;
    },
  ) {
    this.queue = options.queue;
    this.isDelaying = options.isDelaying;
    this.backoff = options.backoff;
    this.onProgress = options.onProgress;
    for (const [id, job] of jobs) this.pending.set(id, job);
    this.total = [...jobs.values()].reduce((sum, { images }) => sum + images, 0);
  }

  listen(events: QueueEvents): void {
    events.on("progress", ({ jobId, data }) => {
      const pending = this.pending.get(jobId);
      const { done } = (typeof data === "object" && data !== null ? data : {}) as { done?: number };
      if (!pending || done === undefined) return;
      pending.done = Math.min(done, pending.images);
      this.report();
    });
    events.on("completed", ({ jobId }) => this.wake(jobId));
    events.on("failed", ({ jobId }) => this.wake(jobId));
  }

  private wakeUp: () => void = () => {};

  private wake(id: string): void {
    if (this.pending.has(id)) this.wakeUp();
  }

  private report(notice?: string): void {
    const working = [...this.pending.values()].reduce((sum, { done }) => sum + done, 0);
    this.onProgress({
      stage: "extracting",
      done: this.images + working,
      total: Math.max(1, this.total),
      unit: "images",
      facts: [`${this.ended} of ${this.ended + this.pending.size} jobs done`],
      ...(notice !== undefined && { notice }),
    });
  }

  /** What the queue keeps of earlier times is begun anew: a worker finds at once what is in the cache. */
  async add(): Promise<void> {
    for (const id of await this.queue.getRanges(["completed", "failed"], 0, -1))
      if (this.pending.has(id)) await this.queue.remove(id);
    await this.addJobs([...this.pending.keys()]);
    this.report(`added ${this.pending.size} jobs to the queue`);
  }

  private addJobs(ids: readonly string[]): Promise<void> {
    const rows = ids.map((id) => ({ id, data: this.pending.get(id)!.job }));
    return addJobs(this.queue, rows, this.isDelaying ? this.backoff : undefined);
  }

  /** @throws GanEvalError what made a job fail */
  async untilDone(signal: AbortSignal | undefined): Promise<void> {
    while (this.pending.size > 0) {
      const woken = new Promise<void>((resolve) => {
        this.wakeUp = resolve;
      });
      await this.look();
      if (this.pending.size === 0) return;
      // It hears the signal only while it waits.
      await Promise.race([woken, setTimeout(LOOK_MS, undefined, { signal }).catch(() => {})]);
      if (signal?.aborted)
        throw new GanEvalError("run.interrupted", "stopped waiting; workers go on with their jobs", {
          hint: "The same command again waits for them. `gan-eval queue cancel` stops them.",
        });
    }
  }

  private async look(): Promise<void> {
    const places = await readPlaces(this.queue).catch(() => undefined);
    // A server that is away is asked again.
    if (places === undefined) return;
    const ids = [...this.pending.keys()];
    for (const id of ids) if (["completed", "failed"].includes(places.get(id) ?? "")) await this.settle(id);
    const lost = await onlyGone(
      this.queue,
      ids.filter((id) => !places.has(id)),
    );
    if (lost.length > 0) await this.addLost(lost);
  }

  private async addLost(ids: readonly string[]): Promise<void> {
    await this.addJobs(ids);
    if (this.warnings.some(({ code }) => code === "queue-lost-jobs")) return;
    const warning = lostJobs(ids.length);
    this.warnings.push(warning);
    this.report(`warning: ${warning.message}`);
  }

  private async settle(id: string): Promise<void> {
    const job = await this.queue.getJob(id);
    if (!job) return;
    const result = job.returnvalue as JobResult | null;
    const failure = job.failedReason
      ? reasonToFailure(job.failedReason)
      : result?.kind === "failed"
        ? result
        : undefined;
    const name = `${(job.data as ExtractJob).root}, ${(job.data as ExtractJob).name}`;
    if (failure)
      throw new GanEvalError(failure.code as ErrorCode, `${name}: ${failure.message}`, {
        hint: "Other jobs go on. Mend it and run the same command again: what is done is not done again.",
      });
    if (result?.kind === "cancelled" || result?.kind === "interrupted")
      throw new GanEvalError("run.interrupted", `${name} was cancelled`, {
        hint: "The same command adds it again; what is done is not done again.",
      });
    const { images } = this.pending.get(id)!;
    this.pending.delete(id);
    this.ended++;
    this.images += images;
    this.report();
  }
}

async function extractionsOverQueue(
  extractions: readonly Extraction[],
  place: string,
  options: ExtractionAccess & Pick<FeatureOptions, "onProgress" | "signal" | "threads">,
): Promise<Warning[]> {
  const { signal, onProgress = () => {}, threads = 1 } = options;
  const [shared, cwd] = [path.resolve(options.root ?? "."), process.cwd()];
  await mkdir(place, { recursive: true }).catch((error) => {
    throw cannotWrite(place, error);
  });
  const id = await readFolderId(place);
  const file = path.relative(shared, path.resolve(place, JOBS_FILE)).split(path.sep).join("/");
  const jobs = new Map<string, Waiting>();
  for (const { request, groups } of extractions) {
    const moved = extractionToShared({ ...request, leaves: { from: 0, to: 1 } }, shared, cwd);
    for (const { from, to, count } of groups) {
      const own = { ...moved, leaves: { from, to } };
      const job: ExtractJob = {
        ...{ v: 1, kind: "extract", ganEval: packageVersion(), isa: instructionSet() },
        ...{ root: moved.images, name: rangeToText({ from, to }), threads, folder: { file, id } },
        request: own,
      };
      jobs.set(partsToJobId("e", [id, own]), { job, images: count, done: 0 });
    }
  }
  if (jobs.size === 0) return [];
  const server = await openServer(options, signal);
  try {
    const times = lockToTimes(options.queueLock ?? LOCK_SECONDS);
    const name = kindToQueueName(EXTRACT_QUEUE);
    const producer = new ExtractionProducer(jobs, {
      queue: server.openQueue(name),
      // bullmq#4814: over PostgreSQL a job that is delayed may end without having run.
      isDelaying: server.address.kind === "redis",
      ...{ backoff: times.backoff, onProgress },
    });
    const events = server.openEvents(name);
    await events.waitUntilReady();
    producer.listen(events);
    await producer.add();
    await producer.untilDone(signal);
    return [...server.warnings, ...producer.warnings];
  } finally {
    await server.close();
  }
}

/** @throws GanEvalError `usage.queue-cache` */
function requireSharedCache({ cacheDir, cache }: FeatureOptions, root: string): string {
  const shared = path.resolve(root);
  const isShared = cacheDir !== undefined && isInside(path.relative(shared, path.resolve(cacheDir)));
  if (isShared && cache !== false) return cacheDir;
  throw new GanEvalError(
    "usage.queue-cache",
    `expected a cache below ${shared} for a measurement over a queue, got ${cache === false ? "none" : (cacheDir ?? "the user's own")}`,
    {
      hint: "Workers leave the features there: name a folder that all machines share, --cache-dir cache. Networks are looked for in it too.",
    },
  );
}

/**
 * Has workers extract what an evaluation needs of the images of its sides. `evaluate` with the same options finds all of it
 * in the cache then.
 * @throws GanEvalError what `evaluate` throws of options and sides, `openServer` of the server, `extractLeaves` of images and
 *   networks; `usage.queue-cache`, `usage.queue-path`, `run.interrupted`
 */
export async function extractSidesOverQueue(
  evaluation: EvaluateOptions,
  extractors: readonly string[],
  access: ExtractionAccess,
): Promise<Warning[]> {
  const cacheDir = requireSharedCache(evaluation, access.root ?? ".");
  const sides = await evaluationToSides(evaluation, access.leafGroup ?? LEAF_GROUP);
  const isWanted = (want: string): boolean => (NETWORK_WANTS as readonly string[]).includes(want);
  const extractions = extractors.flatMap((extractor) =>
    sides.map(({ images, wants, listing, groups }) => ({
      request: withoutUndefined({
        ...sharedOptions({ ...evaluation, cacheDir }),
        ...{ images, extractor, listing, logitsEnd: evaluation.logitsEnd },
        wants: wants.filter(isWanted) as ExtractRequest["wants"],
      }),
      groups,
    })),
  );
  return extractionsOverQueue(extractions, cacheDir, { ...evaluation, ...access });
}

/**
 * Has workers extract the leaves of a set of images into files of moments, which `collectStatistics` joins.
 * @throws GanEvalError as `extractSidesOverQueue`, and `usage.leaves-of-generator`
 */
export async function extractStatisticsOverQueue(
  given: SharedStatisticsOptions,
  access: ExtractionAccess,
): Promise<Warning[]> {
  const options = toFeatureSettings(given);
  const { images, out, work = outToWork(out) } = options;
  const format = fileToStatisticsFormat(out, options.format);
  const extractor = extractorToName(options.extractor);
  const side = await openSide(images, { ...options, extractor });
  if (side.kind !== "images")
    throw new GanEvalError("input.already-statistics", `expected images in ${images}, got ${side.kind}`, {
      hint: "`gan-eval stats merge` joins and converts statistics files.",
    });
  try {
    const plan = sourceToLeafPlan(side.source);
    const spatial = format.of === "statistics" && format.spatial === true;
    const request: SetRequest = withoutUndefined({
      // Each worker knows its own device's memory.
      ...sharedOptions({ ...options, batchSize: given.batchSize }),
      ...{ images, extractor, work, spatial, listing: plan.listing, wants: ["statistics"] as const },
    });
    const groups = planToSizes(plan, access.leafGroup ?? LEAF_GROUP);
    return await extractionsOverQueue([{ request, groups }], work, { ...options, ...access });
  } finally {
    await side.source.close();
  }
}
