/** Reports of runs that were never trained, with names that try to get out of their place. */
import { Buffer } from "node:buffer";
import { entriesToComparison } from "../../../src/compare/entries-to-comparison.ts";
import type { Diagnosis } from "../../../src/diagnosis/verdict.ts";
import { pixelsToPng } from "../../../src/images/sinks/encode-png.ts";
import { comparisonToReport } from "../../../src/reports/content/comparison-to-report.ts";
import type { Image, Report } from "../../../src/reports/content/report.ts";
import { resultToReport } from "../../../src/reports/content/result-to-report.ts";
import { runToReport } from "../../../src/reports/content/run-to-report.ts";
import type { ToyView } from "../../../src/reports/content/toy-view.ts";
import { RUN_SCHEMA } from "../../../src/run-folder/description.ts";
import type { RunRecord } from "../../../src/run-folder/read-run.ts";
import type { LayerTable, Table } from "../../../src/run-folder/read-table.ts";
import { evaluation } from "../../cli/evaluation.ts";
import { entry } from "../../compare/entries.ts";

/** Each would run `pwned` if it were ever taken for HTML or script. */
export const HOSTILE = [
  '</script><img src=x onerror="pwned()">',
  '"><svg onload="pwned()">',
  "'-pwned()-'",
  "</style><script>pwned()</script>",
  "<!--<script>pwned()",
  "javascript:pwned()",
  "pre$`post$&$'",
  "\u202eevil\u2066 عربي עברית 漢字 \u2028\u0000",
] as const;
export const HOSTILE_NAME = HOSTILE.join(" ");

const waves = (n: number, scale: number, offset: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => offset + scale * Math.sin(i / 7) + (scale * (i % 5)) / 9);

export function madeTable(rounds: number, columns: readonly string[]): Table {
  return {
    rounds: Float64Array.from({ length: rounds }, (_, i) => 10 * (i + 1)),
    columns: new Map(columns.map((name, i) => [name, waves(rounds, 0.1, 0.3 + 0.1 * i)])),
  };
}

export function madeRun(rounds = 60, changes: Partial<RunRecord> = {}): RunRecord {
  const layer = (player: LayerTable["player"], name: string): LayerTable => ({
    ...madeTable(rounds, ["gradient_norm"]),
    player,
    layer: name,
  });
  return {
    folder: "runs/made",
    description: {
      schema: RUN_SCHEMA,
      status: "finished",
      name: HOSTILE_NAME,
      command: ["gan-eval", "train", "--out", HOSTILE_NAME],
      versions: { "gan-eval": "0.1.0" },
      config: { model: HOSTILE_NAME, evalSamples: 1000, data: HOSTILE_NAME },
      data: { label: HOSTILE_NAME, shape: [2] },
      networks: {
        generator: [{ name: HOSTILE_NAME, kind: "dense", input: [2], output: [2], parameters: 6 }],
        discriminator: [],
      },
      rounds: 10 * rounds,
      seed: 1,
      started: "2026-01-01",
      updated: "2026-01-01",
      round: 10 * rounds,
      events: [{ round: 10, kind: HOSTILE_NAME, message: HOSTILE_NAME }],
    },
    status: "finished",
    losses: madeTable(rounds, ["generator_loss", "discriminator_loss", "real_score", "fake_score", "jsd"]),
    layers: [
      layer("generator", HOSTILE_NAME),
      layer("generator", "dense2"),
      layer("discriminator", "dense1"),
    ],
    scores: madeTable(8, ["sliced_wasserstein", "precision", HOSTILE_NAME]),
    signals: madeTable(0, []),
    timing: madeTable(0, []),
    samples: [],
    checkpoints: [],
    warnings: [{ code: "cut-table", message: HOSTILE_NAME, hint: HOSTILE_NAME }],
    ...changes,
  };
}

export const madeDiagnosis: Diagnosis = {
  schema: "gan-eval/diagnosis/1",
  subject: HOSTILE_NAME,
  verdicts: [
    {
      id: "mode-collapse",
      severity: "failure",
      title: "mode collapse",
      summary: HOSTILE_NAME,
      evidence: [
        { metric: HOSTILE_NAME, value: 1, comparison: "above", threshold: 0.5, source: HOSTILE_NAME },
      ],
      advice: [{ text: HOSTILE_NAME, source: HOSTILE_NAME }],
    },
  ],
  notJudged: [{ id: "memorisation", why: HOSTILE_NAME }],
  warnings: [],
  provenance: { ganEval: "0.1.0", node: "20", command: [] },
};

async function madeImage(level: number): Promise<Image> {
  const png = await pixelsToPng(new Uint8Array(64).fill(level), { height: 8, width: 8, channels: 1 });
  return { source: `data:image/png;base64,${png.toString("base64")}`, width: 8, height: 8 };
}

const places = (n: number): string =>
  Buffer.from(Uint16Array.from({ length: n }, (_, i) => (i * 7919) % 65_536).buffer).toString("base64");

export const madeToy: ToyView = {
  low: [-1, -1],
  high: [1, 1],
  real: places(20),
  heatSide: 4,
  manifoldSide: 3,
  isProbability: true,
  heatStep: 1 / 256,
  reach: 1,
  skipped: 0,
  frames: [0, 10, 20].map((round, k) => ({
    round,
    samples: places(20 + 2 * k),
    middle: 0,
    heat: Buffer.from(Int16Array.from({ length: 16 }, (_, i) => 96 * (i - 7.5)).buffer).toString("base64"),
    manifold: places(18),
    pushes: Buffer.from(Float32Array.from({ length: 8 }, (_, i) => Math.sin(i + k)).buffer).toString(
      "base64",
    ),
  })),
};

export async function madeRunReport(): Promise<Report> {
  const frames = await Promise.all(
    [0, 100, 200].map(async (round) => ({ round, ...(await madeImage(round)) })),
  );
  return runToReport({
    run: madeRun(),
    diagnosis: madeDiagnosis,
    samples: { frames, real: await madeImage(128), areDrawings: false, leftOut: 2 },
    neighbours: {
      pairs: [{ generated: await madeImage(50), real: await madeImage(60), distance: 10 }],
      caption: HOSTILE_NAME,
    },
    toy: madeToy,
  });
}

/** Three rates, two models, three seeds, three options that vary; the highest rate fails. */
export function madeComparisonReport(): Report {
  const entries = ["gan", HOSTILE_NAME].flatMap((model) =>
    [1e-5, 1e-4, 1e-3].flatMap((lr) =>
      [0, 1, 2].map((seed) =>
        entry(model, lr, seed, lr === 1e-3 && seed > 0 ? null : lr * 1e4 + 0.1 * seed + 0.5, {
          options: { model, lr, b1: seed / 2, net: HOSTILE_NAME },
        }),
      ),
    ),
  );
  return comparisonToReport(entriesToComparison(entries, {}), ["gan-eval", "report", HOSTILE_NAME]);
}

export const madeResultReport = (): Report =>
  resultToReport(
    evaluation({
      inputs: {
        real: { location: HOSTILE_NAME, kind: "folder", count: 10 },
        fake: { location: HOSTILE_NAME, kind: "folder", count: 10 },
      },
      warnings: [{ code: "few-samples", message: HOSTILE_NAME }],
      byClass: {
        fakeLabels: "predicted",
        classes: [HOSTILE_NAME, "1"].map((name) => ({
          ...{ name, real: 5, fake: 5, realShare: 0.5, fakeShare: 0.5, distance: 1 },
        })),
        measured: 2,
        distanceKey: "frechet_inception_distance",
        metrics: {},
        intervals: {},
        floors: {},
      },
    }),
  );
