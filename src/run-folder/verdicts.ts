/** The verdicts that diagnosis gives; options of a run name them. */

/** Every verdict, and how bad it is where it holds. */
export const VERDICTS = {
  divergence: { title: "training diverged", severity: "failure" },
  "mode-collapse": { title: "mode collapse: the generator makes a few things only", severity: "failure" },
  "mode-hopping": { title: "mode hopping: the generator makes one thing after another", severity: "failure" },
  "outputs-alike": { title: "the outputs are all alike, whatever the input", severity: "failure" },
  "input-ignored": { title: "the outputs have nothing to do with their inputs", severity: "failure" },
  "vanishing-gradient": { title: "vanishing gradient", severity: "failure" },
  memorisation: { title: "memorisation: samples are copies of training ones", severity: "failure" },
  "partial-collapse": { title: "partial mode collapse: some of the data is never made", severity: "warning" },
  "input-copied": { title: "the outputs are copies of their inputs", severity: "warning" },
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
