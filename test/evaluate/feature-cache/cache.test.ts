import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FeatureCache, openFeatureCache } from "../../../src/evaluate/feature-cache/cache.ts";
import { type FeatureIdentity, identityToKey } from "../../../src/evaluate/feature-cache/identity.ts";
import { createMomentsAccumulator, featuresToMoments } from "../../../src/math/features/statistics.ts";
import {
  everything,
  extractRest,
  findOrExtract,
  firstRows,
  identity,
  images,
  occasion,
  ROWS,
  WIDTH,
  warnings,
} from "./small-set.ts";

const key = identityToKey(identity);
let folder: string;
let entry: string;
let unfinished: string;
let cache: FeatureCache;
let now: number;
const open = () => openFeatureCache({ folder, clock: () => (now += 6000), steadyClock: () => (now += 6000) });
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cache-"));
  entry = path.join(folder, "features", key);
  unfinished = path.join(folder, "features/unfinished", key);
  now = Date.UTC(2026, 0, 2);
  cache = open();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An extraction that ends after some rows. */
async function interrupt(rows: number): Promise<void> {
  await extractRest((await open().begin(identity, occasion))!, 5, rows);
}

describe("a whole entry", () => {
  it("is found with its rows, images and warnings, after a miss that wrote it", async () => {
    expect(await cache.find(identity, { features: true })).toBeUndefined();
    expect(await findOrExtract(cache)).toBe(ROWS);
    expect(await open().find(identity, { features: true })).toEqual(everything());
    expect(await findOrExtract(open())).toBe(0);
    expect((await readdir(entry)).sort()).toEqual([
      "features.f32",
      "meta.json",
      "moments.f64",
      "pictures.jsonl",
    ]);
    expect(await readdir(path.join(folder, "features/unfinished"))).toEqual([]);
    expect(cache.warnings()).toEqual([]);
  });

  it.each([
    ["more rows than columns", ROWS],
    ["as many rows as columns, which are kept among the moments", WIDTH],
    ["fewer", 2],
    ["none", 0],
  ])("gives the moments of a miss to the bit: %s", async (_, rows) => {
    const accumulator = createMomentsAccumulator(WIDTH);
    for (let at = 0; at < rows; at++) accumulator.add(firstRows(at + 1, at));
    const miss = accumulator.finish();
    const { writer } = (await cache.begin(identity, occasion))!;
    await writer.append(firstRows(rows), images(rows), 0);
    await writer.finish({ warnings, moments: miss });
    const found = await cache.find(identity, { moments: true });
    expect(found!.moments).toEqual(miss);
    expect(found!.moments).toEqual(featuresToMoments(firstRows(rows)));
    expect(found).not.toHaveProperty("features");
  });

  it("that was kept without moments gets them when they are first wanted", async () => {
    const { writer } = (await cache.begin(identity, occasion))!;
    await writer.append(firstRows(ROWS), images(ROWS), 0);
    await writer.finish({ warnings });
    expect((await cache.find(identity, { features: true }))!).not.toHaveProperty("moments");
    expect(await readdir(entry)).not.toContain("moments.f64");
    const expected = featuresToMoments(firstRows(ROWS));
    expect((await cache.find(identity, { moments: true, threads: 1 }))!.moments).toEqual(expected);
    expect(await readdir(entry)).toContain("moments.f64");
    // Of more rows than columns they are read without the rows.
    await rm(path.join(entry, "features.f32"));
    expect((await cache.find(identity, { moments: true }))!.moments).toEqual(expected);
    expect(await cache.find(identity, { features: true })).toBeUndefined();
  });

  it("is used when it is found, which its record's time says", async () => {
    await findOrExtract(cache);
    const meta = path.join(entry, "meta.json");
    const before = (await stat(meta)).mtimeMs;
    now = Date.UTC(2026, 5, 1);
    await cache.find(identity, {});
    expect(before).toBeLessThan(Date.UTC(2026, 0, 3));
    expect((await stat(meta)).mtimeMs).toBe(Date.UTC(2026, 5, 1) + 6000);
  });

  it("is not begun again", async () => {
    await findOrExtract(cache);
    expect(await cache.begin(identity, occasion)).toBeUndefined();
    expect(await readdir(path.join(folder, "features/unfinished"))).toEqual([]);
  });

  it("is of its identity alone: each field of it makes another", async () => {
    const others: Record<keyof FeatureIdentity, string> = {
      content: "d".repeat(64),
      extractor: "inception",
      extractorHash: "f".repeat(64),
      end: "logits",
      preprocessing: "clean",
      onError: "fail",
      engine: "wasm",
      device: "cuda",
      isa: "avx512",
      precision: "tf32",
    };
    const keys = Object.entries(others).map(([field, value]) =>
      identityToKey({ ...identity, [field]: value }),
    );
    expect(new Set([key, ...keys]).size).toBe(11);
    // Neighbouring fields do not run into each other.
    expect(identityToKey({ ...identity, engine: "on", device: "nxcpu" })).not.toBe(
      identityToKey({ ...identity, engine: "onn", device: "xcpu" }),
    );
  });
});

