/** The program on a GPU that is lost, or runs out of memory, in the middle: a driver that fails on purpose. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, type Spawned, spawnProgram } from "../../cli/built-program.ts";
import { haveSoftwareGpu } from "./software-gpu.ts";

const SWIFTSHADER = "/usr/lib/chromium/libvk_swiftshader.so";
const hasCompiler = spawnSync("cc", ["--version"]).status === 0;

describe.runIf(hasCompiler && haveSoftwareGpu())("a GPU that fails in the middle", () => {
  let folder: string;
  let driver: string;
  /** Of a run that nothing happened to. */
  let whole: Promise<Buffer> | undefined;
  beforeAll(() => {
    folder = buildProgram();
    const library = path.join(folder, "liblosing.so");
    const source = path.join(import.meta.dirname, "losing-driver.c");
    const { status, stderr } = spawnSync("cc", ["-shared", "-fPIC", "-o", library, source, "-ldl"], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    driver = path.join(folder, "losing.json");
    writeFileSync(
      driver,
      JSON.stringify({
        file_format_version: "1.0.0",
        ICD: { library_path: library, api_version: "1.0.5" },
      }),
    );
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Spawned> =>
    spawnProgram(folder, argv, { env: { VK_DRIVER_FILES: driver, REAL_DRIVER: SWIFTSHADER, ...env } });

  const train = (out: string, env?: Readonly<Record<string, string>>): Promise<Spawned> =>
    run(
      [
        ...["train", "--data", "ring", "--device", "webgpu", "--out", out, "--rounds", "30", "--seed", "3"],
        ...["--hidden-units", "16", "--batch-size", "32", "--eval-every", "0", "--sample-interval", "0"],
        ...["--checkpoint-interval", "5", "--record-interval", "5"],
      ],
      env,
    );

  const lastCheckpoint = (out: string): Buffer => {
    const at = path.join(out, "checkpoints");
    return readFileSync(path.join(at, readdirSync(at).sort().at(-1)!));
  };

  it.each([
    // Memory that runs out ends as one or the other.
    ["LOSE_AFTER", "400", /\[unavailable\.device-lost\]/],
    ["OOM_AFTER", "3", /\[unavailable\.device-(memory|lost)\]/],
  ])(
    "ends the command with its code where the driver is told %s=%s, and the run goes on to the bytes of a whole one",
    async (name, value, code) => {
      const place = mkdtempSync(path.join(tmpdir(), "device-loss-"));
      try {
        const failed = path.join(place, "failed");
        const ended = await train(failed, { [name]: value });
        expect(ended).toMatchObject({ code: 3 });
        expect(ended.stderr).toMatch(code);
        expect(ended.stderr).toContain("gan-eval train --resume");
        expect(JSON.parse(readFileSync(path.join(failed, "run.json"), "utf8"))).toMatchObject({
          status: "failed",
          failure: expect.stringMatching(/; round \d+ of 30 is saved$/),
        });
        expect(await run(["train", "--resume", failed])).toMatchObject({ code: 0 });
        whole ??= train(path.join(folder, "whole")).then(() => lastCheckpoint(path.join(folder, "whole")));
        expect(lastCheckpoint(failed).equals(await whole)).toBe(true);
      } finally {
        rmSync(place, { recursive: true, force: true });
      }
    },
    200_000,
  );
});
