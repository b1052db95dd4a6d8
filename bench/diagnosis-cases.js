// The labelled cases of bench/diagnosis.js: runs and sample sets with planted states. `truth` are the verdicts that must be
// found, `either` those that may be: consequences of what was planted. Seeds run from 1; halves are even and odd.

const RING = { ring: 8, deviation: 0.05 };
const GRID = { grid: 5, deviation: 0.1 };
const BLOBS = { blobs: 3, deviation: 0.05 };

/** What all runs on points share: small networks, small batches. */
const TOY = { hiddenUnits: 32, batchSize: 64 };
/** Models that reach every mode of the ring in these rounds. */
const SOUND = {
  pacgan: { model: "pacgan" },
  r1: { model: "gan", penalty: [{ name: "r1", weight: 0.5 }] },
  minimaxR1: { model: "mmgan", penalty: [{ name: "r1", weight: 0.5 }] },
  hingeR1: { model: "hinge", penalty: [{ name: "r1", weight: 1 }] },
  wganGp: { model: "wgan_gp", penalty: [{ name: "interpolated", weight: 0.1 }], discriminatorSteps: 3 },
  leastSquaresR1: { model: "gan", loss: "least-squares", penalty: [{ name: "r1", weight: 0.1 }] },
};
const SOUND_NAMES = Object.keys(SOUND);

const cases = [];
const seeds = (n) => Array.from({ length: n }, (_, i) => i + 1);
/** Turns with the pairs of seeds, so that both halves see every kind. */
const turn = (list, seed) => list[Math.floor((seed - 1) / 2) % list.length];

function run(state, seed, spec, truth, either = []) {
  cases.push({ name: `run-${state}-${seed}`, kind: "run", state, seed, truth, either, ...spec });
}
function sets(state, seed, spec, truth, either = []) {
  cases.push({ name: `sets-${state}-${seed}`, kind: "sets", state, seed, truth, either, ...spec });
}

/** Outputs of a model that reads images. */
function makers(state, seed, spec, truth, either = []) {
  cases.push({ name: `makers-${state}-${seed}`, kind: "makers", state, seed, truth, either, ...spec });
}

const toyRun = (data, model, more = {}) => ({
  data,
  model: { ...TOY, ...model },
  rounds: 800,
  evalEvery: 50,
  evalSamples: 1000,
  ...more,
});

// --- runs

for (const seed of seeds(64)) {
  const name = turn(SOUND_NAMES, seed);
  const data = [RING, BLOBS][seed % 3 === 0 ? 1 : 0];
  run("healthy", seed, { ...toyRun(data, SOUND[name], { rounds: 1500 }), check: true }, ["healthy"]);
}
for (const seed of seeds(10))
  run(
    "healthy-digits",
    seed,
    { digits: {}, model: { model: "gan", batchSize: 32 }, rounds: 240, recordInterval: 2, evalEvery: 0 },
    ["healthy"],
  );
for (const seed of seeds(20)) {
  const only = [seed % 8];
  run("one-mode", seed, toyRun({ ...RING, only }, SOUND[turn(["pacgan", "r1"], seed)]), ["mode-collapse"]);
}
for (const seed of seeds(20)) {
  const k = 2 + (Math.floor((seed - 1) / 2) % 5);
  const only = Array.from({ length: k }, (_, i) => (seed + i) % 8);
  run("some-modes", seed, toyRun({ ...RING, only }, SOUND[turn(["pacgan", "r1"], seed)]), [
    "partial-collapse",
  ]);
}
for (const seed of seeds(20))
  run(
    "hopping",
    seed,
    toyRun({ ...RING, hop: 75 }, SOUND[turn(["r1", "pacgan"], seed)], { rounds: 900 }),
    ["mode-hopping"],
    ["oscillation", "under-training"],
  );
