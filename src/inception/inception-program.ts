/** The network as a function of images, for an engine to compile. */

import type { Engine, Program } from "../engine/engine.ts";
import { loadTensorflow, type Tensorflow } from "../engine/tensorflow.ts";
import type { GraphModel, Tensor, Tensor4D } from "../engine/tfjs.ts";
import type { ResizeMode } from "../images/resize/resize.ts";
import { INPUT, INPUT_SIZE, type InceptionWeights } from "./architecture.ts";
import { ENDS, type InceptionEnd, SPATIAL_CHANNELS } from "./graph-nodes.ts";
import { networkIntegers, networkSignature, networkTopology, networkWeightSpecs } from "./tfjs-graph.ts";

export type InceptionProgram = Program<"images", InceptionEnd>;

type Scaling = (tf: Tensorflow, x: Tensor) => Tensor;

const tensorflowScaling: Scaling = (tf, x) => tf.mul(tf.sub(x, 128), 0.0078125);

/**
 * Levels 0..255 to the network's input: (x - 128) / 128 in TensorFlow's graph, clean-fid and torchmetrics,
 * 2 (x / 255) - 1 in pytorch-fid.
 */
const SCALINGS: Readonly<Record<ResizeMode, Scaling>> = {
  tf1: tensorflowScaling,
  clean: tensorflowScaling,
  antialias: tensorflowScaling,
  "pil-bicubic": tensorflowScaling,
  "pil13-bicubic": tensorflowScaling,
  "torch-bicubic": tensorflowScaling,
  pytorch: (tf, x) => tf.sub(tf.mul(tf.div(x, 255), 2), 1),
};

/** `[n, 17, 17, channels]` to the first of the channels, `[n, 2023]`. */
function mapToRows(tf: Tensorflow, map: Tensor): Tensor {
  const channels = tf.slice4d(map as Tensor4D, [0, 0, 0, 0], [-1, -1, -1, SPATIAL_CHANNELS]);
  return tf.reshape(channels, [map.shape[0], ENDS.spatial.width]);
}

/** The array's own buffer, or a copy where the array is a part of a larger one. */
const toBuffer = (data: Float32Array | Int32Array): ArrayBuffer =>
  (data.byteLength === data.buffer.byteLength ? data.buffer : data.slice().buffer) as ArrayBuffer;

/** The tensorflow.js graph model, its weights made on the backend that is current. */
function loadModel(tf: Tensorflow, weights: InceptionWeights): GraphModel {
  const integers = networkIntegers();
  const specs = networkWeightSpecs();
  return tf.loadGraphModelSync({
    format: "graph-model",
    modelTopology: networkTopology(),
    signature: networkSignature(),
    weightSpecs: specs.map(({ name, shape, dtype }) => ({ name, shape: [...shape], dtype })),
    weightData: specs.map(({ name }) => toBuffer(weights.get(name) ?? integers.get(name)!)),
  }) as unknown as GraphModel;
}

/**
 * Compiles the network for batches of `[batchSize, 299, 299, 3]` float32, 0..255. A compiling engine takes the weights
 * into its graph; an eager one keeps them as tensors of its backend. The caller may let go of them.
 */
export async function compileInception(
  engine: Engine,
  weights: InceptionWeights,
  { batchSize, resize, ends }: { batchSize: number; resize: ResizeMode; ends: readonly InceptionEnd[] },
): Promise<InceptionProgram> {
  const tf = await loadTensorflow();
  const isEager = engine.name !== "onnx";
  let source: InceptionWeights | undefined = weights;
  let kept: GraphModel | undefined;
  const program = await engine.compile(
    ({ images }) => {
      const model = kept ?? loadModel(tf, source!);
      if (isEager && kept === undefined) {
        kept = model;
        source = undefined;
        for (const tensor of Object.values(model.weights).flat()) tf.keep(tensor);
      }
      const nodes = ends.map((end) => ENDS[end].node);
      const outputs = [model.execute({ [INPUT]: SCALINGS[resize](tf, images) }, nodes)].flat();
      return Object.fromEntries(
        ends.map((end, i) => [end, end === "spatial" ? mapToRows(tf, outputs[i]) : outputs[i]]),
      ) as Record<InceptionEnd, Tensor>;
    },
    { images: { shape: [batchSize, INPUT_SIZE, INPUT_SIZE, 3] } },
    { name: "inception", background: true },
  );
  source = isEager ? source : undefined;
  return {
    run: (inputs) => program.run(inputs),
    async dispose() {
      await program.dispose();
      kept?.dispose();
      kept = undefined;
    },
  };
}
