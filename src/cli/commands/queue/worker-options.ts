/** Which options `gan-eval worker` has. */
import type { OptionName } from "../../options.ts";

export const WORKER_OPTIONS = [
  ...(["queue", "root", "jobs", "exitWhenEmpty", "maxTime", "queueTimeout", "queueLock"] as const),
  ...(["allowModules", "queueCa", "queueInsecure"] as const),
] as const satisfies readonly OptionName[];