/** A discriminator that learns while the generator hardly moves. */
const FAR_AHEAD = { generator: 1e-6, discriminator: 5e-3 };
for (const seed of seeds(20))
  run(
    "saturated-minimax",
    seed,
    toyRun(RING, { model: "mmgan" }, { rates: FAR_AHEAD, rounds: 1000 }),
    ["vanishing-gradient"],
    ["mode-collapse", "partial-collapse"],
  );
for (const seed of seeds(20)) {
  const loss = turn(["non-saturating", "hinge", "least-squares"], seed);
  run(
    "far-ahead",
    seed,
    toyRun(RING, { model: "gan", loss }, { rates: FAR_AHEAD }),
    ["discriminator-dominance"],
    ["mode-collapse", "partial-collapse"],
  );
}
for (const seed of seeds(20))
  run(
    "few-pictures",
    seed,
    {
      digits: { limit: 40 },
      model: { model: "gan", batchSize: 20 },
      rates: { generator: 2e-4, discriminator: 1e-3 },
      rounds: 400,
      recordInterval: 2,
      evalEvery: 0,
    },
    ["discriminator-overfitting"],
    ["discriminator-dominance"],
  );
for (const seed of seeds(20)) {
  const rate = turn([0.04, 0.05, 0.06], seed);
  const model = { model: "wgan", clipValue: 0, hiddenLayers: 0, optimizer: "sgd", discriminatorSteps: 1 };
  run(
    "circles",
    seed,
    toyRun({ ring: 8, deviation: 0.05, shift: 1 }, model, {
      rates: { generator: rate, discriminator: rate },
      rounds: 1000,
    }),
    ["oscillation"],
    ["mode-collapse", "partial-collapse", "mode-hopping", "under-training"],
  );
}
for (const seed of seeds(20)) {
  const [model, rate] = turn(
    [
      [{ model: "wgan", clipValue: 0, optimizer: "sgd", discriminatorSteps: 1 }, 1],
      [{ model: "gan", optimizer: "sgd" }, 50],
      [{ model: "gan", loss: "least-squares" }, 2],
    ],
    seed,
  );
  run("rate-too-high", seed, toyRun(RING, model, { rates: { generator: rate, discriminator: rate } }), [
    "divergence",
  ]);
}
for (const seed of seeds(40)) {
  const dead = {
    player: turn(["generator", "discriminator"], seed),
    layer: "dense2",
    share: 0.85 + 0.01 * (seed % 10),
  };
  run(
    "dead",
    seed,
    toyRun(RING, SOUND.r1, { dead }),
    ["dead-units"],
    ["mode-collapse", "partial-collapse", "mode-hopping", "under-training"],
  );
}
for (const seed of seeds(20))
  run(
    "stopped-early",
    seed,
    toyRun(RING, SOUND[turn(["minimaxR1", "r1"], seed)], {
      rates: { generator: 1e-4, discriminator: 1e-3 },
      rounds: 400,
      evalEvery: 25,
    }),
    ["under-training"],
    ["partial-collapse"],
  );
const COPYING = {
  model: { model: "gan", batchSize: 8, emaDecay: 0.98, penalty: [{ name: "r1", weight: 3 }] },
  rates: { generator: 1e-3, discriminator: 1e-3 },
  rounds: 1500,
  recordInterval: 10,
  evalEvery: 250,
  evalSamples: 500,
};
/** Eight training images, again and again, until samples are near copies of them; whether they are is checked. */
for (const seed of seeds(20))
  run(
    "copies",
    seed,
    { digits: { limit: 8, heldOut: 100 }, ...COPYING, check: true },
    ["memorisation"],
    [
      "discriminator-overfitting",
      "discriminator-dominance",
      "mode-collapse",
      "partial-collapse",
      "under-training",
    ],
  );
/** The same on all digits: of these, and of the next, only what they must not be called counts. */
for (const seed of seeds(6))
  run(
    "all-digits",
    seed,
    { digits: {}, ...COPYING },
    [],
    ["healthy", "mode-collapse", "partial-collapse", "under-training"],
  );
