import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { writePerImage } from "../../src/reports/per-image-to-csv.ts";

it("a table of single images has each image's name and its values", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-per-image-"));
  const file = path.join(folder, "values.csv");
  const columns = { psnr: Float64Array.of(31.5, Number.POSITIVE_INFINITY) };
  await writePerImage(file, [{ extractor: "digits", names: ["a/1.png", "b.png"], columns }]);
  expect(readFileSync(file, "utf8").trim().split(/\r?\n/)).toEqual([
    "picture,psnr",
    "a/1.png,31.5",
    expect.stringMatching(/^b\.png,inf/i),
  ]);
  rmSync(folder, { recursive: true });
});
