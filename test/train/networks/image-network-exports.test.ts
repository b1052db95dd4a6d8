import { beforeAll, describe, expect, it } from "vitest";
import type { BatchedFunction } from "../../../src/engine/export/batched-function.ts";
import { functionToGraphModel } from "../../../src/engine/export/graph-model.ts";
import { functionToOnnxFile } from "../../../src/engine/export/onnx-file.ts";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import { under, within } from "../../../src/train/networks/names.ts";
import { type Network, specsToArrays } from "../../../src/train/networks/network.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import { IMAGE_NETWORKS } from "./image-networks.ts";

beforeAll(() => loadTensorflow());

const toFunction = (network: Network): BatchedFunction => {
  const random = openRandomStream(1, "weights");
  const constants = {
    ...under("weights", specsToArrays(network.weights, random)),
    ...under("buffers", specsToArrays(network.buffers, random)),
  };
  return {
    name: "generator",
    inputs: { x: network.input, ...under("sides", network.sides) },
    constants: constants as BatchedFunction["constants"],
    apply: (inputs, arrays) => ({
      y: network.apply(
        inputs.x,
        {
          weights: within(arrays, "weights"),
          buffers: within(arrays, "buffers"),
          sides: within(inputs, "sides"),
        },
        "evaluate",
      ).output,
    }),
  };
};

const generators = Object.entries(IMAGE_NETWORKS).filter(([name]) => !/judge|encoder$|classifier/.test(name));

describe.each(generators)("%s", (_name, { small }) => {
  it("can be exported for any number of examples, as ONNX and as a graph model", async () => {
    const fn = toFunction(small());
    expect((await functionToOnnxFile(fn)).batch).toBe("any");
    expect(
      (await functionToGraphModel(fn, { generatedBy: "test", convertedBy: "test" }, "w.bin")).batch,
    ).toBe("any");
  });
});
