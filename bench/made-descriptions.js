// Descriptions of runs that were never trained, for benchmarks of the index.

const layer = { name: "dense", kind: "dense", input: [64], output: [64], parameters: 4160 };
const toEvents = (count) =>
  Array.from({ length: count }, (_, i) => ({
    ...{ round: i * 10, kind: i % 2 ? "oscillation" : "resumed", message: "said of this round ".repeat(4) },
  }));
/** The i-th run, a tenth of them in progress. */
export const toDescription = (i, events = 20) => ({
  ...{ schema: "gan-eval/run/1", status: i % 10 === 0 ? "running" : "finished", name: `run-${i}` },
  ...{ command: ["gan-eval", "train", "--data", "ring"], versions: { "gan-eval": "0.1.0" } },
  config: {
    ...Object.fromEntries(Array.from({ length: 60 }, (_, option) => [`option${option}`, option])),
    ...{ model: i % 3 ? "gan" : "wgan", batchSize: 2 ** (4 + (i % 4)), lr: 10 ** -(2 + (i % 5)) },
  },
  data: { label: "ring", shape: [2] },
  networks: { generator: Array(8).fill(layer), discriminator: Array(8).fill(layer) },
  ...{ rounds: 10_000, seed: i, started: "2026-01-02T03:04:05.000Z", updated: "2026-01-02T04:04:05.000Z" },
  ...{ round: 400, events: toEvents(events) },
});
