// What a lab costs that has many runs in its folders and one page open: seconds until the page has the table, cold and
// warm, memory, and the share of a core while nothing happens:
//
//   node bench/lab-idle.js [--runs 2000] [--seconds 30]
//
// Makes the folders in a temporary directory, a tenth of them in progress by their run.json (their process is gone), and
// removes them again. The page is a socket that asks for what the page of runs asks for.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { WebSocket } from "ws";
import { openLab } from "../dist/lab/open-lab.js";
import { toDescription } from "./made-descriptions.js";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "2000" }, seconds: { type: "string", default: "30" } },
});
const runs = Number(values.runs);

const folder = mkdtempSync(path.join(tmpdir(), "lab-idle-"));
const opened = [];

/** Opens a page's socket; resolves to milliseconds until rows came. */
async function openPage(lab) {
  const begun = performance.now();
  const token = lab.url.slice(lab.url.indexOf("#t=") + 3);
  const socket = new WebSocket(`ws://127.0.0.1:${lab.port}/api/socket`, ["gan-eval-lab", `token.${token}`], {
    headers: { Origin: `http://127.0.0.1:${lab.port}` },
  });
  opened.push(socket);
  return new Promise((resolve) => {
    socket.on("open", () => socket.send(JSON.stringify({ kind: "watch" })));
    const ids = new Set();
    let first;
    let kilobytes = 0;
    socket.on("message", (data) => {
      const message = JSON.parse(String(data));
      if (message.kind !== "table" && message.kind !== "changes") return;
      for (const { id } of message.runs) ids.add(id);
      kilobytes += Math.round(data.length / 1024);
      first ??= performance.now() - begun;
      if (ids.size === runs) resolve({ first, all: performance.now() - begun, kilobytes });
    });
  });
}

try {
  for (let i = 0; i < runs; i++) {
    const run = path.join(folder, "runs", i % 2 ? `sweep-${i % 20}` : ".", `run-${i}`);
    mkdirSync(path.join(run, "checkpoints"), { recursive: true });
    writeFileSync(path.join(run, "run.json"), JSON.stringify(toDescription(i), null, 2));
    writeFileSync(path.join(run, "losses.csv"), `round,loss\n${"400,0.5\n".repeat(500)}`);
    writeFileSync(path.join(run, "scores.csv"), `round,sliced_wasserstein\n200,0.5\n400,${(i % 97) / 97}\n`);
  }
  const before = process.memoryUsage().rss;
  const lab = await openLab({
    folders: [path.join(folder, "runs")],
    port: 0,
    isReadOnly: true,
    cacheFolder: folder,
    steadyClock: () => performance.now(),
  });
  const cold = await openPage(lab);
  console.log(
    `cold: first rows after ${cold.first.toFixed(0)} ms, all ${runs} after ${cold.all.toFixed(0)} ms, ${cold.kilobytes} kB`,
  );
  const warm = await openPage(lab);
  console.log(`warm, another page: ${warm.all.toFixed(0)} ms`);
  opened[0].close();
  await setTimeout(5000);
  const used = process.cpuUsage();
  await setTimeout(1000 * Number(values.seconds));
  const { user, system } = process.cpuUsage(used);
  const share = (user + system) / 1e6 / Number(values.seconds);
  console.log(`idle with a page open: ${(100 * share).toFixed(2)} % of a core over ${values.seconds} s`);
  console.log(`memory: ${((process.memoryUsage().rss - before) / 2 ** 20).toFixed(0)} MiB more than before`);
  for (const socket of opened) socket.terminate();
  await lab.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
