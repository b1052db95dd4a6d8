/** A PostgreSQL of a test's own, as a user without rights: it refuses to run as root. */
import { spawnSync } from "node:child_process";
import { chownSync, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { signal, signalGroup, start, until } from "../processes.ts";
import { freePort, openFolder, type QueueServer } from "./server.ts";

const VERSIONS = "/usr/lib/postgresql";

/** The folder of its programs, or undefined with a line on stderr. */
export function findPostgres(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a)).at(0);
  const found = process.env.GAN_EVAL_POSTGRES_BIN ?? (newest && path.join(VERSIONS, newest, "bin"));
  if (found === undefined)
    console.warn("skipped: no PostgreSQL (apt-get install postgresql, or set GAN_EVAL_POSTGRES_BIN)");
  return found;
}

/** Whom to run as: nothing to change unless this is root. */
function ownUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const rows = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((row) => row.split(":"));
  const row = rows.find(([name]) => name === "postgres") ?? rows.find(([name]) => name === "nobody");
  if (row === undefined) throw new Error("expected a user postgres or nobody in /etc/passwd");
  return { uid: Number(row[2]), gid: Number(row[3]) };
}

export async function startPostgres(): Promise<QueueServer> {
  const programs = findPostgres();
  if (programs === undefined) throw new Error("no PostgreSQL");
  const folder = openFolder("postgres");
  const user = ownUser();
  if (user.uid !== undefined) chownSync(folder.location, user.uid, user.gid!);
  const options = { ...user, cwd: folder.location, env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8" } };
  const data = path.join(folder.location, "data");
  const made = spawnSync(
    path.join(programs, "initdb"),
    ["-D", data, "-U", "gan", "--auth=trust", "-E", "UTF8", "--no-sync"],
    { ...options, encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  const words = ["-D", data, "-p", `${port}`, "-k", folder.location, "-c", "listen_addresses=127.0.0.1"];
  words.push("-c", "max_connections=200");

  const isReady = (): boolean =>
    spawnSync(path.join(programs, "pg_isready"), ["-h", "127.0.0.1", "-p", `${port}`], options).status === 0;
  const begin = async () => {
    // The processes of one that was killed may hold its memory for a moment yet.
    for (let attempt = 1; ; attempt++) {
      const server = start(path.join(programs, "postgres"), words, options);
      await until(`PostgreSQL answers on ${port}`, () => server.hasEnded() || isReady(), 30);
      if (!server.hasEnded()) return server;
      if (attempt === 20) throw new Error(`postgres: ${server.stderr()}`);
      await sleep(250);
    }
  };
  let server = await begin();
  return {
    url: `postgres://gan@127.0.0.1:${port}/postgres`,
    async kill() {
      signal(server, "SIGKILL");
      await server.ended;
    },
    async restart() {
      server = await begin();
    },
    freeze: () => signalGroup(server, "SIGSTOP"),
    thaw: () => signalGroup(server, "SIGCONT"),
    async stop() {
      signalGroup(server, "SIGCONT");
      signal(server, "SIGQUIT");
      await server.ended;
      folder.remove();
    },
  };
}
