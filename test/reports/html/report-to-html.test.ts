import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runToReport } from "../../../src/reports/content/run-to-report.ts";
import { html, textToHtml, valueToScriptJson } from "../../../src/reports/html/html.ts";
import { readPageFiles } from "../../../src/reports/html/page-files.ts";
import { reportToHtml } from "../../../src/reports/html/report-to-html.ts";
import { chartsToWidths, tableToHtml } from "../../../src/reports/html/sections.ts";
import {
  HOSTILE,
  madeComparisonReport,
  madeResultReport,
  madeRun,
  madeRunReport,
  madeTable,
} from "./made-reports.ts";

const files = await readPageFiles();

/** What a browser takes for tags, in the order of the page, text and scripts' contents left out. */
function pageToTags(page: string): string[] {
  const withoutContents = page
    .replace(/(<script[^>]*>)[\s\S]*?<\/script/g, "$1</script")
    .replace(/(<style>)[\s\S]*?<\/style/g, "$1</style");
  return withoutContents.match(/<[!a-z/][^>]*>/gi) ?? [];
}

describe("text in templates", () => {
  it("is escaped in elements and in quoted attributes; HTML made by templates is not escaped again", () => {
    expect(html`<b title="${'"><i>'}">${"<&'`"}${html`<i>${1}</i>`}</b>`.text).toBe(
      '<b title="&quot;&gt;&lt;i&gt;">&lt;&amp;&#39;&#96;<i>1</i></b>',
    );
    expect(html`${null}${undefined}${false}${[html`<p>`, "<"]}`.text).toBe("<p>&lt;");
  });

  it("shows what would reorder a line", () => {
    expect(textToHtml("a\u202eb\u2066c\u0000")).toBe("a\\u202eb\\u2066c\\u0000");
  });

  it("of any kind has no character left that HTML reads", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => !/[<>"'`]/.test(textToHtml(text))));
  });
});

describe("JSON in a script element", () => {
  it("comes back the same and holds no tag, whatever is in it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { text } = valueToScriptJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).not.toMatch(/[<>\u2028\u2029]/);
      }),
    );
    for (const name of HOSTILE) expect(JSON.parse(valueToScriptJson({ name }).text)).toEqual({ name });
  });
});

describe("a page", () => {
  it("has the same tags whatever names it is of", async () => {
    const hostile = [await madeRunReport(), madeComparisonReport(), madeResultReport()];
    for (const report of hostile) {
      const plain = JSON.parse(
        JSON.stringify(report, (_, value) =>
          typeof value === "string" && HOSTILE.some((name) => value.includes(name.slice(0, 8)))
            ? "name"
            : value,
        ),
      );
      const tags = pageToTags(reportToHtml(report, files));
      expect(tags.map((tag) => /^<\/?[!a-z0-9]+/i.exec(tag)![0])).toEqual(
        pageToTags(reportToHtml(plain, files)).map((tag) => /^<\/?[!a-z0-9]+/i.exec(tag)![0]),
      );
      expect(tags.filter((tag) => /\son[a-z]+=|javascript:/i.test(tag.replace(/"[^"]*"/g, '""')))).toEqual(
        [],
      );
    }
  });

  it("names nothing of the network: no address but data, no link but anchors", async () => {
    const page = reportToHtml(await madeRunReport(), files);
    const attributes = pageToTags(page).flatMap((tag) =>
      [...tag.matchAll(/\s(src|href)="([^"]*)"/g)].map(([, , address]) => address),
    );
    expect(attributes.length).toBeGreaterThan(5);
    expect(attributes.filter((address) => !/^(#|data:)/.test(address))).toEqual([]);
  });

  it("lets only its own scripts and style run, by their hashes", async () => {
    const page = reportToHtml(await madeRunReport(), files);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1];
    expect(policy).toContain("default-src 'none'");
    expect(policy.match(/'sha256-/g)).toHaveLength(3);
    expect(policy).not.toContain("unsafe");
  });

  it("reads without scripts: verdicts, figures, a table a chart, every sample", async () => {
    const report = await madeRunReport();
    const page = reportToHtml(report, files);
    const body = page.slice(page.indexOf("<body>"), page.indexOf('<script type="application/json"'));
    expect(body.match(/<details><summary>Values/g)).toHaveLength(report.charts.length);
    expect(body).toContain("mode collapse");
    expect(body.match(/<figure data-round=/g)).toHaveLength(3);
  });

  it("of 100,000 recorded rounds stays under 3 MB, and is made in seconds", () => {
    const rounds = 100_000;
    const names = ["generator_loss", "discriminator_loss", "real_score", "fake_score", "jsd"];
    const run = madeRun(10, {
      losses: madeTable(rounds, names),
      layers: Array.from({ length: 16 }, (_, i) => ({
        ...madeTable(rounds, ["gradient_norm"]),
        player: i < 8 ? ("generator" as const) : ("discriminator" as const),
        layer: `dense${i}`,
      })),
    });
    const started = performance.now();
    const page = reportToHtml(runToReport({ run }), files);
    expect(Buffer.byteLength(page)).toBeLessThan(3_000_000);
    // Two seconds alone; the bound leaves room for a busy machine.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe("charts in pairs", () => {
  it("leave no place beside them empty: one alone, and parallel axes, take the whole width", async () => {
    const [plain] = (await madeRunReport()).charts;
    const parallel = { ...plain, config: { ...plain.config, parallels: [] } };
    const toWidths = (word: string): string =>
      chartsToWidths([...word].map((letter) => (letter === "p" ? parallel : plain)))
        .map((isWide) => (isWide ? "W" : "."))
        .join("");
    expect(["c", "cc", "ccc", "cp", "ccp", "cccp", "pc", "pcc", "ccpc"].map(toWidths)).toEqual([
      "W",
      "..",
      "..W",
      "WW",
      "..W",
      "..WW",
      "WW",
      "W..",
      "..WW",
    ]);
  });
});

describe("a table", () => {
  it("keeps numbers in one piece, and no other text", () => {
    const { text } = tableToHtml(
      {
        columns: [{ key: "a", title: "a", align: "right" }],
        rows: [{ a: "1.2e-4" }, { a: 1234 }, { a: "e-4" }],
      },
      "table",
    );
    expect(text.match(/<td[^>]*>/g)).toEqual([
      '<td class="right number">',
      '<td class="right number">',
      '<td class="right">',
    ]);
  });
});
