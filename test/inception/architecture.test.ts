import { describe, expect, it } from "vitest";
import { CONVOLUTIONS, INPUT, INPUT_SIZE, LAYERS, WEIGHTS } from "../../src/inception/architecture.ts";

/** The side of each layer's output: SAME ceil(n / s), VALID ceil((n - k + 1) / s). */
function layerSides(): Map<string, number> {
  const sides = new Map([[INPUT, INPUT_SIZE]]);
  for (const layer of LAYERS) {
    if (layer.kind === "concat") {
      const joined = new Set(layer.inputs.map((input) => sides.get(input)));
      expect(joined.size, layer.name).toBe(1);
      sides.set(layer.name, [...joined][0]!);
      continue;
    }
    const side = sides.get(layer.input)!;
    const kernel = layer.kind === "convolution" ? layer.shape[0] : layer.size;
    const places = layer.padding === "SAME" ? side : side - kernel + 1;
    sides.set(layer.name, Math.ceil(places / layer.stride));
  }
  return sides;
}

describe("the architecture's table", () => {
  it("has the published sizes at each stage", () => {
    const sides = layerSides();
    const at = (name: string) => sides.get(name);
    expect(["conv", "conv_1", "conv_2", "pool", "conv_3", "conv_4", "pool_1"].map(at)).toEqual([
      149, 147, 147, 73, 73, 71, 35,
    ]);
    expect(
      ["mixed", "mixed_2", "mixed_3", "mixed_7", "mixed_8", "mixed_10"].map((block) => at(`${block}/join`)),
    ).toEqual([35, 35, 17, 17, 8, 8]);
    expect(at("pool_3")).toBe(1);
  });

  it("has the published channels after each block", () => {
    const channels = new Map<string, number>();
    for (const layer of LAYERS) {
      if (layer.kind === "convolution") channels.set(layer.name, layer.shape[3]);
      else if (layer.kind === "concat")
        channels.set(
          layer.name,
          layer.inputs.reduce((sum, input) => sum + channels.get(input)!, 0),
        );
      else channels.set(layer.name, channels.get(layer.input)!);
    }
    const blocks = Array.from({ length: 11 }, (_, i) => channels.get(`mixed${i ? `_${i}` : ""}/join`));
    expect(blocks).toEqual([256, 288, 288, 768, 768, 768, 768, 768, 1280, 2048, 2048]);
  });

  it("has 94 convolutions of 21,820,000 parameters with their batch norms, and a classifier of 2,065,392", () => {
    expect(CONVOLUTIONS.length).toBe(94);
    const parameters = CONVOLUTIONS.map(({ shape: [h, w, i, o] }) => h * w * i * o + 4 * o);
    expect(parameters.reduce((a, b) => a + b, 0)).toBe(21_820_000);
    const classifier = WEIGHTS.filter(({ name }) => name.startsWith("softmax/"));
    expect(classifier.map(({ shape }) => shape.reduce((a, b) => a * b, 1)).reduce((a, b) => a + b, 0)).toBe(
      2_065_392,
    );
  });

  it("has 5 maximum pools, mixed_10's among them, 9 average pools and 11 joins", () => {
    const count = (kind: string) => LAYERS.filter((layer) => layer.kind === kind).length;
    expect([count("max-pool"), count("average-pool"), count("concat")]).toEqual([5, 9, 11]);
    expect(LAYERS.find(({ name }) => name === "mixed_10/tower_2/pool")?.kind).toBe("max-pool");
  });
});
