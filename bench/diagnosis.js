// How often diagnosis is right: labelled runs and sample sets with planted states (bench/diagnosis-cases.js), thresholds
// tuned on even seeds, the table of odd ones.
//
//   npm run build && node bench/diagnosis.js [--half odd|even|all] [--jobs 2] [--cache DIR] [--only TEXT]
//       [--confusion] [--margins]
//
// Cases are made in worker processes and kept under --cache, so that other thresholds need no training again. A state is
// found (sensitivity) where the diagnosis has its verdict; a verdict is wrong (specificity) where it is neither the
// planted state nor a consequence of it that the case allows.
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { CASES } from "./diagnosis-cases.js";
import { printMargins } from "./diagnosis-margins.js";

const { values } = parseArgs({
  options: {
    half: { type: "string", default: "odd" },
    jobs: { type: "string", default: "2" },
    cache: { type: "string", default: path.join(tmpdir(), "gan-eval-diagnosis-bench") },
    only: { type: "string", default: "" },
    confusion: { type: "boolean", default: false },
    margins: { type: "boolean", default: false },
    worker: { type: "boolean", default: false },
  },
});

const from = (name) => import(`../dist/${name}.js`);
/** To be raised when what a case makes changes though its words do not. */
const VERSION = { run: 2, sets: 4, makers: 1 };

function caseToFolder({ truth: _, either: __, ...spec }) {
  const hash = createHash("sha256")
    .update(JSON.stringify([VERSION[spec.kind], spec]))
    .digest("hex")
    .slice(0, 10);
  return path.join(values.cache, `${spec.name}-${hash}`);
}

// --- points

function specToMixture({ ring, grid, blobs, deviation, shift = 0 }) {
  const places = [];
  if (ring)
    for (let i = 0; i < ring; i++)
      places.push([shift + Math.cos((2 * Math.PI * i) / ring), shift + Math.sin((2 * Math.PI * i) / ring)]);
  if (grid)
    for (let i = 0; i < grid; i++)
      for (let j = 0; j < grid; j++) places.push([i - (grid - 1) / 2, j - (grid - 1) / 2]);
  if (blobs) places.push([-0.8, 0.6], [0.8, 0.6], [0, -0.8]);
  return { centres: Float64Array.from(places.flat()), d: 2, deviation };
}

/** Points of some modes, and the mode of each. */
function drawPoints(spec, n, random, modes) {
  const which = random.uniform(new Float32Array(n));
  const samples = random.normal(new Float32Array(2 * n));
  const labels = new Int32Array(n);
  if (spec.spiral) {
    for (let i = 0; i < n; i++) {
      const t = which[i];
      samples[2 * i] = t * Math.cos(4 * Math.PI * t) + 0.03 * samples[2 * i];
      samples[2 * i + 1] = t * Math.sin(4 * Math.PI * t) + 0.03 * samples[2 * i + 1];
    }
    return { samples, labels };
  }
  const { centres, deviation } = specToMixture(spec);
  const from = modes ?? Array.from({ length: centres.length / 2 }, (_, i) => i);
  for (let i = 0; i < n; i++) {
    labels[i] = from[Math.floor(which[i] * from.length)];
    for (const k of [0, 1]) samples[2 * i + k] = centres[2 * labels[i] + k] + deviation * samples[2 * i + k];
  }
  return { samples, labels };
}

/** Data whose known modes are all, of which training sees `only` some, or one after another (`hop`: batches each). */
async function specToData(spec) {
  const { openRandomStream } = await from("train/random");
  const mixture = specToMixture(spec);
  const count = mixture.centres.length / 2;
  return {
    kind: "toy",
    label: "planted points",
    location: "planted",
    shape: [2],
    hash: "planted",
    mixture,
    training(seed) {
      const random = openRandomStream(seed, "data");
      let batches = 0;
      return {
        shape: [2],
        get position() {
          return { epoch: 0, taken: 0, stream: random.position };
        },
        jump: ({ stream }) => random.jump(stream),
        next(size) {
          const modes = spec.hop ? [(3 * Math.floor(batches++ / spec.hop)) % count] : spec.only;
          return { samples: drawPoints(spec, size, random, modes).samples };
        },
      };
    },
    heldOut: (n) => ({ samples: drawPoints(spec, n, openRandomStream(0, "evaluation")).samples }),
    warnings: [],
  };
}

