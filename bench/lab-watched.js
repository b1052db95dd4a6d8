// How much slower a training is while a page of the lab watches it:
//
//   node bench/lab-watched.js [--pairs 5] [--rounds 2000]
//
// Trains the same toy run with and without a lab whose page shows its charts, in pairs whose order alternates, each training
// a process of its own with one thread, the lab another. The figure is the median of the pairs' ratios of seconds, as
// timing.csv has them; on a machine that does other things as well, the seconds of processor time (Linux) say more. The page
// is a socket that asks for what the page of a run asks for, smoothed.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { WebSocket } from "ws";

const { values } = parseArgs({
  options: { pairs: { type: "string", default: "5" }, rounds: { type: "string", default: "2000" } },
});
const main = path.resolve(import.meta.dirname, "../dist/cli/main.js");
const root = mkdtempSync(path.join(tmpdir(), "lab-watched-"));

const ended = (child) => new Promise((resolve) => child.on("exit", resolve));

/** Looks at the processor time of a process until it ends: seconds, NaN where the system does not tell. */
function followProcessor(child) {
  const seen = { seconds: Number.NaN };
  const look = () => {
    try {
      const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
      const [user, system] = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13);
      seen.seconds = (Number(user) + Number(system)) / 100;
    } catch {}
  };
  const timer = setInterval(look, 20);
  child.on("exit", () => clearInterval(timer));
  return seen;
}

/** Seconds of training, and of the processor for all of the process. */
async function train(name) {
  const out = path.join(root, "runs", name);
  const args = ["train", "--data", "ring", "--rounds", values.rounds, "--threads", "1", "--out", out];
  const child = spawn(process.execPath, [main, ...args], { stdio: "ignore" });
  const processor = followProcessor(child);
  await ended(child);
  const rows = readFileSync(path.join(out, "timing.csv"), "utf8").trim().split("\n");
  return { seconds: Number(rows.at(-1).split(",")[1]), processor: processor.seconds };
}

function medianOf(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
}

/** A lab in a process of its own, and a page that shows the run once it is there. */
async function watch(name) {
  const lab = spawn(process.execPath, [main, "lab", path.join(root, "runs"), "--port", "0"], {
    env: { ...process.env, GAN_EVAL_CACHE: root, XDG_CACHE_HOME: root },
  });
  const processor = followProcessor(lab);
  const url = await new Promise((resolve) => {
    let text = "";
    for (const stream of [lab.stdout, lab.stderr])
      stream.on("data", (part) => {
        text += part;
        const found = /http:\/\/127\.0\.0\.1:(\d+)\/#t=([\w-]+)/.exec(text);
        if (found) resolve(found);
      });
  });
  const [, port, token] = url;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket`, ["gan-eval-lab", `token.${token}`], {
    headers: { Origin: `http://127.0.0.1:${port}` },
  });
  const heard = { charts: 0, bytes: 0 };
  let isWatched = false;
  socket.on("open", () => socket.send(JSON.stringify({ kind: "watch" })));
  socket.on("message", (data) => {
    heard.bytes += data.length;
    const message = JSON.parse(String(data));
    if (message.kind === "charts") heard.charts++;
    const run = message.runs?.find((each) => each.name.endsWith(name));
    if (run === undefined || isWatched) return;
    isWatched = true;
    const view = { smooth: 50, along: "round", clip: false };
    socket.send(JSON.stringify({ kind: "watch", run: run.id, view }));
  });
  return async () => {
    heard.processor = processor.seconds;
    socket.terminate();
    lab.kill("SIGINT");
    await ended(lab);
    return heard;
  };
}

async function trainWatched(name) {
  const close = await watch(name);
  const trained = await train(name);
  const { charts, bytes, processor } = await close();
  console.log(
    `  the page got ${charts} updates of charts, ${(bytes / 2 ** 20).toFixed(1)} MiB in all; the lab used ${processor.toFixed(2)} s of the processor`,
  );
  return trained;
}

try {
  if (!existsSync(main)) throw new Error("build first: npm run build");
  await train("warm-up");
  const pairs = [];
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    const kinds = [
      ["alone", () => train(`alone-${pair}`)],
      ["watched", () => trainWatched(`watched-${pair}`)],
    ];
    const of = {};
    for (const [kind, run] of pair % 2 ? kinds.reverse() : kinds) {
      of[kind] = await run();
      await setTimeout(500);
    }
    pairs.push(of);
    const tell = ({ seconds, processor }) => `${seconds.toFixed(2)} s (processor ${processor.toFixed(2)})`;
    console.log(`pair ${pair + 1}: ${tell(of.alone)} alone, ${tell(of.watched)} watched`);
  }
  for (const what of ["seconds", "processor"]) {
    const ratio = medianOf(pairs.map(({ alone, watched }) => watched[what] / alone[what]));
    console.log(
      `${what}: watched ${(100 * (ratio - 1)).toFixed(1)} % more, the median of ${pairs.length} pairs`,
    );
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
