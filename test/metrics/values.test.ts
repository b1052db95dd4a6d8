/** The registry of values and everyone who asks it. */
import { describe, expect, test } from "vitest";
import { keyToMetric, nameToMetric } from "../../src/compare/choose-metric.ts";
import { metricIds, metrics, valueToKey } from "../../src/metrics/table.ts";
import {
  keyToDirection,
  keyToName,
  keyToValue,
  nameToKey,
  nameToMetricId,
  OTHER_VALUE_KEYS,
} from "../../src/metrics/values.ts";
import { resultToReadings } from "../../src/reports/result-to-readings.ts";

const FAMILIES = { inception: "inception-v3-2015-12-05", digits: "digits", stacked_digits: "stacked-digits" };

/** Every value of every metric, for each of some extractors. */
const METRIC_VALUES = Object.entries(FAMILIES).flatMap(([family, extractor]) =>
  metricIds.flatMap((id) =>
    Object.keys(metrics[id].keys).map((value) => ({
      ...{ id, value, extractor, family },
      key: valueToKey(metrics[id], value, family),
    })),
  ),
);
const ALL = [
  ...METRIC_VALUES,
  ...METRIC_VALUES.map((row) => ({ ...row, key: `intra_${row.key}` })),
  ...OTHER_VALUE_KEYS.map((key) => ({ key, extractor: "digits" })),
];

const keyToReading = (key: string, extractor: string) =>
  resultToReadings({ metrics: { [key]: 1 }, protocol: { extractor } } as unknown as Parameters<
    typeof resultToReadings
  >[0])[0];

describe("the registry of values", () => {
  test("gives every value of every metric its metric, unit and direction", () => {
    for (const { key, id, value } of METRIC_VALUES) {
      const row = metrics[id];
      expect.soft(keyToValue(key), key).toMatchObject({
        metric: id,
        unit: row.unit,
        isMain: Object.keys(row.keys)[0] === value,
        direction: value === "std" ? "none" : (row.directions?.[value] ?? row.direction),
      });
    }
  });

  test("knows no two values by one key", () => {
    const keys = METRIC_VALUES.filter(({ family }) => family === "digits").map(({ key }) => key);
    expect(new Set([...keys, ...OTHER_VALUE_KEYS]).size).toBe(keys.length + OTHER_VALUE_KEYS.length);
  });

  test("gives comparisons, the gate and readings the same direction and name", () => {
    for (const { key, extractor } of ALL) {
      const direction = keyToDirection(key);
      const shown = direction === "none" ? undefined : direction;
      expect.soft(keyToMetric(key)?.direction, `compare: ${key}`).toBe(shown);
      expect.soft(keyToReading(key, extractor).direction, `text: ${key}`).toBe(shown);
      expect.soft(keyToReading(key, extractor).name, `text and charts: ${key}`).toBe(keyToName(key));
    }
  });

  test("names the spread of each main value that has one, and no other", () => {
    for (const { key, id, family } of METRIC_VALUES) {
      const { isMain, spread } = keyToValue(key)!;
      const own = isMain && "std" in metrics[id].keys ? valueToKey(metrics[id], "std", family) : undefined;
      expect.soft(spread, key).toBe(own);
      if (own !== undefined) expect.soft(keyToValue(`intra_${key}`)?.spread).toBe(`intra_${own}`);
    }
  });

  test("finds a metric's main value by the metric's id, and any value by its key", () => {
    for (const { key, id } of METRIC_VALUES) {
      expect.soft(nameToKey(key, [key])).toBe(key);
      expect.soft(nameToMetricId(key)).toBe(id);
      expect.soft(nameToKey(id, [`intra_${key}`, key])).toBe(keyToValue(key)!.isMain ? key : undefined);
      const metric = keyToMetric(key);
      if (metric) expect.soft(nameToMetric(key, [metric])).toBe(metric);
    }
  });

  test("calls values of Inception by the names that the field knows", () => {
    expect(keyToName("frechet_inception_distance")).toBe("FID");
    expect(keyToName("kernel_inception_distance_mean")).toBe("KID");
    expect(keyToName("frechet_digits_distance")).toBe("Frechet digits distance");
    expect(keyToName("intra_frechet_digits_distance")).toBe("Intra-class Frechet digits distance");
  });

  test("knows nothing of another's value but its words", () => {
    expect(keyToValue("my_own_score")).toBeUndefined();
    expect(keyToDirection("my_own_score")).toBe("none");
    expect(keyToName("my_own_score")).toBe("My own score");
  });
});
