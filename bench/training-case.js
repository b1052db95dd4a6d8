// Rounds of training, timed; one line of JSON. Cases and data are those of bench/peers/train_peer.py.
//
//   node bench/training-case.js --case mlp [--threads 2] [--seconds 5] [--device cpu] [--batch-size N] [--warm-up 3]
import { parseArgs } from "node:util";
import { openOnnxEngine } from "../dist/engine/compile.js";
import { openGanTrainer } from "../dist/train/gan-trainer.js";
import { choicesToOptions, optionsToModel } from "../dist/train/model.js";
import { SCHEME_BUILDERS } from "../dist/train/schemes/builders.js";
import { rowToOptions, SCHEME_MODELS } from "../dist/train/schemes/models.js";
import { TOY_DATA } from "../dist/train/toy-data.js";
import { Trainer } from "../dist/train/trainer.js";
import { imagesToTrainingData, toyToTrainingData } from "../dist/train/training-data.js";
import { countCopies } from "./copied-bytes.js";

const { values } = parseArgs({
  options: {
    case: { type: "string", default: "mlp" },
    threads: { type: "string", default: "2" },
    seconds: { type: "string", default: "5" },
    device: { type: "string", default: "cpu" },
    "batch-size": { type: "string" },
    "warm-up": { type: "string", default: "3" },
  },
});

const IMAGES = 4096;
const WARM_UP = { rounds: Number(values["warm-up"]), seconds: 1 };
const batchSize = values["batch-size"] && { batchSize: Number(values["batch-size"]) };

/** Every case: a preset, what is changed of it, and the shape of the data. */
const CASES = {
  mlp: { choices: { model: "gan" }, shape: [28, 28, 1] },
  "up-sampling": { choices: { model: "dcgan" }, shape: [32, 32, 1] },
  transposed: { choices: { model: "gan", net: "transposed" }, shape: [28, 28, 1] },
  wgan_gp: { choices: { model: "wgan_gp" }, shape: [28, 28, 1] },
  toy: {
    choices: { model: "wgan", discriminatorSteps: 1, clipValue: 0, optimizer: "adam", batchSize: 100 },
    shape: [2],
  },
  dcgan64: { choices: { model: "gan", net: "dcgan" }, shape: [64, 64, 3] },
  resnet_r1: { choices: { model: "gan", net: "resnet", penalty: [{ name: "r1" }] }, shape: [32, 32, 3] },
  toy_gp: { choices: { model: "wgan_gp", discriminatorSteps: 1, batchSize: 100 }, shape: [2] },
};

/** Cases of several networks: a model, its options, and what its data are. */
const SCHEMES = {
  pix2pix: { batchSize: 4, side: 64, options: {} },
  cyclegan: { batchSize: 1, side: 64, options: { blocks: 2 } },
};

const OPTIONS = { seed: 1, rates: { generator: 2e-4, discriminator: 2e-4 }, rounds: 1e6 };

const imagesOf = (count, shape) => ({
  pixels: Uint8Array.from({ length: count * shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 7919) % 256),
  shape,
});

async function openPair(engine, { choices, shape }) {
  const model = await optionsToModel(choicesToOptions({ ...choices, ...batchSize }, { shape }), { shape });
  const data =
    shape.length === 1
      ? toyToTrainingData(TOY_DATA.ring, 1)
      : imagesToTrainingData(imagesOf(IMAGES, shape), 1);
  return openGanTrainer(engine, model, data, OPTIONS);
}

async function openScheme(engine, name, { side, options, ...row }) {
  const { batchSize: size } = { ...row, ...batchSize };
  const shape = [side, side, 3];
  const fields = { a: shape, b: shape };
  const scheme = await SCHEME_BUILDERS[name]({
    options: rowToOptions(SCHEME_MODELS[name], { batchSize: size, ...options }),
    fields,
  });
  const domains = [1, 2].map((seed) => imagesToTrainingData(imagesOf(IMAGES / 16, shape), seed));
  const data = {
    fields,
    get position() {
      return { a: domains[0].position, b: domains[1].position };
    },
    jump() {},
    next(size) {
      const [a, b] = domains.map((domain) => domain.next(size).samples);
      return { a, b };
    },
  };
  return Trainer.open(engine, scheme, data, OPTIONS);
}

const copied = values.device === "cpu" ? undefined : await countCopies(values.device);
const engine = await openOnnxEngine({ device: values.device, threads: Number(values.threads) });
const trainer = await (Object.hasOwn(SCHEMES, values.case)
  ? openScheme(engine, values.case, SCHEMES[values.case])
  : openPair(engine, CASES[values.case]));
const now = () => performance.now();
const warm = now() + 1000 * WARM_UP.seconds;
for (let i = 0; i < WARM_UP.rounds || now() < warm; i++) await trainer.playRound();
const before = { ...copied };
const times = [];
const processor = [];
const end = now() + 1000 * Number(values.seconds);
while (times.length === 0 || now() < end) {
  const [start, usage] = [now(), process.cpuUsage()];
  await trainer.playRound();
  times.push(now() - start);
  const { user, system } = process.cpuUsage(usage);
  processor.push((user + system) / 1000);
}
times.sort((a, b) => a - b);
const median = times[Math.floor(times.length / 2)];
console.log(
  JSON.stringify({
    case: values.case,
    threads: Number(values.threads),
    rounds: times.length,
    median_ms: median,
    least_ms: times[0],
    // Of all threads together.
    least_cpu_ms: Math.min(...processor),
    ...(copied && {
      bytes_up: (copied.up - before.up) / times.length,
      bytes_down: (copied.down - before.down) / times.length,
    }),
  }),
);
await trainer.dispose();
await engine.dispose();
