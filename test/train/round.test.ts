import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { type GanModel, NETWORK_ROLES, type NetworkRole } from "../../src/train/gan-model.ts";
import { layersToNetwork } from "../../src/train/networks/network.ts";
import {
  LINEAR,
  modelToStep,
  TINY,
  TINY_CLASSES,
  termWeights,
  tinyDiscriminator,
  tinyGenerator,
} from "./games.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const G = "generator/weights/dense1/weights";
const D = "discriminator/weights/dense1/weights";

/** What a step gives, as numbers. */
async function runStep(
  game: GanModel,
  trains: readonly NetworkRole[],
  arrays: Readonly<Record<string, readonly number[]>>,
): Promise<Record<string, number[]>> {
  const { fn, signature, arrays: kept } = modelToStep(game, trains);
  const specs = { ...signature, ...kept };
  const program = await engine.compile(fn, specs);
  const weights = termWeights(game);
  const inputs = Object.keys(specs).map((name) => [name, Float32Array.from(arrays[name] ?? weights[name])]);
  const outputs = await program.run(Object.fromEntries(inputs));
  await program.dispose();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, [...data]]));
}

function expectNumbers(
  outputs: Record<string, number[]>,
  expected: Readonly<Record<string, readonly number[]>>,
): void {
  for (const [name, values] of Object.entries(expected)) {
    expect(outputs[name], name).toHaveLength(values.length);
    values.forEach((value, i) => {
      expect(outputs[name][i], `${name} ${i}`).toBeCloseTo(value, 5);
    });
  }
}

const inputs = { [G]: [0.5], [D]: [0.2], real: [1, 3], latent: [1, 2] };

