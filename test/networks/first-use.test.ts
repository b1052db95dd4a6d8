import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { downloadNetwork } from "../../src/networks/download-network.ts";
import { readFileAtFirstUse, readNetworkAtFirstUse } from "../../src/networks/first-use.ts";
import { readInstalledNetwork } from "../../src/networks/installed.ts";
import type { NetworkSource } from "../../src/networks/table.ts";
import { type Origin, openOrigin, serving, withStatus } from "../inception/loopback-origin.ts";
import { CONTENT, madeUpNetwork, toSha256 } from "./made-up-network.ts";

let cacheDir: string;
let origin: Origin;
let row: NetworkSource;

beforeEach(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), "network-"));
  origin = await openOrigin();
  row = madeUpNetwork([origin.url]);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await origin.close();
  await rm(cacheDir, { recursive: true });
});

/** Notices are collected; the rest of the options as given. */
const useIt = async (options: object = {}, of = row) => {
  const notices: string[] = [];
  const onProgress = ({ notice }: { notice?: string }) => void (notice && notices.push(notice));
  const found = await readFileAtFirstUse("tiny", of, { cacheDir, offline: false, onProgress, ...options });
  return { ...found, notices };
};

const refused = async (options: object = {}, of = row): Promise<Error & { hint: string }> =>
  useIt(options, of).then(
    () => expect.unreachable("was had"),
    (error) => error,
  );

const networks = () => readdir(path.join(cacheDir, "networks")).catch(() => []);

