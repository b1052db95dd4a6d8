/** Codes of what goes wrong with a queue of jobs, and what each means. */

export const QUEUE_CODES = {
  "queue.bad-job": "A job of a queue is not one that this program understands.",
  "queue.bad-path":
    "A job names a place outside of the worker's folder, or one that is not read over a queue.",
  "queue.failed": "A job failed on every machine that tried it.",
  "queue.modules": "A job needs a module of the user's own, and the worker runs none.",
  "queue.other-folder": "A job is of a folder that this worker does not share.",
  "queue.poison": "A job ended its workers again and again, and its run did not move.",
  "queue.sick-worker": "A worker failed several runs in a row because of its machine.",
} as const satisfies Readonly<Record<`queue.${string}`, string>>;
