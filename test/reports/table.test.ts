import fc from "fast-check";
import { parseString } from "fast-csv";
import { describe, expect, it } from "vitest";
import {
  colourStyle,
  plainStyle,
  textToLines,
  textToPlain,
  textToVisible,
  textToWidth,
} from "../../src/reports/page.ts";
import {
  type Table,
  tableToCsv,
  tableToMarkdown,
  tableToText,
  textToPadded,
} from "../../src/reports/table.ts";

const page = (columns: number) => ({ columns, style: plainStyle });

const table: Table = {
  columns: [
    { key: "name", title: "name" },
    { key: "value", title: "value", align: "right" },
    { key: "what", title: "what it is" },
  ],
  rows: [
    { name: "one", value: 1.5, what: "the first" },
    {
      name: "eleven",
      value: 22.25,
      what: "a text that is long enough to be wrapped on a page of sixty columns",
    },
    { name: "none", value: null, what: "" },
  ],
};

describe("widths", () => {
  it("ignore colour, count wide characters twice", () => {
    expect(textToWidth(colourStyle.bold(colourStyle.red("abc")))).toBe(3);
    expect(textToWidth("日本")).toBe(4);
    expect(textToWidth("é")).toBe(1);
    expect(textToWidth("e\u0301")).toBe(1);
    expect(textToPadded(colourStyle.bold("ab"), 4).endsWith("  ")).toBe(true);
  });

  it("wrapped lines keep every word, and keep within the width where words allow it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }),
        fc.integer({ min: 12, max: 60 }),
        (words, width) => {
          const lines = textToLines(words.join(" "), width);
          expect(lines.join(" ").split(" ")).toEqual(words);
          for (const line of lines) expect(textToWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it("control and bidirectional characters become visible", () => {
    expect(textToVisible("a\u001b[31mb\u202ec\u0007")).toBe("a\\u001b[31mb\\u202ec\\u0007");
  });
});

describe("text tables", () => {
  it("are aligned; the last column is wrapped at 60", () => {
    expect(`\n${tableToText(table, page(60))}`).toBe(`
name    value  what it is
one       1.5  the first
eleven  22.25  a text that is long enough to be wrapped on a
               page of sixty columns
none
`);
  });

  it("become blocks where columns do not fit", () => {
    expect(`\n${tableToText({ ...table, rows: table.rows.slice(0, 1) }, page(20))}`).toBe(`
name        one
value       1.5
what it is  the first
`);
  });

  it("have the same letters with colour as without", () => {
    const coloured = tableToText(table, { columns: 60, style: colourStyle }, (text) =>
      colourStyle.green(text),
    );
    expect(textToPlain(coloured)).toBe(tableToText(table, page(60)));
    expect(coloured).toContain("\u001b[32m");
  });

  it("no line is wider than the page, but for words that are", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 120 }),
        fc.array(fc.stringMatching(/^([a-z]{1,9} ){0,20}[a-z]$/), { maxLength: 6 }),
        (columns, texts) => {
          const text = tableToText(
            { ...table, rows: texts.map((what, i) => ({ name: `n${i}`, value: i, what })) },
            page(columns),
          );
          for (const line of text.split("\n")) expect(textToWidth(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  it("a table without rows is its heading", () => {
    expect(tableToText({ ...table, rows: [] }, page(80))).toBe("name  value  what it is\n");
  });
});

describe("Markdown tables", () => {
  it("escape what would end a cell or open a tag", () => {
    const hostile: Table = { columns: [{ key: "a", title: "a" }], rows: [{ a: "x | <script> \\ y\nz" }] };
    expect(tableToMarkdown(hostile)).toBe("| a |\n| --- |\n| x \\| &lt;script&gt; \\\\ y z |\n");
  });

  it("align numbers on the right", () => {
    expect(tableToMarkdown(table).split("\n")[1]).toBe("| --- | ---: | --- |");
  });
});

/** fast-csv's own parser: what a spreadsheet would read. */
const parseCsv = (text: string): Promise<string[][]> =>
  new Promise((resolve, reject) => {
    const rows: string[][] = [];
    parseString(text)
      .on("error", reject)
      .on("data", (row: string[]) => rows.push(row))
      .on("end", () => resolve(rows));
  });

describe("CSV", () => {
  it("is read back as it was, whatever a cell holds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc
            .string({ unit: "grapheme" })
            .filter((text) => !/^[=+\-@\t\r]/.test(text) && !/^\s|\s$|[\r\n]/.test(text) && text !== ""),
          { minLength: 1, maxLength: 5 },
        ),
        async (texts) => {
          const csv = await tableToCsv({
            columns: [
              { key: "a", title: "A" },
              { key: "b", title: "B" },
            ],
            rows: texts.map((a) => ({ a, b: 1 })),
          });
          expect(await parseCsv(csv)).toEqual([["a", "b"], ...texts.map((a) => [a, "1"])]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("numbers keep all their digits and text cannot become a formula", async () => {
    const csv = await tableToCsv({
      columns: [
        { key: "a", title: "A" },
        { key: "b", title: "B" },
      ],
      rows: [{ a: "=1+1", b: -0.1234567890123 }],
    });
    expect(csv).toBe("a,b\r\n'=1+1,-0.1234567890123\r\n");
  });

  it("has its heading even without rows", async () => {
    expect(await tableToCsv({ ...table, rows: [] })).toMatch(/^name,value,what/);
  });
});
