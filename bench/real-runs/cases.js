// Runs on MNIST, Fashion-MNIST and CIFAR-10: every preset, unfinished or long, and runs that are made to collapse. What
// each came to is no part of this list: labels.json says it, and how the label was made.
//
// Odd and even seeds hold the same kinds: thresholds are tuned on the even ones.

export const DATA = {
  mnist: { location: "mnist", labels: "IDX" },
  fashion: { location: "fashion-mnist/t10k-images-idx3-ubyte.gz", labels: "IDX" },
  cifar: { location: "cifar10/test_batch.bin.gz", labels: "CIFAR" },
};

/** Rounds that take about 20 seconds of one core: on 28 x 28 grey images, and on 32 x 32 in colour. */
const ROUNDS = {
  gan: [1616, 544],
  mmgan: [1616, 544],
  dcgan: [64, 64],
  lsgan: [64, 64],
  wgan: [384, 144],
  wgan_gp: [288, 96],
  wgan_div: [240, 96],
  softmax_gan: [1136, 480],
  bgan: [1264, 480],
  dragan: [56, 56],
  relativistic_gan: [64, 56],
  began: [56, 56],
  ebgan: [56, 56],
  cgan: [784, 360],
  acgan: [64, 64],
  sgan: [64, 56],
  infogan: [64, 56],
  sngan: [64, 40],
  pacgan: [960, 272],
  goodfellow2014: [384, 144],
  hinge: [1616, 512],
  r1: [56, 40],
};

const cases = [];
const add = (name, spec) => cases.push({ name, evaluations: 8, samples: 1000, ...spec });

/** Every preset as it comes, on every data set; of each pair of neighbours one is in the even half. */
for (const [d, data] of Object.keys(DATA).entries())
  for (const [m, [model, [grey, colour]]] of Object.entries(ROUNDS).entries()) {
    const seed = 1 + ((d + m) % 2);
    add(`${data}-${model}-${seed}`, {
      data,
      seed,
      kind: "preset",
      model: { model },
      rounds: data === "cifar" ? colour : grey,
    });
  }

/** Longer ones: what a user gets who waits. */
for (const seed of [3, 4]) {
  const long = (data, model, rounds, more = {}) =>
    add(`${data}-${model}-long-${seed}`, {
      data,
      seed,
      kind: "long",
      rounds,
      evaluations: 12,
      model: { model, ...more },
    });
  long("mnist", "gan", 9000);
  long("mnist", "cgan", 4000);
  long("mnist", "wgan_gp", 1500);
  long("mnist", "dcgan", 480);
  long("fashion", "gan", 9000);
  long("fashion", "pacgan", 4800);
  long("fashion", "dcgan", 400);
  long("cifar", "gan", 2700);
  long("cifar", "dcgan", 320);
}

/** Made to collapse, or likely to. */
const SHORT = { mnist: 1600, fashion: 1600, cifar: 500 };
for (const data of Object.keys(DATA)) {
  const rounds = SHORT[data];
  const forced = (kind, seed, spec) => add(`${data}-${kind}-${seed}`, { data, seed, kind, rounds, ...spec });
  for (const seed of [1, 2, 3, 4]) {
    forced("one-class", seed, { model: { model: "gan" }, only: [(3 * seed) % 10] });
    forced("five-classes", seed, {
      model: { model: "gan" },
      only: [0, 1, 2, 3, 4].map((k) => (k * 2 + Math.floor((seed - 1) / 2)) % 10),
    });
    forced("forgets", seed, { model: { model: "gan" }, thenOnly: [(2 + 3 * seed) % 10], after: 0.5 });
  }
  for (const seed of [1, 2]) {
    const rates = (generator, discriminator) => ({ rates: { generator, discriminator } });
    forced("generator-ahead", seed, { model: { model: "gan" }, ...rates(3e-3, 2e-4) });
    forced("fast", seed, { model: { model: "gan" }, ...rates(4e-3, 4e-3) });
    forced("many-generator-steps", seed, { model: { model: "gan", generatorSteps: 6 }, rounds: rounds / 2 });
    forced("minimax-fast", seed, { model: { model: "mmgan" }, ...rates(1e-3, 1e-3) });
    forced("few-pictures", seed, { model: { model: "gan" }, limit: 3 });
    forced("wgan-fast", seed, { model: { model: "wgan" }, ...rates(2e-3, 5e-5), rounds: rounds / 4 });
  }
}

export const CASES = cases;
