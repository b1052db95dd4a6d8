/** Notes of a run: kept whole, never through a link, and no longer than their file may be. */
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MOST_NOTES_BYTES, readNotes, writeNotes } from "../../src/run-folder/notes.ts";

describe("notes of a run", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "gan-eval-notes-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("are read back as they were written, and leave no other file", async () => {
    expect(await readNotes(folder)).toBeUndefined();
    await writeNotes(folder, 'Line "one"\n<two>', () => 0);
    expect(await readNotes(folder)).toMatchObject({
      text: 'Line "one"\n<two>',
      updated: "1970-01-01T00:00:00.000Z",
    });
    expect(await readdir(folder)).toEqual(["notes.json"]);
  });

  it("of more than 64 KiB are refused, and what was there stays", async () => {
    await writeNotes(folder, "kept", () => 0);
    await expect(writeNotes(folder, "x".repeat(MOST_NOTES_BYTES), () => 0)).rejects.toMatchObject({
      code: "usage.notes",
    });
    expect((await readNotes(folder))?.text).toBe("kept");
  });

  it("are neither read nor written through a link", async () => {
    const target = path.join(folder, "elsewhere");
    await writeFile(target, '{"schema":"gan-eval/notes/1","text":"secret","updated":""}');
    await rm(path.join(folder, "notes.json"));
    await symlink(target, path.join(folder, "notes.json"));
    expect(await readNotes(folder)).toBeUndefined();
    await expect(writeNotes(folder, "x", () => 0)).rejects.toMatchObject({ code: "input.cannot-write" });
    expect(await readFile(target, "utf8")).toContain("secret");
  });
});
