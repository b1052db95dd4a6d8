import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Origin, openOrigin, serving } from "../inception/loopback-origin.ts";
import { CONTENT, toSha256 } from "../networks/made-up-network.ts";
import { buildProgram, type SpawnChanges, spawnProgram } from "./built-program.ts";
import { takeForPinned } from "./take-for-pinned.ts";

let program: string;
let folder: string;
let origin: Origin;

beforeAll(() => {
  program = buildProgram();
  takeForPinned(program, "dinov2-s", CONTENT);
});
afterAll(() => rmSync(program, { recursive: true }));
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "network-cli-"));
  origin = await openOrigin();
});
afterEach(async () => {
  await origin.close();
  rmSync(folder, { recursive: true });
});

const networkWith = (changes: SpawnChanges, ...argv: readonly string[]) =>
  spawnProgram(program, ["network", ...argv, "--cache-dir", folder], {
    cwd: folder,
    env: { GAN_EVAL_NETWORK_URL: new URL("/nets", origin.url).href },
    ...changes,
  });
const network = (...argv: readonly string[]) => networkWith({}, ...argv);

describe("processes that want a network", () => {
  it("download it once, two at the same time; both have it", async () => {
    const WAITS = "another process is downloading the network dinov2-s";
    let oneWaits: () => void;
    const waiting = new Promise<void>((resolve) => {
      oneWaits = resolve;
    });
    origin.answer = (request, response) => void waiting.then(() => serving(CONTENT)(request, response));
    const onStderr = (text: string) => text.includes(WAITS) && oneWaits();
    const download = () => networkWith({ onStderr }, "download", "dinov2-s", "--json");
    const both = await Promise.all([download(), download()]);
    for (const { code, stdout, stderr } of both) {
      expect(code, stderr).toBe(0);
      expect(JSON.parse(stdout).networks).toMatchObject([{ id: "dinov2-s", sha256: toSha256(CONTENT) }]);
    }
    expect(origin.ranges).toEqual([undefined]);
    expect(both.filter(({ stderr }) => stderr.includes(WAITS))).toHaveLength(1);
  });

  it("go on where one that was killed stopped", async () => {
    origin.answer = (_request, response) => {
      response.writeHead(200, { "content-length": CONTENT.length });
      response.write(CONTENT.subarray(0, 40_000));
    };
    const part = path.join(folder, "downloads/dinov2-s/dinov2_vits14_pretrain.pth.part");
    const isTime = () => {
      try {
        return readFileSync(part).length === 40_000;
      } catch {
        return false;
      }
    };
    const killWhen = { isTime, signal: "SIGKILL" } as const;
    const killed = await networkWith({ killWhen }, "download", "dinov2-s");
    expect(killed.code).toBeNull();
    origin.answer = serving(CONTENT);
    const { code } = await network("download", "dinov2-s");
    expect([code, origin.ranges.at(-1)]).toEqual([0, "bytes=40000-"]);
    expect((await network("verify", "dinov2-s")).code).toBe(0);
  });
});
