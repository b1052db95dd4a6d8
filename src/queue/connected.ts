/** What every kind of server is to a queue. */
import type { GanEvalError, Warning } from "../errors.ts";

/** Every key on a Redis begins with it, so that one line of an ACL holds; the schema in a PostgreSQL. */
export const PREFIX = "ganeval";

/** What the way to one kind of server gives. */
export interface Connected {
  readonly classes: Pick<typeof import("bullmq"), "Queue" | "QueueEvents" | "Worker">;
  /** What BullMQ takes. */
  readonly connection: object;
  readonly warnings: readonly Warning[];
  listQueues(): Promise<string[]>;
  close(): Promise<void>;
}

/** What a failed attempt to connect means: `undefined` where another one may succeed. */
export type Refusal = GanEvalError | undefined;
