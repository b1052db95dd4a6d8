/** A user's own pair: a module that builds two models of tensorflow.js's layers. */
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Signature, Tensors } from "../../engine/engine.ts";
import { loadTensorflow, type Tensorflow } from "../../engine/tensorflow.ts";
import * as tf from "../../engine/tfjs.ts";
import { functionToGraph } from "../../engine/trace.ts";
import { GanEvalError } from "../../errors.ts";
import { labelChannels, requireLabels } from "./label-layers.ts";
import type { Mode } from "./layer-row.ts";
import { layersModelToNetwork, recordInitializers } from "./layers-model.ts";
import { under, within } from "./names.ts";
import type { Network } from "./network.ts";
import { type NetworkRequest, type Pair, packed } from "./pairs.ts";
import { equalShapes, type Shape } from "./shapes.ts";

/** What the module's functions are handed. Points have height and width 1, and their coordinates as channels. */
export interface ModelArguments {
  /** Models are to be made with this tensorflow.js. */
  readonly tf: Tensorflow;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** The example's shape: `[height, width, channels]`, or `[channels]` for points. */
  readonly shape: Shape;
}

/**
 * What the module exports. The generator takes `[latent]` and gives `shape`, in [-1, 1] for images; the discriminator
 * takes `shape` and gives `[outputs]`, not squashed.
 */
export interface UserModule {
  generator(given: ModelArguments & { readonly latent: number }): tf.LayersModel;
  discriminator(given: ModelArguments & { readonly outputs: number }): tf.LayersModel;
}

type Role = keyof UserModule;

const SIGNATURES: Readonly<Record<Role, string>> = {
  generator: "generator({ tf, latent, height, width, channels })",
  discriminator: "discriminator({ tf, height, width, channels, outputs })",
};

const refuse = (file: string, expected: string, got: string, hint: string, cause?: unknown): never => {
  throw new GanEvalError("input.network-module", `expected ${expected} from ${file}, got ${got}`, {
    hint,
    cause,
  });
};

const EXAMPLE = `Export two functions, ${SIGNATURES.generator} and ${SIGNATURES.discriminator}, that each return tf.sequential({ layers: [...] }) or tf.model({ inputs, outputs }).`;

async function importModule(file: string): Promise<Record<string, unknown>> {
  if (!existsSync(file)) return refuse(file, "a module", "no such file", EXAMPLE);
  try {
    return await import(/* @vite-ignore */ pathToFileURL(file).href);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const hint =
      code === "ERR_UNKNOWN_FILE_EXTENSION"
        ? "Node reads TypeScript since version 22.18; for earlier versions, write the module as .mjs."
        : "The module fails to load; run it with node to see where.";
    return refuse(file, "an importable module", message, hint, error);
  }
}

const BATCH = 2;

/** Traces the model and its slopes, so that what cannot be compiled is told before a run. */
function requireTraceable(file: string, role: Role, network: Network): void {
  const { weights, buffers, noise, input } = network;
  const signature: Signature = {
    x: { shape: [BATCH, ...input] },
    ...under("weights", weights),
    ...under("buffers", buffers),
    ...under(
      "noise",
      Object.fromEntries(Object.entries(noise).map(([name, shape]) => [name, { shape: [BATCH, ...shape] }])),
    ),
  };
  const names = Object.keys(weights);
  const traced = (mode: Mode) =>
    functionToGraph(
      (inputs: Tensors): Tensors => {
        const arrays = { buffers: within(inputs, "buffers"), noise: within(inputs, "noise") };
        const mean = (x: tf.Tensor, ...tensors: tf.Tensor[]): tf.Tensor => {
          const own = Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
          return tf.mean(network.apply(x, { ...arrays, weights: own }, mode).output);
        };
        const tensors = names.map((name) => inputs[`weights/${name}`]);
        if (mode === "evaluate") return { mean: mean(inputs.x, ...tensors) };
        const { value, grads } = tf.valueAndGrads(mean)([inputs.x, ...tensors]);
        return { value, slopes: tf.addN(grads.map((slope) => tf.sum(slope))) };
      },
      signature,
      role,
    );
  try {
    traced("train");
    traced("evaluate");
  } catch (error) {
    const { message, hint } = error as GanEvalError;
    const what = `trainable, compilable layers in the ${role}`;
    refuse(file, what, message, hint ?? "Remove the layer named here, or the one added last.", error);
  }
}

