import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openFetch, PATIENCE } from "../../src/files/open-fetch.ts";
import { readAtFirstUse } from "../../src/inception/first-use.ts";
import { inceptionNetwork } from "../../src/inception/inception-network.ts";
import { readInstalled } from "../../src/inception/installed.ts";
import type { DistributedFile } from "../../src/networks/download/download-file.ts";
import { type Origin, openOrigin, serving, withStatus } from "./loopback-origin.ts";
import { networkToGraphDef, seededNetwork } from "./official-graph.ts";

/** The official file is not to be had in tests: another network's takes its place, checksum and all. */
const official = vi.hoisted(() => ({ sha256: "" }));
vi.mock("../../src/inception/checksums.ts", async (original) => {
  const real = await original<typeof import("../../src/inception/checksums.ts")>();
  const isOfficial: DistributedFile["matches"] = ({ sha256 }) => sha256 === official.sha256;
  const mirrorToFile = (url: string) => ({ ...real.mirrorToFile(url), matches: isOfficial });
  return { ...real, isOfficial, mirrorToFile };
});

let bytes: Uint8Array;
let folder: string;
let origin: Origin;
let file: DistributedFile;

beforeAll(() => {
  bytes = networkToGraphDef(seededNetwork());
  official.sha256 = createHash("sha256").update(bytes).digest("hex");
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "first-use-"));
  origin = await openOrigin();
  const matches: DistributedFile["matches"] = ({ sha256 }) => sha256 === official.sha256;
  const importBy = "gan-eval inception import FILE";
  file = { name: "net.pb", url: origin.url, matches, checksum: official.sha256, importBy };
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await origin.close();
  await rm(folder, { recursive: true });
});

const online = () => ({ cacheDir: folder, files: [file], offline: false });
const WAYS = /inception download[\s\S]*inception import FILE[\s\S]*--weights PATH/;