// --- runs

/** Sets biases of a share of a layer's units so low that no sample switches them on. */
function plantDeadUnits(trainer, { player, layer, share }) {
  const checkpoint = trainer.save();
  const { data } = checkpoint.state[`${player}/weights/${layer}/biases`];
  data.fill(-100, 0, Math.round(share * data.length));
  trainer.restore(checkpoint);
}

async function playRun(spec, folder) {
  const { choicesToOptions, optionsToModel } = await from("train/model");
  const { openOnnxEngine } = await from("engine/compile");
  const { openGanTrainer } = await from("train/gan-trainer");
  const { beginRun, reserveRun } = await from("run-folder/run");
  const { openInstruments } = await from("runs/instruments");
  const { trainRun } = await from("runs/train-run");
  const { openData } = await from("train/open-data");
  const data = spec.digits
    ? await openData("digits", { labels: "ignore", onError: "fail", ...spec.digits })
    : await specToData(spec.data);
  const facts = { shape: data.shape };
  const options = choicesToOptions(spec.model, facts);
  if (spec.rates) options.rates = spec.rates;
  const game = await optionsToModel(options, facts);
  const engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  const { seed, rounds, evalEvery, recordInterval = 5, evalSamples = 1000 } = spec;
  const trainer = await openGanTrainer(engine, game, data.training(seed), {
    seed,
    rates: options.rates,
    rounds,
  });
  if (spec.dead) plantDeadUnits(trainer, spec.dead);
  const config = {
    ...options,
    ...{
      rounds,
      seed,
      recordInterval,
      evalEvery,
      evalSamples,
      evalMetrics: [],
      extractor: null,
      earlyStop: 0,
    },
    ...{ sampleInterval: 0, checkpointInterval: 1e9, keepCheckpoints: 1, onNan: "stop", tensorboard: false },
    ...{ engine: "onnx", device: "cpu", threads: 1 },
  };
  const layersOf = ({ layers }) =>
    layers.map(({ name, kind, input, output, parameters }) => ({
      name,
      kind,
      input: [...input],
      output: [...output],
      parameters,
    }));
  const networks = {
    generator: layersOf(game.generator.network),
    discriminator: layersOf(game.discriminator.network),
  };
  const plan = {
    name: spec.name,
    command: [],
    versions: {},
    config,
    data: { label: data.label, shape: [...data.shape] },
    networks,
    rounds,
    seed,
  };
  const clock = () => Date.now();
  const run = await beginRun(folder, await reserveRun(folder, { clock }), plan, { clock });
  const surroundings = { clock, signal: new AbortController().signal, onProgress: () => {} };
  const prepared = {
    ...{ data, engine, trainer, scheme: trainer.scheme, warnings: [], dispose: async () => {} },
    subject: { kind: "generator", data, model: game },
  };
  const instruments = await openInstruments(prepared, config, surroundings);
  await trainRun(run, config, prepared, instruments, surroundings).catch((error) => {
    if (error.code !== "run.diverged") throw error;
  });
  await instruments.dispose();
  if (spec.check) {
    const check = spec.digits ? checkCopies : checkHealth;
    const found = await check(spec, { engine, game, trainer, data });
    writeFileSync(path.join(folder, "check.json"), JSON.stringify(found));
  }
  rmSync(path.join(folder, "checkpoints"), { recursive: true, force: true });
  await engine.dispose();
}

/** Other samples than the evaluations'. */
async function drawSamples({ seed }, { engine, game, trainer }, n) {
  const { openSampler } = await from("train/sampler");
  const { drawLatents } = await from("train/latent");
  const { openRandomStream } = await from("train/random");
  const sampler = await openSampler(engine, game.generator.network, trainer.generator, 500);
  return sampler.sample(drawLatents(game.latent, n, openRandomStream(seed + 1000, "latent")));
}

