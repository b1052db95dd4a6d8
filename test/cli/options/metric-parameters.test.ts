import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as zod from "zod";
import { METRIC_PARAMETER_OPTIONS, METRIC_PARAMETERS } from "../../../src/cli/options/metric-parameters.ts";
import { defaultToText, nameToFlag, OPTION_NAMES, OPTIONS } from "../../../src/cli/options.ts";
import { COMPARED_ROWS } from "../../../src/evaluate/compared/option-rows.ts";
import {
  PARAMETER_ROWS,
  parametersToDefaults,
  SHARED_PARAMETER_ROWS,
} from "../../../src/metrics/parameter-rows.ts";
import { metrics } from "../../../src/metrics/table.ts";
import type { OptionTable } from "../../../src/options/table.ts";

const TABLES: Readonly<Record<string, OptionTable>> = PARAMETER_ROWS;
/** Parameters of metrics of pairs that one option of the measurement sets for all of them. */
const OF_PAIRS: Readonly<Record<string, unknown>> = {
  channel: COMPARED_ROWS.pairedChannel.defaultText,
  border: COMPARED_ROWS.pairedBorder.defaultText,
};

describe("options of metrics' parameters", () => {
  it.each(Object.values(metrics))(
    "$id measures with the defaults of its parameters' rows",
    ({ id, defaults }) => {
      const [ofPairs, own] = [true, false].map((wanted) =>
        Object.entries(defaults).filter(([name]) => Object.hasOwn(OF_PAIRS, name) === wanted),
      );
      expect(own).toEqual(Object.entries(parametersToDefaults(TABLES[id] ?? {})));
      for (const [name, value] of ofPairs) expect(String(value)).toBe(OF_PAIRS[name]);
    },
  );

  it("are rows of metrics that there are, and each row takes its own default", () => {
    for (const [id, table] of Object.entries(TABLES)) {
      expect(Object.keys(metrics)).toContain(id);
      for (const row of Object.values(table))
        expect(row.kind.schema(zod).parse(row.default)).toBe(row.default);
    }
  });

  it("are one for each parameter that is not shared, called by metric and name", () => {
    const own = Object.entries(TABLES).flatMap(([metric, table]) =>
      Object.keys(table)
        .filter((parameter) => !Object.hasOwn(SHARED_PARAMETER_ROWS, parameter))
        .map((parameter) => ({ metric, parameter })),
    );
    expect(Object.values(METRIC_PARAMETERS)).toEqual(own);
    for (const [name, { metric, parameter }] of Object.entries(METRIC_PARAMETERS))
      expect(name.toLowerCase()).toBe(`${metric}${parameter}`.replaceAll("-", "").toLowerCase());
  });

  it("share the row of the measurement's own option where several metrics have them", () => {
    for (const [name, row] of Object.entries(SHARED_PARAMETER_ROWS)) {
      expect(OPTIONS[name as keyof typeof SHARED_PARAMETER_ROWS]).toBe(row);
      for (const table of Object.values(TABLES)) if (name in table) expect(table[name]).toBe(row);
    }
  });

  it("have help that says the metric's own default, and no default of their own", () => {
    for (const [name, row] of Object.entries(METRIC_PARAMETER_OPTIONS)) {
      const { metric, parameter } = METRIC_PARAMETERS[name as keyof typeof METRIC_PARAMETERS];
      const value = TABLES[metric]![parameter]!.default;
      const text = typeof value === "boolean" ? (value ? "on" : "off") : String(value);
      expect(row.default).toBeUndefined();
      expect(defaultToText(row)).toMatch(new RegExp(`^${text}(: |; |$)`));
    }
  });

  it("are those that errors and hints name", () => {
    const root = path.resolve(import.meta.dirname, "../../../src/metrics");
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const flags = new Set(OPTION_NAMES.map(nameToFlag));
    for (const file of files)
      for (const [, flag] of readFileSync(path.join(root, file), "utf8").matchAll(
        /--([a-z0-9]+(?:-[a-z0-9]+)+)/g,
      ))
        expect(flags, `${file}: --${flag}`).toContain(flag);
  });
});