describe("the network that is not installed", () => {
  it("is downloaded after one line that says what, how large, from where, on which terms; then it is there", async () => {
    origin.answer = serving(bytes);
    const notices: string[] = [];
    const stages = new Set<string>();
    const model = await readAtFirstUse({
      ...online(),
      onProgress: ({ stage, notice }) => {
        stages.add(stage);
        if (notice !== undefined) notices.push(notice);
      },
    });
    expect(model.manifest).toMatchObject({ id: "inception-v3-2015-12-05", source: { official: true } });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(
      /Inception network of 2015-12-05 \(about 90 MB, Apache-2\.0\) from 127\.0\.0\.1:\d+/,
    );
    expect([...stages]).toEqual(["download", "read", "install"]);
    await readAtFirstUse(online());
    // By its name among networks it is the same, and is not downloaded again.
    const { id, official } = await inceptionNetwork().download({ cacheDir: folder });
    expect([id, official]).toEqual(["inception-v3-2015-12-05", true]);
    expect(origin.ranges).toEqual([undefined]);
    expect(await readdir(path.join(folder, "downloads"))).toEqual([]);
  });

  it("comes through a redirect and cut connections, each going on where the last stopped", async () => {
    const third = Math.ceil(bytes.length / 3);
    origin.answer = (request, response) => {
      if (request.url === "/net.bin") return void response.writeHead(302, { location: "/moved" }).end();
      serving(bytes, third)(request, response);
    };
    await readAtFirstUse(online());
    const starts = origin.ranges.map((range) => Number(/\d+/.exec(range ?? "0")?.[0]));
    expect([...new Set(starts)]).toEqual([0, third, 2 * third]);
  });

  it("goes on with what an interrupted download left", async () => {
    origin.answer = serving(bytes, 1_000_000);
    const controller = new AbortController();
    const interrupted = readAtFirstUse({
      ...online(),
      signal: controller.signal,
      onProgress: ({ done }) => done > 500_000 && controller.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({ name: "AbortError" });
    origin.answer = serving(bytes);
    await readAtFirstUse(online());
    expect(origin.ranges.at(-1)).toMatch(/^bytes=[1-9]\d+-$/);
  });

  it("is downloaded once by two that want it at the same time", async () => {
    origin.answer = serving(bytes);
    const notices: string[] = [];
    const onProgress = ({ notice }: { notice?: string }) => void (notice && notices.push(notice));
    const models = await Promise.all([1, 2].map(() => readAtFirstUse({ ...online(), onProgress })));
    expect(models.map(({ manifest }) => manifest.weightsHash)).toEqual(
      Array(2).fill((await readInstalled(folder)).manifest.weightsHash),
    );
    expect(origin.ranges).toEqual([undefined]);
    expect(notices.join("\n")).toContain("another process is downloading");
  });
});

describe("the network that cannot be had", () => {
  const refused = async (options: object = {}) => {
    const error = await readAtFirstUse({ ...online(), ...options }).catch((cause) => cause);
    expect(error).toMatchObject({
      code: "unavailable.inception-weights",
      hint: expect.stringMatching(WAYS),
    });
    return error.message as string;
  };

  it.each([404, 403, 500])("names the server's answer %d and the three ways to get it", async (status) => {
    origin.answer = withStatus(status);
    expect(await refused()).toContain(`the server answered ${status}`);
  });

  it("is asked of the second place where the first refuses, and each is named", async () => {
    origin.answer = (request, response) =>
      request.url === "/second" ? serving(bytes)(request, response) : withStatus(403)(request, response);
    const notices: string[] = [];
    await readAtFirstUse({
      ...online(),
      files: [file, { ...file, url: new URL("/second", origin.url).href, bytes: 95_628_359 }],
      onProgress: ({ notice }) => void (notice && notices.push(notice)),
    });
    expect(notices).toEqual([
      expect.stringMatching(
        /^downloading .* from 127\.0\.0\.1:\d+ into .*; --offline or GAN_EVAL_OFFLINE=1 forbids it$/,
      ),
      expect.stringMatching(/^unavailable there; trying 127\.0\.0\.1:\d+ \(91 MiB\)$/),
    ]);
  });

  it("is not taken with a wrong checksum", async () => {
    origin.answer = serving(bytes.slice(0, 1000));
    expect(await refused()).toContain(`expected ${official.sha256}`);
    expect(await readdir(path.join(folder, "downloads"))).toEqual([]);
  });

  it("is not waited for where nobody answers, or a server says nothing", async () => {
    expect(await refused({ files: [{ ...file, url: "http://127.0.0.1:1/net.pb" }] })).toContain(
      "cannot download",
    );
    origin.answer = () => {};
    expect(await refused({ patience: { connect: 500, silence: 500 } })).toContain("Timeout");
    origin.answer = (_request, response) => void response.writeHead(200, { "content-length": 99 }).write("a");
    expect(await refused({ patience: { connect: 500, silence: 500 } })).toContain("Timeout");
  });

  it("is not asked for offline, by option or environment, unless the option says otherwise", async () => {
    expect(await refused({ offline: true })).toContain("--offline or GAN_EVAL_OFFLINE forbids");
    for (const value of ["1", "true", "yes"]) {
      vi.stubEnv("GAN_EVAL_OFFLINE", value);
      await refused({ offline: undefined });
    }
    expect(origin.ranges).toEqual([]);
    await refused({ offline: false });
    for (const value of ["", "0", "false"]) {
      vi.stubEnv("GAN_EVAL_OFFLINE", value);
      await refused({ offline: undefined });
    }
    expect(origin.ranges.length).toBe(4);
  });

  it("is asked of the mirror alone that GAN_EVAL_INCEPTION_URL names", async () => {
    vi.stubEnv("GAN_EVAL_INCEPTION_URL", origin.url);
    const { files: _, ...options } = online();
    await expect(readAtFirstUse(options)).rejects.toMatchObject({ code: "unavailable.inception-weights" });
    origin.answer = serving(bytes);
    await readAtFirstUse(options);
    vi.stubEnv("GAN_EVAL_INCEPTION_URL", "ftp://mirror/net");
    await expect(readAtFirstUse({ ...options, cacheDir: path.join(folder, "other") })).rejects.toMatchObject({
      code: "usage.inception-url",
    });
  });
});

describe("proxies", () => {
  /** Tunnels, and says to where. */
  async function openProxy() {
    const asked: string[] = [];
    const server = createServer();
    server.on("connect", ({ url = "" }, socket) => {
      asked.push(url);
      const [host, port] = url.split(":");
      const to = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        to.pipe(socket).pipe(to);
      });
      to.on("error", () => socket.destroy());
      socket.on("error", () => to.destroy());
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    return { address: `127.0.0.1:${port}`, asked, close: () => server.close() };
  }

  const statusThrough = async (env: NodeJS.ProcessEnv): Promise<number> => {
    const { fetch, close } = await openFetch(PATIENCE, env);
    try {
      return (await fetch(origin.url)).status;
    } finally {
      await close();
    }
  };

  it("of HTTP_PROXY, with and without http://, are gone through, and NO_PROXY's hosts are not", async () => {
    const proxy = await openProxy();
    const { host } = new URL(origin.url);
    try {
      expect(await statusThrough({ HTTP_PROXY: `http://${proxy.address}` })).toBe(404);
      expect(await statusThrough({ http_proxy: proxy.address })).toBe(404);
      expect(proxy.asked).toEqual([host, host]);
      expect(await statusThrough({ HTTP_PROXY: proxy.address, NO_PROXY: "127.0.0.1" })).toBe(404);
      expect(proxy.asked).toHaveLength(2);
    } finally {
      proxy.close();
    }
  });

  it("that are no addresses are refused by the variable's name", async () => {
    await expect(openFetch(PATIENCE, { HTTPS_PROXY: "socks5://127.0.0.1:9" })).rejects.toMatchObject({
      code: "usage.proxy",
      message: expect.stringContaining("HTTPS_PROXY"),
    });
  });
});
