/** Small games, and data for them, that tests play with. */
import type { Engine } from "../../src/engine/engine.ts";
import type { GanModel, NetworkRole } from "../../src/train/gan-model.ts";
import type { Layer } from "../../src/train/networks/layers.ts";
import { layersToNetwork, type Network } from "../../src/train/networks/network.ts";
import { type Step, schemeToStep } from "../../src/train/scheme/step.ts";
import { modelToScheme } from "../../src/train/schemes/gan.ts";
import { imagesToTrainingData, type TrainingData } from "../../src/train/training-data.ts";

const leaky: Layer = { kind: "leaky-relu", slope: 0.2 };
const dense = (units: number): Layer => ({ kind: "dense", units });

/** One step of a model of generator and discriminator: of one player, or of both at the same weights. */
export const modelToStep = (model: GanModel, trains: readonly NetworkRole[]): Step =>
  schemeToStep(modelToScheme(model), { trains, times: 1, batch: "new" });

/** The weights of a step's terms as they are fed: each term's own. */
export const termWeights = (model: GanModel): Record<string, Float32Array> =>
  Object.fromEntries(
    modelToScheme(model).terms.flatMap(({ name, weight }) =>
      weight === undefined ? [] : [[`weights/${name}`, Float32Array.of(Number(weight))]],
    ),
  );

/** One weight a player: G(z) = g z, D(x) = d x. Everything about it can be worked out by hand. */
const line = layersToNetwork([1], [{ kind: "dense", units: 1, bias: false }]);
export const LINEAR: GanModel = {
  generator: { network: line, optimizer: "sgd" },
  discriminator: { network: line, optimizer: "sgd" },
  loss: "wasserstein",
  latent: { noise: 1, distribution: "normal" },
  batchSize: 2,
  discriminatorSteps: 1,
  sharedFakes: false,
};

/** Batches that are given out in order, again and again. */
export function listToData(batches: readonly (readonly number[])[], shape = [1]): TrainingData {
  let at = 0;
  return {
    shape,
    get position() {
      return { epoch: 0, taken: 0, stream: at };
    },
    jump: ({ stream }) => {
      at = stream;
    },
    next: () => ({ samples: Float32Array.from(batches[at++ % batches.length]) }),
  };
}

export const TINY_SHAPE = [2, 2, 1] as const;
export const TINY_CLASSES = 3;

/** 20 images of 2 x 2 in three classes: in batches of 8 two to a pass, and four left out of each. */
export const tinyImages = (seed = 5): TrainingData =>
  imagesToTrainingData(
    {
      pixels: Uint8Array.from({ length: 20 * 4 }, (_, i) => (i * 37) % 251),
      shape: TINY_SHAPE,
      labels: Int32Array.from({ length: 20 }, (_, i) => i % TINY_CLASSES),
      classes: TINY_CLASSES,
    },
    seed,
  );

/** From a latent to a tiny image, with batch norm; of classes if any. */
export const tinyGenerator = (latent: number, classes?: number): Network =>
  layersToNetwork(
    [latent],
    [
      ...labelled(classes),
      dense(6),
      { kind: "batch-norm", epsilon: 1e-5, momentum: 0.1 },
      leaky,
      dense(4),
      { kind: "tanh" },
      { kind: "reshape", shape: TINY_SHAPE },
    ],
  );

export interface TinyDiscriminator {
  readonly classes?: number;
  readonly outputs?: number;
  readonly packing?: number;
  /** Put before the last layer. */
  readonly last?: readonly Layer[];
}

export const tinyDiscriminator = ({ classes, outputs = 1, packing = 1, last = [] }: TinyDiscriminator = {}) =>
  layersToNetwork(
    [2, 2, packing],
    [
      { kind: "reshape", shape: [4 * packing] },
      ...labelled(classes),
      dense(7),
      leaky,
      ...last,
      dense(outputs),
    ],
  );

/** An autoencoder of tiny images that marks its embedding. */
export const tinyAutoencoder = (): Network =>
  layersToNetwork(TINY_SHAPE, [
    { kind: "reshape", shape: [4] },
    dense(3),
    { kind: "mark", name: "embedding" },
    leaky,
    dense(4),
    { kind: "reshape", shape: TINY_SHAPE },
  ]);

const labelled = (classes: number | undefined): Layer[] =>
  classes === undefined ? [] : [{ kind: "label-embedding", classes, units: 2, join: "concat" }];

export const TINY: GanModel = {
  generator: { network: tinyGenerator(3), optimizer: "adam" },
  discriminator: { network: tinyDiscriminator(), optimizer: "adam" },
  loss: "non-saturating",
  latent: { noise: 3, distribution: "normal" },
  batchSize: 8,
  discriminatorSteps: 1,
  sharedFakes: true,
};

/** An engine that notes what its programs are fed. */
export function watch(engine: Engine): {
  readonly engine: Engine;
  readonly fed: Record<string, Float32Array>[];
} {
  const fed: Record<string, Float32Array>[] = [];
  const compile = (async (fn, signature, options) => {
    const program = await engine.compile(fn, signature, options);
    return {
      run(inputs: Record<string, Float32Array>) {
        fed.push(Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, data.slice()])));
        return program.run(inputs as never);
      },
      dispose: () => program.dispose(),
    };
  }) as Engine["compile"];
  return { engine: { ...engine, compile }, fed };
}
