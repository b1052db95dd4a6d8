import { beforeAll, describe, expect, it } from "vitest";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import * as tf from "../../../src/engine/tfjs.ts";
import type { Layer } from "../../../src/train/networks/layers.ts";
import { within } from "../../../src/train/networks/names.ts";
import { layersToNetwork, parameterCount, withSpectralNorm } from "../../../src/train/networks/network.ts";
import { applied, expectClose, expectSlopes, normals, numbers, specsToTensors } from "./eager.ts";

beforeAll(() => loadTensorflow());

const BODY: readonly Layer[] = [
  { kind: "dense", units: 3 },
  { kind: "batch-norm", epsilon: 1e-3, momentum: 0.1 },
  { kind: "mark", name: "inside" },
  { kind: "tanh" },
];
const SHORTCUT: readonly Layer[] = [{ kind: "dense", units: 3, bias: false }];

describe("a residual block", () => {
  const network = layersToNetwork([2], [{ kind: "residual", body: BODY, shortcut: SHORTCUT }]);

  it("names what is inside by its way there", () => {
    expect(Object.keys(network.weights)).toEqual([
      "residual1/body/dense1/weights",
      "residual1/body/dense1/biases",
      "residual1/body/batch-norm1/scale",
      "residual1/body/batch-norm1/offset",
      "residual1/shortcut/dense1/weights",
    ]);
    expect(Object.keys(network.buffers)).toEqual([
      "residual1/body/batch-norm1/mean",
      "residual1/body/batch-norm1/variance",
    ]);
    expect(network.layers.map(({ parameters }) => parameters)).toEqual([parameterCount(network)]);
  });

  it("is the body plus the shortcut, with the body's marks and running statistics", () => {
    const weights = specsToTensors(network.weights);
    const buffers = specsToTensors(network.buffers);
    const x = normals([5, 2]);
    const whole = applied(network, { x, weights, buffers });
    const alone = (chain: readonly Layer[], name: string) =>
      applied(layersToNetwork([2], chain), {
        x,
        weights: within(weights, `residual1/${name}`),
        buffers: within(buffers, `residual1/${name}`),
      });
    const [body, shortcut] = [alone(BODY, "body"), alone(SHORTCUT, "shortcut")];
    expectClose(numbers(whole.output), numbers(tf.add(body.output, shortcut.output)));
    expectClose(numbers(whole.marks.inside), numbers(body.marks.inside));
    const mean = "batch-norm1/mean";
    expectClose(numbers(whole.buffers[`residual1/body/${mean}`]), numbers(body.buffers[mean]));
    expect(numbers(body.buffers[mean])).not.toEqual([0, 0, 0]);
  });

  it("has the slopes of differences", () => {
    expectSlopes(network, { x: normals([4, 2]) }, 1e-2);
  });

  it("adds the input itself where the shortcut is empty", () => {
    const identity = layersToNetwork([2], [{ kind: "residual", body: [{ kind: "relu" }], shortcut: [] }]);
    expect(numbers(applied(identity, { x: tf.tensor([[-1, 2]]) }).output)).toEqual([-1, 4]);
  });

  it("hands noise and labels down", () => {
    const layers: readonly Layer[] = [
      {
        kind: "residual",
        body: [
          { kind: "label-embedding", classes: 2, units: 1, join: "concat" },
          { kind: "dropout", rate: 0.5 },
        ],
        shortcut: [{ kind: "dense", units: 2 }],
      },
    ];
    const conditional = layersToNetwork([1], layers);
    expect(conditional.classes).toBe(2);
    expect(conditional.noise).toEqual({ "residual1/body/dropout1/keep": [2] });
    const { output } = applied(conditional, {
      x: tf.tensor([[3]]),
      weights: {
        "residual1/body/label-embedding1/embedding": tf.tensor([[5], [7]]),
        "residual1/shortcut/dense1/weights": tf.zeros([1, 2]),
        "residual1/shortcut/dense1/biases": tf.tensor([100, 200]),
      },
      noise: { "residual1/body/dropout1/keep": tf.tensor([[0.2, 0.8]]) },
      labels: tf.tensor([[0, 1]]),
    });
    expect(numbers(output)).toEqual([100, 214]);
  });

  it("is refused where the two give other shapes", () => {
    const layer: Layer = { kind: "residual", body: BODY, shortcut: [] };
    expect(() => layersToNetwork([2], [layer])).toThrow(/one shape, got \[3\] and \[2\]/);
  });

  it("has a spectral norm in each of its linear layers, if it is to have any", () => {
    const spectral = withSpectralNorm(network);
    expect(Object.keys(spectral.buffers).filter((name) => name.endsWith("/u"))).toEqual([
      "residual1/body/dense1/u",
      "residual1/shortcut/dense1/u",
    ]);
    const buffers = specsToTensors(spectral.buffers);
    const after = spectral.advance!(specsToTensors(spectral.weights), buffers);
    expect(Object.keys(after)).toEqual(Object.keys(buffers));
    expect(numbers(after["residual1/body/dense1/u"])).not.toEqual(
      numbers(buffers["residual1/body/dense1/u"]),
    );
    expect(after["residual1/body/batch-norm1/mean"]).toBe(buffers["residual1/body/batch-norm1/mean"]);
  });
});
