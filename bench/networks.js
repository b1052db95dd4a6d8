// Networks by name beside the programs that define them, on the same files of random weights and the same pictures.
//
//   npm run build && node bench/networks.js --python VENV/bin/python [--cases dinov2-b,...] [--seconds] [--work DIR] [--json FILE]
//
// Cases are those of bench/peers/networks.py. `--seconds` also measures pictures a second on two threads, both programs
// one after the other; the machine must have nothing else to do.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openEngine } from "../dist/engine/index.js";
import { openNamedExtractor } from "../dist/extractors/named/named-extractor.js";
import { bytesToNpy } from "../dist/formats/npy.js";

const { values: flags } = parseArgs({
  options: {
    python: { type: "string" },
    cases: { type: "string", default: "" },
    seconds: { type: "boolean", default: false },
    work: { type: "string" },
    json: { type: "string" },
    peer: { type: "string" },
  },
});
if (flags.python === undefined && flags.peer === undefined) {
  console.error("expected --python VENV/bin/python; bench/peers/README.md says how to make the environment");
  process.exit(2);
}
const work = flags.work ?? mkdtempSync(path.join(tmpdir(), "gan-eval-networks-"));
mkdirSync(work, { recursive: true });

function runPeer() {
  if (flags.peer !== undefined) return JSON.parse(readFileSync(flags.peer, "utf8"));
  const script = path.join(import.meta.dirname, "peers/networks.py");
  const wanted = ["--out", work, "--cases", flags.cases, ...(flags.seconds ? ["--seconds"] : [])];
  const { status, stdout, stderr } = spawnSync(flags.python, ["-W", "ignore", script, ...wanted], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const readNpy = (file) => bytesToNpy(readFileSync(file), file);

function readPictures(side) {
  const { shape, data } = readNpy(path.join(work, `pictures-${side}.npy`));
  const size = side * side * 3;
  return Array.from({ length: shape[0] }, (_, i) => ({
    pixels: data.slice(i * size, (i + 1) * size),
    width: side,
    height: side,
    name: `${i}`,
  }));
}

/** The largest |a - b| over the largest |b|. */
function relativeDifference(a, b) {
  let [difference, largest] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(b[i]));
  }
  return a.length === b.length ? difference / largest : Number.NaN;
}

/** Seconds of the faster of three runs, after one to warm up. */
async function secondsOf(run) {
  await run();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await run();
    least = Math.min(least, (performance.now() - start) / 1000);
  }
  return least;
}

const { cases, torch } = runPeer();
const engine = await openEngine({ engine: "onnx", threads: 2 });
const rows = [];
for (const { name, program, file, side, ends, positions, seconds } of cases) {
  const start = performance.now();
  const images = readPictures(side);
  const extractor = await openNamedExtractor(engine, name, {
    weights: file,
    batchSize: images.length,
    ...(positions && { positions }),
  });
  const opening = (performance.now() - start) / 1000;
  const features = await extractor.extract(images);
  const differences = Object.fromEntries(
    Object.entries(ends).map(([end, values]) => [
      end,
      relativeDifference(features[end].data, readNpy(values).data),
    ]),
  );
  const ours = flags.seconds ? await secondsOf(() => extractor.extract(images)) : undefined;
  await extractor.dispose();
  const row = {
    ...{ name, program, positions, differences, opening },
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    ...(flags.seconds && { picturesPerSecond: images.length / ours, theirs: images.length / seconds }),
  };
  rows.push(row);
  console.log(JSON.stringify(row));
}
await engine.dispose();
if (flags.json) writeFileSync(flags.json, `${JSON.stringify({ torch, rows }, null, 2)}\n`);
if (flags.work === undefined) rmSync(work, { recursive: true });
