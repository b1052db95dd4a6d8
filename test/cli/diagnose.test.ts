import { describe, expect, it } from "vitest";
import type { DiagnoseSetsOptions } from "../../src/diagnosis/diagnose-sets.ts";
import type { Diagnosis, Verdict } from "../../src/diagnosis/verdict.ts";
import { libraryOf, run } from "./command-line.ts";

const verdict = (id: Verdict["id"], severity: Verdict["severity"]): Verdict => ({
  ...{ id, severity, title: `the title of ${id}`, summary: "a summary" },
  evidence: [{ metric: "coverage", value: 0.25, comparison: "below", threshold: 0.5, source: "a paper" }],
  advice: [{ text: "do something", source: "another paper" }],
});

const diagnosis = (...verdicts: Verdict[]): Diagnosis => ({
  ...{ schema: "gan-eval/diagnosis/1", subject: "runs/x", verdicts },
  notJudged: [{ id: "oscillation", why: "too short" }],
  warnings: [{ code: "cut-table", message: "a row was cut" }],
  provenance: { ganEval: "0.1.0", node: "20", command: [] },
});

const COLLAPSED = diagnosis(verdict("mode-collapse", "failure"), verdict("oscillation", "warning"));
const OSCILLATING = diagnosis(verdict("oscillation", "warning"));

const diagnose = (found: Diagnosis, ...argv: string[]) =>
  run(["diagnose", "runs/x", ...argv], { library: libraryOf({ diagnoseRun: async () => found }) });

describe("gan-eval diagnose", () => {
  it("prints verdicts with their numbers and leaves with 0 whatever is found", async () => {
    const { exitCode, stdout, stderr } = await diagnose(COLLAPSED);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("the title of mode-collapse");
    expect(stdout).toContain("coverage 0.25");
    expect(stdout).toContain("oscillation: too short");
    expect(stderr).toContain("a row was cut");
  });

  it("leaves with 1 where --fail-on names what is found, by verdict or severity", async () => {
    const exitOf = async (found: Diagnosis, list: string) =>
      (await diagnose(found, "--fail-on", list)).exitCode;
    expect(await exitOf(COLLAPSED, "mode-collapse,divergence")).toBe(1);
    expect(await exitOf(COLLAPSED, "divergence")).toBe(0);
    expect(await exitOf(COLLAPSED, "warning")).toBe(1);
    expect(await exitOf(OSCILLATING, "failure")).toBe(0);
    expect(await exitOf(OSCILLATING, "warning")).toBe(1);
    expect(await exitOf(diagnosis(verdict("mode-collapse", "failure")), "warning")).toBe(1);
  });

  it("refuses a gate that is none, and says what it may have been", async () => {
    const { exitCode, stderr } = await diagnose(COLLAPSED, "--fail-on", "mode-colapse");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("mode-collapse?");
  });

  it("prints JSON that is the diagnosis, CSV and Markdown", async () => {
    expect(JSON.parse((await diagnose(COLLAPSED, "--json")).stdout)).toEqual(COLLAPSED);
    expect((await diagnose(COLLAPSED, "--csv")).stdout).toContain(
      "mode-collapse,failure,coverage,0.25,below,0.5",
    );
    expect((await diagnose(COLLAPSED, "--md")).stdout).toContain(
      "| mode-collapse | failure | coverage | 0.25 |",
    );
  });

  it("takes two sets instead of a run, with the extractor's options", async () => {
    let seen: DiagnoseSetsOptions | undefined;
    const library = libraryOf({
      diagnoseSets: async (options) => {
        seen = options;
        return OSCILLATING;
      },
    });
    const argv = ["diagnose", "--real", "a", "--fake", "b", "--held-out", "c", "--extractor", "digits"];
    const own = ["--mean", "0.5", "--layout", "nhwc", "--limit", "9", "--threads", "3"];
    expect(await run([...argv, ...own], { library })).toMatchObject({ exitCode: 0 });
    expect(seen).toMatchObject({ real: "a", fake: "b", heldOut: "c", extractor: "digits", cache: true });
    expect(seen).toMatchObject({ mean: [0.5], layout: "nhwc", limit: 9, threads: 3 });
  });

  it.each([
    [[], "neither"],
    [["--real", "a"], "one of the two"],
    [["runs/x", "--real", "a", "--fake", "b"], "got both"],
  ])("refuses %j", async (argv, why) => {
    const { exitCode, stderr } = await run(["diagnose", ...argv], { library: libraryOf({}) });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(why);
  });
});
