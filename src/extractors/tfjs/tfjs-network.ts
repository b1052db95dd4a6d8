/** A network in a tensorflow.js folder, graph model or layers model, compiled like any function. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Engine } from "../../engine/engine.ts";
import { loadTensorflow, type Tensorflow } from "../../engine/tensorflow.ts";
import type { GraphModel, io, LayersModel, SymbolicTensor, Tensor } from "../../engine/tfjs.ts";
import { GanEvalError } from "../../errors.ts";
import { JsonFault, textToJson } from "../../formats/json.ts";
import { bytesToText } from "../../formats/text.ts";
import { type ImageNetwork, type NetworkProgram, otherNetwork } from "../custom/image-network.ts";
import type { OpenShape } from "../custom/preprocessing.ts";

export const MODEL_FILE = "model.json";

const failed = (location: string, cause: unknown): GanEvalError =>
  cause instanceof GanEvalError
    ? cause
    : otherNetwork(location, `an error of tensorflow.js: ${(cause as Error).message}`, cause);

interface ModelFiles {
  readonly artifacts: io.ModelArtifacts;
  readonly hash: string;
}

/** model.json and the shards it names, which must lie beside it. */
async function readFiles(tf: Tensorflow, folder: string): Promise<ModelFiles> {
  const hash = createHash("sha256");
  const read = async (name: string): Promise<Buffer> => {
    const location = path.join(folder, name);
    const bytes = await readFile(location).catch((cause) => {
      throw new GanEvalError("input.cannot-read", `cannot read ${location}: ${cause.message}`, {
        hint: "A tensorflow.js model is a folder with model.json and its weight files.",
        cause,
      });
    });
    hash.update(bytes);
    return bytes;
  };
  const location = path.join(folder, MODEL_FILE);
  const text = bytesToText(await read(MODEL_FILE), location);
  try {
    const json = textToJson(text) as io.ModelJSON;
    const artifacts = await tf.io.getModelArtifactsForJSON(json, async (groups) => {
      const names = groups.flatMap(({ paths }) => paths);
      const foreign = names.find((name) => !/^[\w.-]+$/.test(name));
      if (foreign !== undefined) throw otherNetwork(folder, `weights outside the folder, ${foreign}`);
      const shards: Buffer[] = [];
      for (const name of names) shards.push(await read(name));
      return [groups.flatMap(({ weights }) => weights), new Uint8Array(Buffer.concat(shards)).buffer];
    });
    return { artifacts, hash: hash.digest("hex") };
  } catch (cause) {
    if (cause instanceof JsonFault) throw otherNetwork(location, `no JSON: ${cause.message}`, cause);
    throw failed(folder, cause);
  }
}

/** A model of either kind as one function of images. */
interface LoadedModel {
  readonly inputShape: OpenShape;
  readonly outputs: readonly string[];
  readonly within: readonly string[];
  apply(images: Tensor, names: readonly string[]): Tensor[];
  dispose(): void;
}

const toOpenShape = (shape: readonly (number | null)[] | undefined): OpenShape =>
  (shape ?? []).map((side) => (side === null || side < 0 ? undefined : side));

const withoutPort = (name: string): string => name.replace(/:0$/, "");

function requireOneInput(inputs: readonly { name: string }[], folder: string): void {
  if (inputs.length === 1) return;
  throw otherNetwork(folder, `inputs ${inputs.map(({ name }) => name).join(", ") || "without a name"}`);
}

function graphToLoaded(model: GraphModel, artifacts: io.ModelArtifacts, folder: string): LoadedModel {
  requireOneInput(model.inputs, folder);
  const [input] = model.inputs;
  const signature = artifacts.signature as { outputs?: Record<string, { name: string }> } | undefined;
  // What the signature calls an output, and the node behind it.
  const nodes = new Map(
    Object.entries(signature?.outputs ?? {}).map(([key, { name }]) => [key, withoutPort(name)]),
  );
  const outputs = nodes.size > 0 ? [...nodes.keys()] : model.outputs.map(({ name }) => withoutPort(name));
  const topology = artifacts.modelTopology as { node?: readonly { name: string; op: string }[] };
  return {
    inputShape: toOpenShape(input.shape),
    outputs,
    within: (topology.node ?? []).flatMap(({ name, op }) =>
      op === "Const" || op === "Placeholder" || outputs.includes(name) ? [] : [name],
    ),
    apply: (images, names) =>
      [
        model.execute(
          { [input.name]: images },
          names.map((name) => nodes.get(name) ?? name),
        ),
      ].flat(),
    dispose: () => model.dispose(),
  };
}

function layersToLoaded(tf: Tensorflow, model: LayersModel, folder: string): LoadedModel {
  requireOneInput(model.inputs, folder);
  // Sequential models have no names of outputs.
  const outputs = model.outputs.map(({ sourceLayer }) => sourceLayer.name);
  return {
    inputShape: toOpenShape(model.inputs[0].shape),
    outputs,
    within: model.layers.map(({ name }) => name).filter((name) => !outputs.includes(name)),
    apply: (images, names) => {
      const wanted = names.map((name) => {
        const at = outputs.indexOf(name);
        return at >= 0 ? model.outputs[at] : (model.getLayer(name).output as SymbolicTensor);
      });
      const part = tf.model({ inputs: model.inputs, outputs: wanted });
      return [part.apply(images, { training: false }) as Tensor | Tensor[]].flat();
    },
    dispose: () => model.dispose(),
  };
}

async function filesToLoaded(
  tf: Tensorflow,
  { artifacts }: ModelFiles,
  folder: string,
): Promise<LoadedModel> {
  const handler = { load: async () => artifacts };
  try {
    if (artifacts.format === "layers-model")
      return layersToLoaded(tf, await tf.loadLayersModel(handler), folder);
    return graphToLoaded(await tf.loadGraphModel(handler), artifacts, folder);
  } catch (cause) {
    throw failed(folder, cause);
  }
}

async function compileLoaded(
  model: LoadedModel,
  folder: string,
  engine: Engine,
  shape: readonly number[],
  names: readonly string[],
): Promise<NetworkProgram> {
  const distinct = [...new Set(names)];
  const key = (name: string) => `output${distinct.indexOf(name)}`;
  const program = await engine
    .compile(
      ({ images }) =>
        Object.fromEntries(model.apply(images, distinct).map((tensor, i) => [key(distinct[i]), tensor])),
      { images: { shape } },
      { name: path.basename(folder), background: true },
    )
    .catch((cause) => {
      throw failed(folder, cause);
    });
  return {
    anyBatch: false,
    async run(images) {
      const arrays = await program.run({ images });
      return names.map((name) => arrays[key(name)]);
    },
    async dispose() {
      await program.dispose();
      model.dispose();
    },
  };
}

/**
 * Reads the folder of a tensorflow.js model of one input.
 * @throws GanEvalError `input.extractor-network` for another model or a damaged one, `input.cannot-read`
 */
export async function readTfjsNetwork(folder: string): Promise<ImageNetwork> {
  const tf = await loadTensorflow();
  const files = await readFiles(tf, folder);
  const model = await filesToLoaded(tf, files, folder);
  const { inputShape, outputs, within } = model;
  return {
    location: folder,
    hash: files.hash,
    inputShape,
    outputs,
    within,
    compile: (engine, shape, names) => compileLoaded(model, folder, engine, shape, names),
  };
}
