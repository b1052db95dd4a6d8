/** The rooms of src/ and the order in which they may import each other (docs/architecture.md). */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const src = path.resolve(import.meta.dirname, "../../src");

/** From the top down: a room imports rooms below it only. Rooms of one row do not import each other. */
const ROOMS: readonly (readonly string[])[] = [
  ["cli"],
  ["library", "lab"],
  ["queue"],
  ["sweep"],
  ["reports"],
  ["compare", "check"],
  ["samples", "plane"],
  ["runs"],
  ["diagnosis"],
  ["run-folder"],
  ["evaluate"],
  ["train"],
  ["extractors"],
  ["inception"],
  ["networks"],
  ["metrics"],
  ["math"],
  ["drawing"],
  ["images"],
  ["engine"],
  ["formats"],
  ["files"],
  ["options"],
];
/** Files at the top of src/ that every room may import, and those that may import every room. */
const GROUND = -1;
/** Tables that belong to a file at the top. */
const GROUND_ROOMS = ["error-codes"];
const ENTRIES = ["index.ts", "metrics.ts", "engine.ts", "train.ts"];

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) =>
  /(?<!\.d)\.(tsx?|js)$/.test(file),
);

const fileToRoom = (file: string): string | undefined => {
  const room = file.includes("/") ? file.slice(0, file.indexOf("/")) : undefined;
  return room === undefined || GROUND_ROOMS.includes(room) ? undefined : room;
};

const fileToLevel = (file: string): number => {
  const room = fileToRoom(file);
  return room === undefined ? GROUND : ROOMS.length - ROOMS.findIndex((row) => row.includes(room));
};

const SPECIFIER = /(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

const fileToImports = (file: string): string[] =>
  [...readFileSync(path.join(src, file), "utf8").matchAll(SPECIFIER)]
    .map(([, specifier]) => path.join(path.dirname(file), specifier))
    .filter((imported) => !imported.startsWith(".."));

describe("the rooms of src/", () => {
  test("all have a place in the order of imports", () => {
    const rooms = [...new Set(files.map(fileToRoom).filter((room) => room !== undefined))];
    expect(rooms.sort()).toEqual(ROOMS.flat().sort());
  });

  test("import downwards only, types too", () => {
    const upwards = files
      .filter((file) => !ENTRIES.includes(file))
      .flatMap((file) =>
        fileToImports(file)
          .filter((imported) => fileToRoom(imported) !== fileToRoom(file))
          .filter((imported) => fileToLevel(imported) >= fileToLevel(file))
          .filter((imported) => fileToLevel(imported) !== GROUND || fileToLevel(file) !== GROUND)
          .map((imported) => `${file} imports ${imported}`),
      );
    expect(upwards).toEqual([]);
  });

  test("are each described in docs/architecture.md", () => {
    const page = readFileSync(path.resolve(src, "../docs/architecture.md"), "utf8");
    expect(ROOMS.flat().filter((room) => !page.includes(`\`${room}/`))).toEqual([]);
  });
});
