import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installPacked, packProgram, reachesRegistry, runAsUser } from "./packed-package.ts";

const root = path.resolve(import.meta.dirname, "../..");
const doc = readFileSync(path.join(root, "docs/library.md"), "utf8");

const PROGRAMS = new Map(
  [...doc.matchAll(/^```ts program=(\S+)\n([\s\S]*?)^```$/gm)].map(([, name, text]) => [name, text]),
);

/** What each prints when it works. */
const PRINTED: Readonly<Record<string, RegExp>> = {
  "score.ts": /frechet_digits_distance: \d+[\s\S]*pass 1\b/,
  "own-metric.ts": /^[\d.]+ \{\s+low: /,
  "own-extractor.ts": /^[\d.]+ \{\s+frechet_rows_distance: [\d.]+,\s+precision: /,
  "train.ts": /^1 [\d.]+ [\d.]+\n2 [\s\S]*^30 [\d.]+ [\d.]+$/m,
  "own-function.ts": /^y = 2\.00 x \+ 1\.00$/m,
};

describe("docs/library.md", () => {
  it("has five programs of 10 to 25 lines", () => {
    expect([...PROGRAMS.keys()].sort()).toEqual(Object.keys(PRINTED).sort());
    for (const [name, text] of PROGRAMS) {
      const lines = text.trim().split("\n").length;
      expect(lines, name).toBeGreaterThanOrEqual(10);
      expect(lines, name).toBeLessThanOrEqual(25);
    }
  });
});

const isReached = reachesRegistry();
if (!isReached) console.warn("skipped: the programs of docs/library.md, no npm registry answers");

describe.skipIf(!isReached)(
  "the programs of docs/library.md, in a project that has the packed package",
  () => {
    let packed: string;
    let project: string;

    beforeAll(() => {
      packed = packProgram({ declarations: true });
      ({ project } = installPacked(packed));
      writeFileSync(path.join(project, "package.json"), '{ "private": true, "type": "module" }\n');
      mkdirSync(path.join(project, "src"));
      for (const [name, text] of PROGRAMS) writeFileSync(path.join(project, "src", name), text);
    }, 600_000);
    afterAll(() => rmSync(packed, { recursive: true, force: true }));

    it("are right for tsc --strict", () => {
      const compilerOptions = {
        ...{
          strict: true,
          target: "es2023",
          module: "nodenext",
          rootDir: "src",
          outDir: "out",
        },
        ...{ types: ["node"], typeRoots: [path.join(root, "node_modules/@types")] },
      };
      writeFileSync(
        path.join(project, "tsconfig.json"),
        JSON.stringify({ compilerOptions, include: ["src"] }),
      );
      const wrong = 'import { evaluate } from "gan-eval";\nevaluate({ fake: "a", seed: "b" });\n';
      writeFileSync(path.join(project, "src/wrong.ts"), wrong);
      const tsc = path.join(root, "node_modules/typescript/bin/tsc");
      const check = (...more: readonly string[]) =>
        runAsUser(project, process.execPath, [tsc, "-p", ".", ...more]);
      expect(check("--skipLibCheck").output).toMatch(/src\/wrong.ts.*error TS2322/);
      rmSync(path.join(project, "src/wrong.ts"));
      expect(check("--skipLibCheck")).toEqual({ code: 0, output: "" });
      // tensorflow.js's own declarations have errors, and ours must not.
      const faults = check().output.match(/^\S+(?=\(\d+,\d+\): error)/gm) ?? [];
      expect(faults.filter((file) => /^(src|node_modules\/gan-eval)\//.test(file))).toEqual([]);
    });

    it.each(Object.keys(PRINTED))("%s runs and prints what it should", (name) => {
      const ran = runAsUser(project, process.execPath, [path.join("out", name.replace(/ts$/, "js"))]);
      expect(ran.output).toMatch(PRINTED[name]);
      expect(ran.code).toBe(0);
      if (name === "train.ts")
        expect(readFileSync(path.join(project, "loss.svg"), "utf8")).toMatch(/points="10,/);
    });
  },
);
