// Training beside eager PyTorch, in turns, so that what else the machine does falls on both:
//
//   node bench/training.js --python .venv/bin/python [--cases mlp,toy] [--seconds 5] [--turns 3] [--processor]
//
// Each side is given its better number of threads. `ratio` is PyTorch's median round over ours, the median over the
// turns; `fused` the same against PyTorch with its fused Adam. Without --python only ours is timed. The last line is the
// least that the classic step (case mlp) can take on this machine: its products at the rate of a large one, then the
// bytes of the optimizer at the rate of a copy. With --processor each side has one thread, and the figure is the least
// processor time of a round: other work on the machine falls on it least.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";
import { openOnnxEngine } from "../dist/engine/compile.js";
import { choicesToOptions, optionsToModel } from "../dist/train/model.js";
import { measureSgemm } from "./sgemm.js";

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    cases: { type: "string", default: "mlp,up-sampling,transposed,wgan_gp,toy,toy_gp,pix2pix,cyclegan" },
    seconds: { type: "string", default: "5" },
    turns: { type: "string", default: "3" },
    threads: { type: "string", default: "1,2" },
    processor: { type: "boolean", default: false },
  },
});

const here = import.meta.dirname;
const threads = values.processor ? ["1"] : values.threads.split(",");

function timed(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1))[values.processor ? "least_cpu_ms" : "median_ms"];
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Milliseconds a round with the better number of threads. */
const best = (command, args) =>
  Math.min(...threads.map((n) => timed(command, [...args, "--threads", n, "--seconds", values.seconds])));

const SIDES = {
  ours: (name) => best(process.execPath, [path.join(here, "training-case.js"), "--case", name]),
  ...(values.python && {
    pytorch: (name) => best(values.python, [path.join(here, "peers/train_peer.py"), "--case", name]),
    fused: (name) => best(values.python, [path.join(here, "peers/train_peer.py"), "--case", name, "--fused"]),
  }),
};

console.log("| case | ours, ms a round | PyTorch | ratio | fused Adam | ratio |\n|---|---|---|---|---|---|");
for (const name of values.cases.split(",")) {
  const times = Object.fromEntries(Object.keys(SIDES).map((side) => [side, []]));
  for (let turn = 0; turn < Number(values.turns); turn++)
    for (const [side, time] of Object.entries(SIDES)) times[side].push(time(name));
  const { ours, pytorch = [], fused = [] } = times;
  const figure = (list) => (list.length === 0 ? "-" : median(list).toFixed(2));
  const ratio = (list) => (list.length === 0 ? "-" : median(list.map((ms, i) => ms / ours[i])).toFixed(2));
  console.log(
    `| ${name} | ${figure(ours)} | ${figure(pytorch)} | ${ratio(pytorch)} | ${figure(fused)} | ${ratio(fused)} |`,
  );
}

/** Multiplications and additions of a round of two dense networks that share the fakes, and weights in all. */
function gameToWork({ generator, discriminator, batchSize }) {
  const dense = ({ network }) =>
    network.layers.filter(({ kind }) => kind === "dense").map(({ input, output }) => input[0] * output[0]);
  const sum = (list) => list.reduce((total, x) => total + x, 0);
  const [g, d] = [dense(generator), dense(discriminator)];
  // Generator: forward, by weights, by inputs but for the latent. Discriminator: forward and by weights for real and
  // fake, by inputs but for the images for both, and once more for the generator's sake, the images included.
  const products = sum(g) * 3 - g[0] + sum(d) * 4 + (sum(d) - d[0]) * 2 + sum(d);
  return { flops: 2 * batchSize * products, weights: sum(g) + sum(d) };
}

/** Bytes a second of copies too large for any cache, reading and writing counted. */
function measureCopy(bytes = 2 ** 27, runs = 8) {
  const from = new Uint8Array(bytes).fill(1);
  const to = new Uint8Array(bytes);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    to.set(from);
    best = Math.min(best, performance.now() - start);
  }
  return (2 * bytes) / (best / 1000);
}

if (values.cases.split(",").includes("mlp")) {
  const shape = [28, 28, 1];
  const game = await optionsToModel(choicesToOptions({ model: "gan" }, { shape }), { shape });
  const { flops, weights } = gameToWork(game);
  const engine = await openOnnxEngine({ device: "cpu", threads: Math.max(...threads.map(Number)) });
  const gflops = await measureSgemm(engine);
  await engine.dispose();
  // Adam reads and writes weight and two moments, and reads the gradient, which was written before.
  const bytes = 8 * 4 * weights;
  const rate = measureCopy();
  const [arithmetic, memory] = [flops / gflops / 1e6, (1000 * bytes) / rate];
  console.log(
    `\nfloor of mlp: ${(arithmetic + memory).toFixed(1)} ms (${(flops / 1e9).toFixed(2)} GFLOP at ${gflops.toFixed(0)} GFLOPS, ${(bytes / 1e6).toFixed(0)} MB at ${(rate / 1e9).toFixed(1)} GB/s)`,
  );
}
