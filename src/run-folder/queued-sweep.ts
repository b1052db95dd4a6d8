/** `sweep.json`: what the folder of a sweep has that queues its runs, from before the first of them begins. */
import { stat } from "node:fs/promises";
import path from "node:path";

export const SWEEP_FILE = "sweep.json";

export const isQueuedSweep = (folder: string): Promise<boolean> =>
  stat(path.join(folder, SWEEP_FILE)).then(
    (entry) => entry.isFile(),
    () => false,
  );
