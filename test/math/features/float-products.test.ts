import { describe, expect, it } from "vitest";
import { openFloatProducts } from "../../../src/math/features/float-products.ts";
import { mat } from "../seeded-features.ts";

describe("products in float32", () => {
  it("are those of the rows asked for, within d 2^-24 |a| |b|", async () => {
    const width = 37;
    const [a, b] = [mat(1, 20, width), mat(2, 15, width, 2, 1)];
    const products = await openFloatProducts({ width, threads: 1 });
    for (const [i, rows, j, columns] of [
      [0, 20, 0, 15],
      [3, 8, 6, 9],
      [11, 8, 0, 9],
      [19, 1, 14, 1],
    ]) {
      const got = await products.product(a, i, rows, b, j, columns);
      expect(got.length).toBe(rows * columns);
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) {
          let [sum, absolute] = [0, 0];
          for (let k = 0; k < width; k++) {
            const term = a.data[(i + r) * width + k] * b.data[(j + c) * width + k];
            sum += term;
            absolute += Math.abs(term);
          }
          expect(Math.abs(got[r * columns + c] - sum)).toBeLessThanOrEqual(
            1.01 * width * 2 ** -24 * absolute,
          );
        }
    }
    await products.close();
  });

  it("are written where the caller wants them", async () => {
    const a = mat(3, 4, 5);
    const products = await openFloatProducts({ width: 5, threads: 1 });
    const room = new Float32Array(20).fill(7);
    const got = await products.product(a, 0, 4, a, 1, 3, room.subarray(4, 16));
    expect(got).toEqual(await products.product(a, 0, 4, a, 1, 3));
    expect([...room.subarray(4, 16)]).toEqual([...got]);
    expect([...room.subarray(0, 4), ...room.subarray(16)]).toEqual(Array(8).fill(7));
    await products.close();
  });

  it("refuse rows that are not there", async () => {
    const products = await openFloatProducts({ width: 5 });
    const code = { code: "internal.float-products" };
    await expect(products.product(mat(3, 4, 5), 2, 3, mat(3, 4, 5), 0, 4)).rejects.toMatchObject(code);
    await expect(products.product(mat(3, 4, 6), 0, 4, mat(3, 4, 5), 0, 4)).rejects.toMatchObject(code);
    await products.close();
  });
});
