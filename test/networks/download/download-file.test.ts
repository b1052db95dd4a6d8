import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bytesToChecksums } from "../../../src/networks/download/checksums.ts";
import { type DistributedFile, downloadFile } from "../../../src/networks/download/download-file.ts";

const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251);
const sha256 = createHash("sha256").update(content).digest("hex");

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let server: Server;
let answer: Answer;
let ranges: (string | undefined)[];
let file: DistributedFile;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "download-"));
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  file = {
    name: "net.bin",
    url: `http://127.0.0.1:${port}/net.bin`,
    matches: (checksums) => checksums.sha256 === sha256,
    checksum: `sha256 ${sha256}`,
    importBy: "gan-eval network import net FILE",
  };
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true });
});

const startOf = (request: IncomingMessage): number =>
  Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);

/** A server that knows ranges, and closes the connection after `limit` bytes. */
const ranged =
  (limit = Number.POSITIVE_INFINITY, bytes = content): Answer =>
  (request, response) => {
    const start = startOf(request);
    if (start >= bytes.length)
      return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    const head = { "content-length": bytes.length - start };
    if (start > 0)
      response.writeHead(206, {
        ...head,
        "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
      });
    else response.writeHead(200, head);
    const rest = bytes.subarray(start);
    if (rest.length <= limit) return void response.end(rest);
    response.write(rest.subarray(0, limit), () => setTimeout(() => response.destroy(), 20));
  };

const part = () => path.join(folder, "net.bin.part");
const names = () => readdir(folder);

describe("downloadFile", () => {
  it("fetches, checks and names the file, with progress to the end", async () => {
    answer = ranged();
    const progress: number[] = [];
    const { location } = await downloadFile(file, folder, {
      onProgress: ({ done, total }) => progress.push(done, total),
    });
    expect(await readFile(location)).toEqual(Buffer.from(content));
    expect(await names()).toEqual(["net.bin"]);
    expect(progress.slice(-2)).toEqual([content.length, content.length]);
  });

  it("goes on by itself after broken connections", async () => {
    answer = ranged(100_000);
    await downloadFile(file, folder);
    expect(await readFile(path.join(folder, "net.bin"))).toEqual(Buffer.from(content));
    expect(ranges).toEqual([undefined, "bytes=100000-", "bytes=200000-"]);
  });

  it("keeps what it has when it is interrupted, and goes on from there at the next call", async () => {
    const controller = new AbortController();
    answer = (request, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 120_000));
      request.on("close", () => response.destroy());
    };
    const onProgress = ({ done }: { done: number }) => {
      if (done === 120_000) controller.abort();
    };
    await expect(downloadFile(file, folder, { signal: controller.signal, onProgress })).rejects.toMatchObject(
      { name: "AbortError" },
    );
    expect(await names()).toEqual(["net.bin.part"]);
    answer = ranged();
    await downloadFile(file, folder);
    expect(ranges.at(-1)).toBe("bytes=120000-");
    expect(await readFile(path.join(folder, "net.bin"))).toEqual(Buffer.from(content));
  });

  it("starts over where the server ignores ranges", async () => {
    await writeFile(part(), content.subarray(0, 5000));
    answer = (_request, response) => void response.end(content);
    await downloadFile(file, folder);
    expect(await readFile(path.join(folder, "net.bin"))).toEqual(Buffer.from(content));
    expect(ranges).toEqual(["bytes=5000-"]);
  });

  it("takes a part that is already whole", async () => {
    await writeFile(part(), content);
    answer = ranged();
    await downloadFile(file, folder);
    expect(await names()).toEqual(["net.bin"]);
  });

  it("fetches once more from the start when an old part does not fit", async () => {
    for (const old of [new Uint8Array(5000).fill(9), new Uint8Array(content.length + 10)]) {
      ranges = [];
      await rm(path.join(folder, "net.bin"), { force: true });
      await writeFile(part(), old);
      answer = ranged();
      await downloadFile(file, folder);
      expect(await readFile(path.join(folder, "net.bin"))).toEqual(Buffer.from(content));
      expect(ranges).toEqual([`bytes=${old.length}-`, undefined]);
    }
  });

  it("refuses wrong bytes and leaves none of them", async () => {
    answer = ranged(Number.POSITIVE_INFINITY, content.slice().fill(7, 1000, 1001));
    await expect(downloadFile(file, folder)).rejects.toMatchObject({
      code: "input.download-checksum",
      message: expect.stringContaining(sha256),
    });
    expect(await names()).toEqual([]);
  });

  it.each([404, 403, 500])("says that the server answered %d", async (status) => {
    answer = (_request, response) => void response.writeHead(status).end("no");
    await expect(downloadFile(file, folder)).rejects.toMatchObject({
      code: "unavailable.download",
      message: expect.stringContaining(String(status)),
      hint: expect.stringContaining("network import net FILE"),
    });
    expect(ranges.length).toBe(1);
  });

  it("gives up on a server that breaks off without giving anything, and on one that never ends", async () => {
    answer = (request) => void request.socket.destroy();
    await expect(downloadFile(file, folder)).rejects.toMatchObject({ code: "unavailable.download" });
    answer = ranged();
    await expect(downloadFile(file, folder, { maxBytes: 1000 })).rejects.toMatchObject({
      code: "unavailable.download",
    });
  });

  it("says that nobody listens", async () => {
    const closed = { ...file, url: "http://127.0.0.1:1/net.bin" };
    await expect(downloadFile(closed, folder)).rejects.toMatchObject({ code: "unavailable.download" });
  });
});

describe("the checksums of bytes", () => {
  it("are git's and sha256's", async () => {
    // `printf 'hello\n' | git hash-object --stdin` and `sha256sum`
    expect(await bytesToChecksums(Buffer.from("hello\n"))).toEqual({
      bytes: 6,
      gitBlob: "ce013625030ba8dba906f756967f9e9ca394464a",
      sha256: "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
    });
  });
});
