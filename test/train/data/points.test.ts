import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NpyArray, npyToBytes } from "../../../src/formats/npy.ts";
import { openExact } from "../../../src/plane/exact/open-exact.ts";
import { dataToBounds } from "../../../src/plane/open-plane.ts";
import { pointsToDeviation } from "../../../src/train/data/points.ts";
import { readPoints } from "../../../src/train/data/read-points.ts";
import { openData } from "../../../src/train/open-data.ts";
import { openRandomStream } from "../../../src/train/random.ts";
import { TOY_DATA } from "../../../src/train/toy-data.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "points-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const location = path.join(folder, name);
  await writeFile(location, content);
  return location;
}

const toNpy = (data: Float64Array | Float32Array | Int32Array, shape: readonly number[]): Uint8Array => {
  const dtype = data instanceof Float64Array ? "<f8" : data instanceof Float32Array ? "<f4" : "<i4";
  return npyToBytes({ dtype, data, shape } as NpyArray);
};

const OPTIONS = { labels: "read", onError: "fail" } as const;
const VALUES = [0.5, -1, 2, 0.25, -3.5, 1e-3];

describe("a file of points", () => {
  it.each<[string, string]>([
    ["commas", "0.5,-1\n2,0.25\n-3.5,1e-3\n"],
    ["a heading", "x,y\r\n0.5,-1\r\n2,0.25\r\n-3.5,0.001"],
    ["semicolons", "0.5;-1\n2;0.25\n-3.5;.001\n\n"],
    ["blanks and remarks, as numpy.savetxt writes it", "# x y\n5e-1 -1\n 2.0\t0.25\n-3.5 1e-3\n"],
  ])("is read as text with %s", async (name, text) => {
    const location = await written(`${name.slice(0, 6)}.csv`, text);
    expect(await readPoints(location)).toEqual({ values: Float64Array.from(VALUES), d: 2 });
  });

  it("is read as npy of any numbers, [n, 2], [n, 1] and [n]", async () => {
    const at = (name: string, data: Float64Array | Float32Array | Int32Array, shape: number[]) =>
      written(name, toNpy(data, shape));
    expect(await readPoints(await at("f8.npy", Float64Array.from(VALUES), [3, 2]))).toEqual({
      values: Float64Array.from(VALUES),
      d: 2,
    });
    expect(await readPoints(await at("f4.npy", Float32Array.of(1, 2.5), [2, 1]))).toMatchObject({ d: 1 });
    expect(await readPoints(await at("i4.npy", Int32Array.of(1, 2, 3), [3]))).toEqual({
      values: Float64Array.of(1, 2, 3),
      d: 1,
    });
  });

  it("of one column is a line", async () => {
    expect(await readPoints(await written("one.csv", "value\n1\n2.5\n"))).toEqual({
      values: Float64Array.of(1, 2.5),
      d: 1,
    });
  });

  it.each<[string, string | Uint8Array, string]>([
    ["three columns", "1,2,3\n", "one or two numbers a line"],
    ["lines of several lengths", "1,2\n3\n", "2 numbers in every line"],
    ["NaN", "1,2\nnan,4\n", "nan in line 2"],
    ["NaN first", "nan,4\n1,2\n", "nan in line 1"],
    ["infinity in npy", toNpy(Float64Array.of(1, Infinity), [1, 2]), "Infinity in point 1"],
    ["words", "1,2\na,b\n", "a in line 2"],
    ["nothing", "", "none"],
    ["a heading alone", "x,y\n", "none"],
    ["no points in npy", toNpy(new Float64Array(0), [0, 2]), "none"],
    ["wide npy", toNpy(new Float64Array(6), [2, 3]), "[2, 3]"],
    ["too many", "1 2\n".repeat(100_001), "100,001"],
    ["far too many", new Uint8Array(7e6), "7,000,000 bytes"],
    ["binary data", Uint8Array.of(1, 0, 2, 0, 0, 0, 3, 9), "binary"],
  ])("with %s is refused", async (name, content, message) => {
    const location = await written(`bad-${name.replaceAll(" ", "-")}`, content);
    await expect(readPoints(location)).rejects.toMatchObject({
      code: "input.points",
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
  });

  it("that is not there is named; a prefix without a file is explained", async () => {
    await expect(openData("points:./nowhere.csv", OPTIONS)).rejects.toMatchObject({
      code: "input.not-found",
    });
    for (const name of ["points", "points:"])
      await expect(openData(name, OPTIONS)).rejects.toMatchObject({
        code: "usage.data",
        hint: expect.stringContaining("points:./points.csv"),
      });
  });
});

describe("data of points", () => {
  const toText = (values: ArrayLike<number>) =>
    Array.from({ length: values.length / 2 }, (_, i) => `${values[2 * i]},${values[2 * i + 1]}`).join("\n");

  it("are drawn from its kernel density, whose exact masses a perfect sampler meets", async () => {
    const toy = TOY_DATA["two-gaussians"].sample(3000, openRandomStream(3, "data"));
    const data = await openData(`points:${await written("blobs.csv", toText(toy))}`, OPTIONS);
    expect(data).toMatchObject({
      kind: "toy",
      shape: [2],
      warnings: [],
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(data.count).toBeUndefined();
    expect(data.training(1).next(8)).toEqual(data.training(1).next(8));
    expect(data.training(1).next(8)).not.toEqual(data.heldOut(8));
    const { deviation } = data.kernels!();
    expect(deviation).toBeGreaterThan(0.001);
    expect(deviation).toBeLessThan(0.05);
    const exact = openExact(data, dataToBounds(data), 60)!;
    const { pointsToShares } = await import("../../../src/plane/cells.ts");
    const shares = pointsToShares(data.training(9).next(16_384).samples, dataToBounds(data), 60);
    const { js } = exact.divergences(shares);
    expect(js.value).toBeLessThan(js.floor);
  });

  it("without noise are the points themselves, each as likely", async () => {
    const location = `points:${await written("three.csv", toText(VALUES))}`;
    const data = await openData(location, { ...OPTIONS, pointDeviation: 0 });
    const { samples } = data.heldOut(3000);
    const counts = new Map<string, number>();
    for (let i = 0; i < samples.length; i += 2) {
      const key = `${samples[i]},${samples[i + 1]}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["-3.5,0.0010000000474974513", "0.5,-1", "2,0.25"]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });

  it("have a hash of their numbers and noise, not of the file's name or form", async () => {
    const csv = `points:${await written("a.csv", toText(VALUES))}`;
    const npy = `points:${await written("b.npy", toNpy(Float64Array.from(VALUES), [3, 2]))}`;
    const other = `points:${await written("c.csv", toText([...VALUES.slice(0, 5), 2e-3]))}`;
    const hash = async (location: string, pointDeviation?: number) =>
      (await openData(location, { ...OPTIONS, ...(pointDeviation !== undefined && { pointDeviation }) }))
        .hash;
    expect(await hash(npy)).toBe(await hash(csv));
    expect(await hash(other)).not.toBe(await hash(csv));
    expect(await hash(csv, 0.1)).not.toBe(await hash(csv));
  });

  it("have noise of the median distance to the nearest other point, copies left out", () => {
    const line = Float64Array.from({ length: 500 }, (_, i) => (Math.floor(i / 2) * 0.1) % 25);
    expect(pointsToDeviation({ values: line, d: 1 })).toBeCloseTo(0.1, 9);
    expect(pointsToDeviation({ values: Float64Array.of(1, 1, 1, 1), d: 2 })).toBe(0);
  });
});
