/** What is to be done about the jobs of a plan, from what the queue and the folders say of them. */

/** Where a job is, as the queue says; `nowhere` where it does not know it. */
export type JobPlace = "waiting" | "active" | "completed" | "failed" | "nowhere";

export interface SeenJob {
  readonly id: string;
  readonly place: JobPlace;
  /** Whether the run's folder says that it has ended; asked only where the queue says no more of the job. */
  readonly isDone: boolean;
}

export interface Healing {
  /** Their runs have ended, by their folders. */
  readonly ended: readonly string[];
  /** The queue lost them: they are added again. */
  readonly lost: readonly string[];
  /** The queue keeps how they ended, and the folder does not know it. */
  readonly kept: readonly string[];
}

/** The folder is the truth and the queue a hint: an ending on disk counts, whatever the queue says. */
export function jobsToHealing(jobs: readonly SeenJob[]): Healing {
  const ended = jobs.filter(({ isDone }) => isDone);
  const open = jobs.filter(({ isDone }) => !isDone);
  const idsOf = (list: readonly SeenJob[]): string[] => list.map(({ id }) => id);
  return {
    ended: idsOf(ended),
    lost: idsOf(open.filter(({ place }) => place === "nowhere")),
    kept: idsOf(open.filter(({ place }) => place === "completed" || place === "failed")),
  };
}
