/** How many processes a sweep runs at a time, and threads of each, so that they do not fight for the cores. */
import { availableParallelism } from "node:os";

export interface JobOptions {
  /** Processes at a time; as many as the cores have room for if left out. */
  readonly jobs?: number | undefined;
  readonly threads?: number | null | undefined;
  readonly device: string;
  /** Whether several machines train the sweep: threads, which decide last bits, must not depend on one's cores. */
  readonly isPinned?: boolean;
}

export function optionsToJobs(
  { jobs, threads, device, isPinned = false }: JobOptions,
  runs: number,
  cores = availableParallelism(),
): { jobs: number; threads: number } {
  const onCpu = device === "auto" || device === "cpu";
  const most = jobs ?? (onCpu ? Math.floor(cores / (threads ?? 1)) : 1);
  const atOnce = Math.max(1, Math.min(most, runs));
  return { jobs: atOnce, threads: threads ?? (isPinned ? 1 : Math.max(1, Math.floor(cores / atOnce))) };
}
