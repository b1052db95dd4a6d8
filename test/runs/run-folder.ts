/** Folders of runs as training leaves them, with weights that were drawn instead of trained. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ArrayValue } from "../../src/engine/engine.ts";
import { descriptionToText, type RunDescription } from "../../src/run-folder/description.ts";
import { roundToLocation, roundToName } from "../../src/run-folder/run-folder.ts";
import { writeCheckpoint } from "../../src/train/checkpoint.ts";
import { choicesToOptions, type ModelChoices, optionsToModel } from "../../src/train/model.ts";
import { specsToArrays } from "../../src/train/networks/initial-arrays.ts";
import { under } from "../../src/train/networks/names.ts";
import type { Network } from "../../src/train/networks/network.ts";
import { openRandomStream } from "../../src/train/random.ts";

export interface RunFolderOptions {
  readonly choices?: ModelChoices;
  readonly shape?: readonly number[];
  readonly classes?: number;
  readonly classNames?: readonly string[];
  readonly data?: string;
  /** Rounds with a checkpoint each; their weights differ. */
  readonly rounds?: readonly number[];
  readonly best?: number;
}

/** Arrays of a network, its vectors other than before training. */
export function drawArrays(network: Network, seed: number): Record<string, ArrayValue> {
  const random = openRandomStream(seed, "weights");
  const all = {
    ...under("weights", specsToArrays(network.weights, random)),
    ...under("buffers", specsToArrays(network.buffers, random)),
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, { data, shape }]) => {
      const noise = random.uniform(new Float32Array(data.length));
      // Biases, scales and running statistics; the directions of a spectral norm stay what they are.
      const factor = shape.length === 1 && !/\/(u|v)$/.test(name) ? 0.4 : 0;
      return [
        name,
        { data: Float32Array.from(data, (value, i) => value + factor * (noise[i] - 0.5)), shape },
      ];
    }),
  );
}

/** Writes a run's folder, and gives its generator. */
export async function makeRunFolder(folder: string, options: RunFolderOptions = {}): Promise<Network> {
  const {
    choices = {},
    shape = [8, 8, 1],
    classes,
    classNames,
    data = "digits",
    rounds = [100],
    best,
  } = options;
  const facts = { shape, ...(classes !== undefined && { classes }) };
  const config = choicesToOptions(choices, facts);
  const game = await optionsToModel(config, facts);
  const { network } = game.generator;
  await mkdir(path.join(folder, "checkpoints"), { recursive: true });
  for (const round of rounds) {
    const averages = under("average", drawArrays(network, round + 1));
    await writeCheckpoint(roundToLocation(folder, "checkpoints", round), {
      state: under("generator", { ...drawArrays(network, round), ...(config.emaDecay > 0 && averages) }),
      progress: {
        rounds: round,
        seed: 0,
        streams: {},
        data: { epoch: 0, taken: 0, stream: 0 },
        numbers: {},
      },
    });
  }
  const description: RunDescription = {
    schema: "gan-eval/run/1",
    name: "a-run",
    command: ["gan-eval", "train"],
    versions: {},
    config: { data, ...config },
    data: { label: data, ...facts, shape: [...shape], ...(classNames && { classNames }) },
    networks: { generator: [], discriminator: [] },
    rounds: 1000,
    seed: 0,
    status: "running",
    started: "2024-01-01T00:00:00Z",
    updated: "2024-01-01T00:00:00Z",
    round: rounds.at(-1) ?? 0,
    events: [],
    ...(best !== undefined && {
      best: { round: best, metric: "fid", value: 1, checkpoint: roundToName("checkpoints", best) },
    }),
  };
  await writeFile(path.join(folder, "run.json"), descriptionToText(description));
  return network;
}
