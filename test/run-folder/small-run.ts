/** A run of small networks that are not there: what a trainer would hand over, made from the round's number. */
import type { RunPlan } from "../../src/run-folder/description.ts";
import type { Checkpoint } from "../../src/train/checkpoint.ts";
import type { LayerNorms, RoundRecord } from "../../src/train/round-record.ts";

export const options = { clock: () => Date.UTC(2026, 0, 2, 3, 4, 5) };

const layer = { name: "dense1", kind: "dense", input: [2], output: [4], parameters: 12 };

export const plan: RunPlan = {
  name: "small",
  command: ["gan-eval", "train", "--data", "ring-8"],
  versions: { "gan-eval": "0.1.0", node: "20.20.2" },
  config: { lr: 2e-4, model: "gan" },
  data: { label: "ring-8", shape: [2] },
  networks: { generator: [layer], discriminator: [layer] },
  rounds: 100,
  seed: 1,
};

const norms = (layer: string, round: number): LayerNorms => ({
  layer,
  gradient: 1 / round,
  weight: Math.sqrt(round),
  ratio: round % 5 === 0 ? Number.NaN : 1e-3 / 3,
});

/** `factor`: what training is like after a divergence. */
export const roundToRecord = (round: number, factor = 1): RoundRecord => ({
  round,
  scalars: { generator_loss: factor * Math.sin(round), discriminator_loss: factor / 3 / round },
  layers: {
    generator: [norms("dense1", round), norms("dense2", round)],
    discriminator: [norms("dense1", round)],
  },
});

export const roundToCheckpoint = (round: number, factor = 1): Checkpoint => ({
  state: {
    "generator/weights/dense1/weights": { data: Float32Array.of(round, factor, 3, 4), shape: [2, 2] },
  },
  progress: {
    rounds: round,
    seed: 1,
    streams: { latent: 10 * round },
    data: { epoch: 0, taken: 0, stream: round },
    numbers: { rateFactor: factor },
  },
});