/** A run that is called healthy must reach each mode with half of its share or more. */
async function checkHealth(spec, played) {
  const samples = await drawSamples(spec, played, 10_000);
  const { centres, deviation } = played.data.mixture;
  const modes = centres.length / 2;
  const near = new Float64Array(modes);
  for (let i = 0; i < samples.length; i += 2)
    for (let mode = 0; mode < modes; mode++)
      if (Math.hypot(samples[i] - centres[2 * mode], samples[i + 1] - centres[2 * mode + 1]) < 6 * deviation)
        near[mode]++;
  return { isTrue: near.every((count) => count / 10_000 > 0.5 / modes), near: [...near] };
}

/**
 * A run that is said to copy must make near copies of what it was trained on: by pixels, half of the samples are at most
 * half as far from their nearest training image as such images are from each other.
 */
async function checkCopies(spec, played) {
  const samples = await drawSamples(spec, played, 500);
  const { pixels, shape } = played.data.pixels.train;
  const images = Float32Array.from(pixels, (byte) => byte / 127.5 - 1);
  const width = shape.reduce((product, side) => product * side, 1);
  const distance = (a, i, b, j) => {
    let squared = 0;
    for (let k = 0; k < width; k++) squared += (a[i * width + k] - b[j * width + k]) ** 2;
    return Math.sqrt(squared);
  };
  const rows = range(0, images.length / width);
  const nearest = (a, i, others) => Math.min(...others.map((j) => distance(a, i, images, j)));
  const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  const apart = median(
    rows.map((i) =>
      nearest(
        images,
        i,
        rows.filter((j) => j !== i),
      ),
    ),
  );
  const share = median(range(0, 500).map((i) => nearest(samples, i, rows))) / apart;
  return { isTrue: share <= 0.5, share };
}

// --- sample sets

const SIDE = 1000;

let digits;
/** Digits through the digits network: two draws of one distribution, and a noisy one. */
const openDigits = () => (digits ??= digitsToFeatures());

async function digitsToFeatures() {
  const { openData } = await from("train/open-data");
  const { openExtractor } = await from("extractors/open-extractor");
  const { imagesToEnds } = await from("runs/evaluation/image-ends");
  const { packageRoot } = await from("package-root");
  const options = {
    extractor: "digits",
    resize: "tf1",
    batchSize: 50,
    engine: "onnx",
    device: "cpu",
    threads: 1,
  };
  const { extractor, close } = await openExtractor(options);
  const end = extractor.featureEnd;
  const read = async (name) => {
    const location = path.join(packageRoot, "fixtures/digits", name);
    const { pixels } = await openData(location, { labels: "read", onError: "fail", heldOut: 0 });
    const ends = await imagesToEnds(pixels.train, extractor, {
      view: "whole",
      ends: [end],
      batchSize: 50,
      stage: "",
    });
    return { ...ends[end], labels: pixels.train.labels };
  };
  const found = {
    real: await read("real"),
    close: await read("fake-close"),
    noisy: await read("fake-noisy"),
  };
  await close();
  return found;
}

function takeRows({ data, width }, rows) {
  const taken = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) taken.set(data.subarray(row * width, (row + 1) * width), i * width);
  return { data: taken, rows: rows.length, width };
}

/** Two independent draws of a distribution and, for copies, what was held out: features with a class a row. */
async function drawSides({ of, plant, seed }) {
  const { openRandomStream } = await from("train/random");
  const random = openRandomStream(seed, "evaluation");
  if (of === "digits" || of === "noisy-digits") {
    const { real, close, noisy } = await openDigits();
    const [a, b] = [real, of === "digits" ? close : noisy].map((side) => {
      const rows = [...random.permutation(side.rows)];
      return { ...takeRows(side, rows), labels: Int32Array.from(rows, (row) => side.labels[row]) };
    });
    return { real: a, fake: b, other: of === "digits" ? b : a, classes: 10, random };
  }
  const blurred = plant.blur ? { ...of, deviation: of.deviation * plant.blur } : of;
  const [real, fake, other] = [of, blurred, of].map((spec) => {
    const { samples, labels } = drawPoints(spec, 4 * SIDE, random);
    return { data: samples, rows: 4 * SIDE, width: 2, labels };
  });
  return { real, fake, other, classes: of.ring ?? (of.grid ? of.grid ** 2 : (of.blobs ?? 1)), random };
}

