/** The way to a PostgreSQL. */
import { GanEvalError } from "../errors.ts";
import type { QueueAddress } from "./address.ts";
import { type Connected, PREFIX, type Refusal } from "./connected.ts";
import { loadPackage } from "./packages.ts";

/** What is used of a client of the package pg. */
interface PgClient {
  on(event: "error", heard: () => void): void;
  connect(): Promise<void>;
  query(text: string): Promise<{ rows: Record<string, string>[] }>;
  end(): Promise<void>;
}

const INSTALLS = "bullmq pg";
/** How long one attempt may take, in milliseconds. */
const ATTEMPT_MS = 10_000;

/** PostgreSQL's codes of a user, password, database or right that is not there. */
const REFUSED = /^(28\w{3}|3D000|42501)$/;

function toRefusal(error: unknown, { shown }: QueueAddress): Refusal {
  if (error instanceof GanEvalError) return error;
  const { code, message, name } = error as Error & { code?: string };
  if (name === "SchemaMigrationRequiredError")
    return new GanEvalError("usage.queue-migrate", `expected the tables of a queue in ${shown}, got none`, {
      cause: error,
      hint: "Make them once: gan-eval queue migrate",
    });
  if (code === undefined || !REFUSED.test(code)) return undefined;
  return new GanEvalError("usage.queue-login", `expected to be let in to ${shown}, got ${message}`, {
    cause: error,
    hint: "Check user, password, database, and that the user owns the schema.",
  });
}

async function loadPackages() {
  const [bullmq, pg] = await loadPackage(() => Promise.all([import("bullmq"), import("pg")]), INSTALLS);
  return { bullmq, pg: pg.default as { Client: new (config: object) => PgClient } };
}

const toConfig = (url: string, ca: string | undefined) => ({
  connectionString: url,
  connectionTimeoutMillis: ATTEMPT_MS,
  ...(ca !== undefined && { ssl: { ca } }),
});

async function withClient<T>(
  url: string,
  ca: string | undefined,
  work: (client: PgClient, bullmq: typeof import("bullmq")) => Promise<T>,
): Promise<T> {
  const { bullmq, pg } = await loadPackages();
  const client = new pg.Client(toConfig(url, ca));
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client, bullmq);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Makes or renews the tables. @returns the version of the schema */
export async function migratePostgres(address: QueueAddress, ca: string | undefined): Promise<number> {
  try {
    return await withClient(address.url, ca, (client, { runMigrations }) =>
      runMigrations(client as never, PREFIX),
    );
  } catch (error) {
    throw (
      toRefusal(error, address) ??
      new GanEvalError(
        "unavailable.queue",
        `expected a server at ${address.shown}, got ${(error as Error).message}`,
        {
          cause: error,
          hint: "Start it, or check host, port and firewall.",
        },
      )
    );
  }
}

export async function connectPostgres(url: string, ca: string | undefined) {
  const { bullmq } = await loadPackages();
  return {
    toRefusal,
    connect: (): Promise<Connected> =>
      withClient(url, ca, async (client) => {
        await bullmq.assertSchemaCompatibility(client as never, PREFIX);
        return {
          classes: bullmq.withBackend(bullmq.createPostgresBackend) as never,
          connection: { ...toConfig(url, ca), schema: PREFIX },
          warnings: [],
          listQueues: () => withClient(url, ca, listQueues),
          close: async () => {},
        };
      }),
  };
}

async function listQueues(client: PgClient): Promise<string[]> {
  const { rows } = await client.query(`SELECT DISTINCT queue FROM ${PREFIX}.job ORDER BY 1`);
  return rows.map(({ queue }) => queue);
}
