import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  METRIC_PARAMETER_OPTIONS,
  METRIC_PARAMETERS,
  type MetricParameterName,
} from "../../../src/cli/options/metric-parameters.ts";
import { nameToFlag, OPTION_NAMES } from "../../../src/cli/options.ts";
import { metrics } from "../../../src/metrics/table.ts";

/** Parameters that several metrics share have options of their own. */
const SHARED = new Set(["seed", "ddof", "splits", "shuffle", "channel", "border"]);

const camel = (text: string): string =>
  text.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

describe("options of metrics' parameters", () => {
  it("are one for each parameter of the table that is not shared, called by metric and name", () => {
    const expected = Object.values(metrics).flatMap(({ id, defaults }) =>
      Object.keys(defaults)
        .filter((name) => !SHARED.has(name))
        .map((name) => camel(`${id}-${name.charAt(0).toUpperCase()}${name.slice(1)}`).replace("-", "")),
    );
    expect(Object.keys(METRIC_PARAMETERS).sort()).toEqual(expected.sort());
    for (const [name, { metric, parameter }] of Object.entries(METRIC_PARAMETERS))
      expect(name.toLowerCase()).toBe(`${metric}${parameter}`.replaceAll("-", "").toLowerCase());
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

  it.each(Object.keys(METRIC_PARAMETERS) as MetricParameterName[])(
    "help states the default of %s",
    (name) => {
      const { metric, parameter } = METRIC_PARAMETERS[name];
      const value = metrics[metric].defaults[parameter];
      const text = typeof value === "boolean" ? (value ? "on" : "off") : String(value);
      expect(METRIC_PARAMETER_OPTIONS[name].defaultText).toMatch(new RegExp(`^${text}(: |; |$)`));
    },
  );
});
