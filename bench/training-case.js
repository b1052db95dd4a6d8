// Rounds of training, timed; one line of JSON. Cases and data are those of bench/peers/train_peer.py.
//
//   node bench/training-case.js --case mlp [--threads 2] [--seconds 5]
import { parseArgs } from "node:util";
import { openOnnxEngine } from "../dist/engine/compile.js";
import { choicesToOptions, optionsToModel } from "../dist/train/model.js";
import { TOY_DATA } from "../dist/train/toy-data.js";
import { Trainer } from "../dist/train/trainer.js";
import { imagesToTrainingData, toyToTrainingData } from "../dist/train/training-data.js";

const { values } = parseArgs({
  options: {
    case: { type: "string", default: "mlp" },
    threads: { type: "string", default: "2" },
    seconds: { type: "string", default: "5" },
  },
});

const IMAGES = 4096;
const WARM_UP = { rounds: 3, seconds: 1 };

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
  toy_gp: { choices: { model: "wgan_gp", discriminatorSteps: 1, batchSize: 100 }, shape: [2] },
};

const { choices, shape } = CASES[values.case];
const options = choicesToOptions(choices, { shape });
const game = await optionsToModel(options, { shape });
const size = shape.reduce((product, side) => product * side, 1);
const data =
  shape.length === 1
    ? toyToTrainingData(TOY_DATA.ring, 1)
    : imagesToTrainingData(
        { pixels: Uint8Array.from({ length: IMAGES * size }, (_, i) => (i * 7919) % 256), shape },
        1,
      );
const engine = await openOnnxEngine({ device: "cpu", threads: Number(values.threads) });
const trainer = await Trainer.open(engine, game, data, {
  seed: 1,
  rates: { generator: 2e-4, discriminator: 2e-4 },
  rounds: 1e6,
});
const now = () => performance.now();
const warm = now() + 1000 * WARM_UP.seconds;
for (let i = 0; i < WARM_UP.rounds || now() < warm; i++) await trainer.playRound();
const times = [];
const end = now() + 1000 * Number(values.seconds);
while (now() < end) {
  const start = now();
  await trainer.playRound();
  times.push(now() - start);
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
  }),
);
await trainer.dispose();
await engine.dispose();
