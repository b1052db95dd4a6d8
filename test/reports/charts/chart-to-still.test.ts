import { describe, expect, it } from "vitest";
import type { Warning } from "../../../src/errors.ts";
import { chartsToStills } from "../../../src/reports/charts/chart-to-still.ts";
import { readPageFiles } from "../../../src/reports/html/page-files.ts";
import { reportToHtml } from "../../../src/reports/html/report-to-html.ts";
import { madeComparisonReport, madeRunReport } from "../html/made-reports.ts";

describe("stills of charts", () => {
  it("are an image a chart, small enough for a page to have many", async () => {
    for (const { charts } of [await madeRunReport(), madeComparisonReport()]) {
      const warnings: Warning[] = [];
      const stills = await chartsToStills(charts, warnings);
      expect(warnings).toEqual([]);
      expect([...stills.keys()]).toEqual(charts.map(({ id }) => id));
      for (const { source } of stills.values()) {
        expect(source).toMatch(/^data:image\/png;base64,/);
        expect(source.length).toBeLessThan(40_000);
      }
    }
  });

  it("of very many charts stay under a megabyte, and the other charts say where their values are", async () => {
    const report = await madeRunReport();
    const [chart] = report.charts;
    const charts = Array.from({ length: 300 }, (_, i) => ({ ...chart, id: `${chart.id}-${i}` }));
    const stills = await chartsToStills(charts, []);
    const bytes = [...stills.values()].reduce((sum, { source }) => sum + (source.length * 3) / 4, 0);
    expect(bytes).toBeLessThan(1_010_000);
    expect(stills.size).toBeGreaterThan(20);
    expect(stills.size).toBeLessThan(300);
    const page = reportToHtml({ ...report, charts }, await readPageFiles(), stills);
    expect(page.match(/class="still"/g)).toHaveLength(stills.size);
    expect(page.match(/its values are in the table below\.</g)).toHaveLength(300 - stills.size);
  });
});
