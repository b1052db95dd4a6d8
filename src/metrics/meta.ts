/** Extractors whose scores are comparable among themselves; each has its own names in a result. */
export type ExtractorFamily = "inception" | "digits";

/** What a metric is computed from. */
export type MetricNeeds = "real-and-fake-features" | "fake-logits";

/** What a metric's module says about itself; the table lists these, everything else reads them. */
export interface MetricMeta {
  /** What `--metrics` calls it. */
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  /** Which way is better. */
  readonly direction: "lower" | "higher";
  readonly needs: MetricNeeds;
  /** Where the definition comes from, and the library whose numbers it agrees with. */
  readonly source: { readonly paper: string; readonly library: string };
  /** Options and their defaults: those of torch-fidelity. */
  readonly defaults: Readonly<Record<string, number | boolean>>;
  /**
   * Names of the values in a result, by extractor family: torch-fidelity's for its Inception network, others for other
   * networks. The value that `direction` speaks of comes first.
   */
  readonly keys: Readonly<Record<ExtractorFamily, Readonly<Record<string, string>>>>;
}
