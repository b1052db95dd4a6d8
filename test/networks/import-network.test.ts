import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readFileAtFirstUse } from "../../src/networks/first-use.ts";
import { importNetwork } from "../../src/networks/import-network.ts";
import { removeNetwork } from "../../src/networks/remove-network.ts";
import { CONTENT, madeUpNetwork, toSha256 } from "./made-up-network.ts";

const row = madeUpNetwork(["https://nets.example/tiny.pth"]);
const other = CONTENT.slice().fill(7, 0, 1);
let folder: string;
let cacheDir: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "import-network-"));
  cacheDir = path.join(folder, "cache");
});
afterEach(() => rm(folder, { recursive: true }));

const given = async (bytes: Uint8Array, name = "given.pth"): Promise<string> => {
  const location = path.join(folder, name);
  await writeFile(location, bytes);
  return location;
};
const installed = () => readdir(path.join(cacheDir, "networks")).catch(() => []);

describe("a file that is imported as a network", () => {
  it("is the network where it has the pinned hash, whatever it is called, and stays where it was", async () => {
    const file = await given(CONTENT);
    const progress: number[] = [];
    const { manifest } = await importNetwork("tiny", row, file, {
      cacheDir,
      onProgress: ({ done }) => progress.push(done),
    });
    expect(manifest).toMatchObject({
      id: "tiny",
      official: true,
      file: { name: "tiny.pth", bytes: CONTENT.length, sha256: toSha256(CONTENT) },
      source: { kind: "import", from: "given.pth" },
    });
    expect(progress.at(-1)).toBe(CONTENT.length);
    const { location } = await readFileAtFirstUse("tiny", row, { cacheDir, offline: true });
    expect(await readFile(location)).toEqual(await readFile(file));
  });

  it.each([
    ["of another length", CONTENT.subarray(1), `${CONTENT.length - 1} bytes`],
    ["of its length", other, `sha256 ${toSha256(other)}`],
  ])(
    "is refused where it is another %s: expected and got are said, nothing is installed",
    async (_how, bytes, got) => {
      await expect(importNetwork("tiny", row, await given(bytes), { cacheDir })).rejects.toMatchObject({
        code: "input.network-pin",
        message: expect.stringMatching(new RegExp(`sha256 ${toSha256(CONTENT)} .*got .*${got}`)),
        hint: expect.stringMatching(/nets\.example[\s\S]*--other-weights/),
      });
      expect(await installed()).toEqual([]);
    },
  );

  it.each([
    ["of another length", CONTENT.subarray(1)],
    ["of its length", other],
  ])(
    "is kept as other weights where it is another %s and that is asked for, and is not the network",
    async (_how, bytes) => {
      const file = await given(bytes, "my net.pth");
      const { manifest, location } = await importNetwork("tiny", row, file, { cacheDir, otherWeights: true });
      expect(manifest).toMatchObject({ id: "tiny-other-weights", official: false });
      expect(await readFile(location)).toEqual(Buffer.from(bytes));
      expect(await installed()).toEqual(["tiny-other-weights"]);
      await expect(readFileAtFirstUse("tiny", row, { cacheDir, offline: true })).rejects.toMatchObject({
        code: "unavailable.network",
        hint: expect.stringContaining(location),
      });
    },
  );

  it("is the network where it is, even if other weights were asked for", async () => {
    const { manifest } = await importNetwork("tiny", row, await given(CONTENT), {
      cacheDir,
      otherWeights: true,
    });
    expect(manifest.id).toBe("tiny");
  });

  it("is not written over what says what it is", async () => {
    const { location, manifest } = await importNetwork("tiny", row, await given(other, "manifest.json"), {
      cacheDir,
      otherWeights: true,
    });
    expect(await readFile(location)).toEqual(Buffer.from(other));
    expect(manifest.file.name).toBe("weights-manifest.json");
  });

  it("must be a file that is there", async () => {
    for (const place of [folder, path.join(folder, "absent")])
      await expect(importNetwork("tiny", row, place, { cacheDir })).rejects.toMatchObject({
        code: "input.cannot-read",
      });
  });

  it("leaves what was installed before where it is interrupted", async () => {
    const file = await given(CONTENT);
    await importNetwork("tiny", row, file, { cacheDir });
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await expect(
      importNetwork("tiny", row, file, { cacheDir, signal: controller.signal, onProgress }),
    ).rejects.toMatchObject({ name: "AbortError" });
    expect(await installed()).toEqual(["tiny"]);
    await readFileAtFirstUse("tiny", row, { cacheDir, offline: true });
  });
});

describe("a network that is removed", () => {
  it("takes its folder, damaged or not, and unfinished downloads with it", async () => {
    await importNetwork("tiny", row, await given(CONTENT), { cacheDir });
    await writeFile(path.join(cacheDir, "networks/tiny/manifest.json"), "{");
    await mkdir(path.join(cacheDir, "downloads/tiny"), { recursive: true });
    await writeFile(path.join(cacheDir, "downloads/tiny/tiny.pth.part"), "abc");
    expect(await removeNetwork("tiny", cacheDir)).toBe(CONTENT.length + 1 + 3);
    expect(await installed()).toEqual([]);
    expect(await removeNetwork("tiny", cacheDir)).toBeUndefined();
  });

  it("leaves a download that a process is at", async () => {
    const downloads = path.join(cacheDir, "downloads/tiny");
    await mkdir(downloads, { recursive: true });
    await writeFile(path.join(downloads, "run.lock"), "{}");
    await writeFile(path.join(downloads, "tiny.pth.part"), "abc");
    expect(await removeNetwork("tiny", cacheDir)).toBeUndefined();
    expect(await readdir(downloads)).toContain("tiny.pth.part");
  });
});
