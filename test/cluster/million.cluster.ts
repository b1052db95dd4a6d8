/** A million images in a hundred shards: all are counted, in little memory, with the statistics of the same files in a folder. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readNpz } from "../../src/formats/npz.ts";
import { numberToPng, writeShards } from "./million-shards.ts";

const SHARDS = 100;
const EACH = 10_000;
const MOST_MEMORY = 600 * 2 ** 20;
const FEW = 20_000;

const program = path.join(process.env.GAN_EVAL_TEST_PROGRAM!, "dist/cli/main.js");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "million-"));
  await writeShards(path.join(folder, "set"), SHARDS, EACH);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The largest resident memory so far, as Linux counts it. */
async function toMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

async function stats(images: string, out: string, ...words: string[]) {
  const given = ["--images", images, "--extractor", "pixels", "--input-size", "8", "--out", out];
  const child = spawn(process.execPath, [program, "stats", ...given, "--threads", "1", "--json", ...words], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, GAN_EVAL_CACHE: path.join(folder, "cache") },
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  let memory = 0;
  const watch = setInterval(async () => {
    memory = Math.max(memory, await toMemory(child.pid!));
  }, 200);
  const code = await new Promise((ended) => child.on("close", ended));
  clearInterval(watch);
  expect(code).toBe(0);
  return { memory, result: JSON.parse(text) as { readonly count: number } };
}

test.skipIf(process.platform !== "linux")(
  "a million images in a hundred shards take less than 600 MB",
  async () => {
    const started = performance.now();
    const { memory, result } = await stats(
      path.join(folder, "set/shard-{000..099}.tar"),
      path.join(folder, "all.npz"),
    );
    process.stdout.write(
      `figure: a million images of 8x8 in 100 shards: ${Math.round(memory / 2 ** 20)} MB, ${Math.round((performance.now() - started) / 1000)} s\n`,
    );
    expect(result.count).toBe(SHARDS * EACH);
    expect(memory).toBeLessThan(MOST_MEMORY);
  },
  // Decoding a million files takes a millisecond each.
  3_600_000,
);

test("the statistics of shards are those of the same images in a folder, to 1e-12 of the trace", async () => {
  await mkdir(path.join(folder, "files"));
  for (let i = 0; i < FEW; i++)
    await writeFile(path.join(folder, `files/${String(i).padStart(9, "0")}.png`), numberToPng(i));
  await stats(
    path.join(folder, `set/shard-{000..${String(FEW / EACH - 1).padStart(3, "0")}}.tar`),
    path.join(folder, "a.npz"),
  );
  await stats(path.join(folder, "files"), path.join(folder, "b.npz"));
  const [a, b] = await Promise.all(["a.npz", "b.npz"].map((name) => readNpz(path.join(folder, name))));
  const sigma = [a, b].map((file) => file.get("sigma")!.data as Float64Array);
  const width = Math.sqrt(sigma[0].length);
  const trace = Array.from({ length: width }, (_, i) => sigma[0][i * (width + 1)]).reduce(
    (sum, x) => sum + x,
    0,
  );
  for (let i = 0; i < sigma[0].length; i++)
    expect(Math.abs(sigma[0][i] - sigma[1][i])).toBeLessThan(1e-12 * trace);
});
