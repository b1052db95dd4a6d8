import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import type { Library } from "../../src/cli/library.ts";
import { type Finished, type Io, runCommand } from "../../src/cli/run-command.ts";
import { evaluation } from "./evaluation.ts";

export interface Ran extends Finished {
  /** What was written to stderr while the command ran. */
  readonly during: string;
}

/** A library whose functions refuse, except those that a test gives. */
export function libraryOf(functions: Partial<Library>): Library {
  return new Proxy(functions as Library, {
    get(target, name) {
      return (
        target[name as keyof Library] ??
        (() => Promise.reject(new Error(`the test did not expect a call of ${String(name)}`)))
      );
    },
  });
}

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder, removed after the file's tests. */
export function emptyFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-cli-"));
  made.push(folder);
  return folder;
}

/** Where commands run unless a test says otherwise: a folder that is not there has no config file. */
const nowhere = path.join(tmpdir(), "gan-eval-cli-nowhere");

/** Runs a command line in this process, with everything around it given. */
export async function run(argv: readonly string[], changes: Partial<Io> = {}): Promise<Ran> {
  let during = "";
  let now = 0;
  const finished = await runCommand(argv, {
    env: {},
    cwd: nowhere,
    clock: () => Date.UTC(2026, 0, 1),
    steadyClock: () => (now += 1000),
    signal: new AbortController().signal,
    hold: () => () => {},
    library: libraryOf({ evaluate: async () => evaluation() }),
    stdout: { isTTY: false, columns: 80 },
    stderr: {
      isTTY: false,
      columns: 80,
      write: (text) => {
        during += text;
      },
    },
    ...changes,
  });
  return { ...finished, during };
}
