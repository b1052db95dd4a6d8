import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(import.meta.dirname, "../..");

/** What the files of one run of the tests compile together; `remove-built.ts` removes it at the end. */
export const builtOf = (run: number): string => path.join(tmpdir(), `gan-eval-built-of-${run}`);

/** Another file compiles it already: as long as that may take, in steps of so many milliseconds. */
const [MOST_WAITS, WAIT_MS] = [3000, 100];

const wait = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);

/** Compiles the sources once a run of the tests, whichever file asks first. */
function compileOnce(declarations: boolean): string {
  // All files of a run have the same parent.
  const folder = path.join(builtOf(process.ppid), declarations ? "declared" : "plain");
  const done = path.join(folder, "done");
  try {
    mkdirSync(builtOf(process.ppid), { recursive: true });
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    for (let waits = 0; !existsSync(done); waits++) {
      if (waits === MOST_WAITS || !existsSync(folder))
        throw new Error(`not built by another file of the tests: ${folder}`);
      wait();
    }
    return folder;
  }
  try {
    compileTo(folder, declarations);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  writeFileSync(done, "");
  return folder;
}

function compileTo(folder: string, declarations: boolean): void {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const built = spawnSync(
    process.execPath,
    [
      tsc,
      "-p",
      path.join(root, "tsconfig.build.json"),
      "--outDir",
      path.join(folder, "dist"),
      "--declaration",
      String(declarations),
    ],
    { encoding: "utf8" },
  );
  const main = path.join(folder, "dist/cli/main.js");
  // Type errors are the type check's business; without the file there is nothing to test.
  if (!readdirSync(path.dirname(main)).includes("main.js")) throw new Error(`not built: ${built.stdout}`);
  for (const name of readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })) {
    // As scripts/build.js does.
    if (!/(\.(wasm|safetensors|ttf|css|js|d\.ts)|fonts\/LICENSE\.txt)$/.test(name)) continue;
    mkdirSync(path.dirname(path.join(folder, "dist", name)), { recursive: true });
    cpSync(path.join(root, "src", name), path.join(folder, "dist", name));
  }
}

/**
 * The sources as they are now, compiled, in a folder of the caller's own, laid out like an installation. Tests of the
 * program itself run that: dist/ may be older than the sources.
 */
export function buildProgram({ declarations = false } = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), "gan-eval-built-"));
  cpSync(path.join(compileOnce(declarations), "dist"), path.join(folder, "dist"), { recursive: true });
  cpSync(path.join(root, "package.json"), path.join(folder, "package.json"));
  for (const name of ["node_modules", "fixtures", "vendor"])
    symlinkSync(path.join(root, name), path.join(folder, name), "dir");
  return folder;
}

/** Replaces the heavy functions of a built program by those of a module's source text. */
export function replaceLibrary(folder: string, source: string): void {
  writeFileSync(path.join(folder, "dist/cli/library.js"), source);
}

export interface Spawned {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnChanges {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called with each piece of stderr; may signal the process. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Sends the signal once this is true; asked every few milliseconds. */
  readonly killWhen?: { readonly signal: NodeJS.Signals; readonly isTime: () => boolean };
}

/** Runs the built program as a user does, in an empty environment but for PATH and HOME. */
export function spawnProgram(
  folder: string,
  argv: readonly string[],
  changes: SpawnChanges = {},
): Promise<Spawned> {
  return new Promise((resolve, reject) => {
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(process.execPath, [path.join(folder, "dist/cli/main.js"), ...argv], {
      cwd: changes.cwd ?? folder,
      env: { PATH, HOME, GAN_EVAL_OFFLINE: "1", ...changes.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      changes.onStderr?.(text, (signal) => child.kill(signal));
    });
    const { killWhen } = changes;
    const timer = setInterval(() => {
      if (!killWhen?.isTime()) return;
      clearInterval(timer);
      child.kill(killWhen.signal);
    }, 5);
    child.on("error", reject).on("close", (code) => {
      clearInterval(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

/** Packages that a run loads, by way of the coverage that V8 writes for every script. */
export async function packagesLoaded(folder: string, argv: readonly string[]): Promise<Set<string>> {
  const coverage = mkdtempSync(path.join(tmpdir(), "gan-eval-coverage-"));
  const ran = await spawnProgram(folder, argv, { env: { NODE_V8_COVERAGE: coverage } });
  if (ran.code !== 0) throw new Error(ran.stderr);
  const packages = new Set<string>();
  for (const name of readdirSync(coverage)) {
    const { result } = JSON.parse(readFileSync(path.join(coverage, name), "utf8")) as {
      result: { url: string }[];
    };
    for (const { url } of result) {
      const file = url.startsWith("file:") ? fileURLToPath(url) : url;
      const match = /.*\/(?:node_modules|vendor)\/((?:@[^/]+\/)?[^/]+)\//.exec(file);
      if (match) packages.add(match[1]!);
    }
  }
  rmSync(coverage, { recursive: true, force: true });
  return packages;
}
