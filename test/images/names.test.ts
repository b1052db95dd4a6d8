/** Names as archivers and file systems leave them: which files are images, and what they are called. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { openImages } from "../../src/images/sources/open.ts";
import { noise, readAll, temporaryFolder, toPng, writeTree } from "./made-images.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const pngs = await Promise.all(noise(1, 2, 4, 3).map((pixels) => toPng(pixels, 4, 3)));
const [png, other] = pngs;

const LEFTOVERS = {
  "__MACOSX/s/._a.png": "Mac OS X",
  "s/._a.png": "Mac OS X",
  "s/.hidden/a.png": png,
  "s/Thumbs.db": "thumbnails",
  "s/desktop.ini": "[.ShellClassInfo]",
  "s/@eaDir/a.png/SYNOPHOTO_THUMB_M.png": png,
  "s/readme": "no image",
  "s/notes.txt": "no image",
};

test("hidden files, thumbnails and what archivers leave are passed over, in folders and archives", async () => {
  const files = { "s/a.png": png, "s/without-extension": other, "s/B.PNG": png, ...LEFTOVERS };
  await writeTree(at("tree"), files);
  const bytes = Object.entries(files).map(([name, content]) => [name, Buffer.from(content)] as const);
  await writeFile(at("tree.zip"), zipSync(Object.fromEntries(bytes)));
  for (const location of [at("tree"), at("tree.zip")]) {
    const source = await openImages(location);
    expect((await readAll(source)).map(({ name }) => name)).toEqual([
      "s/B.PNG",
      "s/a.png",
      "s/without-extension",
    ]);
    await source.close();
  }
});

test.each([
  ["./", "/"],
  ["", "\\"],
  [".\\", "\\"],
])("an archive whose names begin with %j and part folders by %j is the plain one", async (start, part) => {
  const files = { "cat/a.png": png, "fox/b.png": other };
  const renamed = Object.entries(files).map(
    ([name, bytes]) => [start + name.replaceAll("/", part), bytes] as const,
  );
  await writeFile(at("plain.zip"), zipSync(files));
  await writeFile(at("renamed.zip"), zipSync(Object.fromEntries(renamed)));
  const [plain, odd] = [await openImages(at("plain.zip")), await openImages(at("renamed.zip"))];
  expect(await odd.contentHash()).toBe(await plain.contentHash());
  expect(odd.classNames).toEqual(["cat", "fox"]);
  await Promise.all([plain.close(), odd.close()]);
});

test.skipIf(process.platform !== "linux")("files and folders whose names are no UTF-8 are read", async () => {
  const latin = (text: string): Buffer => Buffer.from(text, "latin1");
  const base = Buffer.concat([Buffer.from(at("latin")), latin("/gr\u00fcn/")]);
  await mkdir(base, { recursive: true });
  await writeFile(Buffer.concat([base, latin("\u00e4.png")]), png);
  await writeFile(Buffer.concat([base, latin("\u00f6.png")]), other);
  const source = await openImages(at("latin"));
  const images = await readAll(source);
  expect(images.map(({ name }) => name)).toEqual(["gr\u00fcn/\u00e4.png", "gr\u00fcn/\u00f6.png"]);
  expect(await source.contentHash()).toMatch(/^[0-9a-f]{64}$/);
  await source.close();
});
