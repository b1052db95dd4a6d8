/** The servers of these tests themselves: what they keep, whom they let in. Otherwise a fault would prove nothing. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Queue } from "bullmq";
import { afterAll, describe, expect, it } from "vitest";
import { endAll } from "./processes.ts";
import { findPostgres, startPostgres } from "./servers/postgres.ts";
import { findRedis, findValkey, type RedisServer, startRedis } from "./servers/redis.ts";

afterAll(endAll);

const open = ({ port, authority }: RedisServer, changes: object = {}, prefix = "ganeval"): Queue => {
  const tls = authority === undefined ? {} : { tls: { ca: readFileSync(authority) } };
  const connection = { host: "127.0.0.1", port, ...tls, ...changes, enableOfflineQueue: true };
  const queue = new Queue("servers", { connection, prefix });
  // A killed server is what some tests are about.
  queue.on("error", () => {});
  return queue;
};

describe.each([
  ["redis-server", findRedis()],
  ["valkey-server", findValkey()],
])("%s", (_, program) => {
  it.skipIf(!program).each([
    [true, 20],
    [false, 0],
  ])("killed and started again, keeping: %s, has %i of 20 jobs", async (isKept, left) => {
    const server = await startRedis({ program, isKept });
    const queue = open(server);
    await queue.addBulk(
      Array.from({ length: 20 }, (_, i) => ({ name: "job", data: {}, opts: { jobId: `j${i}` } })),
    );
    await server.kill();
    await server.restart();
    expect(await queue.getWaitingCount()).toBe(left);
    await queue.close();
    await server.stop();
  });

  it.skipIf(!program)("lets the user of a queue in, to its own keys", async () => {
    // PyPI's Valkey is built without TLS.
    const isEncrypted = program === findRedis();
    const server = await startRedis({ program, password: "a-word", isEncrypted });
    const user = { username: "gan", password: "a-word" };
    const queue = open(server, user);
    await queue.add("job", {});
    expect(await queue.getWaitingCount()).toBe(1);
    await queue.close();
    const other = open(server, user, "another");
    await expect(other.add("job", {})).rejects.toThrow(/NOPERM/);
    await other.close();
    await server.stop();
  });
});

it.skipIf(!findPostgres())("PostgreSQL keeps what it acknowledged when it is killed", async () => {
  const server = await startPostgres();
  const ask = (text: string): string => {
    const words = ["-At", "-v", "ON_ERROR_STOP=1", "-c", text, server.url];
    return spawnSync("psql", words, { encoding: "utf8" }).stdout.trim();
  };
  ask("create table kept (n int); insert into kept values (7)");
  await server.kill();
  await server.restart();
  expect(ask("select n from kept")).toBe("7");
  await server.stop();
});
