/** Too little memory on a device: the same features in smaller batches. */
import { describe, expect, it } from "vitest";
import { GanEvalError } from "../../src/errors.ts";
import type { FeatureExtractor } from "../../src/extractors/extractor.ts";
import { withHalvedBatches } from "../../src/extractors/with-halved-batches.ts";
import type { Image } from "../../src/images/source.ts";

const image = (level: number): Image => ({
  name: `${level}`,
  width: 1,
  height: 1,
  pixels: Uint8Array.of(level, 0, 0),
});
const IMAGES = [1, 2, 3, 4, 5].map(image);

/** Its feature is the red level; runs of more than `fits` images fail. */
function openOn(device: string, fits: number, fault = "unavailable.device-memory") {
  const sizes: number[] = [];
  const closed: number[] = [];
  const open = async (batchSize: number): Promise<FeatureExtractor> => {
    sizes.push(batchSize);
    let isOpen = true;
    return {
      ...{ id: "red", hash: "0", ends: { features: 1 }, featureEnd: "features", logitsEnd: "logits" },
      ...{ resize: "none", takesGrey: true, computedBy: { engine: "onnx", device, threads: 1 } },
      async extract(batch) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (!isOpen) throw new Error("closed while it was used");
        if (batchSize > fits) throw new GanEvalError(fault as "unavailable.device-memory", "too much");
        return {
          features: {
            data: Float32Array.from(batch, ({ pixels }) => pixels[0]!),
            rows: batch.length,
            width: 1,
          },
        };
      },
      async dispose() {
        isOpen = false;
        closed.push(batchSize);
      },
    };
  };
  return { open, sizes, closed };
}

const featuresOf = async (extractor: FeatureExtractor, images: readonly Image[]) => [
  ...(await extractor.extract(images)).features!.data,
];

describe("an extractor whose device has too little memory", () => {
  it("is opened for half as many images until they fit, and gives all features in order", async () => {
    const { open, sizes, closed } = openOn("webgpu", 3);
    const extractor = withHalvedBatches(await open(16), 16, open);
    const batches = await Promise.all([
      featuresOf(extractor, IMAGES),
      featuresOf(extractor, IMAGES.slice(2)),
    ]);
    expect(batches).toEqual([
      [1, 2, 3, 4, 5],
      [3, 4, 5],
    ]);
    expect(sizes).toEqual([16, 8, 4, 2]);
    expect(closed).toEqual([16, 8, 4]);
    await extractor.dispose();
    expect(closed).toEqual([16, 8, 4, 2]);
  });

  it("warns with the size that worked, and has nothing to say before", async () => {
    const { open } = openOn("webgpu", 4);
    const extractor = withHalvedBatches(await open(8), 8, open);
    expect(extractor.warnings).toBeUndefined();
    await extractor.extract(IMAGES);
    expect(extractor.warnings!()).toMatchObject([
      {
        code: "batch-halved",
        message: "webgpu has too little memory for 8 images in a run of red: 4 worked",
      },
    ]);
  });

  it("fails where one image is too many", async () => {
    const { open, sizes } = openOn("cuda", 0);
    const extractor = withHalvedBatches(await open(2), 2, open);
    await expect(extractor.extract(IMAGES)).rejects.toMatchObject({ code: "unavailable.device-memory" });
    expect(sizes).toEqual([2, 1]);
  });

  it("fails at once for any other reason", async () => {
    const { open, sizes } = openOn("webgpu", 0, "unavailable.device-lost");
    const extractor = withHalvedBatches(await open(8), 8, open);
    await expect(extractor.extract(IMAGES)).rejects.toMatchObject({ code: "unavailable.device-lost" });
    expect(sizes).toEqual([8]);
  });

  it("is left as it is on the CPU", async () => {
    const { open } = openOn("cpu", 0);
    const first = await open(8);
    expect(withHalvedBatches(first, 8, open)).toBe(first);
  });
});
