import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Origin, openOrigin, serving, withStatus } from "../inception/loopback-origin.ts";
import { networkToGraphDef, seededNetwork } from "../inception/official-graph.ts";
import { buildProgram, spawnProgram } from "./built-program.ts";

let program: string;
let folder: string;
let origin: Origin;
let bytes: Uint8Array;

/** The official file is not to be had in tests: the built program takes another network's for it. */
function takeForOfficial(file: Uint8Array): void {
  const location = path.join(program, "dist/inception/checksums.js");
  const text = readFileSync(location, "utf8");
  const sha256 = createHash("sha256").update(file).digest("hex");
  expect(text).toContain('"6726825d"');
  writeFileSync(location, text.replace('"6726825d"', JSON.stringify(sha256)));
}

beforeAll(() => {
  program = buildProgram();
  bytes = networkToGraphDef(seededNetwork());
  takeForOfficial(bytes);
});
afterAll(() => rmSync(program, { recursive: true }));
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "first-use-cli-"));
  origin = await openOrigin();
});
afterEach(async () => {
  await origin.close();
  rmSync(folder, { recursive: true });
});

const digits = (name: string): string => path.join(program, "fixtures/digits", name);
const SIDES = () => ["--real", digits("real"), "--fake", digits("fake-close"), "--limit", "4"];

/** Every command that opens Inception by itself. */
const COMMANDS: Readonly<Record<string, () => string[]>> = {
  fid: () => ["fid", ...SIDES()],
  is: () => ["is", "--fake", digits("real"), "--limit", "4", "--splits", "2"],
  metrics: () => ["metrics", "--metrics", "fid", ...SIDES()],
  check: () => ["check", ...SIDES(), "--max", "fid=1"],
  // Neighbours need more than four.
  diagnose: () => ["diagnose", ...SIDES().with(-1, "40")],
  stats: () => ["stats", "--images", digits("real"), "--limit", "4", "--out", path.join(folder, "s.npz")],
  train: () => [
    ...["train", "--data", digits("real"), "--model", "gan", "--rounds", "1", "--limit", "200"],
    ...["--eval-every", "1", "--extractor", "inception", "--out", path.join(folder, "run")],
  ],
};

const run = (argv: readonly string[], env: Readonly<Record<string, string>>) =>
  spawnProgram(program, [...argv, "--cache-dir", path.join(folder, "cache")], {
    cwd: folder,
    env: { GAN_EVAL_INCEPTION_URL: origin.url, ...env },
  });

const WAYS = /inception download[\s\S]*inception import FILE[\s\S]*--weights PATH/;

describe("the first use of the Inception network", () => {
  it.each(Object.keys(COMMANDS))(
    "%s asks for the network, and says the three ways where it is refused",
    async (name) => {
      origin.answer = withStatus(403);
      const { code, stdout, stderr } = await run(COMMANDS[name](), { GAN_EVAL_OFFLINE: "0" });
      expect({ code, stdout }, stderr).toEqual({ code: 3, stdout: "" });
      expect(stderr).toMatch(/^downloading the Inception network .*Apache-2\.0.* from 127\.0\.0\.1/m);
      expect(stderr).toContain("the server answered 403");
      expect(stderr).toMatch(WAYS);
      expect(origin.ranges).toEqual([undefined]);
    },
  );

  it.each(Object.keys(COMMANDS))("%s asks nobody with --offline or GAN_EVAL_OFFLINE=1", async (name) => {
    const ways: [string[], Record<string, string>][] = [
      [["--offline"], { GAN_EVAL_OFFLINE: "" }],
      [[], { GAN_EVAL_OFFLINE: "1" }],
    ];
    for (const [flags, env] of ways) {
      const { code, stdout, stderr } = await run([...COMMANDS[name](), ...flags], env);
      expect({ code, stdout }, stderr).toEqual({ code: 3, stdout: "" });
      expect(stderr).not.toContain("downloading");
      expect(stderr).toMatch(WAYS);
      rmSync(path.join(folder, "run"), { recursive: true, force: true });
    }
    expect(origin.ranges).toEqual([]);
  });

  it("fid downloads it, goes on and gives the number: stdout is JSON and nothing else, and the next run asks nobody", async () => {
    origin.answer = serving(bytes);
    const first = await run([...COMMANDS.fid(), "--json"], { GAN_EVAL_OFFLINE: "0" });
    expect(first.code, first.stderr).toBe(0);
    const result = JSON.parse(first.stdout);
    expect(result.protocol.extractor).toBe("inception-v3-2015-12-05");
    expect(result.metrics.frechet_inception_distance).toBeGreaterThan(0);
    expect(first.stderr.split("\n")[0]).toMatch(/^downloading the Inception network/);
    const second = await run([...COMMANDS.fid(), "--json", "--no-cache"], { GAN_EVAL_OFFLINE: "1" });
    expect(JSON.parse(second.stdout).metrics).toEqual(result.metrics);
    expect(second.stderr).not.toContain("downloading");
    expect(origin.ranges).toEqual([undefined]);
  });

  it("two programs at once download it once", async () => {
    origin.answer = serving(bytes);
    const runs = await Promise.all(
      ["fid", "is"].map((name) => run([...COMMANDS[name](), "--json"], { GAN_EVAL_OFFLINE: "0" })),
    );
    for (const { code, stderr } of runs) expect(code, stderr).toBe(0);
    expect(origin.ranges).toEqual([undefined]);
  });

  it("an interrupted download is gone on with by the next program", async () => {
    origin.answer = serving(bytes, 5_000_000);
    const cut = await run(COMMANDS.fid(), { GAN_EVAL_OFFLINE: "0" });
    expect(cut.code).toBe(3);
    const before = origin.ranges.length;
    origin.answer = serving(bytes);
    const { code, stderr } = await run(COMMANDS.fid(), { GAN_EVAL_OFFLINE: "0" });
    expect(code, stderr).toBe(0);
    expect(origin.ranges.slice(before)).toEqual([expect.stringMatching(/^bytes=[1-9]\d+-$/)]);
  });

  it("a wrong file is refused, and nothing of it stays", async () => {
    origin.answer = serving(new Uint8Array(3000));
    const { code, stderr } = await run(COMMANDS.fid(), { GAN_EVAL_OFFLINE: "0" });
    expect(code).toBe(3);
    expect(stderr).toMatch(/expected\s+git\s+blob/);
    expect(stderr).toMatch(WAYS);
  });
});
