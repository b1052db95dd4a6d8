/** Shards as webdataset itself reads them: bench/peers/webdataset_goldens.py made the shards and the golden values. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { expandBraces } from "../../../../src/images/sources/shards/brace-expansion.ts";
import { fileToShard } from "../../../../src/images/sources/shards/file-shard.ts";
import { nameToSample } from "../../../../src/images/sources/shards/sample-members.ts";
import { shardsToSet } from "../../../../src/images/sources/shards/shards-to-set.ts";

const folder = path.join(import.meta.dirname, "fixtures");

interface Golden {
  readonly samples: readonly {
    readonly shard: string;
    readonly key: string;
    readonly members: Readonly<Record<string, string>>;
  }[];
  readonly braces: Readonly<Record<string, readonly string[]>>;
}
const golden: Golden = JSON.parse(readFileSync(path.join(folder, "golden.json"), "utf8"));
const SHARDS = [...new Set(golden.samples.map(({ shard }) => shard))];
const PICTURES = ["jpg", "jpeg", "png", "webp"];

test("the images of four shards are webdataset's samples: keys, extensions, order and bytes", async () => {
  const shards = SHARDS.map((name) => fileToShard(path.join(folder, name)));
  const set = await shardsToSet("golden", shards, { imageKeys: undefined, onError: "fail", maxPixels: 100 });
  const read = [];
  for (let i = 0; i < set.count; i++) {
    const [shard] = set.name(i).split("/");
    const { key, extension } = nameToSample(set.name(i).slice(shard.length + 1))!;
    const sha256 = createHash("sha256")
      .update(await set.read(i))
      .digest("hex");
    read.push({ shard, key, extension, sha256 });
  }
  await set.close();
  const expected = golden.samples.flatMap(({ shard, key, members }) =>
    Object.entries(members)
      .filter(([extension]) => PICTURES.includes(extension))
      .map(([extension, sha256]) => ({ shard, key, extension, sha256 })),
  );
  expect(read).toEqual(expected);
  expect(read.length).toBe(13);
});

describe("braces", () => {
  test.each(Object.entries(golden.braces))("%s expands as braceexpand has it", (pattern, names) => {
    expect(expandBraces(pattern)).toEqual(names);
  });
});
