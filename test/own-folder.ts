/**
 * Each file of tests runs in an empty folder of its own, which must be empty after it: no test reads or writes the folder
 * that `npm test` is called in, whatever lies there (`gan-eval demo` makes runs/ in a checkout).
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect } from "vitest";

const before = process.cwd();
const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-test-"));
process.chdir(folder);

afterAll(() => {
  process.chdir(before);
  const left = readdirSync(folder);
  rmSync(folder, { recursive: true });
  expect(left, "files that tests left in the working folder").toEqual([]);
});
