// Builds dist/: TypeScript to JavaScript and declarations, and what lies beside it: WebAssembly, weights, fonts, and the
// scripts and styles of pages.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
rmSync(path.join(root, "dist"), { recursive: true, force: true });

const tsc = spawnSync(
  process.execPath,
  [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"],
  {
    cwd: root,
    stdio: "inherit",
  },
);
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

for (const name of readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" })) {
  if (/(\.(wasm|safetensors|ttf|css|js|d\.ts)|fonts\/LICENSE\.txt)$/.test(name))
    cpSync(path.join(root, "src", name), path.join(root, "dist", name));
}
chmodSync(path.join(root, "dist/cli/main.js"), 0o755);
