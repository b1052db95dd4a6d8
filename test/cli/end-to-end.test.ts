import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvaluationResult } from "../../src/evaluate/result.ts";
import { buildProgram, packagesLoaded, spawnProgram } from "./built-program.ts";
import { emptyFolder } from "./command-line.ts";

/** The program as it is built, on the committed digits, with the real library. */
let folder: string;
beforeAll(() => {
  folder = buildProgram();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const digits = (name: string): string => path.join(folder, "fixtures/digits", name);

async function resultOf(argv: readonly string[]): Promise<EvaluationResult> {
  const { code, stdout, stderr } = await spawnProgram(folder, [...argv, "--json", "--quiet"]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout) as EvaluationResult;
}

describe("the demo", () => {
  it("ranks its sets as they were made, and trains a GAN that is scored beside them", async () => {
    const cwd = emptyFolder();
    const argv = ["demo", "--rounds", "20", "--json", "--quiet"];
    const { code, stdout, stderr } = await spawnProgram(folder, argv, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { sets, training } = JSON.parse(stdout) as {
      sets: { name: string; distance?: number; score: number; result: EvaluationResult }[];
      training: {
        folder: string;
        rounds: number;
        grid: string;
        samples: string;
        scores: object;
        floor: object;
      };
    };
    const [real, close, noisy, collapsed, trained] = sets;
    expect(close!.distance! * 10).toBeLessThan(noisy!.distance!);
    expect(noisy!.distance!).toBeLessThan(collapsed!.distance!);
    expect(Math.abs(close!.score - real!.score)).toBeLessThan(0.5);
    expect(noisy!.score).toBeLessThan(real!.score - 1);
    expect(collapsed!.score).toBeGreaterThan(1.5);
    expect(collapsed!.score).toBeLessThan(2.5);

    expect(trained!.name).toBe("trained");
    expect(trained!.result.inputs.fake).toMatchObject({ kind: "npz", count: 2000 });
    // Twenty rounds make no digits.
    expect(trained!.distance!).toBeGreaterThan(noisy!.distance!);
    expect(training).toMatchObject({ folder: path.join("runs", "demo-1"), rounds: 20 });
    expect(Object.keys(training.scores)).toEqual(["precision", "recall"]);
    expect(Object.keys(training.floor)).toEqual(["precision", "recall"]);
    for (const file of [training.grid, training.samples])
      expect(existsSync(path.join(cwd, file)), file).toBe(true);
  });
});

/** Long enough for a signal to arrive in the middle, on any machine. */
const ROUNDS = 2000;
const TRAIN = [
  ...["train", "--data", "ring", "--rounds", `${ROUNDS}`, "--batch-size", "64", "--hidden-units", "32"],
  ...[
    "--record-interval",
    "5",
    "--checkpoint-interval",
    "300",
    "--sample-interval",
    "1000",
    "--threads",
    "1",
  ],
  ...["--eval-every", "1000", "--eval-samples", "500", "--json"],
];

describe("a run that is stopped", () => {
  /** What a run leaves that depends on nothing but its options: no clocks. */
  const leavings = (run: string): Record<string, Buffer> => {
    const checkpoints = readdirSync(path.join(run, "checkpoints")).sort();
    const samples = readdirSync(path.join(run, "samples")).map((name) => path.join("samples", name));
    const names = [
      "losses.csv",
      "layers.csv",
      "scores.csv",
      path.join("checkpoints", checkpoints.at(-1)!),
      ...samples,
    ];
    return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(run, name))]));
  };
  const cwd = emptyFolder();
  const within = (name: string): string => path.join(cwd, name);
  /** True once some hundred rounds have been recorded. */
  const isUnderWay = (name: string) => (): boolean => {
    const file = path.join(within(name), "losses.csv");
    return existsSync(file) && statSync(file).size > 30_000;
  };

  it("by Ctrl-C or kill -9 goes on to the very bytes of one that was not", async () => {
    const whole = await spawnProgram(folder, [...TRAIN, "--out", "whole"], { cwd });
    expect(whole.code, whole.stderr).toBe(0);
    const expected = leavings(within("whole"));
    expect(Object.keys(expected)).toContain(path.join("checkpoints", `0000${ROUNDS}.safetensors`));

    const stopped = await spawnProgram(folder, [...TRAIN, "--out", "stopped"], {
      cwd,
      killWhen: { signal: "SIGINT", isTime: isUnderWay("stopped") },
    });
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(stopped.stderr).toMatch(/interrupted after round \d+ of 2000, which is saved/);
    expect(stopped.stderr.replace(/\s+/g, " ")).toContain("gan-eval train --resume stopped");
    const saved = Number(/after round (\d+)/.exec(stopped.stderr)![1]);
    expect(readdirSync(path.join(within("stopped"), "checkpoints")).at(-1)).toBe(
      `${`${saved}`.padStart(8, "0")}.safetensors`,
    );

    const killed = await spawnProgram(folder, [...TRAIN, "--out", "killed"], {
      cwd,
      killWhen: { signal: "SIGKILL", isTime: isUnderWay("killed") },
    });
    expect(killed.code).toBeNull();

    for (const name of ["stopped", "killed"]) {
      const resumed = await spawnProgram(folder, ["train", "--resume", name, "--json"], { cwd });
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(JSON.parse(resumed.stdout)).toMatchObject({ status: "finished", rounds: ROUNDS });
      const found = leavings(within(name));
      expect(Object.keys(found)).toEqual(Object.keys(expected));
      for (const [file, bytes] of Object.entries(expected))
        expect(bytes.equals(found[file]!), `${name}: ${file}`).toBe(true);
    }
  });
});

