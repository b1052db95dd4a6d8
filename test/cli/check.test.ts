import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { SUMMARY_BYTES, truncateMarkdown } from "../../src/cli/commands/check/check-files.ts";
import { GanEvalError } from "../../src/errors.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import type { EvaluationResult } from "../../src/evaluate/result.ts";
import { FID, surely } from "../check/measured-nights.ts";
import { emptyFolder, libraryOf, type Ran, run } from "./command-line.ts";
import { evaluation } from "./evaluation.ts";

/** A result whose distance is the number in the fakes' name: `fake-27.3`. */
function resultOf(fake: string, error = 0.1): EvaluationResult {
  const value = Number(fake.replace(/^.*?-/, ""));
  const base = evaluation({ warnings: [] });
  return {
    ...base,
    metrics: { [FID]: value },
    intervals: { [FID]: surely(value, error) },
    inputs: { ...base.inputs, fake: { ...base.inputs.fake!, location: fake, contentHash: fake } },
  };
}

/** A folder with a baseline of 100, and what `evaluate` was asked. */
function folderWith(config: object = {}) {
  const folder = emptyFolder();
  const at = (name: string) => path.join(folder, name);
  const asked: EvaluateOptions[] = [];
  writeFileSync(at("gan-eval.config.json"), JSON.stringify(config));
  writeFileSync(at("baseline.json"), JSON.stringify(resultOf("fake-100")));
  const check = (argv: readonly string[], changes: Parameters<typeof run>[1] = {}): Promise<Ran> =>
    run(argv, {
      cwd: folder,
      library: libraryOf({
        evaluate: async (options) => {
          asked.push(options);
          return resultOf(String(options.fake));
        },
      }),
      ...changes,
    });
  return { at, asked, check, baseline: ["--baseline", at("baseline.json")] };
}