describe("an interrupted extraction", () => {
  it("is gone on with after the rows that it left, to the bytes of one that was not", async () => {
    await findOrExtract(cache);
    const files = ["features.f32", "pictures.jsonl", "moments.f64"];
    const read = () => Promise.all(files.map((name) => readFile(path.join(entry, name))));
    const whole = await read();
    await rm(entry, { recursive: true });

    await interrupt(15);
    expect(await open().find(identity, { features: true })).toBeUndefined();
    const begun = (await open().begin(identity, { ...occasion, location: "elsewhere" }))!;
    expect(begun.kept.features).toEqual(firstRows(15));
    expect(begun.kept.names).toEqual(images(15).map(({ name }) => name));
    expect(await extractRest(begun)).toBe(ROWS - 15);
    expect(await read()).toEqual(whole);
    expect(JSON.parse(await readFile(path.join(entry, "meta.json"), "utf8")).location).toBe("elsewhere");
    expect(await readdir(entry)).not.toContain("progress.json");
  });

  it("may be given rows again that it has", async () => {
    await interrupt(15);
    const { writer } = (await cache.begin(identity, occasion))!;
    for (const [from, to] of [
      [5, 10],
      [10, 20],
      [20, ROWS],
    ] as const)
      await writer.append(firstRows(to, from), images(to, from), from);
    await writer.finish({ warnings });
    expect(await cache.find(identity, { features: true })).toEqual(everything());
  });

  it("loses what came after the last commit, and no more", async () => {
    const begun = (await openFeatureCache({ folder, clock: () => now, steadyClock: () => now }).begin(
      identity,
      occasion,
    ))!;
    for (let at = 0; at < 4; at++) {
      now += 2000;
      await begun.writer.append(firstRows(at + 1, at), images(at + 1, at), at);
    }
    // As a killed process leaves it: the lock of a number that no process has.
    await writeFile(
      path.join(unfinished, "run.lock"),
      JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), started: "" }),
    );
    const { kept, writer } = (await cache.begin(identity, occasion))!;
    expect(kept.features).toEqual(firstRows(3));
    await writer.abandon();
    await begun.writer.abandon();
  });

  it("is begun anew where the caller wants that, or the width is another", async () => {
    await interrupt(15);
    const anew = (await cache.begin(identity, { ...occasion, resume: false }))!;
    expect(anew.kept).toMatchObject({ features: { rows: 0, width: WIDTH }, names: [] });
    expect(await extractRest(anew)).toBe(ROWS);
    expect(await cache.find(identity, { features: true })).toEqual(everything());
    expect(cache.warnings()).toEqual([]);
  });

  it("of which nothing was extracted leaves nothing", async () => {
    await interrupt(0);
    expect(await readdir(path.join(folder, "features/unfinished"))).toEqual([]);
  });

  it("has one writer: whoever comes meanwhile extracts without", async () => {
    const { writer } = (await cache.begin(identity, occasion))!;
    expect(await cache.begin(identity, occasion)).toBeUndefined();
    expect(await open().begin(identity, occasion)).toBeUndefined();
    const others = (await open().begin({ ...identity, end: "logits" }, occasion))!;
    await writer.abandon();
    await writer.abandon();
    const next = (await open().begin(identity, occasion))!;
    for (const begun of [others, next]) await begun.writer.abandon();
  });

  it("takes no rows with a gap before them, of another width, or without their images", async () => {
    const { writer } = (await cache.begin(identity, occasion))!;
    const wrong = { code: "internal.feature-cache" };
    await expect(writer.append(firstRows(3, 1), images(3, 1), 1)).rejects.toMatchObject(wrong);
    await expect(writer.append(firstRows(3), images(2), 0)).rejects.toMatchObject(wrong);
    await expect(writer.append({ ...firstRows(3), width: 5 }, images(3), 0)).rejects.toMatchObject(wrong);
    const moments = featuresToMoments(firstRows(2));
    await expect(writer.finish({ warnings, moments })).rejects.toMatchObject(wrong);
    await writer.abandon();
  });
});

