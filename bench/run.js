// `npm run bench`: every figure of docs/benchmarks.md, each beside the limit or peer measured in the same run.
//
//   npm run bench                          all of it that can run here
//   npm run bench -- --only inception      one part: inception, distance, neighbours, memory, start, training
//   npm run bench -- --images 10000      images for the memory part (default 600)
//   npm run bench -- --python PYTHON       PyTorch beside training, torch-fidelity and prdc beside neighbours
//
// The Inception parts need weights: what `gan-eval inception import` installed, or the partial file in the folder
// GAN_EVAL_SHARED (default ../shared), its gaps filled with seeded numbers. Speed does not depend on the values.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    images: { type: "string", default: "600" },
    python: { type: "string" },
  },
});

/** Each part runs in a process of its own, so that none inherits another's memory or threads. */
const PARTS = {
  inception: ["inception.js"],
  distance: ["frechet.js"],
  neighbours: ["neighbours.js", ...(values.python ? ["--python", values.python] : [])],
  memory: ["memory.js", "--images", values.images],
  start: ["start.js"],
  training: ["training.js", ...(values.python ? ["--python", values.python] : [])],
  kernels: ["kernels.js", ...(values.python ? ["--python", values.python] : [])],
};

const chosen = values.only ? values.only.split(",") : Object.keys(PARTS);
let failed = false;
for (const name of chosen) {
  if (!Object.hasOwn(PARTS, name)) {
    console.error(`expected one of ${Object.keys(PARTS).join(", ")} for --only, got ${name}`);
    process.exit(2);
  }
  console.log(`\n## ${name}\n`);
  const [script, ...args] = PARTS[name];
  const { status } = spawnSync(process.execPath, [path.join(import.meta.dirname, script), ...args], {
    stdio: "inherit",
  });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
