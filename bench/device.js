// A GPU measured in one run: Inception's images a second and how far its features are from the CPU's; rounds of training a
// second, beside eager PyTorch on the same GPU; bytes that are copied to and from the device.
//
//   node bench/device.js [--device webgpu] [--python .venv/bin/python] [--json]
//   node bench/device.js --small      for a device in software: one image, batches of 1 and 2, four minutes of processor time
//
// Each part has a process of its own, and one that fails says so in its row. PyTorch computes in float32 (TF32 is off) on
// the GPU if it sees one, else on the CPU: its row names the device.
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    device: { type: "string", default: "webgpu" },
    cases: { type: "string", default: "mlp,dcgan64,resnet_r1,pix2pix" },
    "batch-size": { type: "string" },
    seconds: { type: "string" },
    python: { type: "string" },
    small: { type: "boolean", default: false },
    "no-inception": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

/** Aims of an H200, of a run that is not small. */
const AIMS = { imagesPerSecond: 5000, overPyTorch: 0.8 };
const seconds = values.seconds ?? (values.small ? "1" : "10");
const here = import.meta.dirname;
const say = (text) => console.error(text);

/** The last line of what a script prints, as JSON; its error in one line where it fails. */
function run(command, args) {
  say(`${path.basename(args[0])} ${args.slice(1).join(" ")}`);
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1));
  const lines = (stderr ?? String(error)).split("\n");
  return {
    error: lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.find((line) => line.trim() !== ""),
  };
}

const script = (name, ...args) => run(process.execPath, [path.join(here, name), ...args]);

function measureInception() {
  const batchSize = values["batch-size"] ?? (values.small ? "1" : "64");
  const given = ["--device", values.device, "--batch-size", batchSize, "--seconds", seconds];
  return { part: "inception", ...script("device-inception.js", ...given) };
}

function measureCase(name) {
  const small = values.small ? ["--batch-size", name === "pix2pix" ? "1" : "2", "--warm-up", "1"] : [];
  const given = ["--case", name, "--seconds", seconds, ...small];
  const threads = String(availableParallelism());
  const ours = script("training-case.js", ...given, "--device", values.device, "--threads", threads);
  if (values.python === undefined) return { part: name, ...ours };
  const peer = run(values.python, [
    path.join(here, "peers/train_peer.py"),
    ...given,
    ...["--device", "auto"],
  ]);
  return { part: name, ...ours, peer };
}

const rows = [
  ...(values["no-inception"] ? [] : [measureInception()]),
  ...values.cases.split(",").filter(Boolean).map(measureCase),
];

/** Three digits that count. */
const figure = (value) =>
  value === undefined ? "-" : value >= 100 ? value.toFixed(0) : value.toPrecision(3);
const perSecond = ({ median_ms: ms }) => (ms === undefined ? undefined : 1000 / ms);
const megabytes = (bytes) => figure(bytes === undefined ? undefined : bytes / 1e6);

/** What a row of ours shows: its rate, and what is copied for each unit. */
function toCells(row) {
  const { part, error, peer } = row;
  if (part === "inception")
    return [
      "inception, images",
      figure(row.images_per_second),
      "-",
      "-",
      row.deviation === undefined ? "-" : row.deviation.toExponential(1),
      megabytes(row.bytes_up_per_image),
      megabytes(row.bytes_down_per_image),
      error ?? "",
    ];
  const [ours, theirs] = [perSecond(row), perSecond(peer ?? {})];
  const notes = [error, peer?.error && `PyTorch: ${peer.error}`, peer?.device && `PyTorch on ${peer.device}`];
  return [
    `${part}, rounds`,
    figure(ours),
    figure(theirs),
    figure(ours && theirs && ours / theirs),
    "-",
    megabytes(row.bytes_up),
    megabytes(row.bytes_down),
    notes.filter(Boolean).join("; "),
  ];
}

const report = {
  schema: "gan-eval/bench-device/1",
  device: values.device,
  small: values.small,
  aims: AIMS,
  rows,
};
if (values.json) console.log(JSON.stringify(report, null, 2));
else {
  console.log(
    `| ${values.device}: what | a second | PyTorch, a second | ratio | deviation from the CPU | MB up each | MB down each | |`,
  );
  console.log("|---|---|---|---|---|---|---|---|");
  for (const row of rows) console.log(`| ${toCells(row).join(" | ")} |`);
  if (!values.small)
    console.log(
      `\nAims on an H200: ${AIMS.imagesPerSecond} images a second of Inception, ${AIMS.overPyTorch} times eager PyTorch's rounds.`,
    );
}
process.exitCode = rows.some(({ error, peer }) => error ?? peer?.error) ? 1 : 0;
