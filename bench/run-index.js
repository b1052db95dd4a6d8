// How long the index of runs takes for many run folders, cold and warm:
//
//   node bench/run-index.js [--runs 2000] [--events 20]
//
// Makes the folders in a temporary directory, a tenth of them in progress by their run.json, and removes them again. Cold is
// a new index in a process that has read none; the files are in the system's cache. Warm is the same index once more, and
// once more after one run has changed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { RunIndex } from "../dist/lab/index/run-index.js";
import { toDescription } from "./made-descriptions.js";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "2000" }, events: { type: "string", default: "20" } },
});
const runs = Number(values.runs);

const folder = mkdtempSync(path.join(tmpdir(), "run-index-"));
try {
  for (let i = 0; i < runs; i++) {
    const run = path.join(folder, i % 2 ? `sweep-${i % 20}` : ".", `run-${i}`);
    mkdirSync(path.join(run, "checkpoints"), { recursive: true });
    writeFileSync(
      path.join(run, "run.json"),
      JSON.stringify(toDescription(i, Number(values.events)), null, 2),
    );
    writeFileSync(path.join(run, "losses.csv"), `round,loss\n${"400,0.5\n".repeat(500)}`);
  }
  const index = new RunIndex([folder]);
  const scan = async (what) => {
    const started = performance.now();
    const { runs } = await index.scan();
    console.log(
      `${what}: ${runs.length} of ${index.runs.length} rows anew in ${(performance.now() - started).toFixed(0)} ms`,
    );
  };
  const before = process.memoryUsage().rss;
  await scan("cold");
  for (let turn = 0; turn < 3; turn++) await scan("warm");
  const one = path.join(folder, "run-2", "run.json");
  writeFileSync(one, readFileSync(one, "utf8").replace('"round": 400', '"round": 4001'));
  // Runs that ended long ago are looked at in turns.
  for (let turn = 0; turn < 16; turn++) await scan("one changed");
  console.log(`memory: ${((process.memoryUsage().rss - before) / 2 ** 20).toFixed(0)} MiB more`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
