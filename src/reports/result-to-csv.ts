/** A result as CSV. */
import type { EvaluationResult } from "../evaluate/result.ts";
import { resultToReadings } from "./result-to-readings.ts";
import { type Cell, tableToCsv } from "./table.ts";

/** The columns of a result's CSV, and where each comes from; the metric's own columns stand before them. */
const RECORD: Readonly<Record<string, (result: EvaluationResult) => Cell | undefined>> = {
  real: ({ inputs }) => inputs.real?.location,
  real_kind: ({ inputs }) => inputs.real?.kind,
  real_count: ({ inputs }) => inputs.real?.count,
  fake: ({ inputs }) => inputs.fake?.location,
  fake_kind: ({ inputs }) => inputs.fake?.kind,
  fake_count: ({ inputs }) => inputs.fake?.count,
  extractor: ({ protocol }) => protocol.extractor,
  extractor_hash: ({ protocol }) => protocol.extractorHash,
  feature_end: ({ protocol }) => protocol.featureEnd,
  dims: ({ protocol }) => protocol.dims,
  resize: ({ protocol }) => protocol.resize,
  ddof: ({ protocol }) => protocol.ddof,
  parameters: ({ protocol }) => JSON.stringify(protocol.parameters),
  splits: ({ protocol }) => protocol.splits,
  shuffle: ({ protocol }) => protocol.shuffle,
  seed: ({ protocol }) => protocol.seed,
  engine: ({ provenance }) => provenance.engine,
  device: ({ provenance }) => provenance.device,
  seconds: ({ provenance }) => provenance.seconds,
  started_at: ({ provenance }) => provenance.startedAt,
  gan_eval: ({ provenance }) => provenance.ganEval,
  warnings: ({ warnings }) => warnings.map(({ code }) => code).join(" "),
};

const READING = ["metric", "value", "std", "low", "high", "standard_error", "floor", "better"];

/**
 * One row a metric, always with the same columns, so that the rows of several results can stand under one another.
 * Values in full precision.
 */
export function resultToCsv(result: EvaluationResult): Promise<string> {
  const record = Object.fromEntries(
    Object.entries(RECORD).map(([key, read]) => [key, read(result) ?? null] as const),
  );
  return tableToCsv({
    columns: [...READING, ...Object.keys(RECORD)].map((key) => ({ key, title: key })),
    rows: resultToReadings(result).map(({ key, value, spread, interval, floor, direction }) => ({
      metric: key,
      value,
      std: spread ?? null,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      standard_error: interval?.standardError ?? null,
      floor: floor?.value ?? null,
      better: direction ?? null,
      ...record,
    })),
  });
}