/** Too few rounds to copy anything: samples are one blurred thing. */
for (const seed of seeds(10))
  run(
    "digits-begun",
    seed,
    { digits: {}, model: { model: "gan", batchSize: 32 }, rounds: 120, evalEvery: 40, evalSamples: 500 },
    [],
    ["healthy", "mode-collapse", "partial-collapse", "under-training"],
  );

// --- sample sets: `of` is where both sides come from, `plant` what was done to the fake one

/** Noise on copies, in deviations of the data: none, or less than neighbours are apart (points lie denser). */
const toNoise = (seed) => turn([0, 0.002, 0.05, 0], seed);
const POINTS = [RING, GRID, { spiral: true }, BLOBS];
for (const seed of seeds(32))
  sets("healthy-points", seed, { of: turn(POINTS, seed), plant: {} }, ["healthy"]);
for (const seed of seeds(24)) sets("healthy-digits", seed, { of: "digits", plant: {} }, ["healthy"]);
for (const seed of seeds(12))
  sets("healthy-held-out", seed, { of: "digits", plant: {}, heldOut: true }, ["healthy"]);
for (const seed of seeds(20))
  sets(
    "few-images",
    seed,
    { of: turn(["digits", RING], seed), plant: { repeat: turn([1, 8, 40], seed) } },
    ["mode-collapse"],
    ["memorisation"],
  );
for (const seed of seeds(20))
  sets(
    "few-images-held-out",
    seed,
    { of: turn(["digits", RING], seed), plant: { repeat: turn([1, 8, 40], seed) }, heldOut: true },
    ["mode-collapse"],
  );
for (const seed of seeds(20))
  sets("one-class", seed, { of: turn(["digits", RING, GRID], seed), plant: { classes: 1 } }, [
    "mode-collapse",
  ]);
for (const seed of seeds(20))
  sets("classes-dropped", seed, { of: "digits", plant: { drop: turn([1, 2, 3, 5, 7], seed) } }, [
    "partial-collapse",
  ]);
for (const seed of seeds(20))
  sets("modes-dropped", seed, { of: turn([RING, GRID], seed), plant: { drop: turn([1, 2, 4], seed) } }, [
    "partial-collapse",
  ]);
for (const seed of seeds(20))
  sets("copies", seed, { of: turn(["digits", RING], seed), plant: { copies: toNoise(seed) } }, [
    "memorisation",
  ]);
for (const seed of seeds(20))
  sets(
    "copies-held-out",
    seed,
    { of: turn(["digits", RING], seed), plant: { copies: toNoise(seed) }, heldOut: true },
    ["memorisation"],
  );
for (const seed of seeds(20))
  sets(
    "noisy",
    seed,
    { of: turn(["noisy-digits", RING], seed), plant: { blur: 4 } },
    ["under-training"],
    ["partial-collapse"],
  );

// --- outputs of models that read images

/** From faint to strong, over the seeds of a half. */
const between = (low, high, seed) => low + ((high - low) * (Math.ceil(seed / 2) - 1)) / 9;

for (const seed of seeds(20)) {
  const rows = turn([40, 200], seed);
  // Translations that are noisy, weak, or keep half of the input.
  makers("noisy", seed, { rows, plant: { noise: between(0, 0.3, seed) } }, ["healthy"]);
  makers("faint", seed, { rows, plant: { contrast: between(0.3, 1, seed) } }, ["healthy"]);
  makers("half-way", seed, { rows, plant: { kept: between(0.2, 0.7, seed) } }, ["healthy"]);
  makers("alike", seed, { rows, plant: { contrast: between(0, 0.05, seed) } }, ["outputs-alike"]);
  makers("ignored", seed, { rows, plant: { shuffled: true, noise: between(0, 0.1, seed) } }, ["input-ignored"]);
  makers("copied", seed, { rows, plant: { kept: 1, noise: between(0, 0.03, seed) } }, ["input-copied"]);
}

export const CASES = cases;
