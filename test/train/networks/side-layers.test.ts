import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import type { Layer } from "../../../src/train/networks/layers.ts";
import { layersToNetwork } from "../../../src/train/networks/network.ts";
import { applied, expectSlopes, normals, numbers } from "./eager.ts";

beforeAll(() => loadTensorflow());

const LOW: Layer = { kind: "side-channels", side: "low", channels: 1 };

describe("the channels of a side input", () => {
  const network = layersToNetwork([1, 2, 1], [LOW]);

  it("stand behind those of the image", () => {
    expect([network.output, network.sides]).toEqual([[1, 2, 2], { low: [1, 2, 1] }]);
    const low = tf.tensor([3, 4], [1, 1, 2, 1]);
    expect(numbers(applied(network, { x: tf.tensor([1, 2], [1, 1, 2, 1]), sides: { low } }).output)).toEqual([
      1, 3, 2, 4,
    ]);
    expectSlopes(network, { x: normals([1, 1, 2, 1]), sides: { low } });
  });

  it("reach layers inside of others, which may read them more than once", () => {
    const deep = layersToNetwork([1, 2, 1], [{ kind: "skip", body: [LOW, LOW] }]);
    expect([deep.output, deep.sides]).toEqual([[1, 2, 4], { low: [1, 2, 1] }]);
    const given = { x: tf.ones([1, 1, 2, 1]), sides: { low: tf.tensor([3, 4], [1, 1, 2, 1]) } };
    expect(numbers(applied(deep, given).output)).toEqual([1, 3, 3, 1, 1, 4, 4, 1]);
  });

  it("are refused where there are none, or of another size", () => {
    const x = tf.ones([1, 1, 2, 1]);
    expect(() => applied(network, { x })).toThrow(/side input low of \[n,1,2,1\] with the input, got none/);
    expect(() => applied(network, { x, sides: { low: tf.ones([1, 2, 2, 1]) } })).toThrow(/got \[1,2,2,1\]/);
  });

  it("are refused where two layers read one name in different shapes", () => {
    const layers: readonly Layer[] = [LOW, { kind: "average-pool", size: 2 }, LOW];
    expect(() => layersToNetwork([2, 2, 1], layers)).toThrow(
      /one shape of the side input low in all layers, got \[2,2,1\] and \[1,1,1\]/,
    );
  });

  it("are none where no layer reads any", () => {
    expect(layersToNetwork([2], [{ kind: "relu" }]).sides).toEqual({});
  });
});