describe("exit codes of check", () => {
  it("0 where nothing failed, 1 where a rule did, whether measured or read", async () => {
    const { at, check, baseline } = folderWith();
    const rule = [...baseline, "--max-worse", "fid=5%"];
    const passed = await check(["check", "--real", "R", "--fake", "fake-104", ...rule]);
    expect(passed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(passed.stdout).toContain("passed: 1 limit");
    const failed = await check(["check", "--real", "R", "--fake", "fake-106", ...rule]);
    expect(failed).toMatchObject({ exitCode: 1, stderr: "" });
    expect(failed.stdout).toMatch(
      /^failed {4}fid: maxWorse\n +expected: <= 105 {3}found: 106 \[105\.804, 106\.196\]/,
    );
    writeFileSync(at("night.json"), JSON.stringify(resultOf("fake-106")));
    expect((await check(["check", "--result", at("night.json"), ...rule])).exitCode).toBe(1);
    expect((await check(["check", "--result", at("night.json"), ...rule, "--level", "warn"])).exitCode).toBe(
      0,
    );
  });

  it("judges values by class, of results that are read as well, by their better end", async () => {
    const { at, check } = folderWith();
    const write = (name: string, divergence: number) =>
      writeFileSync(
        at(name),
        JSON.stringify({ ...resultOf("fake-1"), metrics: { class_kl: divergence }, intervals: {} }),
      );
    write("before.json", 1);
    for (const [divergence, exitCode] of [
      [1.04, 0],
      [0.5, 0],
      [1.06, 1],
    ] as const) {
      write("night.json", divergence);
      const argv = ["--result", at("night.json"), "--baseline", at("before.json")];
      const ran = await check(["check", ...argv, "--max-worse", "class_kl=5%"]);
      expect(ran.exitCode).toBe(exitCode);
      expect(ran.stderr).not.toContain("error");
    }
  });

  it.each<[string, readonly string[]]>([
    ["without rules", ["--fake", "fake-1"]],
    ["without images or results", ["--max", "fid=1"]],
    ["with both", ["--fake", "fake-1", "--result", "r.json", "--max", "fid=1"]],
    ["an unknown metric", ["--fake", "fake-1", "--max", "fdi=1"]],
    ["a value by class without --by-class", ["--fake", "fake-1", "--max", "class_kl=1"]],
    [
      "a mean over classes without --by-class",
      ["--fake", "fake-1", "--max", "intra_frechet_inception_distance=1"],
    ],
    ["a value that only trainings have", ["--fake", "fake-1", "--by-class", "--max", "sliced_wasserstein=1"]],
    ["an unknown metric by class", ["--fake", "fake-1", "--by-class", "--max", "class_lk=1"]],
    ["a change without a baseline", ["--fake", "fake-1", "--max-worse", "fid=1"]],
    ["a limit that is none", ["--fake", "fake-1", "--max", "fid"]],
    ["rules that are no JSON", ["--fake", "fake-1", "--rules", "{"]],
    ["an expression that may not be", ["--fake", "fake-1", "--rules", '{"a": {"expression": "import(1)"}}']],
    [
      "an expression of an unknown metric",
      ["--fake", "fake-1", "--rules", '{"a": {"expression": "current.fdi < 1"}}'],
    ],
    ["several extractors", ["--fake", "fake-1", "--max", "fid=1", "--extractor", "digits,inception"]],
    ["a level that is none", ["--fake", "fake-1", "--max", "fid=1", "--level", "fatal"]],
  ])("2 %s, before anything is measured", async (_, argv) => {
    const { check, asked } = folderWith();
    const ran = await check(["check", "--real", "R", ...argv]);
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(asked).toEqual([]);
  });

  it.each<[string, (at: (name: string) => string) => readonly string[], string]>([
    [
      "a baseline that is not there",
      (at) => ["--fake", "fake-1", "--baseline", at("none.json")],
      "input.baseline-missing",
    ],
    [
      "a baseline of another version",
      (at) => ["--fake", "fake-1", "--baseline", at("later.json")],
      "input.baseline-version",
    ],
    [
      "a baseline of another protocol",
      (at) => ["--fake", "fake-1", "--baseline", at("clean.json")],
      "input.check-unlike",
    ],
    [
      "a result without the metric",
      (at) => ["--result", at("other.json"), "--baseline", at("baseline.json")],
      "input.check-missing",
    ],
    [
      "a result that is NaN",
      (at) => ["--result", at("nan.json"), "--baseline", at("baseline.json")],
      "input.check-not-finite",
    ],
    ["a result file that is none", (at) => ["--result", at("gan-eval.config.json")], "input.not-a-result"],
  ])("3 for %s: nothing was judged", async (_, toArgv, code) => {
    const { at, check } = folderWith();
    const clean = resultOf("fake-1");
    writeFileSync(at("later.json"), JSON.stringify({ schema: "gan-eval/baseline/2", results: [] }));
    writeFileSync(
      at("clean.json"),
      JSON.stringify({ ...clean, protocol: { ...clean.protocol, resize: "clean" } }),
    );
    writeFileSync(at("other.json"), JSON.stringify({ ...clean, metrics: { recall: 1 } }));
    writeFileSync(at("nan.json"), JSON.stringify({ ...clean, metrics: { [FID]: "NaN" } }));
    const ran = await check(["check", "--max", "fid=1", ...toArgv(at)]);
    expect(ran).toMatchObject({ exitCode: 3, stdout: "" });
    expect(ran.stderr).toContain(code);
  });

  it("3 where measuring fails, never 1, and last night's report does not stay", async () => {
    const { at, check } = folderWith();
    writeFileSync(at("check.xml"), "last night's");
    const summary = at("summary.md");
    const failing = { evaluate: () => Promise.reject(new GanEvalError("input.no-pictures", "got <none>")) };
    const ran = await check(
      [
        "check",
        "--real",
        "R",
        "--fake",
        "fake-1",
        "--max",
        "fid=1",
        "--junit",
        at("check.xml"),
        "--step-summary",
        "--history",
        at("h.jsonl"),
      ],
      { library: libraryOf(failing), env: { GITHUB_STEP_SUMMARY: summary } },
    );
    expect(ran).toMatchObject({ exitCode: 3, stdout: "" });
    expect(readFileSync(at("check.xml"), "utf8")).toContain(
      '<error type="input.no-pictures" message="got &lt;none&gt;"/>',
    );
    expect(readFileSync(summary, "utf8")).toContain("not measured");
    expect(existsSync(at("h.jsonl"))).toBe(false);
  });

  it("130 where it was interrupted; reports stay as they were", async () => {
    const { at, check } = folderWith();
    const interruption = new AbortController();
    const ran = await check(
      ["check", "--real", "R", "--fake", "fake-1", "--max", "fid=1", "--junit", at("check.xml")],
      {
        signal: interruption.signal,
        library: libraryOf({
          evaluate: async () => {
            interruption.abort();
            throw new Error("aborted");
          },
        }),
      },
    );
    expect(ran.exitCode).toBe(130);
    expect(existsSync(at("check.xml"))).toBe(false);
  });

  it("names that an unlike baseline differs in, unless forced", async () => {
    const { at, check } = folderWith();
    const other = resultOf("fake-100");
    writeFileSync(
      at("other.json"),
      JSON.stringify({ ...other, protocol: { ...other.protocol, resize: "clean" } }),
    );
    const argv = [
      "check",
      "--real",
      "R",
      "--fake",
      "fake-100.1",
      "--baseline",
      at("other.json"),
      "--max-worse",
      "fid=5%",
    ];
    expect((await check(argv)).stderr).toMatch(/resize\s+clean\s+and\s+tf1/);
    const forced = await check([...argv, "--force"]);
    expect(forced.exitCode).toBe(0);
    expect(forced.stderr).toContain(
      "warning: compared despite differences from the baseline: resize clean and tf1",
    );
  });
});

describe("what check measures", () => {
  it("is every seed, with intervals, of the metrics that rules name", async () => {
    const { check, asked, baseline } = folderWith();
    const rules = '{"a": {"expression": "current.fid < 1e9"}}';
    const ran = await check([
      ...["check", "--real", "R", "--fake", "fake-104,fake-105", "--fake", "fake-106", ...baseline],
      ...["--max-worse", "fid=9%", "--max", `${FID}=200`, "--rules", rules, "--json"],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(asked.map(({ fake, metrics, ci }) => [fake, metrics, ci])).toEqual([
      ["fake-104", ["fid"], true],
      ["fake-105", ["fid"], true],
      ["fake-106", ["fid"], true],
    ]);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      ...{ schema: "gan-eval/check/1", passed: true, seeds: 3, chance: { comparisons: 3 } },
      outcomes: [{}, { values: [104, 105, 106], found: 105 }, {}],
    });
  });

  it("has --metrics besides, where they are given", async () => {
    const { check, asked } = folderWith();
    await check(["check", "--real", "R", "--fake", "fake-1", "--max", "fid=2", "--metrics", "kid,fid"]);
    expect(asked[0].metrics).toEqual(["kid", "fid"]);
  });

  it("stands in the config file, for baseline update too", async () => {
    const { at, check, asked } = folderWith({
      real: "R",
      check: {
        fake: ["fake-104", "fake-105"],
        baseline: "made.json",
        resize: "clean",
        rules: { fid: { maxWorse: "5 %" } },
      },
      "baseline update": { fake: "fake-99" },
    });
    const made = ["--baseline", at("made.json")];
    const updated = await check(["baseline", "update", ...made]);
    expect(updated).toMatchObject({ exitCode: 0 });
    expect(asked[0]).toMatchObject({
      fake: "fake-99",
      real: "R",
      metrics: ["fid"],
      resize: "clean",
      ci: true,
    });
    const ran = await check(["check", ...made]);
    expect(ran.exitCode).toBe(1);
    expect(asked.slice(1).map(({ fake }) => fake)).toEqual(["fake-104", "fake-105"]);
  });
});

describe("files of check", () => {
  const argvOf = (fake: string, ...rest: readonly string[]) => [
    "check",
    "--real",
    "R",
    "--fake",
    fake,
    ...rest,
  ];

  it("history grows by a night a check, and drift is told without failing", async () => {
    const { at, check, baseline } = folderWith();
    const rest = [...baseline, "--max-worse", "fid=5%", "--history", at("history.jsonl")];
    let ran: Ran | undefined;
    for (const fake of ["fake-103.9", "fake-104.1", "fake-104", "fake-104.2", "fake-103.8"])
      ran = await check(argvOf(fake, ...rest), { clock: () => Date.parse("2026-03-01T00:00:00Z") });
    expect(ran!.exitCode).toBe(0);
    expect(ran!.stderr).toContain(
      "warning: frechet_inception_distance drifts: 104.00 over the last 5 nights",
    );
    expect(ran!.stdout).toContain("4 earlier nights");
    expect(readFileSync(at("history.jsonl"), "utf8").trim().split("\n")).toHaveLength(5);
  });

  it("a baseline that can be tightened is a hint", async () => {
    const { at, check, baseline } = folderWith();
    const rest = [...baseline, "--max-worse", "fid=5%", "--history", at("history.jsonl")];
    let ran: Ran | undefined;
    for (const fake of ["fake-93.9", "fake-94.1", "fake-94", "fake-94.2", "fake-93.8"])
      ran = await check(argvOf(fake, ...rest), { clock: () => Date.parse("2026-03-01T00:00:00Z") });
    expect(ran!.stderr).toContain("next: gan-eval baseline update --baseline");
    expect(ran!.stdout).toMatch(/which can be\s+tightened/);
  });

  it("JUnit, annotations and the step summary say the same", async () => {
    const { at, check } = folderWith();
    writeFileSync(at("summary.md"), "# before\n");
    const ran = await check(
      argvOf(
        "fake-106",
        "--max",
        "fid=105",
        "--junit",
        at("check.xml"),
        "--annotations",
        "--step-summary",
        "--json",
        "--quiet",
      ),
      { env: { GITHUB_STEP_SUMMARY: at("summary.md") } },
    );
    expect(ran.exitCode).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({ passed: false });
    expect(ran.stderr).toMatch(/^::error title=fid%3A max::expected: <= 105 {3}found: 106/);
    expect(readFileSync(at("check.xml"), "utf8")).toContain("<failure");
    expect(readFileSync(at("summary.md"), "utf8")).toMatch(
      /^# before\n\n### gan-eval: 1 of 1 limit failed\n/,
    );
  });

  it("--step-summary outside GitHub is a warning", async () => {
    const { check } = folderWith();
    const ran = await check(argvOf("fake-1", "--max", "fid=2", "--step-summary"));
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("GITHUB_STEP_SUMMARY is not set");
  });

  it("a step summary stays under 1 MiB, cut between lines", () => {
    const long = "| row of a table |\n".repeat(100_000);
    const cut = truncateMarkdown(long, SUMMARY_BYTES);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(SUMMARY_BYTES);
    expect(Buffer.byteLength(cut)).toBeGreaterThan(SUMMARY_BYTES - 200);
    expect(cut).toMatch(/\| row of a table \|\n\n\(truncated: a step summary is limited to 1 MiB\)/);
    expect(truncateMarkdown("short", 5)).toBe("short");
    expect(truncateMarkdown("é".repeat(10), 5)).toBe("");
  });
});

describe("baseline update", () => {
  it("shows the difference and writes the file; --dry-run only shows", async () => {
    const { at, check } = folderWith();
    const argv = ["baseline", "update", "--baseline", at("baseline.json"), "--real", "R", "--metrics", "fid"];
    const before = readFileSync(at("baseline.json"), "utf8");
    const dry = await check([...argv, "--fake", "fake-110", "--dry-run"]);
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toMatch(/frechet_inception_distance +100\.0000 +110\.0000 +\+10\.0 % +beyond noise/);
    expect(readFileSync(at("baseline.json"), "utf8")).toBe(before);
    const wrote = await check([...argv, "--fake", "fake-110,fake-111", "--json"]);
    expect(JSON.parse(wrote.stdout)).toMatchObject({
      dryRun: false,
      values: [{ before: 100, after: 110.5 }],
      protocol: [],
    });
    expect(JSON.parse(readFileSync(at("baseline.json"), "utf8"))).toMatchObject({
      schema: "gan-eval/baseline/1",
      results: [{ metrics: { [FID]: 110 } }, { metrics: { [FID]: 111 } }],
    });
  });

  it("replaces what it cannot read, and says so", async () => {
    const { at, check } = folderWith();
    writeFileSync(at("baseline.json"), '{"schema": "gan-eval/baseline/0"}');
    const ran = await check([
      "baseline",
      "update",
      "--baseline",
      at("baseline.json"),
      "--real",
      "R",
      "--fake",
      "fake-9",
    ]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("the old baseline cannot be compared");
    expect(
      (
        await check([
          "check",
          "--real",
          "R",
          "--fake",
          "fake-9.1",
          "--baseline",
          at("baseline.json"),
          "--max-worse",
          "fid=50%",
        ])
      ).exitCode,
    ).toBe(0);
  });

  it("needs a file name", async () => {
    expect((await folderWith().check(["baseline", "update", "--fake", "fake-1"])).exitCode).toBe(2);
  });
});
