import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { parseString } from "fast-csv";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Warning } from "../../src/errors.ts";
import { rowsToText, rowToCells } from "../../src/run-folder/csv-rows.ts";
import { readTable } from "../../src/run-folder/read-table.ts";
import { TableFile } from "../../src/run-folder/table-file.ts";
import { holdsOrRefuses, mutationsOf } from "../formats/mutations.ts";

/** What `write` of a file handle does first, if anything. */
let beforeWrite: ((write: () => Promise<unknown>) => Promise<void>) | undefined;
vi.mock("node:fs/promises", async (importOriginal) => {
  const original = await importOriginal<typeof import("node:fs/promises")>();
  return {
    ...original,
    open: async (...args: Parameters<typeof original.open>) => {
      const handle = await original.open(...args);
      const write = handle.write.bind(handle) as (...parts: unknown[]) => Promise<{ bytesWritten: number }>;
      handle.write = (async (bytes: Buffer, from: number, length: number, at: number) => {
        await beforeWrite?.(() => write(bytes, from, Math.floor(length / 2), at));
        return write(bytes, from, length, at);
      }) as unknown as typeof handle.write;
      return handle;
    },
  };
});

let folder: string;
let location: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "table-file-"));
  location = path.join(folder, "t.csv");
});
beforeEach(async () => {
  beforeWrite = undefined;
  await rm(location, { force: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type TestRow = readonly [round: number, cells: Readonly<Record<string, number>>];

const writeRows = async (rows: readonly TestRow[], table = new TableFile(location)): Promise<TableFile> => {
  for (const [round, cells] of rows) await table.add(round, [Object.entries(cells)]);
  await table.flush();
  return table;
};
const bytesOf = () => readFile(location).catch(() => undefined);

const number = fc.double();
const column = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "round",
    "constructor",
    "__proto__",
    'say "x"',
    "p,q",
    "two\nlines",
    " pad ",
    "=1+1",
  ),
  fc.string({ unit: "binary", maxLength: 5 }),
);
const cells = fc
  .array(fc.tuple(column, number), { minLength: 1, maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));
const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), cells), { maxLength: 8 }).map((steps) => {
  let round = 0;
  return steps.map(([step, row]): TestRow => {
    round += step;
    return [round, row];
  });
});

const FIXED: readonly TestRow[] = [
  [1, { x: 1 / 3, y: -1e-300 }],
  [2, { x: Number.NaN, y: Number.POSITIVE_INFINITY }],
  [5, { x: 0.1 + 0.2, y: 4, 'late, "quoted"\nname': 7 }],
  [12, { x: 2 ** 53, y: 1e21 }],
];

