/** Features in the names and shapes that programs leave them in: read alike, or refused where several could be meant. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openSide } from "../../src/evaluate/sides/side.ts";
import { type NpyArray, npyToBytes } from "../../src/formats/npy.ts";
import { writeNpz } from "../../src/formats/npz.ts";
import { float64ToPickle } from "../../src/formats/numpy-pickle-writer.ts";
import { dictToPickle, intToPickle, pickledToFile } from "../../src/formats/pickle-writer.ts";
import { temporaryFolder } from "../images/made-images.ts";
import { mat } from "../math/seeded-features.ts";

const folder = await temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const OPTIONS = { onError: "fail" } as const;
const ROWS = 5;
const WIDTH = 6;
const { data } = mat(3, ROWS, WIDTH);
let made = 0;

const array = (shape: readonly number[] = [ROWS, WIDTH], values = data): NpyArray => ({
  dtype: "<f4",
  shape,
  data: values,
});
const npz = async (arrays: Readonly<Record<string, NpyArray>>): Promise<string> => {
  const location = at(`${made++}.npz`);
  await writeNpz(location, new Map(Object.entries(arrays)));
  return location;
};
const expected = { kind: "features", features: { data, rows: ROWS, width: WIDTH } };

describe("features", () => {
  it.each([[[ROWS, WIDTH]], [[ROWS, WIDTH, 1, 1]], [[ROWS, 1, 1, WIDTH]], [[ROWS, WIDTH, 1]]])(
    "of the shape %j are rows, in npy and npz",
    async (shape) => {
      await writeFile(at("a.npy"), npyToBytes(array(shape)));
      expect(await openSide(at("a.npy"), OPTIONS)).toMatchObject(expected);
      expect(await openSide(await npz({ arr_0: array(shape) }), OPTIONS)).toMatchObject(expected);
    },
  );

  it.each(["features", "feats", "reps", "real_feats", "pool_3", "activations", "arr_0", "anything"])(
    "under the name %s are found beside logits and labels",
    async (name) => {
      const logits = array([ROWS, 2], data.slice(0, 2 * ROWS));
      const labels: NpyArray = { dtype: "<i4", shape: [ROWS], data: new Int32Array(ROWS) };
      expect(await openSide(await npz({ [name]: array(), logits, y: labels }), OPTIONS)).toMatchObject(
        expected,
      );
    },
  );

  it("in a dictionary that was pickled are found by name, or as its only rows", async () => {
    for (const name of ["features", "anything"]) {
      const numbers = float64ToPickle(Float64Array.from(data), [ROWS, WIDTH, 1, 1]);
      const dictionary = dictToPickle({ epoch: intToPickle(3), [name]: numbers });
      await writeFile(at("a.pkl"), Buffer.concat([...pickledToFile(dictionary, 3)]));
      expect(await openSide(at("a.pkl"), OPTIONS)).toMatchObject(expected);
    }
  });

  it("that several arrays could be are refused by name", async () => {
    for (const names of [
      ["arr_0", "arr_1"],
      ["features", "pool_3"],
    ]) {
      const location = await npz(Object.fromEntries(names.map((name) => [name, array()])));
      await expect(openSide(location, OPTIONS)).rejects.toMatchObject({
        code: "input.features-shape",
        message: expect.stringContaining(`${names[0]}: f4 [5, 6]; ${names[1]}: f4 [5, 6]`),
      });
    }
  });

  it("as rows of bytes are refused: they may be images whose sides got lost", async () => {
    await writeFile(at("flat.npy"), npyToBytes({ dtype: "|u1", shape: [2, 9], data: new Uint8Array(18) }));
    await expect(openSide(at("flat.npy"), OPTIONS)).rejects.toMatchObject({ code: "input.features-shape" });
  });

  it("of a map an image are refused with the shape", async () => {
    const maps = array([5, 2, 3]);
    await expect(openSide(await npz({ features: maps }), OPTIONS)).rejects.toThrow(/\[5,2,3\]/);
  });
});
