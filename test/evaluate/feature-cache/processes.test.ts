/** Processes of their own, really killed and really at once, on the compiled program. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openFeatureCache } from "../../../src/evaluate/feature-cache/cache.ts";
import { clearEntries } from "../../../src/evaluate/feature-cache/clear-entries.ts";
import { listEntries } from "../../../src/evaluate/feature-cache/list-entries.ts";
import { buildProgram } from "../../cli/built-program.ts";
import { identity } from "./small-set.ts";

const WIDTH = 64;
const ROWS = 600;
const BATCH = 20;

/** One measurement: prints `at N` for each batch, and at last what it got and how many rows it extracted for it. */
const MEASURE = `
const { openFeatureCache } = await import(process.env.CACHE);
const identity = ${JSON.stringify(identity)};
const [folder, pause, hold] = process.argv.slice(2).map((word, i) => (i ? Number(word) : word));
// Time runs fast, so that every batch is committed.
let now = Date.now();
const cache = openFeatureCache({ folder, clock: () => now, steadyClock: () => (now += 6000) });
const rowsFrom = (at) => Float32Array.from({ length: ${BATCH * WIDTH} }, (_, i) => Math.sin((at * ${WIDTH} + i) * 12.9));
const all = new Float32Array(${ROWS * WIDTH});
const found = await cache.find(identity, { features: true });
let extracted = 0;
if (found) all.set(found.features.data);
else {
  const begun = await cache.begin(identity, { location: "./mnist", threads: 1, width: ${WIDTH} });
  if (begun) all.set(begun.kept.features.data);
  for (let at = begun?.kept.features.rows ?? 0; at < ${ROWS}; at += ${BATCH}) {
    process.stdout.write("at " + at + "\\n");
    if (at === hold) await new Promise((resolve) => setTimeout(resolve, 1e6));
    const data = rowsFrom(at);
    all.set(data, at * ${WIDTH});
    const names = Array.from({ length: ${BATCH} }, (_, i) => ({ name: "#" + (at + i) }));
    await begun?.writer.append({ data, rows: ${BATCH}, width: ${WIDTH} }, names, at);
    extracted += ${BATCH};
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  }
  await begun?.writer.finish({ warnings: { source: [], extractor: [] } });
}
const expected = Array.from({ length: ${ROWS / BATCH} }, (_, i) => [...rowsFrom(i * ${BATCH})]).flat();
process.stdout.write(JSON.stringify({
  right: expected.every((value, i) => all[i] === value),
  extracted,
  warnings: cache.warnings().map(({ code, message }) => code + " " + message),
}));
`;

let program: string;
let script: string;
let parent: string;
let folder: string;
let count = 0;
beforeAll(async () => {
  program = buildProgram();
  parent = await mkdtemp(path.join(tmpdir(), "cache-processes-"));
  script = path.join(parent, "measure.mjs");
  await writeFile(script, MEASURE);
});
beforeEach(() => {
  folder = path.join(parent, `cache-${count++}`);
});
afterAll(async () => {
  await rm(parent, { recursive: true, force: true });
  await rm(program, { recursive: true, force: true });
});

interface Measured {
  readonly right: boolean;
  readonly extracted: number;
  readonly warnings: readonly string[];
}

interface Started {
  readonly child: ChildProcess;
  /** Undefined of one that was killed. */
  readonly measured: Promise<Measured | undefined>;
  /** When it has got to a row. */
  readonly at: (row: number) => Promise<void>;
}

/** @param changes pause: milliseconds after each batch; hold: the row at which it hangs; shell: what is done before */
function start({ pause = 0, hold = -1, shell = "" } = {}): Started {
  const file = path.join(program, "dist/evaluate/feature-cache/cache.js");
  const env = { ...process.env, CACHE: pathToFileURL(file).href };
  const argv = [script, folder, String(pause), String(hold)];
  const child = shell
    ? spawn("sh", ["-c", `${shell}; exec "$0" "$@"`, process.execPath, ...argv], { env })
    : spawn(process.execPath, argv, { env });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const measured = new Promise<Measured | undefined>((resolve, reject) => {
    child.on("error", reject).on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve(undefined);
      else if (code !== 0) reject(new Error(stderr));
      else resolve(JSON.parse(stdout.split("\n").at(-1)!) as Measured);
    });
  });
  const at = async (row: number) => {
    while (!stdout.includes(`at ${row}\n`) && child.exitCode === null) await sleep(2);
  };
  return { child, measured, at };
}

