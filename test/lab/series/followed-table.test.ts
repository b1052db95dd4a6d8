/** Tables that are read on while they grow: what is kept is what a reader of the whole file gets. */
import { appendFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { columnsToTable, FollowedTable } from "../../../src/lab/series/followed-table.ts";
import { readLayers, readTable } from "../../../src/run-folder/read-table.ts";
import { LAYER_COLUMNS } from "../../../src/run-folder/tables.ts";
import { emptyFolder, HEADING, lossesRow, rounds } from "../made-runs.ts";

const rows = (from: number, to: number): string => rounds(from, to).map(lossesRow).join("");

async function opened(text = HEADING + rows(1, 20)) {
  const file = path.join(await emptyFolder(), "losses.csv");
  await writeFile(file, text);
  const table = new FollowedTable(file);
  await table.read();
  /** What was kept beside what the file holds. */
  const expectSame = async (): Promise<void> => {
    await table.read();
    expect(table.toTable()).toEqual(await readTable(file, []));
  };
  return { file, table, expectSame };
}

describe("a table that is followed", () => {
  it("is what the whole file holds, however it grows, torn rows and marks of order included", async () => {
    const { file, table, expectSame } = await opened();
    await expectSame();
    for (const [from, to] of [
      [21, 21],
      [22, 3000],
    ]) {
      await appendFile(file, rows(from, to));
      await expectSame();
    }
    await appendFile(file, lossesRow(3001).slice(0, 9));
    await expectSame();
    expect(table.toTable().rounds.at(-1)).toBe(3000);
    await appendFile(file, lossesRow(3001).slice(9));
    await expectSame();
    expect(table.toTable().rounds.at(-1)).toBe(3001);
    await appendFile(file, `nonsense\n3002,x,1,1,1,1\n${lossesRow(3003)}`);
    await expectSame();
    expect(table.unfit).toBe(2);
  });

  it("does not read again what it has", async () => {
    const { file, table } = await opened(HEADING + rows(1, 100));
    const before = table.toTable();
    await appendFile(file, rows(101, 102));
    await table.read();
    const now = table.toTable();
    expect(now.rounds.length).toBe(102);
    expect(now.rounds.buffer).toBe(before.rounds.buffer);
    expect(before.rounds.length).toBe(100);
    const { version } = table;
    await table.read();
    expect(table.version).toBe(version);
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ["was cut back", (file) => truncate(file, HEADING.length + lossesRow(1).length)],
    [
      "was cut back and grew beyond where it was",
      (file) => writeFile(file, HEADING + rows(1, 3) + rows(50, 90)),
    ],
    [
      "is another with more columns",
      async (file) => {
        await writeFile(`${file}.new`, `${HEADING.trim()},more\n${rows(1, 30).replaceAll("\n", ",1\n")}`);
        await rename(`${file}.new`, file);
      },
    ],
    ["goes back by a round", (file) => appendFile(file, rows(7, 8))],
    ["is gone", (file) => rm(file)],
    ["is empty", (file) => writeFile(file, "")],
  ])("is read anew where the file %s", async (_, change) => {
    const { file, expectSame, table } = await opened();
    await change(file);
    await table.read();
    const whole = await readTable(file, []);
    // Rows of rounds that were before are left out by one and kept by the other.
    const isRising = whole.rounds.every((round, i) => i === 0 || round >= whole.rounds[i - 1]);
    if (isRising) await expectSame();
    else expect(table.toTable().rounds.length).toBe(20);
  });

  it("of layers has a group for each", async () => {
    const file = path.join(await emptyFolder(), "layers.csv");
    const row = (round: number) => `${round},generator,dense1,1,2,3,0\n${round},discriminator,"a,b",4,5,6,\n`;
    await writeFile(file, `round,${LAYER_COLUMNS.join(",")}\n${row(1)}`);
    const table = new FollowedTable(file, LAYER_COLUMNS.slice(0, 2));
    await table.read();
    await appendFile(file, row(2));
    await table.read();
    const layers = await readLayers(file, []);
    expect(table.all.map(({ key }) => key)).toEqual(layers.map(({ player, layer }) => [player, layer]));
    for (const [i, { columns }] of table.all.entries()) {
      const own = columnsToTable(columns);
      expect(own.rounds).toEqual(layers[i].rounds);
      expect(own.columns.get("gradient_norm")).toEqual(layers[i].columns.get("gradient_norm"));
    }
  });
});
