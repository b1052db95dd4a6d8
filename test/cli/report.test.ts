import { describe, expect, it } from "vitest";
import type { MadeReport, ReportRequest } from "../../src/reports/make-report.ts";
import { libraryOf, run } from "./command-line.ts";

const made: MadeReport = {
  kind: "run",
  title: "runs/gan-1",
  out: "report.html",
  bytes: 2 ** 19,
  charts: 9,
  images: ["charts/losses.png"],
  markdown: "report.md",
  warnings: [{ code: "cut-table", message: "losses.csv: the last 5 bytes are no whole row" }],
};

describe("report", () => {
  const seen: ReportRequest[] = [];
  const library = libraryOf({
    makeReport: async (request) => {
      seen.push(request);
      return made;
    },
  });

  it("says what was written and what was left out", async () => {
    const ran = await run(
      [
        "report",
        "runs/gan-1",
        "--out",
        "report.html",
        "--png",
        "charts",
        "--md",
        "report.md",
        "--at",
        "last",
      ],
      { library },
    );
    expect(`\n${ran.stdout}`).toMatchInlineSnapshot(`
      "
      wrote    report.html (512.0 KiB)
      of       runs/gan-1
      shows    9 charts
      images   1 file in charts
      summary  report.md
      "
    `);
    expect(ran.stderr).toContain("losses.csv: the last 5 bytes are no whole row");
    expect(ran.exitCode).toBe(0);
    expect(seen.at(-1)).toMatchObject({
      locations: ["runs/gan-1"],
      out: "report.html",
      png: "charts",
      markdown: "report.md",
      comparison: { at: "last", force: false },
    });
  });

  it("needs a page to write, and something to write of, that can be written before any work", async () => {
    expect((await run(["report", "runs/gan-1"], { library })).exitCode).toBe(2);
    expect((await run(["report", "--out", "report.html"], { library })).exitCode).toBe(2);
    expect((await run(["report", "runs/gan-1", "--out", "report.txt"], { library })).exitCode).toBe(2);
    const before = seen.length;
    expect((await run(["report", "runs/gan-1", "--out", "no/such/folder.html"], { library })).exitCode).toBe(
      3,
    );
    expect(seen).toHaveLength(before);
  });
});
