import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GanEvalError } from "../../src/errors.ts";
import { type NpyArray, npyToBytes } from "../../src/formats/npy.ts";
import { listNpz, readNpz, writeNpz } from "../../src/formats/npz.ts";
import { filesToZip } from "../../src/formats/zip-writer.ts";

const fixture = (name: string): string => path.join(import.meta.dirname, "fixtures/npy", name);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "npz-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const numbers = (array: NpyArray): number[] => Array.from(array.data as ArrayLike<number>, Number);

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no error",
    (error) => {
      if (error instanceof GanEvalError) return error.code;
      throw error;
    },
  );

describe.each(["stored.npz", "deflated.npz"])("NumPy's %s", (name) => {
  test("every type and byte order reads as the values that were saved", async () => {
    const arrays = await readNpz(fixture(name));
    for (const type of ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]) {
      const expected = Array.from({ length: 6 }, (_, i) => {
        const value = i * 7 - (type[0] === "u" ? 0 : 20);
        return type[0] === "f" ? value / 3 : value;
      });
      for (const order of ["le", "be"]) {
        const got = arrays.get(`${order}_${type}`)!;
        expect(got.shape).toEqual([2, 3]);
        // rounding to half (2^-11) and single precision (2^-24), relative
        const tolerance = type === "f2" ? 2 ** -11 : type === "f4" ? 2 ** -24 : 0;
        numbers(got).forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(tolerance * Math.abs(expected[i]));
        });
      }
    }
    expect(numbers(arrays.get("bool")!)).toEqual([1, 0, 0, 1]);
    expect(arrays.get("scalar")).toEqual({ dtype: "<f8", shape: [], data: Float64Array.of(2.5) });
    expect(arrays.get("empty")!.shape).toEqual([0, 5]);
  });

  test("Fortran order is brought into C order", async () => {
    const array = (await readNpz(fixture(name), { only: ["fortran"] })).get("fortran")!;
    expect(array.shape).toEqual([2, 3, 4]);
    expect(numbers(array)).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  test("half floats: zeros, infinities, NaN, subnormals, the largest", async () => {
    const got = (await readNpz(fixture(name), { only: ["half_specials"] })).get("half_specials")!;
    const expected = [
      0,
      -0,
      Infinity,
      -Infinity,
      NaN,
      2 ** -24,
      0.00006097555160522461,
      65504,
      -0.333251953125,
    ];
    expect(numbers(got)).toEqual(expected);
  });

  test("the listing has names, shapes and types, and no data is needed for it", async () => {
    const listing = await listNpz(fixture(name));
    const brief = Object.fromEntries(listing.map((entry) => [entry.name, [entry.type, ...entry.shape]]));
    expect(brief.fortran).toEqual(["i4", 2, 3, 4]);
    expect(brief.be_f8).toEqual(["f8", 2, 3]);
    expect(brief.objects).toBeUndefined();
  });
});

describe("npz", () => {
  const arrays = new Map<string, NpyArray>([
    ["mu", { dtype: "<f8", shape: [3], data: Float64Array.of(1, 2, 3) }],
    ["labels", { dtype: "|u1", shape: [2], data: Uint8Array.of(4, 5) }],
  ]);

  test("written and read back; the same bytes twice; no temporary file left", async () => {
    const a = path.join(folder, "a.npz");
    const b = path.join(folder, "b.npz");
    await writeNpz(a, arrays);
    await writeNpz(b, arrays);
    expect(await readNpz(a)).toEqual(new Map([...arrays].sort()));
    expect(await readFile(a)).toEqual(await readFile(b));
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("ZIP64 records are written and read", async () => {
    const files = [...arrays].map(([name, array]) => ({ name: `${name}.npy`, bytes: npyToBytes(array) }));
    const location = path.join(folder, "zip64.npz");
    await writeFile(location, Buffer.concat([...filesToZip(files, { zip64: true })]));
    expect(await readNpz(location)).toEqual(new Map([...arrays].sort()));
  });

  test("objects are passed over, but an error if asked for by name", async () => {
    expect((await readNpz(fixture("deflated.npz"))).has("objects")).toBe(false);
    const asked = readNpz(fixture("deflated.npz"), { only: ["objects"] });
    expect(await codeOf(asked)).toBe("input.npy-dtype");
  });

  test("a folder that is not there cannot be written to, and says so", async () => {
    expect(await codeOf(writeNpz(path.join(folder, "no/such/a.npz"), arrays))).toBe("input.cannot-write");
  });

  test("other files are refused", async () => {
    const text = path.join(folder, "text.npz");
    await writeFile(text, "not a zip at all, but long enough to hold an end record of one");
    expect(await codeOf(readNpz(text))).toBe("input.zip");
    expect(await codeOf(readNpz(path.join(folder, "missing.npz")))).toBe("input.cannot-read");
    expect(await codeOf(readNpz(folder))).toMatch(/^input\./);
  });

  test("an array that claims more than its entry holds is refused in the listing and in reading", async () => {
    const bytes = npyToBytes({ dtype: "|u1", shape: [2], data: Uint8Array.of(1, 2) });
    const longer = Buffer.from(Buffer.from(bytes).toString("latin1").replace("(2,)", "(9,)"), "latin1");
    const location = path.join(folder, "claims.npz");
    await writeFile(location, zipSync({ "x.npy": longer }));
    expect(await codeOf(listNpz(location))).toBe("input.npy");
    expect(await codeOf(readNpz(location))).toBe("input.npy");
  });

  test("any mutation or cut gives arrays or an input error", async () => {
    const location = path.join(folder, "mutated.npz");
    for (const level of [0, 6] as const) {
      const good = zipSync(
        Object.fromEntries([...arrays].map(([name, array]) => [`${name}.npy`, npyToBytes(array)])),
        { level },
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }),
          fc.oneof(fc.constant(good.length), fc.nat(good.length)),
          async (edits, length) => {
            const bytes = good.slice(0, length);
            for (const [at, value] of edits) if (at < length) bytes[at] = value;
            await writeFile(location, bytes);
            expect(await codeOf(listNpz(location))).toMatch(/^(no error|input\.)/);
            expect(await codeOf(readNpz(location))).toMatch(/^(no error|input\.)/);
          },
        ),
        { numRuns: 400 },
      );
    }
  });
});
