/** A named network as a program of an engine. */
import type { Engine, Program, Tensors } from "../../engine/engine.ts";
import { loadTensorflow } from "../../engine/tensorflow.ts";
import type { FeatureLayer } from "../extractor.ts";
import type { NamedNetwork } from "./named-network.ts";

/**
 * Compiles a network for batches of `[batchSize, side, side, 3]`. The weights go into the program and out of the network:
 * a large one would otherwise lie in memory twice.
 */
export async function compileNetwork(
  engine: Engine,
  { arrays, apply }: NamedNetwork,
  {
    name,
    batchSize,
    side,
    ends,
  }: {
    name: string;
    batchSize: number;
    side: number;
    ends: readonly FeatureLayer[];
  },
): Promise<Program<"images", FeatureLayer>> {
  const tf = await loadTensorflow();
  const isEager = engine.name !== "onnx";
  let kept: Tensors | undefined;
  const takeWeights = (): Tensors => {
    const tensors: Tensors = {};
    for (const [key, { data, shape }] of Object.entries(arrays)) {
      tensors[key] = tf.tensor(data, [...shape], "float32");
      delete arrays[key];
    }
    if (!isEager) return tensors;
    for (const tensor of Object.values(tensors)) tf.keep(tensor);
    kept = tensors;
    return tensors;
  };
  const program = await engine.compile(
    ({ images }) => {
      const given = apply(images, kept ?? takeWeights());
      return Object.fromEntries(ends.map((end) => [end, given[end]!]));
    },
    { images: { shape: [batchSize, side, side, 3] } },
    { name, background: true },
  );
  return {
    run: (inputs) => program.run(inputs),
    async dispose() {
      await program.dispose();
      for (const tensor of Object.values(kept ?? {})) tensor.dispose();
      kept = undefined;
    },
  };
}