/** Deviation of each feature. */
function deviations({ data, rows, width }) {
  return Float64Array.from({ length: width }, (_, k) => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < rows; i++) {
      sum += data[i * width + k];
      squares += data[i * width + k] ** 2;
    }
    return Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2));
  });
}

const range = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

async function makeSides(spec) {
  const { plant, heldOut } = spec;
  const { real, fake, other, classes, random } = await drawSides(spec);
  const first = takeRows(real, range(0, SIDE));
  const withNoise = (side, share) => {
    const scale = deviations(real);
    const noise = random.normal(new Float32Array(side.data.length));
    return { ...side, data: side.data.map((value, i) => value + share * scale[i % side.width] * noise[i]) };
  };
  const order = [...random.permutation(classes)];
  const rowsOf = (kept) =>
    range(0, fake.rows)
      .filter((row) => kept.includes(fake.labels[row]))
      .slice(0, SIDE);
  const planted = () => {
    if (plant.repeat) {
      const rows = range(0, SIDE).map((i) => (i * 7 + spec.seed) % plant.repeat);
      return withNoise(takeRows(fake, rows), 1e-3);
    }
    if (plant.classes) return takeRows(fake, rowsOf(order.slice(0, plant.classes)));
    if (plant.drop) return takeRows(fake, rowsOf(order.slice(plant.drop)));
    if (plant.copies !== undefined) return withNoise(first, plant.copies);
    return takeRows(fake, range(0, SIDE));
  };
  const sides = { real: { count: SIDE, features: first } };
  const made = planted();
  sides.fake = { count: made.rows, features: made };
  if (heldOut) {
    // What neither side was drawn from: of digits the rest of the second draw.
    const rest = other.rows > 2 * SIDE ? range(SIDE, 2 * SIDE) : range(SIDE, other.rows);
    const side = takeRows(other, rest);
    sides.heldOut = { count: side.rows, features: side };
  }
  return sides;
}

async function measureSets(spec, folder) {
  const { sidesToScores } = await from("evaluate/scores/score");
  const { idToMetric } = await from("metrics/table");
  const { HELD_OUT_METRICS, SET_METRICS, sidesToSetSignals } = await from("diagnosis/set-signals");
  const sides = await makeSides(spec);
  const ids = [...SET_METRICS, ...(sides.heldOut ? HELD_OUT_METRICS : [])];
  const metrics = ids.map((id) => ({ row: idToMetric(id), parameters: idToMetric(id).defaults }));
  const scores = await sidesToScores(metrics, sides, {
    family: "digits",
    floor: true,
    seed: 2020,
    threads: 1,
    warn: () => {},
  });
  const signals = await sidesToSetSignals(sides, scores, { seed: 2020, threads: 1 });
  writeFileSync(
    path.join(folder, "signals.json"),
    JSON.stringify({ ...signals, scores: [...signals.scores] }),
  );
}

// --- outputs of models that read images

const [IMAGE_SIDE, EVALUATIONS] = [16, 3];

/** Images of a coloured disc each, [n, side, side, 3] in [-1, 1]. */
function drawDiscs(n, random) {
  const images = new Float32Array(n * IMAGE_SIDE ** 2 * 3);
  const drawn = random.uniform(new Float32Array(n * 9));
  for (let i = 0; i < n; i++) {
    const [x, y, r, ...colours] = drawn.subarray(9 * i, 9 * i + 9);
    for (let p = 0; p < IMAGE_SIDE ** 2; p++) {
      const [dx, dy] = [(p % IMAGE_SIDE) / IMAGE_SIDE - x, Math.floor(p / IMAGE_SIDE) / IMAGE_SIDE - y];
      const from = Math.hypot(dx, dy) < 0.15 + 0.35 * r ? 0 : 3;
      for (let k = 0; k < 3; k++) images[3 * (i * IMAGE_SIDE ** 2 + p) + k] = 2 * colours[from + k] - 1;
    }
  }
  return images;
}

