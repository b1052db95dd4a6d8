import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readNpz } from "../../src/formats/npz.ts";
import { featuresToMoments } from "../../src/math/features/statistics.ts";
import { buildProgram } from "../cli/built-program.ts";

let program: string;
let place: string;
const at = (name: string): string => path.join(place, name);

/** Grey noise with a trend, in an IDX file. */
function makeImages(count: number, side: number): Buffer {
  const header = Buffer.alloc(16);
  for (const [i, value] of [0x803, count, side, side].entries()) header.writeUInt32BE(value, 4 * i);
  const pixels = Buffer.alloc(count * side * side);
  let state = 12345;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    pixels[i] = ((state >>> 24) * (1 + (i % 5))) / 5;
  }
  return Buffer.concat([header, pixels]);
}

beforeAll(async () => {
  program = process.env.GAN_EVAL_TEST_PROGRAM ?? buildProgram();
  place = await mkdtemp(path.join(tmpdir(), "statistics-"));
});
afterAll(async () => {
  await rm(place, { recursive: true, force: true });
  if (process.env.GAN_EVAL_TEST_PROGRAM === undefined) await rm(program, { recursive: true, force: true });
});

/** `gan-eval stats WORDS`, each a process of its own. */
const start = (words: readonly string[]): ChildProcess =>
  spawn(process.execPath, [path.join(program, "dist/cli/main.js"), "stats", ...words], {
    cwd: place,
    stdio: "ignore",
    env: { ...process.env, GAN_EVAL_OFFLINE: "1" },
  });

const ended = (child: ChildProcess): Promise<number | null> =>
  child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.once("exit", (code) => resolve(code)))
    : Promise.resolve(child.exitCode);

const run = (words: readonly string[]): Promise<number | null> => ended(start(words));

const toHash = async (name: string): Promise<string> =>
  createHash("sha256")
    .update(await readFile(at(name)))
    .digest("hex");

describe("statistics of 20,000 digits of 28x28", () => {
  const COMMON = ["--images", "digits-idx3-ubyte", "--extractor", "digits", "--batch-size", "64"];
  let alone: string;

  beforeAll(async () => {
    await writeFile(at("digits-idx3-ubyte"), makeImages(20_000, 28));
    expect(await run([...COMMON, "--out", "alone.npz"])).toBe(0);
    alone = await toHash("alone.npz");
  });

  test.each([1, 2, 4].flatMap((of) => [1, 2, 8].map((group) => [of, group] as const)))(
    "are one sha256 by %i processes at a time and jobs of %i leaves",
    async (of, group) => {
      const out = `shared-${of}-${group}.npz`;
      const part = (index: number) =>
        run([
          ...[...COMMON, "--out", out, "--part", `${index}/${of}`, "--leaf-group", String(group)],
          ...["--threads", String(1 + (index % 2)), "--no-cache"],
        ]);
      expect(await Promise.all(Array.from({ length: of }, (_, i) => part(of - 1 - i)))).toEqual(
        Array.from({ length: of }, () => 0),
      );
      expect(await run([...COMMON, "--out", out, "--collect"])).toBe(0);
      expect(await toHash(out)).toBe(alone);
    },
  );

  test("are those of a single pass from left to right to 1e-12 of the trace", async () => {
    expect(await run([...COMMON, "--out", "rows.npz", "--stats-format", "features"])).toBe(0);
    const { data, shape } = (await readNpz(at("rows.npz"))).get("features")!;
    const [rows, width] = shape as [number, number];
    const onePass = featuresToMoments({ data: data as Float32Array, rows, width }, { leafRows: rows });
    const sigma = (await readNpz(at("alone.npz"))).get("sigma")!.data as Float64Array;
    let trace = 0;
    for (let i = 0; i < width; i++) trace += onePass.scatter[i * (width + 1)]!;
    const difference = sigma.map((value, i) => Math.abs(value * (rows - 1) - onePass.scatter[i]!));
    expect(Math.max(...difference)).toBeLessThan(1e-12 * trace);
  });

  test("survive kill -9 at any instant: the same command goes on to the same bytes", async () => {
    const words = [...COMMON, "--out", "killed.npz", "--leaf-group", "1", "--cache-dir", "cache"];
    for (const milliseconds of [600, 1500, 2500, 3500, 5000]) {
      const child = start([...words, "--part", "0/1"]);
      await sleep(milliseconds);
      child.kill("SIGKILL");
      await ended(child);
      expect([0, 3]).toContain(await run([...words, "--collect"]));
    }
    expect(await run([...words, "--part", "0/1"])).toBe(0);
    expect(await run([...words, "--collect"])).toBe(0);
    expect(await toHash("killed.npz")).toBe(alone);
  });
});

test("a million pictures of 8x8 by four parts, in less than 600 MB each", async () => {
  await writeFile(at("million-idx3-ubyte"), makeImages(1_000_000, 8));
  const common = [
    ...["--images", "million-idx3-ubyte", "--extractor", "pixels", "--input-size", "8"],
    ...["--batch-size", "512", "--out", "million.npz"],
  ];
  const most: number[] = [];
  for (let index = 0; index < 4; index++) {
    const child = start([...common, "--part", `${index}/4`, "--no-cache"]);
    let peak = 0;
    const watch = setInterval(async () => {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    }, 200);
    expect(await ended(child)).toBe(0);
    clearInterval(watch);
    most.push(Math.round(peak));
  }
  expect(await run([...common, "--collect"])).toBe(0);
  const arrays = await readNpz(at("million.npz"));
  expect(Number(arrays.get("n")!.data[0])).toBe(1_000_000);
  console.log(`most memory of each part: ${most.join(", ")} MB`);
  expect(Math.max(...most)).toBeLessThan(600);
});
