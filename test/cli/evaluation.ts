import { type EvaluationResult, RESULT_SCHEMA } from "../../src/evaluate/result.ts";

/** A result as `evaluate` gives it, for tests of what is done with one. */
export function evaluation(changes: Partial<EvaluationResult> = {}): EvaluationResult {
  return {
    schema: RESULT_SCHEMA,
    metrics: {
      frechet_inception_distance: 299.14046312,
      inception_score_mean: 9.8125,
      inception_score_std: 0.125,
    },
    inputs: {
      real: { location: "./mnist", kind: "idx", count: 60000, contentHash: "a".repeat(64) },
      fake: { location: "./images", kind: "folder", count: 1200, contentHash: "b".repeat(64) },
    },
    protocol: {
      extractor: "inception-v3-2015-12-05",
      extractorHash: "6726825d".padEnd(64, "0"),
      featureEnd: "2048",
      dims: 2048,
      resize: "tf1",
      ddof: 1,
      seed: 2020,
      splits: 10,
      shuffle: true,
      parameters: { fid: { ddof: 1 }, is: { splits: 10, shuffle: true, seed: 2020 } },
    },
    warnings: [{ code: "few-samples", message: "1,200 fake: biased upwards", hint: "Use 10,000." }],
    provenance: {
      ganEval: "0.1.0",
      node: "20.20.2",
      engine: "onnx",
      device: "cpu",
      threads: 2,
      batchSize: 32,
      command: ["gan-eval", "fid"],
      startedAt: "2026-01-02T03:04:05.000Z",
      seconds: 75.4,
    },
    ...changes,
  };
}