/** The right translation: colours turned and inverted. */
const recolour = (images) => images.map((_, i) => -images[i - (i % 3) + ((i + 1) % 3)]);

/** The run of a model with one direction, of which nothing is known but what evaluations said of its outputs. */
async function measureMakers({ rows, plant, seed }, folder) {
  const { openRandomStream } = await from("train/random");
  const { targetToSigns } = await from("runs/signals/maker-signals");
  const random = openRandomStream(seed, "evaluation");
  const source = drawDiscs(rows, random);
  const target = recolour(drawDiscs(rows, random));
  const size = source.length / rows;
  const { kept = 0, contrast = 1, noise = 0, shuffled = false } = plant;
  const order = random.permutation(rows);
  const evaluations = range(0, EVALUATIONS).map(() => {
    const right = recolour(source);
    const drawn = random.normal(new Float32Array(source.length));
    const made = right.map((_, at) => {
      const i = shuffled ? order[Math.floor(at / size)] * size + (at % size) : at;
      return kept * source[i] + (1 - kept) * contrast * right[i] + noise * drawn[at];
    });
    return targetToSigns(target, source, rows)(made);
  });
  writeFileSync(path.join(folder, "signals.json"), JSON.stringify(evaluations));
}

/** What rules read of such a run. */
async function readMakers(folder) {
  const { tablesToSignals } = await from("diagnosis/run-signals");
  const evaluations = JSON.parse(readFileSync(path.join(folder, "signals.json"), "utf8"));
  const none = { rounds: new Float64Array(0), columns: new Map() };
  const names = Object.keys(evaluations[0]);
  const scheme = {
    ...{ players: {}, discriminators: [], terms: [], columns: [] },
    makers: [{ name: "a-to-b", label: "A to B", source: "a" }],
  };
  const data = { label: "planted", shape: [IMAGE_SIDE, IMAGE_SIDE, 3] };
  return tablesToSignals({
    ...{ losses: none, scores: none, layers: [], status: "finished" },
    signals: {
      rounds: Float64Array.from(evaluations, (_, i) => 100 * (i + 1)),
      columns: new Map(names.map((name) => [name, Float64Array.from(evaluations, (each) => each[name])])),
    },
    description: { config: { model: "cyclegan" }, data, events: [], scheme, networks: {} },
  });
}

// --- workers

