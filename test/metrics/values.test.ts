import { describe, expect, it } from "vitest";
import { decide } from "../../src/check/decide.ts";
import { keyToMetric } from "../../src/compare/compared-metric.ts";
import { GanEvalError } from "../../src/errors.ts";
import { metricIds, metrics, valueToKey } from "../../src/metrics/table.ts";
import {
  keyToDirection,
  keyToName,
  keyToRow,
  keyToSpread,
  nameToKey,
  nameToMetricId,
  spreadToKey,
  valueRows,
} from "../../src/metrics/values.ts";
import { keyToName as keyToChartName } from "../../src/reports/charts/metric-name.ts";
import { resultToReadings } from "../../src/reports/result-to-readings.ts";
import { evaluation } from "../cli/evaluation.ts";

const FAMILIES = ["inception", "digits", "stacked_digits", "clip_vit_b_32"];

/** Every value by every family, under the name that results give it. */
const keys = [
  ...new Set(valueRows.flatMap(({ key }) => FAMILIES.map((family) => key.replace("{extractor}", family)))),
];

/** The better side, by which way a change makes the gate's maxWorse fail. */
function keyToGate(key: string): "lower" | "higher" | "none" {
  const limits = { maxWorse: { size: 1, isRelative: false } };
  const seeds = (value: number) => new Map([[key, { values: [value] }]]);
  const isWorse = (value: number): boolean => {
    const evidence = { current: seeds(value), baseline: seeds(5), history: [], passed: [] };
    return decide([{ name: key, level: "error", limits }], evidence)[0]!.status === "failed";
  };
  try {
    return isWorse(9) ? "lower" : isWorse(1) ? "higher" : "none";
  } catch (error) {
    if (error instanceof GanEvalError && error.code === "usage.check-direction") return "none";
    throw error;
  }
}

describe("the registry of values", () => {
  it("has a row with a name and a unit for every value of every metric", () => {
    for (const id of metricIds)
      for (const value of Object.keys(metrics[id].keys))
        for (const family of FAMILIES) {
          const key = valueToKey(metrics[id], value, family);
          const row = keyToRow(key);
          expect(row, key).toMatchObject({ metric: id, key: metrics[id].keys[value] });
          expect(row!.unit, key).not.toBe("");
          expect(keyToName(key), key).toMatch(/^[A-Z0-9s][^{}]*$/);
          expect(keyToName(key), key).not.toContain("undefined");
        }
  });

  it.each(keys)("gives %s one direction and one name, whoever reads it", (key) => {
    const direction = keyToDirection(key);
    expect(keyToMetric(key)?.direction ?? "none").toBe(direction);
    const [reading] = resultToReadings(evaluation({ metrics: { [key]: 1 } }));
    expect(reading!.direction ?? "none").toBe(direction);
    expect(reading!.name).toBe(keyToName(key));
    expect(keyToChartName(key)).toBe(keyToName(key));
    expect(keyToGate(key)).toBe(direction);
  });

  it.each(FAMILIES)("calls no two values of the network %s by one name", (family) => {
    const names = valueRows.map(({ key }) => keyToName(key.replace("{extractor}", family)));
    expect(new Set(names).size).toBe(names.length);
  });

  it("finds a mean and its spread from each other, and a spread has no better end", () => {
    expect(keyToSpread("digits_score_mean")).toBe("digits_score_std");
    expect(spreadToKey("digits_score_std")).toBe("digits_score_mean");
    for (const { spread, spreadOf, direction } of valueRows) {
      if (spread !== undefined) expect(keyToRow(spread.replace("{extractor}", "x"))!.spreadOf).toBeDefined();
      if (spreadOf !== undefined) expect(direction).toBe("none");
    }
  });

  it("takes a metric's id for its main value, and not for the mean over classes", () => {
    const present = ["intra_frechet_digits_distance", "digits_score_mean", "frechet_digits_distance"];
    expect(nameToKey("fid", present)).toBe("frechet_digits_distance");
    expect(nameToKey("is", present)).toBe("digits_score_mean");
    expect(nameToKey("kid", present)).toBeUndefined();
    expect(nameToMetricId("intra_frechet_digits_distance")).toBe("fid");
    expect(nameToMetricId("class_kl")).toBeUndefined();
  });

  it("takes the extractor's family from a result that says it: its own spelling, and no guess at the metric", () => {
    const toName = (key: string, extractor: string) =>
      resultToReadings(
        evaluation({ metrics: { [key]: 1 }, protocol: { ...evaluation().protocol, extractor } }),
      )[0]!.name;
    expect(toName("frechet_my_net_distance", "My-Net")).toBe("Frechet My-Net distance");
    expect(toName("vendi_mode_score", "mode")).toBe("Vendi score");
    expect(toName("vendi_mode_score", "vendi")).toBe("Mode score");
    expect(keyToName("vendi_mode_score")).toBe("Vendi score");
  });

  it("leaves a value that is none of ours its key, without a direction", () => {
    expect(keyToName("new_metric")).toBe("new_metric");
    expect(keyToDirection("new_metric")).toBe("none");
    expect(keyToName("constructor")).toBe("constructor");
  });
});
