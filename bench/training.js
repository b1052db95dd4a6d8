// Training beside eager PyTorch, in turns, so that what else the machine does falls on both:
//
//   node bench/training.js --python .venv/bin/python [--cases mlp,toy] [--seconds 5] [--turns 3]
//
// Each side is given its better number of threads. `ratio` is PyTorch's median round over ours, the median over the
// turns; `fused` the same against PyTorch with its fused Adam. Without --python only ours is timed.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    cases: { type: "string", default: "mlp,up-sampling,transposed,wgan_gp,toy,toy_gp" },
    seconds: { type: "string", default: "5" },
    turns: { type: "string", default: "3" },
    threads: { type: "string", default: "1,2" },
  },
});

const here = import.meta.dirname;
const threads = values.threads.split(",");

function timed(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)).median_ms;
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Milliseconds a round with the better number of threads. */
const best = (command, args) =>
  Math.min(
    ...threads.map((n) => timed(command, [...args, "--threads", n, "--seconds", values.seconds])),
  );

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
