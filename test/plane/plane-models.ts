/** Small models of points for tests, and their discriminator in double precision. */
import type { ArrayValue } from "../../src/engine/engine.ts";
import type { GanModel } from "../../src/train/gan-model.ts";
import type { LossName } from "../../src/train/losses.ts";
import { toyNetwork } from "../../src/train/networks/mlp.ts";

export function smallModel(
  loss: LossName,
  { d = 2, latent = 2, packing = 1, distribution = "normal" as "normal" | "uniform" } = {},
): GanModel {
  const size = { hidden: 2, units: 16 };
  const isEnergy = loss === "energy" || loss === "boundary-equilibrium";
  return {
    generator: { network: toyNetwork(latent, d, size), optimizer: "adam" },
    discriminator: {
      network: toyNetwork(d * packing, isEnergy ? d * packing : 1, size),
      optimizer: "adam",
    },
    ...(isEnergy && { critic: { kind: "autoencoder", error: "squared" } as const }),
    loss,
    latent: { noise: latent, distribution },
    packing,
    batchSize: 32,
    discriminatorSteps: 1,
    sharedFakes: true,
  };
}

type Arrays = Readonly<Record<string, ArrayValue>>;

/** A fully connected network of rectified units in double precision, layer by layer. */
export function networkToFunction(arrays: Arrays): (x: readonly number[]) => number[] {
  const layers = ["dense1", "dense2", "dense3"].map((name) => ({
    weights: arrays[`weights/${name}/weights`],
    biases: arrays[`weights/${name}/biases`].data,
  }));
  return (x) =>
    layers.reduce<number[]>(
      (input, { weights, biases }, i) =>
        Array.from(biases, (bias, unit) => {
          const columns = biases.length;
          const sum = input.reduce((acc, value, k) => acc + value * weights.data[k * columns + unit], bias);
          return i < layers.length - 1 ? Math.max(0, sum) : sum;
        }),
      [...x],
    );
}
