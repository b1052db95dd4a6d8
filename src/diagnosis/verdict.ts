/** What a diagnosis says. */
import type { Warning } from "../errors.ts";
import type { Severity, VerdictId } from "../run-folder/verdicts.ts";

export { PROBLEMS, type Severity, VERDICTS, type VerdictId } from "../run-folder/verdicts.ts";

export const DIAGNOSIS_SCHEMA = "gan-eval/diagnosis/1";

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
  /** The run's folder, or the image sets. */
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