describe("a table that is read back", () => {
  it("has the same numbers to the last digit, under the same names", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        await rm(location, { force: true });
        await writeRows(given);
        const warnings: Warning[] = [];
        const table = await readTable(location, warnings);
        expect(warnings).toEqual([]);
        expect([...table.rounds]).toEqual(given.map(([round]) => round));
        for (const [i, [, row]] of given.entries())
          for (const [name, values] of table.columns) {
            // What UTF-8 and fast-csv cannot hold is replaced; such names may fall together, which these do not.
            if (name.includes("\ufffd")) continue;
            const cell = Object.hasOwn(row, name) ? row[name] : Number.NaN;
            expect(values[i]).toBe(cell === 0 ? 0 : cell);
          }
      }),
    );
  });

  it("is what fast-csv reads", async () => {
    const text = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a", " ", "'"), maxLength: 6 });
    // fast-csv takes a cell of nothing but blanks for an empty one.
    const cell = fc.oneof(
      text.map((cell) => cell.trim() && cell),
      fc.double().map(String),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 2, maxLength: 6 }), async (row) => {
        const text = await rowsToText([row]);
        const read = await new Promise<string[]>((resolve, reject) => {
          parseString<string[], string[]>(text).on("data", resolve).on("error", reject);
        });
        expect(rowToCells(text.slice(0, -1))).toEqual(row);
        expect(read).toEqual(row);
      }),
    );
  });

  it("is empty where there is no file", async () => {
    expect(await readTable(location, [])).toEqual({ rounds: new Float64Array(0), columns: new Map() });
  });

  it("cut at every byte has the whole rows before the cut, and says that it was cut", async () => {
    await writeRows(FIXED);
    const bytes = (await bytesOf())!;
    const whole = await readTable(location, []);
    for (let end = 0; end < bytes.length; end++) {
      await writeFile(location, bytes.subarray(0, end));
      const warnings: Warning[] = [];
      const table = await readTable(location, warnings);
      const n = table.rounds.length;
      expect(table.rounds).toEqual(whole.rounds.slice(0, n));
      for (const [name, values] of table.columns)
        expect(values).toEqual(whole.columns.get(name)!.slice(0, n));
      const isCut = end > 0 && bytes[end - 1] !== 0x0a;
      if (isCut) expect(warnings.map(({ code }) => code)).toEqual(["cut-table"]);
      expect(n).toBeLessThan(FIXED.length);
    }
  });

  it("leaves out rows that do not fit, and counts them", async () => {
    await writeFile(location, "round,x\n1,2\n2,two\nthree,3\n4,5,6\n5,\n6,NaN\n");
    const warnings: Warning[] = [];
    const { rounds, columns } = await readTable(location, warnings);
    expect([...rounds]).toEqual([1, 5, 6]);
    expect([...columns.get("x")!]).toEqual([2, Number.NaN, Number.NaN]);
    expect(warnings).toMatchObject([{ code: "unfit-rows", message: expect.stringContaining("3 rows") }]);
  });

  it("damaged in any way is read or refused, and can be written on", async () => {
    await writeRows(FIXED);
    const bytes = (await bytesOf())!;
    await fc.assert(
      fc.asyncProperty(mutationsOf(bytes), async (mutated) => {
        await writeFile(location, mutated);
        await holdsOrRefuses(() => readTable(location, []));
        const table = new TableFile(location);
        await table.rewindTo(1000);
        await table.add(10_000_000_000, [[["x", 1]]]);
        await table.flush();
        const read = await readTable(location, []);
        expect(read.rounds.at(-1)).toBe(10_000_000_000);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a table that is rewound", () => {
  it("is what it would be if the later rows had never been written", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(40), fc.boolean(), async (given, round, isReopened) => {
        const kept = given.filter(([r]) => r <= round);
        await rm(location, { force: true });
        await writeRows(kept);
        const expected = await bytesOf();
        await rm(location, { force: true });
        const written = await writeRows(given);
        const table = isReopened ? new TableFile(location) : written;
        await table.rewindTo(round);
        expect(await bytesOf()).toEqual(expected);
        await writeRows(
          given.filter(([r]) => r > round),
          table,
        );
        const again = await bytesOf();
        await rm(location, { force: true });
        await writeRows(given);
        expect(again).toEqual(await bytesOf());
      }),
    );
  });

  it("from a cut at every byte, and written on, ends with the same bytes", async () => {
    await writeRows(FIXED);
    const bytes = (await bytesOf())!;
    for (let end = 0; end <= bytes.length; end++) {
      await writeFile(location, bytes.subarray(0, end));
      const table = new TableFile(location);
      const { rounds } = await readTable(location, []);
      const last = rounds.at(-1) ?? 0;
      await table.rewindTo(last);
      await writeRows(
        FIXED.filter(([round]) => round > last),
        table,
      );
      expect(await bytesOf(), `cut at ${end}`).toEqual(bytes);
    }
  });

  it("forgets rows that were held back", async () => {
    const table = await writeRows(FIXED.slice(0, 1));
    const before = await bytesOf();
    await table.add(9, [[["x", 1]]]);
    await table.rewindTo(1);
    await table.flush();
    expect(await bytesOf()).toEqual(before);
  });
});

describe("a table that is written", () => {
  it("holds rows back until it is told, and takes many at once", async () => {
    const table = new TableFile(location);
    await table.add(1, [[["x", 1]]]);
    expect(await bytesOf()).toBeUndefined();
    for (let round = 2; round <= 10_000; round++) await table.add(round, [[["x", round / 7]]]);
    await table.flush(true);
    const { rounds, columns } = await readTable(location, []);
    expect(rounds.length).toBe(10_000);
    expect(columns.get("x")![9999]).toBe(10_000 / 7);
  });

  it("refuses a round that is not after the last", async () => {
    const table = await writeRows(FIXED);
    await expect(table.add(12, [[["x", 1]]])).rejects.toThrow(/after 12/);
    await expect(new TableFile(location).add(11, [[["x", 1]]])).rejects.toThrow(/after 12/);
  });

  it("on a full disk says so with the file's name, stays readable, and loses nothing once there is room", async () => {
    const table = await writeRows(FIXED.slice(0, 3));
    const before = await bytesOf();
    await table.add(12, [Object.entries(FIXED[3][1])]);
    beforeWrite = async (writeHalf) => {
      await writeHalf();
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    };
    await expect(table.flush()).rejects.toMatchObject({
      code: "input.cannot-write",
      message: expect.stringMatching(/t\.csv.*no space left/),
      hint: expect.stringContaining("disk has space"),
    });
    expect(await bytesOf()).toEqual(before);
    beforeWrite = undefined;
    await table.flush();
    const written = await bytesOf();
    await rm(location);
    await writeRows(FIXED);
    expect(written).toEqual(await bytesOf());
  });

  it("does not make a file again that was taken away", async () => {
    const table = await writeRows(FIXED.slice(0, 2));
    await rm(location);
    await table.add(3, [
      [
        ["x", 1],
        ["y", 1],
      ],
    ]);
    await expect(table.flush()).rejects.toMatchObject({ code: "input.cannot-write" });
    await expect(open(location)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
