// What the authors published of their own run: results/fidelity-pass-fails.csv and diversity-pass-fails.csv as shown in
// plotting/print_pass_fail_tables.ipynb of vanderschaarlab/position-fidelity-diversity-metrics-flawed (MIT), commit d30d874,
// 10 repetitions. T passed, F failed, H and L passed as a high or a low one. Of each check, part by part.

/** Their names of values, and the same measured here. Their PR-cover calls the share of real balls precision. */
const COVER = { k: 5, factor: 3 };
export const PAPER_VALUES = [
  { name: "precision", kind: "fidelity", id: "pr", value: "precision" },
  { name: "density", kind: "fidelity", id: "dc", value: "density" },
  { name: "precision_cover", kind: "fidelity", id: "pr-cover", value: "recall", parameters: COVER },
  { name: "sym_precision", kind: "fidelity", id: "sym-pr", value: "precision" },
  { name: "probabilistic_precision", kind: "fidelity", id: "p-pr", value: "precision" },
  { name: "recall", kind: "diversity", id: "pr", value: "recall" },
  { name: "coverage", kind: "diversity", id: "dc", value: "coverage" },
  { name: "recall_cover", kind: "diversity", id: "pr-cover", value: "precision", parameters: COVER },
  { name: "sym_recall", kind: "diversity", id: "sym-pr", value: "recall" },
  { name: "probabilistic_recall", kind: "diversity", id: "p-pr", value: "recall" },
];

/** A letter for each of PAPER_VALUES. */
export const PAPER = {
  "gaussian-mean-difference": { bounds: "FTTFFFTTFF", property: "TTTTTTTTTT" },
  "gaussian-mean-difference-with-outlier": { bounds: "FFTFFFTTFF", property: "FTTFTFTTTT" },
  "gaussian-std-difference": { bounds: "FFFFFFFFFF", property: "TTFFTHFFFH" },
  "gaussian-mixture-simultaneous-mode-dropping": { bounds: "FTFFFFTTFF", property: "TFFFTFTTFT" },
  "gaussian-mixture-sequential-mode-dropping": { bounds: "FTFFFFTTFF", property: "TTFFTTTFTT" },
  "gaussian-mixture-mode-dropping-invention": { bounds: "TTFFFTFFFF", property: "TTFFTTFFFT" },
  "uniform-hypersphere-surface": { bounds: "FFFTFFFFTF", property: "FFFTFFFFTF" },
  "uniform-hypercube-varying-size": { hyperparameters: "FFFFFFFFFF", property: "FFFFFFFFFF" },
  "uniform-hypercube-varying-syn-size": { hyperparameters: "TTFFTFFFFF", property: "FFFFFFFFFF" },
  "sphere-torus": { bounds: "TTFTTTFTFT", property: "TTFTTFFFFF" },
  "one-vs-two-modes": { bounds: "FTTFFFTTFF", property: "TTTTTFFFFF" },
  "gaussian-scaling-one-dimension": { bounds: "FTTTTTTTTT", transformations: "FTTTTFTTTT" },
  "gaussian-mean-difference-with-pareto": { bounds: "FTTTFTTTTF", property: "TTTTTTTTTT" },
  "gaussian-high-dim-one-disjoint-dim": { bounds: "FFFFFFFFFF", property: "FFFFFFFFFF" },
  "discrete-numerical-vs-continuous-numerical": { bounds: "FFFFFFFFFF", property: "FFFFFFFFFF" },
};
