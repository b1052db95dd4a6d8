/** The diffs of CONTRIBUTING.md, applied: as `git diff` writes them, but that `@@` has no line numbers. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface Recipe {
  /** The heading that it stands under. */
  readonly title: string;
  readonly diff: string;
  /** Arguments of the `npx vitest run` below it that write nothing. */
  readonly tests: readonly (readonly string[])[];
}

/** Every section of the page that has a diff. */
export function pageToRecipes(page: string): Recipe[] {
  return page.split(/^## /m).flatMap((section) => {
    const diff = /^```diff\n([\s\S]*?)^```$/m.exec(section)?.[1];
    if (diff === undefined) return [];
    const commands = [...section.matchAll(/^ {4}npx vitest run ([^#\n]+)/gm)].map(([, words]) =>
      words.trim(),
    );
    const tests = commands.filter((words) => !/ -u$/.test(words)).map((words) => words.split(/\s+/));
    return [{ title: section.slice(0, section.indexOf("\n")), diff, tests }];
  });
}

interface FileDiff {
  readonly file: string;
  readonly isNew: boolean;
  readonly hunks: readonly (readonly string[])[];
}

function diffToFiles(diff: string): FileDiff[] {
  return diff
    .split(/^--- /m)
    .slice(1)
    .map((part) => {
      const [from, to, ...lines] = part.trimEnd().split("\n");
      const hunks = lines.join("\n").split(/^@@\n/m);
      return {
        file: to.replace(/^\+\+\+ b\//, ""),
        isNew: from === "/dev/null",
        hunks: hunks.filter((hunk) => hunk !== "").map((hunk) => hunk.trimEnd().split("\n")),
      };
    });
}

const side = (hunk: readonly string[], mark: "-" | "+"): string =>
  hunk
    .filter((line) => line[0] === " " || line[0] === mark)
    .map((line) => `${line.slice(1)}\n`)
    .join("");

/** Writes the changed files into a copy. A hunk goes where its lines first stand below the one before. */
export function applyRecipe({ diff, title }: Recipe, copy: string): void {
  for (const { file, isNew, hunks } of diffToFiles(diff)) {
    const location = path.join(copy, file);
    mkdirSync(path.dirname(location), { recursive: true });
    let text = isNew ? "" : readFileSync(location, "utf8");
    let from = 0;
    for (const hunk of hunks) {
      const before = side(hunk, "-");
      const at = text.indexOf(before, from);
      if (at < 0) throw new Error(`${title}: ${file} has no lines\n${before}`);
      text = text.slice(0, at) + side(hunk, "+") + text.slice(at + before.length);
      from = at;
    }
    writeFileSync(location, text);
  }
}
