import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckResult, RuleOutcome } from "../../src/check/check-result.ts";
import { checkToAnnotations } from "../../src/reports/check-to-annotations.ts";
import { checkToCsv } from "../../src/reports/check-to-csv.ts";
import { checkToJunit, errorToJunit } from "../../src/reports/check-to-junit.ts";
import { checkToMarkdown } from "../../src/reports/check-to-markdown.ts";
import { checkToText } from "../../src/reports/check-to-text.ts";
import { colourStyle, plainStyle, textToPlain, textToWidth } from "../../src/reports/page.ts";
import { evaluation } from "../cli/evaluation.ts";

const FAILED: RuleOutcome = {
  rule: "fid",
  level: "error",
  status: "failed",
  limit: "maxIncrease",
  key: "frechet_inception_distance",
  expected: { comparison: "<=", bound: 25.305 },
  found: 27.3,
  interval: [26.1, 28.6],
  values: [27.1, 27.5],
  baseline: 24.1,
  exceeds: true,
  beyondChance: true,
};
const PASSED: RuleOutcome = {
  ...FAILED,
  status: "passed",
  limit: "max",
  exceeds: false,
  beyondChance: false,
};
const UNJUDGED: RuleOutcome = {
  ...{
    rule: "no jump",
    level: "warn",
    status: "not-judged",
    limit: "expression",
    expression: "current.fid < 1",
  },
  ...{ exceeds: false, beyondChance: null, why: "the history has no nights with fid yet" },
};

const checked = (outcomes: readonly RuleOutcome[], changes: Partial<CheckResult> = {}): CheckResult => ({
  schema: "gan-eval/check/1",
  passed: outcomes.every(({ status }) => status !== "failed"),
  outcomes,
  shifts: [],
  chance: { level: 0.01, comparisons: outcomes.length },
  seeds: 2,
  baseline: { when: "2026-01-02T03:04:05.000Z", seeds: 3 },
  nights: 4,
  differences: [],
  inputs: { fakes: [] },
  protocol: evaluation().protocol,
  warnings: [],
  provenance: { ganEval: "0.1.0", when: "2026-02-03T04:05:06.000Z", seconds: 12 },
  ...changes,
});
const ALL = checked([FAILED, { ...FAILED, status: "warned", level: "warn" }, UNJUDGED, PASSED]);
const SHIFT = {
  ...{ key: "fid", towards: "worse" as const, nights: 14, mean: 26, baseline: 24, interval: [1, 3] as const },
};

/** Names that people and attackers give things. */
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        "<",
        ">",
        "&",
        '"',
        "'",
        "]]>",
        "\n",
        "\r",
        "\t",
        "\0",
        "\u001b[31m",
        "\ud800",
        "\ufffe",
        "::error::",
        "%0A",
        ":",
        ",",
        " ",
        "|",
        "`",
        "é",
        "模型",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

const decode = (text: string): string =>
  text.replace(/&(?:#(\d+)|(\w+));|&|</g, (whole, number?: string, name?: string) => {
    if (number !== undefined) return String.fromCodePoint(Number(number));
    const known: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
    if (name === undefined || !Object.hasOwn(known, name)) throw new Error(`not well-formed: ${whole}`);
    return known[name];
  });

