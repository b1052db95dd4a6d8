// Processor seconds of repeated evaluations of one generator against the same real images, a metric at a time: the first finds the
// neighbours of the real side, those after it do not. Of seeded features, without the network's pass.
//
//   npm run build && node bench/score-repeats.js [--metrics precision,dc,kid] [--samples 4000] [--width 2048] [--threads N]
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { idsToImageScores } from "../dist/runs/evaluation/image-score.js";
import { openImageScores } from "../dist/runs/evaluation/image-scores.js";
import { measuredToSide } from "../dist/runs/evaluation/score-sides.js";

const { values } = parseArgs({
  options: {
    metrics: { type: "string", default: "precision,dc,realism,authpct,cmmd,kid" },
    samples: { type: "string", default: "4000" },
    width: { type: "string", default: "2048" },
    threads: { type: "string", default: String(availableParallelism()) },
  },
});
const [samples, width, threads] = [values.samples, values.width, values.threads].map(Number);

/** Features [samples, width] in [0, 1), from a linear congruential generator. */
function seededFeatures(seed) {
  let state = seed;
  const data = Float32Array.from({ length: samples * width }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
  return { data, rows: samples, width };
}

const toSide = (seed) => measuredToSide({ features: seededFeatures(seed) }, samples, new Set(), { threads });
const setting = { family: "digits", stacked: false, samples };

for (const id of values.metrics.split(",")) {
  const [score] = idsToImageScores([id], [], setting, "seeded features");
  const real = toSide(1);
  const references = { reference: { all: real, equal: real }, trained: { all: real, equal: real } };
  const toScores = openImageScores([score], { threads });
  const seconds = [];
  for (const seed of [2, 3, 4]) {
    const fake = toSide(seed);
    const before = process.cpuUsage();
    await toScores(fake, references);
    const { user, system } = process.cpuUsage(before);
    seconds.push(((user + system) / 1e6).toFixed(2));
  }
  console.log(`${id.padEnd(10)} ${seconds.join("  ")} s`);
}
