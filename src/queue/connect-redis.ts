/** The way to a Redis or a Valkey. */
import { GanEvalError, type Warning } from "../errors.ts";
import type { QueueAddress } from "./address.ts";
import { type Connected, PREFIX, type Refusal } from "./connected.ts";
import { loadPackage } from "./packages.ts";

const INSTALLS = "bullmq ioredis";
/** How long one attempt may take, in milliseconds. */
const ATTEMPT_MS = 10_000;
/** A server that is away is asked again at least so often, in milliseconds. */
const MOST_WAIT_MS = 2_000;

const waitBefore = (attempt: number): number => Math.min(100 * 2 ** attempt, MOST_WAIT_MS);

/** What the server says to one who may not come in. */
const REFUSED = /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/;

function toRefusal(error: unknown, { shown }: QueueAddress): Refusal {
  const { message } = error as Error;
  if (!REFUSED.test(message)) return undefined;
  return new GanEvalError(
    "usage.queue-login",
    `expected to be let in to ${shown}, got ${message.slice(0, 100)}`,
    {
      cause: error,
      hint: `Check user and password; docs/queue.md has the line of an ACL that a queue needs (keys ${PREFIX}:*).`,
    },
  );
}

/** `aof_enabled:1` */
const infoToValue = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];

function infoToWarnings(persistence: string, memory: string): Warning[] {
  const policy = infoToValue(memory, "maxmemory_policy");
  return [
    ...(infoToValue(persistence, "aof_enabled") === "0"
      ? [
          {
            code: "queue-not-durable",
            message: "the queue's server keeps no log: jobs are lost when it is killed, and are added again",
            hint: "Set appendonly yes in redis.conf.",
          },
        ]
      : []),
    ...(policy !== undefined && policy !== "noeviction" && infoToValue(memory, "maxmemory") !== "0"
      ? [
          {
            code: "queue-evicts",
            message: `the queue's server removes keys when its memory is full (maxmemory-policy ${policy})`,
            hint: "Set maxmemory-policy noeviction in redis.conf.",
          },
        ]
      : []),
  ];
}

export async function connectRedis(url: string, ca: string | undefined) {
  const [bullmq, ioredis] = await loadPackage(
    () => Promise.all([import("bullmq"), import("ioredis")]),
    INSTALLS,
  );
  const { Redis } = ioredis;
  const connection = {
    url,
    maxRetriesPerRequest: null,
    retryStrategy: waitBefore,
    ...(ca !== undefined && { tls: { ca } }),
  };
  return {
    toRefusal,
    async connect(): Promise<Connected> {
      const { url: _url, ...options } = connection;
      const client = new Redis(url, {
        ...options,
        lazyConnect: true,
        retryStrategy: () => null,
        connectTimeout: ATTEMPT_MS,
      });
      let heard: Error | undefined;
      client.on("error", (error) => {
        heard ??= error;
      });
      try {
        await client.connect();
        // Another prefix than the user's own is refused here, not at the first job.
        await client.exists(`${PREFIX}:start`);
        const [persistence, memory] = await Promise.all([client.info("persistence"), client.info("memory")]);
        return {
          classes: bullmq,
          connection,
          warnings: infoToWarnings(persistence, memory),
          listQueues: () => listQueues(new Redis(url, { ...options, maxRetriesPerRequest: 3 })),
          close: async () => {},
        };
      } catch (error) {
        throw heard ?? error;
      } finally {
        client.disconnect();
      }
    },
  };
}

/** Queues leave a key `ganeval:NAME:meta` each. */
async function listQueues(client: import("ioredis").Redis): Promise<string[]> {
  client.on("error", () => {});
  const names = new Set<string>();
  try {
    let cursor = "0";
    do {
      const [next, keys] = await client.scan(cursor, "MATCH", `${PREFIX}:*:meta`, "COUNT", 1000);
      for (const key of keys) names.add(key.slice(PREFIX.length + 1, -":meta".length));
      cursor = next;
    } while (cursor !== "0");
    return [...names].sort();
  } finally {
    client.disconnect();
  }
}
