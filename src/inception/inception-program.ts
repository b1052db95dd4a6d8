/** The network as a function of pictures, for an engine to compile. */
import type { GraphModel } from "@tensorflow/tfjs";
import type { Engine, Program } from "../engine/engine.ts";
import { loadTensorflow, type Tensorflow } from "../engine/tensorflow.ts";
import type { ResizeMode } from "../images/resize.ts";
import { INPUT, INPUT_SIZE, type InceptionWeights } from "./architecture.ts";
import { ENDS, type InceptionEnd } from "./graph-nodes.ts";
import { networkIntegers, networkSignature, networkTopology, networkWeightSpecs } from "./tfjs-graph.ts";

export type InceptionProgram = Program<"pictures", InceptionEnd>;

/** Levels 0..255 to the network's input: TensorFlow's graph and clean-fid (x - 128) / 128, pytorch-fid 2 (x / 255) - 1. */
const SCALINGS: Readonly<
  Record<
    ResizeMode,
    (tf: Tensorflow, x: import("@tensorflow/tfjs").Tensor) => import("@tensorflow/tfjs").Tensor
  >
> = {
  tf1: (tf, x) => tf.mul(tf.sub(x, 128), 0.0078125),
  clean: (tf, x) => tf.mul(tf.sub(x, 128), 0.0078125),
  pytorch: (tf, x) => tf.sub(tf.mul(tf.div(x, 255), 2), 1),
};

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
    ({ pictures }) => {
      const model = kept ?? loadModel(tf, source!);
      if (isEager && kept === undefined) {
        kept = model;
        source = undefined;
        for (const tensor of Object.values(model.weights).flat()) tf.keep(tensor);
      }
      const nodes = ends.map((end) => ENDS[end].node);
      const outputs = [model.execute({ [INPUT]: SCALINGS[resize](tf, pictures) }, nodes)].flat();
      return Object.fromEntries(ends.map((end, i) => [end, outputs[i]])) as Record<
        InceptionEnd,
        (typeof outputs)[number]
      >;
    },
    { pictures: { shape: [batchSize, INPUT_SIZE, INPUT_SIZE, 3] } },
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