describe("a step of one-weight players, worked out by hand", () => {
  it("gives both players' losses and gradients at the weights as they are", async () => {
    const outputs = await runStep(LINEAR, NETWORK_ROLES, inputs);
    // E D(fake) - E D(real) = d (1.5 g - 2); -E D(G(z)) = -1.5 d g.
    expectNumbers(outputs, {
      "discriminator/loss": [0.2 * -1.25],
      "terms/discriminator-adversarial": [0.2 * -1.25],
      "discriminator/gradients/dense1/weights": [-1.25],
      "generator/loss": [-0.15],
      "generator/gradients/dense1/weights": [-0.3],
      "logits/discriminator/real": [0.2, 0.6],
      "logits/discriminator/fake": [0.1, 0.2],
    });
    expect("terms/penalty" in outputs).toBe(false);
  });

  it("of one player gives that player's only, and the same", async () => {
    const both = await runStep(LINEAR, NETWORK_ROLES, inputs);
    const seen: string[] = [];
    for (const player of NETWORK_ROLES) {
      const outputs = await runStep(LINEAR, [player], inputs);
      for (const [name, values] of Object.entries(outputs)) expect(values, name).toEqual(both[name]);
      seen.push(...Object.keys(outputs));
    }
    expect(seen.sort()).toEqual(Object.keys(both).sort());
  });

  it("adds penalties to the discriminator's loss and gradient", async () => {
    const game: GanModel = { ...LINEAR, penalties: [{ name: "interpolated", weight: 3 }, { name: "r1" }] };
    const outputs = await runStep(game, NETWORK_ROLES, { ...inputs, "penalty/mix": [0.2, 0.7] });
    // The slope of D is d everywhere: 3 (|d| - 1)^2 and, at its own weight of 10, d^2 / 2.
    const penalty = 3 * 0.64 + (10 * 0.04) / 2;
    expectNumbers(outputs, {
      "terms/penalty": [penalty],
      "terms/discriminator-adversarial": [0.2 * -1.25],
      "discriminator/loss": [0.2 * -1.25 + penalty],
      "discriminator/gradients/dense1/weights": [-1.25 + 6 * -0.8 + 10 * 0.2],
      "generator/gradients/dense1/weights": [-0.3],
    });
  });

  it("shows the discriminator samples with instance noise, each place with its own", async () => {
    const outputs = await runStep({ ...LINEAR, instanceNoise: 1 }, NETWORK_ROLES, {
      ...inputs,
      "instance-deviation": [0.5],
      "instance/real": [2, -2],
      "instance/fake": [1, 0],
      "instance/own": [0, -4],
    });
    expectNumbers(outputs, {
      "logits/discriminator/real": [0.2 * 2, 0.2 * 2],
      "logits/discriminator/fake": [0.2 * 1, 0.2 * 1],
      "generator/gradients/dense1/weights": [-0.3],
      "discriminator/gradients/dense1/weights": [1 - 2],
    });
  });

  it("lets the numbers of the losses through: smoothing, margin and balance", async () => {
    const smoothed = await runStep(
      { ...LINEAR, loss: "least-squares", smoothing: 0.1 },
      NETWORK_ROLES,
      inputs,
    );
    expectNumbers(smoothed, {
      "discriminator/loss": [((0.7 ** 2 + 0.3 ** 2) / 2 + (0.01 + 0.04) / 2) / 2],
      "generator/loss": [(0.81 + 0.64) / 4],
    });
    const energy = await runStep({ ...LINEAR, loss: "energy", margin: 2 }, NETWORK_ROLES, inputs);
    expectNumbers(energy, { "discriminator/loss": [2 + 0.15 - 0.4] });
    const balanced = await runStep({ ...LINEAR, loss: "boundary-equilibrium" }, NETWORK_ROLES, {
      ...inputs,
      balance: [0.25],
    });
    expectNumbers(balanced, { "discriminator/loss": [0.25 * 0.15 - 0.4] });
  });

  it("adds the orthogonal regularisation to both players' losses", async () => {
    const two = (units: number) => layersToNetwork([2], [{ kind: "dense", units, bias: false }]);
    const game: GanModel = {
      ...LINEAR,
      latent: { noise: 2, distribution: "normal" },
      generator: { network: two(2), optimizer: "sgd" },
      discriminator: { network: two(1), optimizer: "sgd" },
      orthogonal: 0.5,
      batchSize: 1,
    };
    const outputs = await runStep(game, NETWORK_ROLES, {
      [G]: [1, 2, 3, 4],
      [D]: [0, 0],
      real: [0, 0],
      latent: [0, 0],
    });
    // The product of G's columns is 2 + 12; D has one column.
    expectNumbers(outputs, {
      "generator/loss": [0.5 * 2 * 14 ** 2],
      "discriminator/loss": [0],
      "generator/gradients/dense1/weights": [2, 1, 4, 3].map((other) => 0.5 * 4 * 14 * other),
    });
  });

  it("packs samples that follow each other, channel beside channel", async () => {
    const game: GanModel = {
      ...LINEAR,
      packing: 2,
      generator: {
        network: layersToNetwork(
          [1],
          [
            { kind: "dense", units: 4, bias: false },
            { kind: "reshape", shape: [2, 2, 1] },
          ],
        ),
        optimizer: "sgd",
      },
      discriminator: {
        network: layersToNetwork(
          [2, 2, 2],
          [
            { kind: "reshape", shape: [8] },
            { kind: "dense", units: 1, bias: false },
          ],
        ),
        optimizer: "sgd",
      },
      batchSize: 1,
    };
    const outputs = await runStep(game, ["discriminator"], {
      [G]: [0, 0, 0, 0],
      [D]: [0, 0, 0, 0, 0, 0, 0, 0],
      latent: [0, 0],
      real: [1, 2, 3, 4, 5, 6, 7, 8],
    });
    // Minus what the discriminator is shown: pixel by pixel, the first image's and the second's.
    expectNumbers(outputs, { "discriminator/gradients/dense1/weights": [-1, -5, -2, -6, -3, -7, -4, -8] });
  });
});

