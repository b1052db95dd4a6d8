import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

/** An empty folder, removed after the file's tests. */
export function emptyFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-experiment-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