describe("an entry that is not what was written", () => {
  const damages: Record<string, () => Promise<unknown>> = {
    "a record changed by hand": async () => {
      const meta = path.join(entry, "meta.json");
      await writeFile(meta, (await readFile(meta, "utf8")).replace("20 skipped", "2 skipped"));
    },
    "a record that is no JSON": () => writeFile(path.join(entry, "meta.json"), "{"),
    "a record that is null": () => writeFile(path.join(entry, "meta.json"), "null"),
    "an empty record": () => writeFile(path.join(entry, "meta.json"), ""),
    "rows cut off": () => truncate(path.join(entry, "features.f32"), ROWS * WIDTH * 4 - 1),
    "rows too many": () => appendFile(path.join(entry, "features.f32"), Buffer.alloc(WIDTH * 4)),
    "one byte of a row": async () => {
      const file = path.join(entry, "features.f32");
      const bytes = await readFile(file);
      bytes[100]! ^= 1;
      await writeFile(file, bytes);
    },
    "rows gone": () => rm(path.join(entry, "features.f32")),
    "images gone": () => rm(path.join(entry, "pictures.jsonl")),
    "images changed": async () => {
      const file = path.join(entry, "pictures.jsonl");
      await writeFile(file, (await readFile(file, "utf8")).replace("[1,", "[2,"));
    },
    "a folder in place of the rows": async () => {
      await rm(path.join(entry, "features.f32"));
      await mkdir(path.join(entry, "features.f32"));
    },
  };

  it.each(Object.keys(damages))("is absent, said once, and replaced: %s", async (damage) => {
    await findOrExtract(cache);
    await damages[damage]!();
    const other = open();
    expect(await other.find(identity, { features: true })).toBeUndefined();
    expect(await other.find(identity, { features: true, moments: true })).toBeUndefined();
    expect(other.warnings()).toEqual([expect.objectContaining({ code: "cache-damaged" })]);
    expect(other.warnings()[0]!.message).toContain(entry);
    expect(await findOrExtract(other)).toBe(ROWS);
    expect(await open().find(identity, { features: true })).toEqual(everything());
    expect(await readdir(path.join(folder, "features"))).toEqual([key, "unfinished"].sort());
  });

  it("another entry's record under this name is absent", async () => {
    const other = { ...identity, end: "logits" };
    await extractRest((await cache.begin(other, occasion))!);
    await rename(path.join(folder, "features", identityToKey(other)), entry);
    expect(await cache.find(identity, { features: true })).toBeUndefined();
    expect(cache.warnings()[0]!.message).toContain("it belongs to another entry");
  });

  it("moments that are damaged are made again from the rows", async () => {
    await findOrExtract(cache);
    const file = path.join(entry, "moments.f64");
    const written = await readFile(file);
    const changed = Buffer.from(written);
    changed[50]! ^= 1;
    for (const bytes of [changed, written.subarray(0, -8), Buffer.alloc(0)]) {
      await writeFile(file, bytes);
      expect((await cache.find(identity, { moments: true }))!.moments).toEqual(
        featuresToMoments(firstRows(ROWS)),
      );
      expect(await readFile(file)).toEqual(written);
    }
  });

  it("what is unfinished and damaged is begun anew", async () => {
    for (const file of ["features.f32", "pictures.jsonl", "progress.json"]) {
      await rm(entry, { recursive: true, force: true });
      await interrupt(15);
      const location = path.join(unfinished, "entry", file);
      await truncate(location, (await stat(location)).size - 3);
      const other = open();
      expect(await findOrExtract(other)).toBe(ROWS);
      expect(other.warnings()).toMatchObject([{ code: "cache-damaged" }]);
      expect(await open().find(identity, { features: true })).toEqual(everything());
    }
  });
});

describe("a cache folder that cannot be written", () => {
  it("is a warning, once, and the measurement goes on", async () => {
    await writeFile(path.join(folder, "features"), "a file where a folder should be");
    expect(await findOrExtract(cache)).toBe(ROWS);
    expect(await findOrExtract(cache)).toBe(ROWS);
    expect(cache.warnings()).toEqual([
      {
        code: "cache-unwritable",
        message: expect.stringContaining(path.join(folder, "features")),
        hint: expect.stringContaining("--no-cache"),
      },
    ]);
  });

  it("is one too when it vanishes in between", async () => {
    const begun = (await cache.begin(identity, occasion))!;
    await rm(path.join(folder, "features"), { recursive: true });
    expect(await extractRest(begun)).toBe(ROWS);
    expect(cache.warnings()).toMatchObject([{ code: "cache-unwritable" }]);
    expect(await findOrExtract(open())).toBe(ROWS);
  });
});
