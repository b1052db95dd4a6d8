/** Features that workers extract: the statistics and the scores of one machine. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram } from "../cli/built-program.ts";
import { endAll, isGroupThere, type Started, signalGroup, start, until } from "../cluster/processes.ts";
import { findRedis, startRedis } from "../cluster/servers/redis.ts";
import { type Folder, openFolder, type QueueServer } from "../cluster/servers/server.ts";
import { toIdx } from "../images/made-images.ts";

const redis = findRedis();

/** Two leaves and a little of a third. */
const COUNT = 16_500;

/** 28x28 pictures that are all different. */
function makeImages(location: string, seed: number): void {
  const data = new Uint8Array(COUNT * 784);
  for (let state = seed, i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[i] = i % 784 < 300 ? state >>> 24 : 0;
  }
  writeFileSync(location, toIdx([COUNT, 28, 28], [data]));
}

const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

describe.skipIf(redis === undefined)("a measurement over a queue", () => {
  let program: string;
  let root: Folder;
  let server: QueueServer;

  beforeAll(async () => {
    program = buildProgram();
    root = openFolder("extract");
    server = await startRedis({ program: redis!, isKept: true });
    makeImages(path.join(root.location, "a-idx3-ubyte"), 1);
    makeImages(path.join(root.location, "b-idx3-ubyte"), 2);
  }, 240_000);
  afterAll(async () => {
    await endAll();
    await server?.stop();
    root?.remove();
  });

  const ganEval = (words: string, env: Readonly<Record<string, string>> = {}): Started =>
    start(process.execPath, [path.join(program, "dist/cli/main.js"), ...words.split(" ")], {
      cwd: root.location,
      env: { PATH: process.env.PATH, HOME: root.location, ...env },
    });
  const run = async (words: string): Promise<string> => {
    const started = ganEval(words);
    expect(await started.ended, started.stderr()).toBe(0);
    return started.stdout();
  };
  const queued = (): string => `--queue ${server.url} --queue-lock 4 --leaf-group 1`;
  const startWorker = (): Started => ganEval(`worker --queue ${server.url} --queue-lock 4 --jobs 1`);
  const end = async (worker: Started): Promise<void> => {
    worker.child.kill("SIGTERM");
    await worker.ended;
  };

  it("writes the statistics of one machine, byte for byte, though a worker is killed with its child in the middle", async () => {
    const words = "stats --images a-idx3-ubyte --extractor digits --threads 1";
    await run(`${words} --out plain.npz`);
    const first = startWorker();
    const stats = ganEval(`${words} --out queued.npz ${queued()}`);
    await until("a job that is begun", () => first.stderr().includes("begins at image"), 120);
    signalGroup(first, "SIGKILL");
    const second = startWorker();
    expect(await stats.ended, stats.stderr()).toBe(0);
    await end(second);
    expect(isGroupThere(second)).toBe(false);
    const files = readdirSync(path.join(root.location, "queued.npz.leaves"));
    expect(files.filter((name) => name.includes(".tmp"))).toEqual([]);
    expect(sha256(path.join(root.location, "queued.npz"))).toBe(
      sha256(path.join(root.location, "plain.npz")),
    );
  }, 240_000);

  it("gives the scores of one machine, extracts on workers alone, and finds it all the second time", async () => {
    const words =
      "metrics --metrics fid,is,kid --real a-idx3-ubyte --fake b-idx3-ubyte --extractor digits --threads 1 --json";
    const plain = JSON.parse(await run(`${words} --no-cache`));
    const worker = startWorker();
    const scores = JSON.parse(await run(`${words} --cache-dir cache ${queued()}`));
    expect(scores.metrics).toEqual(plain.metrics);
    expect(scores.inputs).toEqual(plain.inputs);
    // Features of three leaves of each side, logits of the generated ones, and no entry of a whole side: the command itself
    // extracted nothing.
    const features = path.join(root.location, "cache/features");
    const entries = readdirSync(features).filter((name) =>
      existsSync(path.join(features, name, "meta.json")),
    );
    expect(entries).toHaveLength(2 * 3 + 3);
    const again = JSON.parse(await run(`${words} --cache-dir cache`));
    expect(again.metrics).toEqual(plain.metrics);
    await end(worker);
  }, 240_000);

  it("says what is missing: a cache that is shared, images below the root, one way of sharing the work", async () => {
    for (const [words, code] of [
      ["fid --real a-idx3-ubyte --fake b-idx3-ubyte --extractor digits", "usage.queue-cache"],
      [
        "fid --real a-idx3-ubyte --fake b-idx3-ubyte --extractor digits --cache-dir /elsewhere",
        "usage.queue-cache",
      ],
      ["stats --images a-idx3-ubyte --extractor digits --out c.npz --root cache", "usage.queue-path"],
      ["stats --images a-idx3-ubyte --extractor digits --out c.npz --part 0/2", "usage.conflicting-option"],
    ]) {
      const started = ganEval(`${words} ${queued()}`);
      expect(await started.ended, words).toBe(2);
      expect(started.stderr()).toContain(`[${code}]`);
    }
  }, 60_000);
});
