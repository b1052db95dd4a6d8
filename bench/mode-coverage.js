// Modes that toy GANs capture, over seeds: `node bench/mode-coverage.js [--rounds 10000] [--seeds 10] [--jobs 2]`.
//
// The protocol is PacGAN's (2,500 samples; of high quality within three standard deviations of a centre; a mode is
// captured by one such sample) on smaller networks (two layers of 128 units), a batch of 256 and fewer rounds, since
// theirs take a day on a CPU. Every model takes one step of each network a round. Models are laid side by side at the same seeds: their differences are what can be compared
// with the published ones, not their levels.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "10000" },
    seeds: { type: "string", default: "10" },
    jobs: { type: "string", default: "2" },
    data: { type: "string", default: "ring,grid" },
    models: { type: "string", default: "gan,pacgan,wgan_gp" },
    lr: { type: "string", default: "0.001" },
    b1: { type: "string", default: "0.8" },
    json: { type: "boolean", default: false },
    one: { type: "string" },
  },
});

const SAMPLES = 2500;
/** Of the gradient penalty on points: 0.1 instead of 10, as in the toy examples of its authors. */
const TOY_PENALTY = 0.1;

/** One run in this process: `DATA MODEL SEED`. */
async function playOne([data, model, seed]) {
  const from = (path) => import(`../dist/${path}.js`);
  const { openOnnxEngine } = await from("engine/compile");
  const { Trainer } = await from("train/trainer");
  const { TOY_DATA } = await from("train/toy-data");
  const { toyToTrainingData } = await from("train/training-data");
  const { choicesToOptions, optionsToModel } = await from("train/model");
  const { openSampler } = await from("train/sampler");
  const { openRandomStream } = await from("train/random");
  const { drawLatents } = await from("train/latent");
  const { samplesToModeCoverage } = await from("math/clusters/mode-coverage");
  const toy = TOY_DATA[data];
  const rate = Number(values.lr);
  const penalty = model === "wgan_gp" ? { penalty: [{ name: "interpolated", weight: TOY_PENALTY }] } : {};
  const choices = { model, b1: Number(values.b1), discriminatorSteps: 1, ...penalty };
  const options = choicesToOptions(choices, { shape: [toy.d] });
  const game = await optionsToModel(options, { shape: [toy.d] });
  const engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  const rounds = Number(values.rounds);
  const trainer = await Trainer.open(engine, game, toyToTrainingData(toy, Number(seed)), {
    seed: Number(seed),
    rates: { generator: rate, discriminator: rate },
    rounds,
  });
  const started = performance.now();
  for (let i = 0; i < rounds; i++) await trainer.playRound();
  const seconds = (performance.now() - started) / 1000;
  const sampler = await openSampler(engine, game.generator.network, trainer.generator, 500);
  const latents = drawLatents(game.latent, SAMPLES, openRandomStream(Number(seed), "evaluation"));
  const { captured, highQuality, reverseKl } = samplesToModeCoverage(
    await sampler.sample(latents),
    toy.mixture,
  );
  console.log(
    JSON.stringify({ data, model, seed: Number(seed), captured, highQuality, reverseKl, rounds, seconds }),
  );
  await engine.dispose();
}

/** A run in a process of its own. */
function spawnOne(run) {
  const args = ["--one", run.join(" ")];
  for (const name of ["rounds", "lr", "b1"]) args.push(`--${name}`, values[name]);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [import.meta.filename, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (part) => {
      text += part;
    });
    child.on("exit", (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Error(run.join(" ")))));
  });
}

const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;
const standardError = (list) => {
  const centre = mean(list);
  return Math.sqrt(mean(list.map((x) => (x - centre) ** 2)) / Math.max(1, list.length - 1));
};
const cell = (list, digits, factor = 1) =>
  `${(factor * mean(list)).toFixed(digits)} ± ${(factor * standardError(list)).toFixed(digits)}`;

if (values.one) {
  await playOne(values.one.split(" "));
} else {
  const runs = values.data
    .split(",")
    .flatMap((data) =>
      values.models
        .split(",")
        .flatMap((model) =>
          Array.from({ length: Number(values.seeds) }, (_, seed) => [data, model, seed + 1]),
        ),
    );
  const results = [];
  const queue = [...runs];
  await Promise.all(
    Array.from({ length: Number(values.jobs) }, async () => {
      for (let run = queue.shift(); run; run = queue.shift()) {
        const result = await spawnOne(run);
        results.push(result);
        console.error(
          `${results.length}/${runs.length} ${run.join(" ")}: ${result.captured} modes, ${(100 * result.highQuality).toFixed(1)} %, ${result.seconds.toFixed(0)} s`,
        );
      }
    }),
  );
  if (values.json) console.log(JSON.stringify(results));
  console.log(`| data | model | modes | high quality, % | reverse KL |\n|---|---|---|---|---|`);
  for (const data of values.data.split(","))
    for (const model of values.models.split(",")) {
      const of = results.filter((result) => result.data === data && result.model === model);
      const column = (key) => of.map((result) => result[key]);
      console.log(
        `| ${data} | ${model} | ${cell(column("captured"), 1)} | ${cell(column("highQuality"), 1, 100)} | ${cell(column("reverseKl"), 2)} |`,
      );
    }
}
