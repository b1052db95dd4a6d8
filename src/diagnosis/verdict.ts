/** What a diagnosis says. */
import type { Warning } from "../errors.ts";

export const DIAGNOSIS_SCHEMA = "gan-eval/diagnosis/1";

/** Every verdict, and how bad it is where it holds. */
export const VERDICTS = {
  divergence: { title: "training diverged", severity: "failure" },
  "mode-collapse": { title: "mode collapse: the generator makes a few things only", severity: "failure" },
  "mode-hopping": { title: "mode hopping: the generator makes one thing after another", severity: "failure" },
  "vanishing-gradient": { title: "vanishing gradient", severity: "failure" },
  memorisation: { title: "memorisation: samples are copies of training ones", severity: "failure" },
  "partial-collapse": { title: "partial mode collapse: some of the data is never made", severity: "warning" },
  "discriminator-dominance": { title: "the discriminator is too far ahead", severity: "warning" },
  "discriminator-overfitting": {
    title: "the discriminator knows its training samples by heart",
    severity: "warning",
  },
  oscillation: { title: "the players go round each other: no convergence", severity: "warning" },
  "dead-units": { title: "dead units", severity: "warning" },
  "under-training": { title: "not trained enough", severity: "warning" },
  healthy: { title: "no sign of failure", severity: "ok" },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly severity: Severity }>>;

export type VerdictId = keyof typeof VERDICTS;
export type Severity = "failure" | "warning" | "note" | "ok";

/** Those that may be asked for as a gate or an end: all but `healthy`. */
export const PROBLEMS = Object.keys(VERDICTS).filter((id) => id !== "healthy") as Exclude<
  VerdictId,
  "healthy"
>[];

/** A number, and what it is held against. */
export interface Evidence {
  /** `coverage`, `gradient norm of generator/dense1`. */
  readonly metric: string;
  readonly value: number;
  readonly comparison: "above" | "below" | "within";
  readonly threshold: number;
  /** Where the threshold comes from. */
  readonly source: string;
  /** Real against real. */
  readonly floor?: number;
  readonly interval?: readonly [number, number];
  readonly rounds?: readonly [from: number, to: number];
}

export interface Advice {
  readonly text: string;
  readonly source: string;
}

export interface Verdict {
  readonly id: VerdictId;
  readonly severity: Severity;
  readonly title: string;
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  readonly advice: readonly Advice[];
}

export interface NotJudged {
  readonly id: VerdictId;
  readonly why: string;
}

export interface DiagnosisProvenance {
  readonly ganEval: string;
  readonly node: string;
  readonly command: readonly string[];
}

export interface Diagnosis {
  readonly schema: typeof DIAGNOSIS_SCHEMA;
  /** The run's folder, or the picture sets. */
  readonly subject: string;
  /** Worst first; `healthy` alone where there is nothing else. */
  readonly verdicts: readonly Verdict[];
  readonly notJudged: readonly NotJudged[];
  readonly warnings: readonly Warning[];
  readonly provenance: DiagnosisProvenance;
}

/** What a judge comes to: that it holds, that it does not (and by which numbers), or that it cannot tell. */
export type Finding =
  | { readonly holds: readonly Evidence[]; readonly summary: string }
  | { readonly clear: readonly Evidence[] }
  | { readonly unknown: string };