async function makeCase(spec) {
  const folder = caseToFolder(spec);
  const whole = path.join(folder, "made");
  if (existsSync(whole)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(values.cache, { recursive: true });
  const part = `${folder}.part`;
  const [started, used] = [performance.now(), process.cpuUsage()];
  rmSync(part, { recursive: true, force: true });
  if (spec.kind === "run") await playRun(spec, part);
  else {
    mkdirSync(part);
    await (spec.kind === "sets" ? measureSets : measureMakers)(spec, part);
  }
  const { user, system } = process.cpuUsage(used);
  const took = { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
  writeFileSync(path.join(part, "made"), JSON.stringify(took));
  renameSync(part, folder);
}

/** Makes what is not there yet, in processes of their own. */
async function makeCases(cases) {
  const queue = cases.filter((spec) => !existsSync(path.join(caseToFolder(spec), "made")));
  const total = queue.length;
  let done = 0;
  const work = () =>
    new Promise((resolve, reject) => {
      const child = fork(import.meta.filename, ["--worker", "--cache", values.cache]);
      const next = () => {
        const spec = queue.shift();
        if (spec) child.send(spec);
        else child.disconnect();
      };
      child.on("message", ({ name, error }) => {
        done++;
        if (error) console.error(`${name}: ${error}`);
        if (done % 10 === 0 || done === total) console.error(`${done}/${total} cases made`);
        next();
      });
      child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
      next();
    });
  await Promise.all(Array.from({ length: Math.min(Number(values.jobs), total) }, work));
}

// --- the table

/** What diagnosis says of a case, and each judge by itself; undefined where its label did not come true. */
async function judgeCase(spec) {
  const folder = caseToFolder(spec);
  if (!existsSync(path.join(folder, "made"))) return undefined;
  const check = path.join(folder, "check.json");
  if (existsSync(check) && !JSON.parse(readFileSync(check, "utf8")).isTrue) return undefined;
  const { judgeRun, judgeSets, runToFindings, setsToFindings } = await from("diagnosis/rules");
  if (spec.kind === "sets") {
    const signals = JSON.parse(readFileSync(path.join(folder, "signals.json"), "utf8"));
    const sets = { ...signals, scores: new Map(signals.scores) };
    return { judgement: judgeSets(sets), findings: setsToFindings(sets) };
  }
  const { readRun } = await from("run-folder/read-run");
  const { tablesToSignals } = await from("diagnosis/run-signals");
  const run = spec.kind === "makers" ? await readMakers(folder) : tablesToSignals(await readRun(folder));
  return { judgement: judgeRun(run), findings: runToFindings(run) };
}

const percent = (part, whole) => (whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`);

function printTable(judged, ids) {
  const rows = ids.map((id) => {
    const planted = judged.filter(({ spec }) => spec.truth.includes(id));
    const without = judged.filter(({ spec }) => !spec.truth.includes(id) && !spec.either.includes(id));
    const found = planted.filter(({ verdicts }) => verdicts.includes(id)).length;
    const right = without.filter(({ verdicts }) => !verdicts.includes(id)).length;
    const of = (kind) => planted.filter(({ spec }) => spec.kind === kind).length;
    return `| ${id} | ${of("run")} | ${of("sets")} | ${of("makers")} | ${percent(found, planted.length)} | ${without.length} | ${percent(right, without.length)} |`;
  });
  console.log(
    "| verdict | runs | sets | makers | found (sensitivity) | cases without | not found there (specificity) |",
  );
  console.log("|---|---:|---:|---:|---:|---:|---:|");
  console.log(rows.join("\n"));
  const healthy = judged.filter(({ spec }) => spec.truth.includes("healthy"));
  const sick = healthy.filter(({ verdicts }) => !verdicts.includes("healthy"));
  console.log(
    `\nhealthy cases called sick: ${sick.length} of ${healthy.length} (${percent(sick.length, healthy.length)})`,
  );
}

if (values.worker) {
  process.on("message", (spec) => {
    makeCase(spec).then(
      () => process.send({ name: spec.name }),
      (error) => process.send({ name: spec.name, error: error.stack }),
    );
  });
} else {
  const { VERDICTS } = await from("diagnosis/verdict");
  const wanted = CASES.filter(
    ({ name, seed }) =>
      name.includes(values.only) && (values.half === "all" || (seed % 2 === 0) === (values.half === "even")),
  );
  const started = performance.now();
  await makeCases(wanted);
  const judged = [];
  let unlabelled = 0;
  for (const spec of wanted) {
    const said = await judgeCase(spec);
    if (said === undefined) unlabelled++;
    else judged.push({ spec, ...said, verdicts: said.judgement.verdicts.map(({ id }) => id) });
  }
  printTable(judged, Object.keys(VERDICTS));
  console.log(
    `\n${judged.length} cases (half: ${values.half}), ${unlabelled} left out since their label did not come true, ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  const wrong = judged.filter(
    ({ spec, verdicts }) =>
      spec.truth.some((id) => !verdicts.includes(id)) ||
      verdicts.some((id) => !spec.truth.includes(id) && !spec.either.includes(id)),
  );
  console.log(`\n${wrong.length} of them not as planted:`);
  for (const { spec, judgement, verdicts } of wrong) {
    console.log(`  ${spec.name}: planted ${spec.truth.join(", ")}; said ${verdicts.join(", ")}`);
    if (values.confusion)
      for (const { id, evidence } of judgement.verdicts)
        for (const { metric, value, comparison, threshold } of evidence)
          console.log(`      ${id}: ${metric} ${value.toPrecision(3)} ${comparison} ${threshold}`);
  }
  if (values.margins) printMargins(judged);
}
