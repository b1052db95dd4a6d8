/** The package as users get it: made with `npm pack` from the sources as they are, installed in an empty project. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildProgram } from "../cli/built-program.ts";

const root = path.resolve(import.meta.dirname, "../..");

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A variable that the install script of onnxruntime-node obeys and npm does not: what it would fetch fails. */
const CUT_OFF = {
  GLOBAL_AGENT_HTTP_PROXY: "http://127.0.0.1:9",
  GLOBAL_AGENT_HTTPS_PROXY: "http://127.0.0.1:9",
};

/** Runs a program with the settings of a user: none of the npm that runs the tests. */
export function runAsUser(cwd: string, program: string, args: readonly string[]): Ran {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const ran = spawnSync(program, args, {
    cwd,
    env: { ...Object.fromEntries(own), ...CUT_OFF },
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return { code: ran.status, output: `${ran.stdout ?? ""}${ran.stderr ?? ran.error}` };
}

export const reachesRegistry = (): boolean =>
  runAsUser(tmpdir(), "npm", ["view", "zod", "version", "--fetch-retries=0", "--fetch-timeout=10000"])
    .code === 0;

/**
 * @param declarations whether it has its types too, which take longer
 * @returns the folder of the .tgz, which holds this platform's ONNX Runtime only
 */
export function packProgram({ declarations = false } = {}): string {
  const built = buildProgram({ declarations });
  for (const name of ["node_modules", "fixtures", "vendor"]) rmSync(path.join(built, name));
  cpSync(path.join(root, "fixtures"), path.join(built, "fixtures"), { recursive: true });
  cpSync(path.join(root, "vendor"), path.join(built, "vendor"), {
    recursive: true,
    filter: (source) => {
      const [, platform] = /[\\/]napi-v6[\\/](\w+[\\/]\w+)/.exec(source) ?? [];
      return platform === undefined || platform === path.join(process.platform, process.arch);
    },
  });
  const packed = mkdtempSync(path.join(tmpdir(), "gan-eval-packed-"));
  const ran = runAsUser(built, "npm", ["pack", "--ignore-scripts", "--pack-destination", packed]);
  rmSync(built, { recursive: true });
  if (ran.code !== 0) throw new Error(ran.output);
  return packed;
}

/** `npm install` of the package in a project that has nothing else. */
export function installPacked(packed: string): { readonly project: string; readonly install: Ran } {
  const [archive] = readdirSync(packed);
  const project = path.join(packed, "project");
  mkdirSync(project);
  writeFileSync(path.join(project, "package.json"), '{ "private": true }\n');
  const install = runAsUser(project, "npm", [
    "install",
    "--no-audit",
    "--no-fund",
    path.join(packed, archive),
  ]);
  return { project, install };
}