/** A parser of elements, attributes, text and references, that refuses what XML 1.0 does. */
function parseXml(xml: string): Element {
  if (/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml))
    throw new Error("a character that XML lacks");
  let at = xml.indexOf("?>") + 2;
  const token = /\s*(?:<\/([\w-]+)>|<([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|([^<]+))/y;
  const next = (): RegExpExecArray => {
    token.lastIndex = at;
    const match = token.exec(xml);
    if (!match) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 40)}`);
    at = token.lastIndex;
    return match;
  };
  const parseElement = ([, , name, attributes, isEmpty]: RegExpExecArray): Element => {
    const entries = [...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [
      key,
      decode(value),
    ]);
    if (new Set(entries.map(([key]) => key)).size < entries.length) throw new Error("an attribute twice");
    const children: Element[] = [];
    let text = "";
    while (isEmpty === "") {
      const match = next();
      if (match[1] !== undefined) {
        if (match[1] !== name) throw new Error(`${match[1]} ends ${name}`);
        break;
      }
      if (match[2] !== undefined) children.push(parseElement(match));
      else text += decode(match[5]);
    }
    return { name, attributes: Object.fromEntries(entries), children, text };
  };
  const root = parseElement(next());
  if (xml.slice(at).trim() !== "") throw new Error("something behind the root");
  return root;
}

describe("JUnit", () => {
  it("has a case a limit, with what failed, was skipped and was only a warning", () => {
    const root = parseXml(checkToJunit(ALL));
    expect(root.name).toBe("testsuites");
    const [suite] = root.children;
    expect(suite.attributes).toMatchObject({
      ...{
        tests: "4",
        failures: "1",
        errors: "0",
        skipped: "1",
        time: "12.000",
        timestamp: "2026-02-03T04:05:06",
      },
    });
    expect(suite.children.map(({ attributes }) => attributes.name)).toEqual([
      ...["fid: maxIncrease", "fid: maxIncrease", "no jump", "fid: max"],
    ]);
    const inside = suite.children.map(({ children }) => children[0]);
    expect(inside.map(({ name }) => name)).toEqual(["failure", "system-out", "skipped", "system-out"]);
    expect(inside[0].attributes).toMatchObject({ type: "maxIncrease" });
    expect(inside[0].text).toContain("expected: <= 25.305\nfound: 27.3 [26.1, 28.6]\nall values: 27.1, 27.5");
  });

  it("of a night that could not be measured has an error and no failure", () => {
    const [suite] = parseXml(errorToJunit("input.x", 'got "<&\u0000"', "2026-02-03T04:05:06.000Z")).children;
    expect(suite.attributes).toMatchObject({ errors: "1", failures: "0" });
    expect(suite.children[0].children[0]).toMatchObject({
      name: "error",
      attributes: { type: "input.x", message: 'got "<&\ufffd"' },
    });
  });

  it("is well-formed whatever things are called", () => {
    fc.assert(
      fc.property(hostile, hostile, (rule, expression) => {
        const outcomes = [
          { ...FAILED, rule },
          { ...UNJUDGED, rule, expression, why: expression },
        ];
        const [suite] = parseXml(checkToJunit(checked(outcomes))).children;
        expect(suite.children).toHaveLength(2);
        parseXml(errorToJunit("input.x", rule + expression, "2026"));
      }),
    );
  });
});

describe("annotations", () => {
  it("are GitHub's commands: errors, warnings, and a notice where a baseline can be tightened", () => {
    const result = { ...ALL, shifts: [SHIFT, { ...SHIFT, towards: "better" as const }] };
    expect(checkToAnnotations(result)).toEqual([
      "::error title=fid%3A maxIncrease::expected: <= 25.305   found: 27.3 [26.1, 28.6]   all values: 27.1, 27.5   baseline: 24.1 (+13.3 %25)",
      "::warning title=fid%3A maxIncrease::expected: <= 25.305   found: 27.3 [26.1, 28.6]   all values: 27.1, 27.5   baseline: 24.1 (+13.3 %25)",
      "::warning title=drift::fid drifts: 26 over the last 14 nights, baseline 24 (+8.3 %25)",
      expect.stringMatching(/^::notice title=baseline::fid is better/),
    ]);
  });

  it("are one line each, and one command each, whatever things are called", () => {
    fc.assert(
      fc.property(hostile, hostile, (rule, expression) => {
        for (const line of checkToAnnotations(
          checked([
            { ...FAILED, rule },
            { ...FAILED, limit: "expression", expression },
          ]),
        )) {
          expect(line).not.toMatch(/[\r\n]/);
          const [, title] = /^::error title=([^:,]*)::/.exec(line)!;
          expect(title).not.toMatch(/[:,]/);
        }
      }),
    );
  });
});

describe("text", () => {
  it("says first what failed: expected, found, all values", () => {
    expect(checkToText(ALL, { columns: 120, style: plainStyle })).toMatchInlineSnapshot(`
      "failed    fid: maxIncrease
                expected: <= 25.305   found: 27.3 [26.1, 28.6]   all values: 27.1, 27.5   baseline: 24.1 (+13.3 %)
      warned    fid: maxIncrease
                expected: <= 25.305   found: 27.3 [26.1, 28.6]   all values: 27.1, 27.5   baseline: 24.1 (+13.3 %)
      unjudged  no jump
                expected: current.fid < 1   found: nothing yet   the history has no nights with fid yet
      passed    fid: max
                expected: <= 25.305   found: 27.3 [26.1, 28.6]   all values: 27.1, 27.5   baseline: 24.1 (+13.3 %)

      1 of 4 limits failed, 1 warned, 1 not judged
      2 seeds, baseline of 2026-01-02 (3 seeds), 4 earlier nights, false-alarm rate 1 % per night over 4 limits
      "
    `);
  });

  it.each([60, 80, 120])("fits %i columns", (columns) => {
    for (const line of checkToText({ ...ALL, shifts: [SHIFT] }, { columns, style: colourStyle }).split("\n"))
      expect(textToWidth(line)).toBeLessThanOrEqual(columns);
  });

  it("no line of it begins like a command to GitHub, whatever things are called", () => {
    fc.assert(
      fc.property(hostile, hostile, (rule, expression) => {
        const result = checked([
          { ...FAILED, rule },
          { ...UNJUDGED, rule, expression, why: expression },
        ]);
        const text = checkToText(result, { columns: 80, style: plainStyle });
        for (const line of textToPlain(text).split(/\r|\n/)) expect(line.trim()).not.toMatch(/^::/);
      }),
    );
  });
});

describe("Markdown and CSV", () => {
  it("Markdown has a table a limit a row, whatever things are called", () => {
    fc.assert(
      fc.property(hostile, hostile, (rule, expression) => {
        const markdown = checkToMarkdown(
          checked([
            { ...FAILED, rule },
            { ...UNJUDGED, rule, expression },
          ]),
        );
        expect(markdown.split("\n").filter((line) => line.startsWith("| "))).toHaveLength(4);
        expect(markdown).not.toMatch(/<(?!=)/);
      }),
    );
  });

  it("Markdown says warnings and drift", () => {
    const markdown = checkToMarkdown({
      ...ALL,
      shifts: [SHIFT],
      warnings: [
        { code: "x", message: "a <b> | c" },
        { code: "drift", message: "said once" },
      ],
    });
    expect(markdown).toContain("- a &lt;b&gt; \\| c");
    expect(markdown).toContain("- fid drifts");
    expect(markdown).not.toContain("said once");
  });

  it("CSV has numbers in full", async () => {
    const csv = await checkToCsv(ALL);
    expect(csv.split("\r\n")[1]).toBe(
      "failed,fid,maxIncrease,frechet_inception_distance,<= 25.305,27.3,26.1,28.6,24.1,27.1 27.5,error",
    );
  });
});
