/** Queues: where they are, and how workers do their jobs. */
import { number, optional, text, toggle } from "../options/kinds.ts";
import { option } from "../options/option.ts";
import { duration } from "./duration.ts";
import { LOCK_SECONDS } from "./times.ts";

export const QUEUE_ROWS = {
  queue: option({
    group: "Queue",
    kind: optional(text("the address of a queue: redis://, rediss://, postgres://, or @FILE")),
    value: "URL",
    env: "GAN_EVAL_QUEUE",
    default: undefined,
    defaultText: "none",
    summary:
      "server of the queue that workers take runs from: redis://, rediss://, postgres://, or @FILE with the address in its first line (docs/queue.md)",
  }),
  detach: option({
    group: "Queue",
    kind: toggle(),
    default: false,
    summary:
      "only add the runs to the queue; the same command without it waits for them and writes scores.csv",
  }),
  sameBits: option({
    group: "Queue",
    kind: toggle(),
    default: false,
    summary:
      "leave the runs to machines whose processor has this one's instruction set: their numbers are then equal to the bit",
  }),
  root: option({
    group: "Queue",
    kind: optional(text("a folder")),
    value: "DIR",
    default: undefined,
    defaultText: "the current folder",
    summary: "folder that all machines share: data and runs lie below it, under the same names everywhere",
  }),
  exitWhenEmpty: option({
    group: "Queue",
    kind: toggle(),
    default: false,
    summary: "end when no run waits or is at work anywhere",
  }),
  maxTime: option({
    group: "Queue",
    kind: optional(duration()),
    value: "TIME",
    default: undefined,
    defaultText: "no limit",
    summary: "save all runs, hand them on and end after this time: 90s, 45m, 3h50m",
  }),
  queueTimeout: option({
    group: "Queue",
    kind: duration(),
    value: "TIME",
    default: 600,
    defaultText: "10m",
    summary: "end with exit code 3 when the server has not answered for this long",
  }),
  queueLock: option({
    group: "Queue",
    kind: number(2, 3600),
    value: "SECONDS",
    env: "GAN_EVAL_QUEUE_LOCK",
    default: LOCK_SECONDS,
    summary:
      "how soon a dead worker's run is taken up: at most 1.25 times this. Give every command of a queue the same; it must outlast pauses of the network",
  }),
  allowModules: option({
    group: "Queue",
    kind: toggle(),
    default: false,
    summary: "also train models of users' own modules: whoever may write to the queue may then run code here",
  }),
  queueCa: option({
    group: "Queue",
    kind: optional(text("a file of certificates")),
    value: "FILE",
    default: undefined,
    defaultText: "the system's authorities",
    summary: "certificate of the authority behind rediss:// or postgres://, as PEM",
  }),
  queueInsecure: option({
    group: "Queue",
    kind: toggle(),
    default: false,
    summary: "send a password to another machine without TLS",
  }),
} as const;
