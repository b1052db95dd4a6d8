import path from "node:path";
import { describe, expect, it } from "vitest";
import { readSourceFiles, type SourceFile } from "./source-files.ts";

/** Exported for others than this repository's files: users, WebAssembly's callers, scripts in a page. */
const ENTRY_POINTS = /^src\/index\.ts$|\.as\.ts$|\.d\.ts$/;

const VALUE = /^export (?:default )?(?:async )?(?:const|let|function\*?|class) ([A-Za-z_$][\w$]*)/gm;
const WORD = /[A-Za-z_$][\w$]*/g;
/** `import {...} from "..."`, `export {...} from "..."`, of any number of lines. */
const NAMED = /\b(?:import|export)\s+(?:[\w$]+\s*,\s*)?\{([^}]*)\}\s*from\s*"([^"]+)"/g;
/** What takes a module as a whole: `import * as`, `export *`, `import("...")`. */
const WHOLE = /(?:\*(?:\s+as\s+[\w$]+)?\s+from\s*|import\(\s*)"([^"]+)"/g;

/** The source file that a path in an import is of; bench and scripts import what is built of it. */
function toSource(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const joined = path.posix.join(path.posix.dirname(from), specifier);
  return joined.replace(/^dist\/(.*)\.js$/, "src/$1.ts");
}

/** Names that a file takes from others, as `src/file.ts name`. */
function fileToImports({ name, text }: SourceFile): string[] {
  const named = [...text.matchAll(NAMED)].flatMap(([, names, specifier]) => {
    const source = toSource(name, specifier!);
    return names!
      .split(",")
      .map(
        (each) =>
          each
            .trim()
            .replace(/^type\s+/, "")
            .split(/\s+as\s+/)[0]!,
      )
      .map((imported) => `${source} ${imported}`);
  });
  // Of a module that is taken as a whole, every word of the file may be one of its names.
  const words = [...new Set(text.match(WORD))];
  const whole = [...text.matchAll(WHOLE)].flatMap(([, specifier]) => {
    const source = toSource(name, specifier!);
    return source === undefined ? [] : words.map((word) => `${source} ${word}`);
  });
  // Benches choose the build that they load from: `await from("diagnosis/rules")`.
  const chosen = [...text.matchAll(/await from\("([^"]+)"\)/g)].flatMap(([, source]) =>
    words.map((word) => `src/${source}.ts ${word}`),
  );
  return [...named, ...whole, ...chosen];
}

const SOURCES = readSourceFiles("src");
const IMPORTED = new Set(
  [...SOURCES, ...["test", "bench", "scripts"].flatMap((folder) => readSourceFiles(folder))].flatMap(
    fileToImports,
  ),
);

describe("an exported value", () => {
  it("is imported by another file of the repository, or is not exported", () => {
    const exported = SOURCES.filter(({ name }) => !ENTRY_POINTS.test(name)).flatMap(({ name, text }) =>
      [...text.matchAll(VALUE)].map(([, value]) => `${name} ${value}`),
    );
    // Fewer would mean that the pattern sees nothing.
    expect(exported.length).toBeGreaterThan(1000);
    expect(exported.filter((value) => !IMPORTED.has(value))).toEqual([]);
  });
});
