import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram, packagesLoaded, replaceLibrary, spawnProgram } from "./built-program.ts";
import { emptyFolder } from "./command-line.ts";
import { evaluation } from "./evaluation.ts";

/** evaluate() chats on stdout, reports progress, and waits for the signal if --limit is 1. */
const LIBRARY = `
import { writeFileAtomically } from "../files/atomic-file.js";
const result = ${JSON.stringify(evaluation())};
export const library = {
  async evaluate({ fake, limit, signal, onProgress }) {
    console.log("a dependency says hello");
    onProgress({ stage: "fake", done: 0, total: 10, unit: "images" });
    if (fake === "crash") throw new TypeError("x is undefined");
    if (fake === "reject") Promise.reject(new Error("nobody waits for this"));
    if (fake === "reject") return new Promise((resolve) => setTimeout(resolve, 60_000));
    if (limit === 1) {
      process.stderr.write("waiting\\n");
      await writeFileAtomically("result.bin", (async function* () {
        yield Buffer.from("half");
        await new Promise((resolve, reject) => {
          const timer = setTimeout(resolve, 60_000);
          signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); });
        });
      })());
    }
    return result;
  },
};
`;

let folder: string;
beforeAll(() => {
  folder = buildProgram();
  replaceLibrary(folder, LIBRARY);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fid = ["fid", "--real", "A", "--fake", "B"];

describe("the program", () => {
  it("has only JSON on stdout with --json, whatever dependencies print", async () => {
    const { code, stdout, stderr } = await spawnProgram(folder, [...fid, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(evaluation());
    expect(stderr).toContain("a dependency says hello");
  });

  it("exits 2 with nothing on stdout for usage errors, 0 for help and version", async () => {
    expect(await spawnProgram(folder, ["fid", "--nosuch"])).toMatchObject({ code: 2, stdout: "" });
    expect(await spawnProgram(folder, [])).toMatchObject({ code: 2, stdout: "" });
    expect(await spawnProgram(folder, ["--help"])).toMatchObject({ code: 0, stderr: "" });
    const version = await spawnProgram(folder, ["--version"]);
    expect(version).toMatchObject({ code: 0, stderr: "" });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("says an error in words on stderr with --json and --quiet too, and leaves stdout empty", async () => {
    for (const words of [
      ["fid", "--real", "A", "--fake", "crash", "--json", "--quiet"],
      [...fid, "--json", "--resize", "nosuch"],
      [...fid, "--json", "--config", "nosuch.json"],
    ]) {
      const { code, stdout, stderr } = await spawnProgram(folder, words);
      expect(code).toBeGreaterThan(1);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^(error|internal): \S.*\[[a-z-]+\.[a-z-]+\]$/ms);
    }
  });

  it.each(["crash", "reject"])("exits 3 without a stack where the library would %s", async (fake) => {
    const { code, stdout, stderr } = await spawnProgram(folder, ["fid", "--real", "A", "--fake", fake]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/internal: (TypeError|Error): /);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("interrupted: exit 130, a word on stderr, no temporary file", async () => {
    const cwd = emptyFolder();
    const { code, stdout, stderr } = await spawnProgram(folder, [...fid, "--limit", "1"], {
      cwd,
      onStderr: (text, kill) => {
        if (text.includes("waiting")) setTimeout(() => kill("SIGINT"), 300);
      },
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/interrupted/);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("a reader that goes away is not an error", async () => {
    const child = spawn(process.execPath, [path.join(folder, "dist/cli/main.js"), "options", "--json"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Closed before the program has started to write: every write fails with EPIPE.
    child.stdout.destroy();
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

/** Runs the program by a shell, whose words say where its output goes. */
function shell(script: string, cwd = emptyFolder()): { status: number | null; stderr: string; cwd: string } {
  const program = `"${process.execPath}" "${path.join(folder, "dist/cli/main.js")}"`;
  const { status, stderr } = spawnSync("bash", ["-c", script.replaceAll("gan-eval", program)], {
    cwd,
    encoding: "utf8",
  });
  return { status, stderr, cwd };
}

describe.runIf(existsSync("/dev/full"))("standard output", () => {
  const PRINTED = [
    ...["", "--json", "--csv", "--md", "--quiet"].map((format) => `fid --real A --fake B ${format}`),
    ...["list-metrics", "list-models", "options", "options --json"],
    ...["--help", "fid --help", "help inception", "--version"],
  ];
  it.each(PRINTED)("on a full disk is an error: gan-eval %s", (words) => {
    const { status, stderr } = shell(`gan-eval ${words} > /dev/full`);
    expect(status).toBe(3);
    expect(stderr).toMatch(/error: .*standard output.*ENOSPC/s);
  });

  it("in a file that takes only the first bytes is an error", () => {
    const { status, stderr, cwd } = shell("ulimit -f 1; gan-eval options --json > got.json");
    expect(statSync(path.join(cwd, "got.json")).size).toBe(1024);
    expect(status).toBe(3);
    expect(stderr).toMatch(/error: .*standard output.*EFBIG/s);
  });

  it.each(PRINTED)("whose reader has seen enough is no error: gan-eval %s | head -c 1", (words) => {
    const { status, stderr } = shell(`set -o pipefail; gan-eval ${words} 2>err | head -c 1 >/dev/null`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  it("comes behind a result that is written to it by name", () => {
    const { status, cwd } = shell("gan-eval fid --real A --fake B --csv -q --out /dev/stdout > got.txt");
    expect(status).toBe(0);
    expect(readFileSync(path.join(cwd, "got.txt"), "utf8")).toMatch(/^\{\n.*\n\}\nmetric,value,/s);
  });
});

describe("what is loaded", () => {
  it.each([[["--help"]], [["fid", "--help"]], [["--version"]], [["help", "inception", "import"]]])(
    "%j loads no package at all",
    async (argv) => {
      expect([...(await packagesLoaded(folder, argv))]).toEqual([]);
    },
  );

  it("a command's own start loads zod besides, no engine", async () => {
    const packages = await packagesLoaded(folder, fid);
    expect(packages).toContain("zod");
    for (const heavy of [
      "@tensorflow/tfjs-core",
      "onnxruntime-node",
      "sharp",
      "@napi-rs/canvas",
      "chart.js",
      "fast-csv",
    ]) {
      expect(packages).not.toContain(heavy);
    }
  });
});