const states = async () => (await listEntries(folder)).map(({ state }) => state);

describe("a process that is killed", () => {
  it("leaves an entry that is gone on with, until it is whole", async () => {
    for (const hold of [100, 380, 520]) {
      const { child, measured, at } = start({ hold });
      await at(hold);
      expect(await states()).toEqual(["writing"]);
      child.kill("SIGKILL");
      expect(await measured).toBeUndefined();
      expect(await states()).toEqual(["unfinished"]);
      const [{ record }] = await listEntries(folder);
      expect(record!.rows).toBe(hold);
    }
    expect(await start().measured).toEqual({ right: true, extracted: ROWS - 520, warnings: [] });
    expect(await states()).toEqual(["whole"]);
    expect(await start().measured).toEqual({ right: true, extracted: 0, warnings: [] });
  });

  it("leaves all or nothing at whatever moment", async () => {
    for (let i = 0; i < 6; i++) {
      const { child, measured, at } = start();
      await at(0);
      await sleep(i * 7);
      child.kill("SIGKILL");
      await measured;
      expect(await states()).not.toContain("damaged");
    }
    expect(await start().measured).toMatchObject({ right: true, warnings: [] });
    expect(await states()).toEqual(["whole"]);
  });
});

describe("two processes at once", () => {
  it("measure the same; one of them writes", async () => {
    const started = [1, 2, 3].map((pause) => start({ pause }));
    for (const { measured } of started) expect(await measured).toMatchObject({ right: true, warnings: [] });
    expect(await states()).toEqual(["whole"]);
    expect(await start().measured).toMatchObject({ right: true, extracted: 0 });
  });

  it("do no harm to one another, begun one after the other's kill or end", async () => {
    const started: Started[] = [];
    for (let i = 0; i < 6; i++) {
      started.push(start({ pause: 1 }));
      await sleep(60);
      if (i % 3 === 0) started[i]!.child.kill("SIGKILL");
    }
    for (const { measured } of started) {
      const result = await measured;
      if (result) expect(result).toMatchObject({ right: true, warnings: [] });
    }
    expect(await start().measured).toMatchObject({ right: true, warnings: [] });
    expect(await states()).toEqual(["whole"]);
  });
});

describe("clearing", () => {
  it("leaves what a living process writes, and takes what a dead one left", async () => {
    const { child, measured, at } = start({ hold: 100 });
    await at(100);
    const options = { clock: () => Date.now() };
    expect(await clearEntries(folder, options)).toMatchObject({
      removed: [],
      inUse: [{ state: "writing" }],
      bytes: 0,
    });
    child.kill("SIGKILL");
    await measured;
    const { removed, bytes } = await clearEntries(folder, options);
    expect(removed).toMatchObject([{ state: "unfinished" }]);
    expect(bytes).toBeGreaterThanOrEqual(100 * WIDTH * 4);
    expect(await readdir(folder, { recursive: true })).toEqual(["features", "features/unfinished"]);
  });
});

describe("a disk that takes no more", () => {
  it.skipIf(process.platform === "win32")(
    "is a warning; the measurement goes on, nothing is left",
    async () => {
      // Files of at most 50 KB (blocks of 512 or 1024 bytes); the rows are 150 KB.
      const measured = await start({ shell: "ulimit -f 50" }).measured;
      expect(measured).toMatchObject({ right: true, extracted: ROWS });
      expect(measured!.warnings).toEqual([expect.stringMatching(/^cache-unwritable .*EFBIG/)]);
      expect(await states()).toEqual([]);
      const cache = openFeatureCache({ folder, clock: Date.now });
      expect(await cache.find(identity, { features: true })).toBeUndefined();
    },
  );
});