describe("running statistics after a step", () => {
  const normed = layersToNetwork(
    [1],
    [
      { kind: "batch-norm", epsilon: 1e-5, momentum: 0.1 },
      { kind: "dense", units: 1, bias: false },
    ],
  );
  const game: GanModel = { ...LINEAR, discriminator: { network: normed, optimizer: "sgd" } };
  const arrays = {
    ...inputs,
    "discriminator/weights/batch-norm1/scale": [1],
    "discriminator/weights/batch-norm1/offset": [0],
    "discriminator/buffers/batch-norm1/mean": [4],
    "discriminator/buffers/batch-norm1/variance": [1],
  };
  const movedBy = (...means: number[]) => means.reduce((mean, next) => 0.9 * mean + 0.1 * next, 4);
  const MEAN = "discriminator/buffers/batch-norm1/mean";

  // Means of real 2, of fakes 0.75.
  it.each<[readonly NetworkRole[], readonly number[]]>([
    [["discriminator"], [2, 0.75]],
    [["generator"], [0.75]],
    [NETWORK_ROLES, [0.75, 2, 0.75]],
  ])("have seen the batches of a step of %j in their order", async (trains, means) => {
    expectNumbers(await runStep(game, trains, arrays), { [MEAN]: [movedBy(...means)] });
  });

  it("do not see the batches of a penalty", async () => {
    const penalised: GanModel = { ...game, penalties: [{ name: "r2", weight: 1 }] };
    expectNumbers(await runStep(penalised, ["discriminator"], arrays), { [MEAN]: [movedBy(2, 0.75)] });
  });
});

describe("what a step is given anew", () => {
  const names = (game: GanModel, trains: readonly NetworkRole[]) =>
    Object.keys(modelToStep(game, trains).signature);

  it("is the latents, and real samples where anyone looks at them", () => {
    expect(names(LINEAR, ["discriminator"])).toEqual(["latent", "real"]);
    expect(names(LINEAR, ["generator"])).toEqual(["latent"]);
    expect(names({ ...LINEAR, loss: "relativistic" }, ["generator"])).toEqual(["latent", "real"]);
  });

  it("is labels where networks or auxiliaries read them", () => {
    const conditional: GanModel = {
      ...TINY,
      classes: TINY_CLASSES,
      generator: { network: tinyGenerator(3, TINY_CLASSES), optimizer: "adam" },
    };
    expect(names(conditional, NETWORK_ROLES)).toEqual(["latent", "latent-labels", "real"]);
    const both: GanModel = {
      ...conditional,
      discriminator: { network: tinyDiscriminator({ classes: TINY_CLASSES }), optimizer: "adam" },
    };
    expect(names(both, NETWORK_ROLES)).toEqual(["latent", "latent-labels", "real", "real-labels"]);
    expect(modelToStep(both, NETWORK_ROLES).signature["real-labels"].shape).toEqual([8, TINY_CLASSES]);
  });

  it("is random numbers for penalties, noise and dropout: one of each place and sample, or pack", () => {
    const network = tinyDiscriminator({ packing: 2, last: [{ kind: "dropout", rate: 0.3 }] });
    const game: GanModel = {
      ...TINY,
      packing: 2,
      discriminator: { network, optimizer: "adam" },
      penalties: [{ name: "dragan" }],
      instanceNoise: 0.1,
    };
    expect(modelToStep(game, NETWORK_ROLES).signature).toEqual({
      latent: { shape: [16, 3] },
      real: { shape: [16, 2, 2, 1] },
      "penalty/mix": { shape: [8, 1, 1, 1] },
      "penalty/noise": { shape: [8, 2, 2, 2] },
      "instance-deviation": { shape: [] },
      "instance/real": { shape: [16, 2, 2, 1] },
      "instance/fake": { shape: [16, 2, 2, 1] },
      "instance/own": { shape: [16, 2, 2, 1] },
      "noise/real/dropout1/keep": { shape: [8, 7] },
      "noise/fake/dropout1/keep": { shape: [8, 7] },
      "noise/own/dropout1/keep": { shape: [8, 7] },
    });
    expect(names(game, ["generator"])).toEqual([
      "latent",
      "instance-deviation",
      "instance/own",
      "noise/own/dropout1/keep",
    ]);
  });
});
