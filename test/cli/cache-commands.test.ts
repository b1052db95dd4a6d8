import { readdir } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { library } from "../../src/cli/library.ts";
import { openFeatureCache } from "../../src/evaluate/feature-cache/cache.ts";
import { extractRest, identity, occasion } from "../evaluate/feature-cache/small-set.ts";
import { emptyFolder, run } from "./command-line.ts";

const DAY = 24 * 3600 * 1000;
const start = Date.UTC(2026, 0, 1, 12);
let folder: string;
beforeEach(() => {
  folder = emptyFolder();
});
const cached = (argv: readonly string[], changes = {}) =>
  run(["cache", ...argv, "--cache-dir", folder], { library, clock: () => start + 60 * DAY, ...changes });

async function keep(end: string, daysAgo: number): Promise<void> {
  const cache = openFeatureCache({ folder, clock: () => start + (60 - daysAgo) * DAY });
  await extractRest((await cache.begin({ ...identity, end }, occasion))!);
}

describe("cache list", () => {
  it("says what is cached, how large and when last used, and all of it together", async () => {
    await keep("features", 50);
    await keep("logits", 2);
    const ran = await cached(["list"]);
    expect(ran.exitCode).toBe(0);
    expect(
      `\n${ran.stdout.replace(folder, "FOLDER").replace(/\d\.\d KiB/g, "N KiB")}`,
    ).toMatchInlineSnapshot(`
      "
      extractor  end       rows     size  last used   images
      digits     logits      40  N KiB  2026-02-28  ./mnist
      digits     features    40  N KiB  2026-01-11  ./mnist

      2 entries, N KiB in FOLDER
      "
    `);
    expect(ran.stderr).toContain("next: gan-eval cache clear");
    const { stdout } = await cached(["list", "--json"]);
    const { schema, bytes, entries, folder: said } = JSON.parse(stdout);
    expect([schema, said]).toEqual(["gan-eval/cache/1", folder]);
    expect(bytes).toBe(entries[0].bytes + entries[1].bytes);
    expect(entries[0]).toMatchObject({
      ...{ ...identity, end: "logits", state: "whole", location: "./mnist", rows: 40, width: 6 },
      lastUsed: new Date(start + 58 * DAY).toISOString(),
    });
    const [heading, latest] = (await cached(["list", "--csv"])).stdout.split(/\r?\n/);
    expect(heading).toBe("extractor,end,rows,width,bytes,last_used,state,pictures");
    expect(latest).toBe(`digits,logits,40,6,${entries[0].bytes},2026-02-28T12:00:00.000Z,whole,./mnist`);
  });

  it("says that nothing is", async () => {
    expect((await cached(["list"])).stdout).toBe(`no features are cached in ${folder}\n`);
    expect(JSON.parse((await cached(["list", "--json"])).stdout).entries).toEqual([]);
  });
});

describe("cache clear", () => {
  it("says what it removed, and leaves what was used since", async () => {
    await keep("features", 50);
    await keep("logits", 2);
    const entries = () => readdir(path.join(folder, "features"));
    const dry = await cached(["clear", "--older-than", "30", "--dry-run"]);
    expect(dry.stdout).toMatch(/^digits .* features /m);
    expect(dry.stdout).toMatch(/\nwould remove 1 entry, \d\.\d KiB\n$/);
    expect(await entries()).toHaveLength(3);
    const ran = await cached(["clear", "--older-than", "30"]);
    expect(ran.stdout).toBe(dry.stdout.replace("would remove", "removed"));
    expect(await entries()).toHaveLength(2);
    expect((await cached(["clear", "--partial"])).stdout).toBe("removed 0 entries, 0 bytes\n");
    const { dryRun, removed, inUse } = JSON.parse((await cached(["clear", "--json"])).stdout);
    expect([dryRun, inUse]).toEqual([false, []]);
    expect(removed).toMatchObject([{ end: "logits", state: "whole" }]);
    expect(await entries()).toEqual(["unfinished"]);
  });

  it("leaves what is being written, and says so", async () => {
    const { writer } = (await openFeatureCache({ folder, clock: () => start }).begin(identity, occasion))!;
    expect((await cached(["list"])).stdout).toMatch(/^\? .* \? \(writing\)$/m);
    expect((await cached(["clear"])).stdout).toBe(
      "removed 0 entries, 0 bytes; 1 entry kept, still being written\n",
    );
    await writer.abandon();
  });

  it("takes no negative age", async () => {
    expect(await cached(["clear", "--older-than", "-1"])).toMatchObject({ exitCode: 2 });
  });
});
