/** A file with images and statistics, as ADM's reference batches are: which of them is used, and that it is said. */
import path from "node:path";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluate/evaluate.ts";
import type { NpyArray } from "../../../src/formats/npy.ts";
import { writeNpz } from "../../../src/formats/npz.ts";
import { temporaryFolder } from "../../images/made-images.ts";

const folder = await temporaryFolder();
const WIDTH = 64;
const COUNT = 80;

/** Images whose levels depend on the seed. */
const images = (seed: number): NpyArray => ({
  dtype: "|u1",
  shape: [COUNT, 28, 28, 3],
  data: Uint8Array.from({ length: COUNT * 28 * 28 * 3 }, (_, i) => {
    const [image, pixel] = [Math.floor(i / 2352), Math.floor((i % 2352) / 3)];
    return 127 + 127 * Math.sin(seed + image * 1.7 + ((pixel * (image % 7)) % 28));
  }),
});
const statistics = (n: number | undefined): [string, NpyArray][] => [
  ["mu", { dtype: "<f8", shape: [WIDTH], data: new Float64Array(WIDTH).fill(0.5) }],
  [
    "sigma",
    {
      dtype: "<f8",
      shape: [WIDTH, WIDTH],
      data: Float64Array.from({ length: WIDTH * WIDTH }, (_, i) => (i % (WIDTH + 1) === 0 ? 1 : 0)),
    },
  ],
  ...(n === undefined
    ? []
    : ([["n", { dtype: "<f8", shape: [], data: Float64Array.of(n) }]] as [string, NpyArray][])),
];
async function write(name: string, arrays: readonly [string, NpyArray][]): Promise<string> {
  const location = path.join(folder, name);
  await writeNpz(location, new Map(arrays));
  return location;
}
const measure = (real: string, fake: string, prefer?: "statistics" | "images") =>
  evaluate({
    ...{ real, fake, metrics: ["fid"], extractor: "digits", threads: 1, cache: false },
    ...(prefer && { prefer }),
  });

describe("a file with images and statistics", () => {
  it("counts as its statistics, and the result says so, with both counts where they are stated", async () => {
    const fake = await write("fake.npz", [["arr_0", images(3)]]);
    for (const [n, said] of [
      [50_000, "50,000 images"],
      [undefined, "does not state"],
    ] as const) {
      const both = await write(`both-${n}.npz`, [["arr_0", images(1)], ...statistics(n)]);
      const alone = await write(`alone-${n}.npz`, statistics(n));
      const result = await measure(both, fake);
      expect(result.metrics).toEqual((await measure(alone, fake)).metrics);
      const [warning] = result.warnings.filter(({ code }) => code === "statistics-of-the-file");
      expect(warning!.message).toContain(`holds ${COUNT} images`);
      expect(warning!.message).toContain(said);
      expect(warning!.hint).toContain("--prefer images");
    }
  });

  it("counts as its images where these are preferred", async () => {
    const fake = await write("fake.npz", [["arr_0", images(3)]]);
    const both = await write("both.npz", [["arr_0", images(1)], ...statistics(50_000)]);
    const alone = await write("alone.npz", [["arr_0", images(1)]]);
    const result = await measure(both, fake, "images");
    expect(result.inputs.real).toMatchObject({ kind: "npz", count: COUNT });
    expect(result.metrics).toEqual((await measure(alone, fake)).metrics);
    expect(result.warnings.map(({ code }) => code)).not.toContain("statistics-of-the-file");
  });

  it("a file of statistics alone stays what it is, whatever is preferred", async () => {
    const fake = await write("fake.npz", [["arr_0", images(3)]]);
    const alone = await write("alone.npz", statistics(100));
    expect((await measure(alone, fake, "images")).metrics).toEqual((await measure(alone, fake)).metrics);
  });
});
