import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const IMPORT = /^(?:import|export) (?!type\b)(?:[^;]*? from )?"(\.[^"]+)";/gms;

/** The files that a file loads at once, types left out, each with the one that names it. */
function fileToLoaded(file: string, loaded = new Map<string, string>()): Map<string, string> {
  for (const [, target] of readFileSync(file, "utf8").matchAll(IMPORT)) {
    const next = path.resolve(path.dirname(file), target!);
    if (loaded.has(next)) continue;
    loaded.set(next, file);
    fileToLoaded(next, loaded);
  }
  return loaded;
}

it("a diagnosis of a run loads no TensorFlow.js", () => {
  const loaded = fileToLoaded(fileURLToPath(new URL("../../src/diagnosis/diagnose-run.ts", import.meta.url)));
  expect(loaded.size).toBeGreaterThan(10);
  const withTensors = [...loaded].filter(([file]) =>
    /\/engine\/(tfjs|tensorflow)|\/train\/losses\./.test(file),
  );
  expect(withTensors).toEqual([]);
});