describe("the file of a network that is not installed", () => {
  it("is downloaded after one line that says what, how large, from where, on which terms; then it is there", async () => {
    origin.answer = serving(CONTENT);
    const { location, sha256, notices } = await useIt();
    expect(location).toBe(path.join(cacheDir, "networks/tiny/tiny.pth"));
    expect(await readFile(location)).toEqual(Buffer.from(CONTENT));
    expect(sha256).toBe(toSha256(CONTENT));
    expect(notices[0]).toMatch(
      /^downloading the network tiny \(0 MiB, CC0-1\.0\) from 127\.0\.0\.1:\d+ into .*; --offline or GAN_EVAL_OFFLINE=1 forbids it$/,
    );
    expect((await useIt()).notices).toEqual([]);
    expect(origin.ranges).toEqual([undefined]);
    expect(await readdir(path.join(cacheDir, "downloads/tiny"))).toEqual([]);
  });

  it("says which hash was got where nobody has held a download to the pin before, and only there", async () => {
    origin.answer = serving(CONTENT);
    expect((await useIt()).notices[1]).toBe(
      `tiny: got sha256 ${toSha256(CONTENT)}, equal to the pinned one; the server states none to compare it with`,
    );
    const confirmed = madeUpNetwork([origin.url], { isConfirmed: true });
    expect((await useIt({ cacheDir: path.join(cacheDir, "other") }, confirmed)).notices).toHaveLength(1);
  });

  it("comes through a redirect and cut connections, each going on where the last stopped", async () => {
    origin.answer = (request, response) => {
      if (request.url === "/net.bin") return void response.writeHead(302, { location: "/moved" }).end();
      serving(CONTENT, 30_000)(request, response);
    };
    await useIt();
    const starts = origin.ranges.map((range) => Number(/\d+/.exec(range ?? "0")?.[0]));
    expect([...new Set(starts)]).toEqual([0, 30_000, 60_000]);
  });

  it("comes from a server that is slow", async () => {
    origin.answer = async (_request, response) => {
      response.writeHead(200, { "content-length": CONTENT.length });
      for (let at = 0; at < CONTENT.length; at += 30_000) {
        response.write(CONTENT.subarray(at, at + 30_000));
        await new Promise((done) => setTimeout(done, 150));
      }
      response.end();
    };
    expect((await useIt({ patience: { connect: 500, silence: 1000 } })).sha256).toBe(toSha256(CONTENT));
  });

  it("goes on with what an interrupted download left", async () => {
    origin.answer = serving(CONTENT, 40_000);
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => void (done === 40_000 && controller.abort());
    await expect(useIt({ signal: controller.signal, onProgress })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(await networks()).toEqual([]);
    origin.answer = serving(CONTENT);
    await useIt();
    expect(origin.ranges.at(-1)).toBe("bytes=40000-");
  });

  it("is downloaded once by two that want it at the same time", async () => {
    origin.answer = serving(CONTENT);
    const both = await Promise.all([useIt(), useIt()]);
    expect(both.map(({ sha256 }) => sha256)).toEqual(Array(2).fill(toSha256(CONTENT)));
    expect(origin.ranges).toEqual([undefined]);
    expect(both.flatMap(({ notices }) => notices).join("\n")).toContain(
      "another process is downloading the network tiny",
    );
  });

  it("is asked of the next place where the first refuses", async () => {
    origin.answer = (request, response) =>
      (request.url === "/second" ? serving(CONTENT) : withStatus(403))(request, response);
    const mirrored = madeUpNetwork([origin.url, new URL("/second", origin.url).href]);
    expect((await useIt({}, mirrored)).notices[1]).toMatch(/^unavailable there; trying 127\.0\.0\.1:\d+/);
  });

  it("is asked of a mirror that wants a password, which no line and no error shows", async () => {
    const url = origin.url.replace("http://", "http://ann:s3cret@");
    origin.answer = (request, response) => {
      const isAnn = request.headers.authorization === `Basic ${Buffer.from("ann:s3cret").toString("base64")}`;
      (isAnn ? serving(CONTENT) : withStatus(401))(request, response);
    };
    const { notices } = await useIt({}, madeUpNetwork([url]));
    expect(notices.join("\n")).not.toContain("s3cret");
    const other = { cacheDir: path.join(cacheDir, "other") };
    const error = await refused(other, madeUpNetwork([url.replace("s3cret", "wr0ng")]));
    expect(error.message).toContain("the server answered 401");
    expect(error.message).not.toContain("wr0ng");
  });

  it("takes the place of a file that an earlier version pinned", async () => {
    const old = new Uint8Array(100).fill(1);
    origin.answer = serving(old);
    await useIt({}, madeUpNetwork([origin.url], { sha256: toSha256(old), bytes: old.length }));
    origin.answer = serving(CONTENT);
    const { location } = await useIt();
    expect((await stat(location)).size).toBe(CONTENT.length);
  });
});

describe("the file of a network that cannot be had", () => {
  it.each([404, 403, 500])(
    "is an error that names the server's answer %d and three ways to get it",
    async (status) => {
      origin.answer = withStatus(status);
      const error = await refused();
      expect(error).toMatchObject({
        code: "unavailable.network",
        message: expect.stringContaining(`the server answered ${status}`),
      });
      expect(error.hint).toMatch(
        /network download tiny[\s\S]*network import tiny FILE[\s\S]*net\.bin[\s\S]*--weights PATH/,
      );
      expect(await networks()).toEqual([]);
    },
  );

  it("is not installed with a wrong hash, of which both are said", async () => {
    const wrong = CONTENT.slice().fill(7, 1000, 1001);
    origin.answer = serving(wrong);
    const { message, hint } = await refused();
    expect(hint).toContain("compare both hashes with what the publisher says");
    expect(message).toContain(`expected sha256 ${toSha256(CONTENT)}`);
    expect(message).toContain(`sha256 ${toSha256(wrong)}`);
    expect(await networks()).toEqual([]);
    expect(await readdir(path.join(cacheDir, "downloads/tiny"))).toEqual([]);
  });

  it("is not waited for where nobody answers, or a server says nothing", async () => {
    expect((await refused({}, madeUpNetwork(["http://127.0.0.1:1/net"]))).message).toContain(
      "cannot download",
    );
    origin.answer = (_request, response) => void response.writeHead(200, { "content-length": 99 }).write("a");
    expect((await refused({ patience: { connect: 500, silence: 500 } })).message).toContain("Timeout");
  });

  it("is not asked for at first use where that is forbidden, and is when it is asked for by name", async () => {
    origin.answer = serving(CONTENT);
    expect((await refused({ offline: true })).message).toContain("--offline or GAN_EVAL_OFFLINE forbids");
    vi.stubEnv("GAN_EVAL_OFFLINE", "1");
    await refused({ offline: undefined });
    vi.stubEnv("GAN_EVAL_NO_DOWNLOAD", "1");
    expect((await refused({ offline: false })).message).toContain("GAN_EVAL_NO_DOWNLOAD forbids");
    expect(origin.ranges).toEqual([]);
    await downloadNetwork("tiny", row, { cacheDir });
    expect(await readFile((await useIt({ offline: true })).location)).toHaveLength(CONTENT.length);
  });

  it("is not downloaded again by name while it is whole, and is where it is damaged", async () => {
    origin.answer = serving(CONTENT);
    const { location } = await useIt();
    const notices: (string | undefined)[] = [];
    const onProgress = ({ notice }: { notice?: string }) => void notices.push(notice);
    await downloadNetwork("tiny", row, { cacheDir, onProgress });
    expect([origin.ranges.length, notices]).toEqual([1, ["tiny is installed already"]]);
    for (const [file, text] of [
      [location, "abc"],
      [path.join(path.dirname(location), "manifest.json"), "{"],
    ] as const) {
      await writeFile(file, text);
      await downloadNetwork("tiny", row, { cacheDir });
      expect(await readFile(location)).toEqual(Buffer.from(CONTENT));
    }
  });

  it("has its reason said by name: the networks of the table go the same way", async () => {
    vi.stubEnv("GAN_EVAL_NETWORK_URL", origin.url);
    await expect(readNetworkAtFirstUse("dinov2-s", { cacheDir, offline: false })).rejects.toMatchObject({
      code: "unavailable.network",
      message: expect.stringMatching(
        /the network dinov2-s .*net\.bin\/dinov2_vits14_pretrain\.pth: the server answered 404/,
      ),
    });
  });
});

describe("an installed file", () => {
  const installIt = async () => {
    origin.answer = serving(CONTENT);
    return (await useIt()).location;
  };

  it("of other bytes is refused, whether it is shorter, changed or gone", async () => {
    const location = await installIt();
    await writeFile(location, CONTENT.slice().fill(9, 5, 6));
    expect(await refused()).toMatchObject({
      code: "input.network-checksum",
      hint: expect.stringContaining("gan-eval network remove tiny"),
    });
    await writeFile(location, CONTENT.subarray(1));
    expect((await refused()).message).toContain(`${CONTENT.length - 1} bytes`);
    await rm(location);
    expect((await refused()).message).toContain("no file");
  });

  it("that was only copied proves whole, and is not hashed a second time", async () => {
    const location = await installIt();
    const { manifest } = (await readInstalledNetwork("tiny", cacheDir))!;
    await utimes(location, 1e9, 1e9);
    const hashed: number[] = [];
    const onProgress = ({ done }: { done: number }) => void hashed.push(done);
    await useIt({ onProgress });
    expect(hashed.at(-1)).toBe(CONTENT.length);
    expect(Math.abs((await stat(location)).mtimeMs - manifest.file.modified)).toBeLessThan(1);
    await useIt({ onProgress: () => expect.unreachable("hashed again") });
  });

  it("beside a damaged manifest is an error that says how to begin anew", async () => {
    const location = await installIt();
    await writeFile(path.join(path.dirname(location), "manifest.json"), "{");
    expect(await refused()).toMatchObject({
      code: "input.manifest",
      hint: expect.stringContaining("gan-eval network remove tiny"),
    });
  });
});
