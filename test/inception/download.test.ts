import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isOfficial, OFFICIAL_FILES } from "../../src/inception/checksums.ts";
import { downloadInception } from "../../src/inception/download.ts";
import type { DistributedFile } from "../../src/networks/download/download-file.ts";
import { type Origin, openOrigin, serving } from "./loopback-origin.ts";

let folder: string;
let origin: Origin;
let file: DistributedFile;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "download-"));
  origin = await openOrigin();
  file = {
    name: "net.bin",
    url: origin.url,
    matches: () => true,
    checksum: "any",
    importBy: "gan-eval inception import FILE",
  };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await origin.close();
  await rm(folder, { recursive: true });
});

describe("downloadInception", () => {
  it("tries every server and tells what each answered", async () => {
    const files = [file, { ...file, url: `${file.url}-other` }];
    await expect(downloadInception({ cacheDir: folder, files })).rejects.toMatchObject({
      code: "unavailable.download",
      message: expect.stringMatching(/2 servers.*net\.bin: .*404.*net\.bin-other: .*404/),
    });
  });

  it("does not install what has the right checksum but is no network", async () => {
    origin.answer = serving(new Uint8Array(1000));
    await expect(downloadInception({ cacheDir: folder, files: [file] })).rejects.toMatchObject({
      code: "input.network-kind",
    });
    expect(await readdir(folder)).toEqual(["downloads"]);
  });

  it("asks the mirror of all networks for the official files by their names", async () => {
    vi.stubEnv("GAN_EVAL_NETWORK_URL", new URL("/mirror/", origin.url).href);
    const asked: (string | undefined)[] = [];
    origin.answer = (request, response) => {
      asked.push(request.url);
      response.writeHead(404).end();
    };
    await expect(downloadInception({ cacheDir: folder })).rejects.toMatchObject({
      code: "unavailable.download",
    });
    expect(asked).toEqual(OFFICIAL_FILES.map(({ name }) => `/mirror/${name}`));
  });
});

describe("checksums", () => {
  it("tell the official files from others", () => {
    const none = { bytes: 1, sha256: "0".repeat(64), gitBlob: "0".repeat(40) };
    expect(isOfficial(none)).toBe(false);
    expect(isOfficial({ ...none, gitBlob: "f34cb9b774a4547b5e214ef4202e5775a9c0f436" })).toBe(true);
    expect(isOfficial({ ...none, gitBlob: "c0b8db7a2feaf3e26970e968c9bb7452b53e7f32" })).toBe(true);
    expect(isOfficial({ ...none, sha256: `6726825d${"0".repeat(56)}` })).toBe(true);
    expect(OFFICIAL_FILES.map(({ url }) => new URL(url).host)).toEqual([
      "download.tensorflow.org",
      "github.com",
    ]);
  });
});
