import { describe, expect, it } from "vitest";
import { entriesToComparison } from "../../src/compare/entries-to-comparison.ts";
import { comparisonToCsv } from "../../src/reports/comparison-to-csv.ts";
import { comparisonToMarkdown } from "../../src/reports/comparison-to-markdown.ts";
import { comparisonToText } from "../../src/reports/comparison-to-text.ts";
import { plainStyle } from "../../src/reports/page.ts";
import { entry, KEY, score } from "../compare/entries.ts";

const page = { columns: 80, style: plainStyle };
const rates = [1e-4, 1e-3, 1e-2];
const scores = (value: number) => ({ [KEY]: score(value), modes: score(8), reverse_kl: score(0.125) });
const sweep = entriesToComparison(
  ["gan", "wgan_gp"].flatMap((model, m) =>
    rates.flatMap((lr, i) =>
      [1, 2, 3].map((seed) =>
        i === 2 && seed === 3
          ? entry(model, lr, seed, null)
          : entry(model, lr, seed, null, { status: "finished", scores: scores(1 + m + i + seed / 10) }),
      ),
    ),
  ),
);

describe("a comparison as text", () => {
  const text = comparisonToText(sweep, page);
  it("stands in 80 columns, and says which columns were left out", () => {
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(text.replace(/\s+/g, " ")).toMatch(
      /left out .*: mean \(95 % of the method\), deviation between seeds, modes, reverse_kl $/,
    );
  });

  it("says median, range, failures, difference, safe band, budget and the best run's command", () => {
    const [heading, first] = text.split("\n");
    expect(heading).toMatch(/options +median +runs +best to worst +mean minus baseline/);
    expect(first).toMatch(/gan, lr 1e-4 +1\.2000 +3 +1\.10 to 1\.30 +baseline/);
    expect(text).toMatch(/gan, lr 1e-2 .*3 \(1 failed\)/);
    expect(text).toMatch(/gan by learning rate +best median 1\.2000 at 1e-4; safe only at 1e-4/);
    expect(text).toMatch(/gan by budget +medians: best of 1: 2\.2000, best of 5: 1\.1000/);
    const flat = text.replace(/\s+/g, " ");
    expect(flat).toContain("gan-eval train --model gan --lr 0.0001 --seed 1");
    expect(flat).toContain(
      "gan, lr 1e-4 over 3 seeds 0.952 to 1.45 (95 %) around 1.20; deviation 0.100 between seeds",
    );
  });

  it("calls a difference inconclusive where 0 is within its interval, and says the deviation of sampling beside that of seeds", () => {
    const sampled = (value: number) => ({ [KEY]: { last: value, standardError: 0.25, referenceShare: 0.5 } });
    const of = (model: string, values: readonly number[]) =>
      values.map((value, seed) =>
        entry(model, 1e-3, seed, null, { status: "finished", scores: sampled(value) }),
      );
    const comparison = entriesToComparison([...of("gan", [1, 2, 3]), ...of("wgan_gp", [1.5, 2.5, 3.5])]);
    const flat = comparisonToText(comparison, { ...page, columns: 200 }).replace(/\s+/g, " ");
    expect(flat).toMatch(/wgan_gp .* inconclusive \(-1\.77 to 2\.77\)/);
    expect(flat).toContain("deviation between seeds of sampling one of training alone");
    expect(flat).toContain("deviation 1.00 between seeds, 0.250 of sampling one");
    expect(comparison.groups[1]!.difference!.verdict).toBe("inconclusive");
  });

  it("of many groups shows the first forty, and how many more there are", () => {
    const many = entriesToComparison(
      Array.from({ length: 60 }, (_, i) => entry("gan", (i + 1) / 1e4, 1, i + 1)),
    );
    expect(comparisonToText(many, page)).toContain("20 more rows in --csv");
  });

  it("shows control characters of names instead of sending them to the terminal", () => {
    const location = "runs/\u001b[2J\u202eevil";
    const shown = comparisonToText(
      entriesToComparison([entry("gan", 1, 1, 1, { location, command: location })]),
      page,
    );
    expect(shown).not.toContain("\u001b");
    expect(shown).not.toContain("\u202e");
    expect(shown).toContain("\\u001b[2J");
  });
});

describe("a comparison in other formats", () => {
  it("as CSV is a row a run, formulas made harmless", async () => {
    const evil = entry("gan", 1e-3, 1, 1, { location: "=cmd()" });
    const rows = (await comparisonToCsv(entriesToComparison([evil, entry("gan", 1e-3, 2, null)])))
      .trim()
      .split("\r\n");
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/^name,status,seed,value,group failures,/);
    expect(rows[1]).toMatch(/^'=cmd\(\),finished,1,1,/);
    expect(rows[2]).toMatch(/,diverged,2,,/);
  });

  it("as Markdown escapes what would be read as a table or HTML", () => {
    const location = "a|b<img src=x onerror=alert(1)>";
    const markdown = comparisonToMarkdown(entriesToComparison([entry("gan", 1e-3, 1, 1, { location })]));
    expect(markdown).toContain("a\\|b&lt;img");
    expect(markdown).not.toContain("<img");
  });
});