/** Labels as more numbers, or channels, of the input: the model is made for an input that is wider by them. */
function besideLabels(network: Network, classes: number): Network {
  const { input, apply } = network;
  const last = input[input.length - 1] - classes;
  return {
    ...network,
    input: input.with(-1, last),
    classes,
    apply(x, arrays, mode) {
      const labels = requireLabels(arrays.labels, classes);
      const wider =
        x.rank === 2
          ? tf.concat([x, labels], 1)
          : labelChannels.apply(x, { weights: {}, buffers: {}, noise: {}, labels }, { classes }, mode).output;
      return apply.call(network, wider, arrays, mode);
    },
  };
}

const toArguments = (shape: Shape): ModelArguments => {
  const [height, width, channels] = shape.length === 3 ? shape : [1, 1, shape[0]];
  return { tf, height, width, channels, shape };
};

/**
 * The pair of a module (.js, .mjs, or .ts where Node reads it) that exports `generator` and `discriminator`. Given
 * classes, the label is one-hot in `classes` more numbers of the latent and channels of the discriminator's input.
 * @throws GanEvalError `input.network-module`, from here or from the pair's functions, where the module does not keep to
 * what is expected of it
 */
export async function openUserPair(path: string): Promise<Pair> {
  const file = resolve(path);
  await loadTensorflow();
  const module = await importModule(file);
  for (const role of ["generator", "discriminator"] as const)
    if (typeof module[role] !== "function")
      refuse(file, `a function ${SIGNATURES[role]}`, typeof module[role], EXAMPLE);
  const { generator, discriminator } = module as unknown as UserModule;

  function build(
    role: Role,
    make: () => tf.LayersModel,
    input: Shape,
    output: Shape,
    classes?: number,
  ): Network {
    const { built, initializers } = recordInitializers(() => {
      try {
        return make();
      } catch (error) {
        return refuse(file, `a model of the ${role}`, (error as Error).message, EXAMPLE, error);
      }
    });
    if (!(built instanceof tf.LayersModel)) {
      const got = (built as unknown) instanceof Promise ? "a promise" : `${typeof built}`;
      const hint =
        "Return the model itself, built with the tf argument; load files beforehand, with top-level await.";
      return refuse(file, `a LayersModel of the ${role}`, got, hint);
    }
    const network = layersModelToNetwork(built, initializers);
    for (const [what, expected, got] of [
      ["input", input, network.input],
      ["output", output, network.output],
    ] as const)
      if (!equalShapes(expected, got))
        refuse(
          file,
          `[${expected}] as ${what} of the ${role}`,
          `[${got}]`,
          "Build it from the numbers passed to the function.",
        );
    requireTraceable(file, role, network);
    return classes === undefined ? network : besideLabels(network, classes);
  }

  return {
    label: basename(file),
    source: file,
    takes: "any",
    generator({ latent, image, classes }) {
      const inputs = latent + (classes ?? 0);
      const make = () => generator({ ...toArguments(image), latent: inputs });
      return build("generator", make, [inputs], image, classes);
    },
    discriminator(request: NetworkRequest) {
      const { classes, outputs = 1 } = request;
      const own = packed(request);
      const shape = own.with(-1, own[own.length - 1] + (classes ?? 0));
      const make = () => discriminator({ ...toArguments(shape), outputs });
      return build("discriminator", make, shape, [outputs], classes);
    },
  };
}
