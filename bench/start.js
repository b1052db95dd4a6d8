// How long the command line takes to start, and to compare two statistics files, in fresh processes; and that neither
// loads tensorflow.js or ONNX Runtime.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const main = path.resolve(import.meta.dirname, "../dist/cli/main.js");
const { writeStatistics, UNKNOWN_ORIGIN } = await import("../dist/evaluate/statistics/statistics-file.js");

/** The least of some runs, in milliseconds: what the machine needs when nothing else runs. */
function fastest(args, runs = 7) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`${args.join(" ")} exited with ${status}: ${stderr}`);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-start-"));
try {
  for (const [name, shift] of [
    ["a.npz", 0],
    ["b.npz", 0.5],
  ]) {
    const d = 64;
    await writeStatistics(path.join(folder, name), {
      mu: new Float64Array(d).fill(shift),
      sigma: Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0)),
      n: 20000,
      ddof: 1,
      origin: UNKNOWN_ORIGIN,
    });
  }
  const compare = [main, "fid", "--real", path.join(folder, "a.npz"), "--fake", path.join(folder, "b.npz")];
  console.table({
    "node itself": { ms: Math.round(fastest(["-e", "0"])) },
    "gan-eval --help": { ms: Math.round(fastest([main, "--help"])) },
    "gan-eval fid of two statistics files, d = 64": { ms: Math.round(fastest(compare)) },
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
