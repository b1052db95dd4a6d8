import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { networkToPlaces } from "../../../src/networks/download/places.ts";
import { downloadNetwork } from "../../../src/networks/download-network.ts";
import { NETWORKS, type NetworkSource } from "../../../src/networks/table.ts";
import { type Answer, type Origin, openOrigin, serving } from "../../inception/loopback-origin.ts";
import { CONTENT, madeUpNetwork, toSha256 } from "../made-up-network.ts";

const rows = Object.entries(NETWORKS);
const urlsOf = (name: string, row: NetworkSource, env: Record<string, string>) =>
  networkToPlaces(name, row, env).map(({ url }) => url);

describe("the places of every network", () => {
  it.each(rows)("%s are the authors' own, encrypted", (name, row) => {
    expect(urlsOf(name, row, {})).toEqual(row.file.urls);
    for (const url of row.file.urls) expect(url).toMatch(/^https:\/\//);
  });

  it.each(rows)("%s at huggingface.co are asked of HF_ENDPOINT, others stay", (name, row) => {
    const urls = urlsOf(name, row, { HF_ENDPOINT: "https://hf.example/" });
    expect(urls).toEqual(
      row.file.urls.map((url) => url.replace("https://huggingface.co/", "https://hf.example/")),
    );
  });

  it.each(rows)("%s are the mirror's alone with GAN_EVAL_NETWORK_URL, by the file's name", (name, row) => {
    const env = { GAN_EVAL_NETWORK_URL: "http://mirror.lab/nets/", HF_ENDPOINT: "https://hf.example" };
    expect(urlsOf(name, row, env)).toEqual([`http://mirror.lab/nets/${row.file.name}`]);
  });

  it("have names of their own, so that one mirror holds all", () => {
    const names = rows.map(([, { file }]) => file.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_.-]+$/);
  });

  it.each(rows)("%s are held to a whole sha256", (_name, { file }) => {
    expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
    // PyTorch's convention: the name ends in the first eight digits.
    const stated = /-([0-9a-f]{8})\.pth$/.exec(file.name)?.[1];
    if (stated !== undefined) expect(file.sha256.startsWith(stated)).toBe(true);
  });

  it.each(["GAN_EVAL_NETWORK_URL", "HF_ENDPOINT"])("are not asked of a %s that is no address", (variable) => {
    const [name, row] = rows[0];
    for (const value of ["ftp://mirror/", "mirror"])
      expect(() => networkToPlaces(name, row, { [variable]: value })).toThrow(variable);
  });

  it("take a pin of the first digits only", () => {
    const row = madeUpNetwork(["https://a.example/x"], { sha256: toSha256(CONTENT).slice(0, 8) });
    const [place] = networkToPlaces("tiny", row, {});
    expect(place.checksum).toMatch(/^sha256 [0-9a-f]{8}\.\.\.$/);
    expect(place.matches({ bytes: 1, sha256: toSha256(CONTENT), gitBlob: "" })).toBe(true);
    expect(place.matches({ bytes: 1, sha256: toSha256(CONTENT.subarray(1)), gitBlob: "" })).toBe(false);
  });
});

describe("the hash that Hugging Face states", () => {
  let cacheDir: string;
  let origin: Origin;
  const asked: (string | undefined)[] = [];
  const row = madeUpNetwork(["https://huggingface.co/some/net/resolve/abc/model.safetensors"]);

  beforeEach(async () => {
    cacheDir = await mkdtemp(path.join(tmpdir(), "statement-"));
    origin = await openOrigin();
    asked.length = 0;
    vi.stubEnv("HF_ENDPOINT", new URL("/hub", origin.url).href);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await origin.close();
    await rm(cacheDir, { recursive: true });
  });

  /** Hugging Face sends to another server for the file itself, and has a pointer of git-lfs at /raw/. */
  const hub =
    (pointer: Answer): Answer =>
    (request, response) => {
      asked.push(request.url);
      if (request.url === "/hub/some/net/raw/abc/model.safetensors") return pointer(request, response);
      if (request.url === "/hub/some/net/resolve/abc/model.safetensors")
        return void response.writeHead(302, { location: "/cdn" }).end();
      return serving(CONTENT)(request, response);
    };
  const stating =
    (sha256: string): Answer =>
    (_request, response) =>
      void response.end(
        `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${CONTENT.length}\n`,
      );
  const download = async (pointer: Answer) => {
    origin.answer = hub(pointer);
    const notices: string[] = [];
    const onProgress = ({ notice }: { notice?: string }) => void (notice && notices.push(notice));
    return { notices, installed: await downloadNetwork("tiny", row, { cacheDir, onProgress }) };
  };

  it("is compared with the pin at the first download, and the manifest says so", async () => {
    const { notices, installed } = await download(stating(toSha256(CONTENT)));
    const { host } = new URL(origin.url);
    expect(notices[1]).toBe(
      `tiny: got sha256 ${toSha256(CONTENT)}, equal to the pinned one and to what ${host} states`,
    );
    expect(installed.manifest.source).toEqual({ kind: "download", from: host, confirmedBy: host });
  });

  it("stops the download before it begins where it is another", async () => {
    const other = toSha256(CONTENT.subarray(1));
    await expect(download(stating(other))).rejects.toMatchObject({
      code: "unavailable.download",
      message: expect.stringMatching(
        new RegExp(`expected sha256 ${toSha256(CONTENT)} .* got sha256 ${other}`),
      ),
    });
    expect(asked).toEqual(["/hub/some/net/raw/abc/model.safetensors"]);
  });

  it.each<[string, Answer]>([
    ["is absent", (_request, response) => void response.writeHead(404).end()],
    ["is the file itself", serving(CONTENT)],
    ["is cut off", (request) => void request.socket.destroy()],
  ])("may be missing: where it %s, the pin decides alone and the line says so", async (_what, pointer) => {
    const { notices, installed } = await download(pointer);
    expect(notices[1]).toContain("the server states none");
    expect(installed.manifest.source.confirmedBy).toBeUndefined();
  });
});
