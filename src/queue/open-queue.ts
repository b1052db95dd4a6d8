/** The server of a queue, opened: BullMQ over Redis, Valkey or PostgreSQL. Loaded only where a queue is asked for. */
import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { Processor, Queue, QueueEvents, Worker, WorkerOptions } from "bullmq";
import { GanEvalError, type Warning } from "../errors.ts";
import { packageVersion } from "../package-root.ts";
import { type QueueAddress, readAddress } from "./address.ts";
import { connectPostgres } from "./connect-postgres.ts";
import { connectRedis } from "./connect-redis.ts";
import { type Connected, PREFIX, type Refusal } from "./connected.ts";

/** How long a server may take to answer at the start, in milliseconds. */
const START_MS = 30_000;

export interface QueueAccess {
  /** An address, or `@FILE`. */
  readonly queue: string;
  readonly queueInsecure?: boolean;
  /** A file of certificates, PEM. */
  readonly queueCa?: string | undefined;
}

/** A server that answered. */
export interface QueueServer {
  readonly address: QueueAddress;
  readonly warnings: readonly Warning[];
  openQueue(name: string): Queue;
  openEvents(name: string): QueueEvents;
  openWorker(name: string, work: Processor, options: Omit<WorkerOptions, "connection" | "prefix">): Worker;
  /** Calls each time that a queue's connection stands again; of servers that tell (Redis, Valkey). */
  onReconnect(queue: Queue, heard: () => void): void;
  /** Names of all queues of gan-eval that are there, of other versions too. */
  listQueues(): Promise<string[]>;
  close(): Promise<void>;
}

const CONNECTORS: Readonly<
  Record<
    QueueAddress["kind"],
    (
      url: string,
      ca: string | undefined,
    ) => Promise<{
      connect(): Promise<Connected>;
      toRefusal(error: unknown, address: QueueAddress): Refusal;
    }>
  >
> = { redis: connectRedis, postgres: connectPostgres };

/** Jobs of another minor version are never taken: their format or their numbers may differ. */
export function kindToQueueName(kind: string, version = packageVersion()): string {
  const [major, minor] = version.split(".");
  return `${kind}-${major}.${minor}`;
}

export async function readCa(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new GanEvalError(
      "usage.queue-address",
      `expected certificates in ${file}, got ${(cause as Error).message}`,
      {
        cause,
        hint: "Give a PEM file with the certificate of the server's authority.",
      },
    );
  }
}

/**
 * Opens a server, within 30 seconds.
 * @throws GanEvalError `usage.queue-address`, `usage.queue-insecure`, `usage.queue-packages`, `usage.queue-login`,
 *   `usage.queue-migrate`; `unavailable.queue` where none answers
 */
export async function openServer(access: QueueAccess, signal?: AbortSignal): Promise<QueueServer> {
  const { address, warnings } = await readAddress(access.queue, access.queueInsecure ?? false);
  const ca = access.queueCa === undefined ? undefined : await readCa(access.queueCa);
  const { connect, toRefusal } = await CONNECTORS[address.kind](address.url, ca);
  const connected = await within(START_MS, signal, address, connect, (error) => toRefusal(error, address));
  const { classes, connection } = connected;
  const opened: { close(): Promise<void> }[] = [];
  // What fails is tried again, and asked for by whoever waits; an error that nobody hears ends the process.
  const keep = <T extends { on(event: "error", heard: () => void): unknown; close(): Promise<void> }>(
    one: T,
  ): T => {
    one.on("error", () => {});
    opened.push(one);
    return one;
  };
  const options = { connection, prefix: PREFIX } as never;
  return {
    address,
    warnings: [...warnings, ...connected.warnings],
    openQueue: (name) => keep(new classes.Queue(name, options)),
    openEvents: (name) => keep(new classes.QueueEvents(name, options)),
    openWorker: (name, work, own) =>
      keep(new classes.Worker(name, work, { ...(options as object), ...own } as never)),
    onReconnect(queue, heard) {
      if (address.kind !== "redis") return;
      void queue.getBackend().client.then(
        (client) => client.on("ready", heard),
        () => {},
      );
    },
    listQueues: connected.listQueues,
    async close() {
      const closed = Promise.allSettled([...opened.map((one) => one.close()), connected.close()]);
      await Promise.race([closed, setTimeout(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

/** How long a server that is away may hold the end. */
const CLOSE_MS = 5000;

const RETRY_MS = 500;

async function within(
  milliseconds: number,
  signal: AbortSignal | undefined,
  { shown }: QueueAddress,
  connect: () => Promise<Connected>,
  toRefusal: (error: unknown) => Refusal,
): Promise<Connected> {
  const end = Date.now() + milliseconds;
  for (;;)
    try {
      return await connect();
    } catch (error) {
      signal?.throwIfAborted();
      const refusal = toRefusal(error);
      if (refusal) throw refusal;
      if (Date.now() + RETRY_MS > end)
        throw new GanEvalError(
          "unavailable.queue",
          `expected a server at ${shown}, got no answer in ${milliseconds / 1000} seconds: ${(error as Error).message}`,
          { cause: error, hint: "Start it, or check host, port and firewall." },
        );
      await setTimeout(RETRY_MS, undefined, { signal });
    }
}
