import { describe, expect, test } from "vitest";
import { idToMetric, metricIds, metrics, valuesToKeys } from "../../src/metrics/table.ts";

describe("the table of metrics", () => {
  test("each row stands under its own id and names its source", () => {
    for (const id of metricIds) {
      expect(metrics[id].id).toBe(id);
      expect(idToMetric(id)).toBe(metrics[id]);
      expect(metrics[id].source.paper).not.toBe("");
    }
  });

  test("no two values of a result have one name", () => {
    const keys = metricIds.flatMap((id) => Object.values(metrics[id].keys));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("torch-fidelity's names for Inception, others for the digits network", () => {
    const score = { mean: 2, std: 1 };
    expect(valuesToKeys(metrics.is, score, "inception")).toEqual({
      inception_score_mean: 2,
      inception_score_std: 1,
    });
    expect(valuesToKeys(metrics.is, score, "digits")).toEqual({
      digits_score_mean: 2,
      digits_score_std: 1,
    });
    expect(valuesToKeys(metrics.fid, { distance: 3 }, "inception")).toEqual({
      frechet_inception_distance: 3,
    });
    expect(valuesToKeys(metrics.fid, { distance: 3 }, "digits")).toEqual({
      frechet_digits_distance: 3,
    });
  });

  test("an unknown id, or a name of Object's own, is a usage error that lists the known ones", () => {
    for (const id of ["fdi", "constructor", ""]) {
      expect(() => idToMetric(id)).toThrow(expect.objectContaining({ code: "usage.unknown-metric" }));
    }
    expect(() => idToMetric("fdi")).toThrow(/expected a metric \(fid, .*, kid, .*\), got "fdi"/);
    expect(() => idToMetric("fidd")).toThrow(expect.objectContaining({ hint: "Did you mean fid?" }));
  });
});
