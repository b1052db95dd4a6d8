/** Points that pages bring along: kept, named by what they are, and never read from anywhere else. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { dataToDimensions, dataToPage, keepPoints, pageToData } from "../../../src/lab/points/kept-points.ts";
import { readPoints } from "../../../src/train/data/read-points.ts";
import { emptyFolder } from "../made-runs.ts";

let folder: string;
beforeEach(async () => {
  folder = await emptyFolder();
});
const keep = (text: string) => keepPoints(folder, Buffer.from(text));

describe("points of a page", () => {
  it("are kept once, whole, as the same numbers, and named by what they are", async () => {
    const kept = await keep("x,y\n0.5,1\n-2,3e-3\n");
    expect(kept).toMatchObject({ count: 2, dimensions: 2 });
    expect(await keep("0.5 1\n-2 0.003")).toEqual(kept);
    expect((await keep("0.5 1\n-2 0.004")).id).not.toBe(kept.id);
    expect(await readdir(folder)).toHaveLength(2);
    const data = pageToData(`points:${kept.id}`, folder);
    expect(data).toBe(`points:${path.join(folder, kept.id)}.npy`);
    const { values, d } = await readPoints(data.slice("points:".length));
    expect([...values]).toEqual([0.5, 1, -2, 0.003]);
    expect(d).toBe(2);
    expect(dataToPage(data)).toBe(`points:${kept.id}`);
    expect(dataToDimensions(data)).toBe(2);
    // An npy file of the same numbers is the same points.
    expect(await keepPoints(folder, await readFile(path.join(folder, `${kept.id}.npy`)))).toEqual(kept);
  });

  it("of one number each say so in their name", async () => {
    const { id, dimensions } = await keep("1\n2\n3\n");
    expect([dimensions, dataToDimensions(pageToData(`points:${id}`, folder))]).toEqual([1, 1]);
  });

  it.each(["", "a,b\n", "1,2,3\n", "1,nan\n", "1,2\n3\n", "\0\0"])(
    "that are none are refused, and nothing is left of them: %j",
    async (text) => {
      await expect(keep(text)).rejects.toMatchObject({ code: "input.points" });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it.each([
    "points:../../etc/passwd",
    "points:/etc/passwd",
    "points:",
    "points:0000000000000002",
    "points:000000000000000g",
    "points:..%2f..%2fetc",
  ])("are found by their name alone, never by a path: %s", async (data) => {
    await keep("1,2\n");
    if (data === "points:") expect(pageToData(data, folder)).toBe(data);
    else expect(() => pageToData(data, folder)).toThrow("expected points that this lab keeps");
  });

  it("other data stay what they are", () => {
    for (const data of ["ring", "two-gaussians"]) {
      expect(pageToData(data, folder)).toBe(data);
      expect(dataToPage(data)).toBe(data);
    }
  });
});
