/** Tar shards on a web server: with and without parts, cut connections, refusals, secrets. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { GanEvalError } from "../../../../src/errors.ts";
import { openImages } from "../../../../src/images/sources/open.ts";
import { locationToShown } from "../../../../src/images/sources/shards/web-location.ts";
import { openSources } from "../../../../src/train/data/sources.ts";
import { readAll, temporaryFolder } from "../../made-images.ts";
import { samplesToTar } from "./made-shards.ts";
import { openShardServer } from "./shard-server.ts";

const folder = await temporaryFolder();
const files: Readonly<Record<string, Buffer>> = {
  "0.tar": await samplesToTar(0, 6, String),
  "1.tar": await samplesToTar(6, 5, String),
  "2.tar.gz": gzipSync(await samplesToTar(11, 4, String)),
};
const PATTERN = "{0.tar,1.tar,2.tar.gz}";
for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(folder, name), bytes);

async function read(location: string, cacheFolder?: string, order?: readonly number[]) {
  const source = await openImages(location, cacheFolder === undefined ? {} : { cacheFolder });
  try {
    const images = await readAll(source, order ? { order } : {});
    return {
      names: images.map(({ name }) => name),
      pixels: images.map(({ pixels }) => Buffer.from(pixels).toString("hex")),
      labels: [...source.labels!],
      hash: await source.contentHash(),
    };
  } finally {
    await source.close();
  }
}
const local = await read(path.join(folder, PATTERN));

describe.each([
  ["that gives parts", true],
  ["that does not", false],
])("a server %s", (_what, ranges) => {
  test("has the images, classes and content of the same files on disk, in order and in any order", async () => {
    const { address } = await openShardServer(files, { ranges });
    expect(await read(`${address}/${PATTERN}`)).toEqual(local);
    expect(await read(`${address}/moved/${PATTERN}`)).toMatchObject({ pixels: local.pixels });
    const order = [14, 2, 9, 2, 12, 0];
    expect((await read(`${address}/${PATTERN}`, undefined, order)).pixels).toEqual(
      order.map((i) => local.pixels[i]),
    );
  });

  test("is asked for two bytes of each shard where its index is kept, and the content is known without more", async () => {
    const { address, asked, sent } = await openShardServer(files, { ranges });
    const cacheFolder = path.join(folder, `cache-${ranges}`);
    await read(`${address}/${PATTERN}`, cacheFolder);
    const before = { asked: asked.length, sent: sent() };
    const source = await openImages(`${address}/${PATTERN}`, { cacheFolder });
    expect([source.count, await source.contentHash()]).toEqual([15, local.hash]);
    await source.close();
    expect(asked.slice(before.asked).map(({ range }) => range)).toEqual([
      "bytes=0-1",
      "bytes=0-1",
      "bytes=0-1",
    ]);
    if (ranges) expect(sent() - before.sent).toBe(6);
    for (const file of await readdir(path.join(cacheFolder, "shards")))
      expect(await readFile(path.join(cacheFolder, "shards", file), "utf8")).not.toContain("127.0.0.1");
  });

  test("that is busy for a while is asked again", async () => {
    const { address } = await openShardServer(files, { ranges, refusals: { status: 503, times: 3 } });
    expect((await read(`${address}/${PATTERN}`)).pixels).toEqual(local.pixels);
  });

  test("that lacks shards is said to, by their addresses", async () => {
    const { address } = await openShardServer(files, { ranges });
    await expect(openImages(`${address}/{0..3}.tar`)).rejects.toMatchObject({
      code: "input.not-found",
      message: expect.stringMatching(/4 shards, got 2 that are not there: http.*\/2\.tar, http.*\/3\.tar/),
    });
  });

  test.each([
    ["refuses", { refusals: { status: 403, times: 99 } }, "403"],
    ["fails for good", { refusals: { status: 500, times: 99 } }, "500"],
  ])("that %s is named with its answer", async (_how, manner, answer) => {
    const { address } = await openShardServer(files, { ranges, ...manner });
    await expect(openImages(`${address}/0.tar`)).rejects.toMatchObject({
      code: "unavailable.shard",
      message: expect.stringContaining(answer),
    });
  });

  test("that goes in circles is given up", async () => {
    const { address } = await openShardServer(files, { ranges });
    await expect(openImages(`${address}/circle/0.tar`)).rejects.toMatchObject({ code: "unavailable.shard" });
  });
});

describe("a connection that is cut", () => {
  test("goes on where it stopped where parts are given", async () => {
    const { address, asked } = await openShardServer(files, { ranges: true, cutAfter: 1500, cuts: 7 });
    expect((await read(`${address}/0.tar`)).pixels).toEqual(local.pixels.slice(0, 6));
    expect(asked.some(({ range }) => range === "bytes=1500-")).toBe(true);
  });

  test("is an error that names the shard and how far it came where they are not", async () => {
    const { address } = await openShardServer(files, { ranges: false, cutAfter: 1500, cuts: 99 });
    await expect(openImages(`${address}/0.tar`)).rejects.toMatchObject({
      code: "unavailable.shard",
      message: expect.stringMatching(
        new RegExp(`0\\.tar, got .*after 1500 of ${files["0.tar"].length} bytes`),
      ),
    });
  });
});

test("a shard that becomes another while it is read is noticed", async () => {
  const { address } = await openShardServer(files, { ranges: true, laterTag: '"other"' });
  await expect(openImages(`${address}/0.tar`)).rejects.toMatchObject({ code: "input.shard-changed" });
});

describe("secrets of an address", () => {
  const authorization = `Basic ${Buffer.from("me:s3cret").toString("base64")}`;

  test("are used, and shown nowhere", async () => {
    const { address } = await openShardServer(files, { ranges: true, authorization });
    const secret = `${address.replace("//", "//me:s3cret@")}/0.tar?X-Amz-Signature=abcdef`;
    const source = await openImages(secret);
    expect([source.location, source.nameOf!(0)]).toEqual([`${address}/0.tar`, "0.tar/000000000.png"]);
    await source.close();
    const wrong = await openImages(secret.replace("s3cret", "s4cret")).catch((error) => error);
    expect(wrong).toMatchObject({ code: "unavailable.shard", message: expect.stringContaining("401") });
    for (const text of [String(wrong), String(wrong.cause), locationToShown(`--real=${secret}::${secret}`)])
      expect(text).not.toMatch(/s[34]cret|abcdef/);
  });

  test("are refused for training, whose run.json would keep them", async () => {
    for (const location of ["https://me:s3cret@host/0.tar", "https://host/{0..1}.tar?sig=s3cret"]) {
      const error = await openSources(location, { onError: "fail" }).catch((error) => error);
      expect(error).toBeInstanceOf(GanEvalError);
      expect(error).toMatchObject({ code: "usage.data", hint: expect.stringContaining("@FILE") });
      expect(error.message).not.toContain("s3cret");
    }
  });
});
