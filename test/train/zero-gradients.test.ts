import { afterAll, beforeAll, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { openGanTrainer } from "../../src/train/gan-trainer.ts";
import { choicesToOptions, optionsToModel } from "../../src/train/model.ts";
import { TOY_DATA } from "../../src/train/toy-data.ts";
import { toyToTrainingData } from "../../src/train/training-data.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

/** The record of the first round, with the first biases of the generator's second layer set so low that nothing passes. */
async function zerosWith(dead: number): Promise<Readonly<Record<string, number | undefined>>> {
  const facts = { shape: [2] };
  const options = choicesToOptions({ model: "gan", hiddenUnits: 16, batchSize: 64 }, facts);
  const game = await optionsToModel(options, facts);
  const data = toyToTrainingData(TOY_DATA.ring, 1);
  const trainer = await openGanTrainer(engine, game, data, { seed: 1, rates: options.rates, rounds: 1 });
  const checkpoint = trainer.save();
  (checkpoint.state["generator/weights/dense2/biases"].data as Float32Array).fill(-100, 0, dead);
  trainer.restore(checkpoint);
  const { layers } = await trainer.playRound(true);
  await trainer.dispose();
  return Object.fromEntries(layers.generator.map(({ layer, zeros }) => [layer, zeros]));
}

it("the share of zero gradients of a layer is at least that of its dead units, and of the next layer's inputs", async () => {
  const [alive, dying, dead] = [await zerosWith(0), await zerosWith(12), await zerosWith(16)];
  expect(alive.dense2).toBeLessThan(0.5);
  expect(dying.dense2).toBeGreaterThanOrEqual(12 / 16);
  expect(dying.dense2).toBeLessThan(1);
  // 16 inputs and a bias for each of 2 outputs: the biases still learn.
  expect(dying.dense3).toBeGreaterThanOrEqual((12 * 2) / (16 * 2 + 2));
  expect(dead).toEqual({ dense1: 1, dense2: 1, dense3: 32 / 34 });
});