describe.skipIf(process.platform === "win32")("a run whose terminal is closed", () => {
  const cwd = emptyFolder();
  const statusOf = (name: string): { status: string; round: number } =>
    JSON.parse(readFileSync(path.join(cwd, name, "run.json"), "utf8"));
  const isUnderWay = (name: string) => (): boolean => {
    const file = path.join(cwd, name, "losses.csv");
    return existsSync(file) && statSync(file).size > 3_000;
  };
  const long = [
    "train",
    "--data",
    "ring",
    "--rounds",
    "1000000",
    "--hidden-units",
    "16",
    "--threads",
    "1",
    "--out",
  ];

  it("saves, as at Ctrl-C, and shows its tables before its first checkpoint", async () => {
    const ran = await spawnProgram(folder, [...long, "closed"], {
      cwd,
      killWhen: { signal: "SIGHUP", isTime: isUnderWay("closed") },
    });
    expect(ran).toMatchObject({ code: 130, stdout: "" });
    expect(ran.stderr.replace(/\s+/g, " ")).toContain("Continue with: gan-eval train --resume closed");
    expect(statusOf("closed")).toMatchObject({ status: "interrupted" });
    expect(statusOf("closed").round).toBeGreaterThan(0);
    expect(readdirSync(path.join(cwd, "closed"))).not.toContain("run.lock");
  });

  it.each([
    ["nohup", 'nohup "$@"'],
    ["a script under nohup", 'nohup bash -c \'"$@"; true\' - "$@"'],
  ])("goes on under %s", async (_, script) => {
    const name = script.length > 20 ? "script" : "nohup";
    const main = path.join(folder, "dist/cli/main.js");
    const child = spawn("bash", ["-c", script, "-", process.execPath, main, ...long, name], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise((resolve) => child.on("close", resolve));
    for (let i = 0; i < 1200 && !isUnderWay(name)(); i++) await sleep(50);
    // The lock names the process itself, whatever stands between.
    const { pid } = JSON.parse(readFileSync(path.join(cwd, name, "run.lock"), "utf8"));
    process.kill(pid, "SIGHUP");
    const { size } = statSync(path.join(cwd, name, "losses.csv"));
    for (let i = 0; i < 400 && statSync(path.join(cwd, name, "losses.csv")).size === size; i++)
      await sleep(50);
    expect(statSync(path.join(cwd, name, "losses.csv")).size).toBeGreaterThan(size);
    expect(statusOf(name).status).toBe("running");
    process.kill(pid, "SIGTERM");
    await ended;
    expect(statusOf(name).status).toBe("interrupted");
  });
});

describe("two runs that are begun at once", () => {
  it("without --out have a folder each", async () => {
    const cwd = emptyFolder();
    const short = [
      "train",
      "--data",
      "ring",
      "--rounds",
      "3",
      "--hidden-units",
      "8",
      "--threads",
      "1",
      "--quiet",
    ];
    const ran = await Promise.all(
      [1, 2, 3].map((seed) => spawnProgram(folder, [...short, "--seed", `${seed}`], { cwd })),
    );
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(readdirSync(path.join(cwd, "runs")).sort()).toEqual(["gan-1", "gan-2", "gan-3"]);
  });
});

describe("statistics", () => {
  it("stand for their images, and comparing them loads neither tensorflow.js nor ONNX Runtime nor sharp", async () => {
    const work = emptyFolder();
    const files = { real: path.join(work, "real.npz"), fake: path.join(work, "fake.npz") };
    const limits = ["--extractor", "digits", "--limit", "500"];
    for (const [side, name] of [
      ["real", "real"],
      ["fake", "fake-noisy"],
    ] as const) {
      const made = await spawnProgram(folder, [
        "stats",
        "--images",
        digits(name),
        ...limits,
        "--out",
        files[side],
      ]);
      expect(made.code, made.stderr).toBe(0);
    }
    expect(readdirSync(work).sort()).toEqual(["fake.npz", "real.npz"]);

    const images = await resultOf([
      "fid",
      "--real",
      digits("real"),
      "--fake",
      digits("fake-noisy"),
      ...limits,
    ]);
    const statistics = await resultOf(["fid", "--real", files.real, "--fake", files.fake]);
    // The same float64 moments on two ways through the same formula: 1e-9 of the distance is a wide margin for rounding.
    const expected = images.metrics.frechet_digits_distance!;
    expect(Math.abs(statistics.metrics.frechet_digits_distance! - expected)).toBeLessThan(1e-9 * expected);
    expect(statistics.inputs.real).toMatchObject({ kind: "statistics", count: 500 });
    expect(statistics.provenance.engine).toBeNull();

    const packages = await packagesLoaded(folder, ["fid", "--real", files.real, "--fake", files.fake]);
    for (const heavy of ["@tensorflow/tfjs-core", "onnxruntime-node", "onnxruntime-common", "sharp"]) {
      expect(packages).not.toContain(heavy);
    }
  });
});

describe("the doctor", () => {
  it("prints its report alone, whatever drivers and libraries say while devices are tried", async () => {
    const { code, stdout, stderr } = await spawnProgram(folder, ["doctor"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^topic +name +state +detail\n/);
    expect(stdout).toContain("onnx on webgpu");
  });

  it("has devices that are asked for and absent named in one error, with nothing before it", async () => {
    const argv = [
      "fid",
      "--real",
      digits("real"),
      "--fake",
      digits("real"),
      "--device",
      "coreml",
      "--no-cache",
    ];
    const { code, stderr } = await spawnProgram(folder, argv);
    if (code !== 0) expect(stderr).toMatch(/^error: /);
  });
});

describe("what cannot run", () => {
  it("a missing folder, too few images and absent weights exit 3 with a hint", async () => {
    const cache = emptyFolder();
    for (const argv of [
      ["fid", "--real", digits("nosuch"), "--fake", digits("real"), "--extractor", "digits"],
      ["fid", "--real", digits("real"), "--fake", digits("real"), "--extractor", "digits", "--limit", "1"],
      ["fid", "--real", digits("real"), "--fake", digits("fake-close"), "--cache-dir", cache],
    ]) {
      const { code, stdout, stderr } = await spawnProgram(folder, argv);
      expect({ argv, code, stdout }).toEqual({ argv, code: 3, stdout: "" });
      expect(stderr).toMatch(/error: .*/);
      expect(stderr).toMatch(/hint: /);
      expect(stderr).not.toMatch(/internal/);
    }
  });
});
