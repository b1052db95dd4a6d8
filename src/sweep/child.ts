/** A process that trains one run of a sweep. Where it is stopped, it stops with a checkpoint. */
import { openLiveMonitor } from "../diagnosis/live-monitor.ts";
import { resume, train } from "../runs/train.ts";
import type { Task } from "./messages.ts";
import { serveTask } from "./serve-task.ts";

serveTask<Task>(
  (task, taskWatch) => {
    const watch = { ...taskWatch, openMonitor: openLiveMonitor };
    if (task.kind === "train") return train({ ...task.request, ...watch });
    const { folder, paths } = task;
    return resume({ ...paths, folder, changes: {}, rates: {}, allowChanges: false, ...watch });
  },
  (stage) => stage === "training",
);
