// Compiles every src/**/*.as.ts (AssemblyScript) to the .wasm file beside it.
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const sources = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".as.ts"),
);

for (const name of sources) {
  const source = path.join("src", name);
  const output = source.replace(/\.as\.ts$/, ".wasm");
  const newer =
    existsSync(path.join(root, output)) &&
    statSync(path.join(root, output)).mtimeMs > statSync(path.join(root, source)).mtimeMs;
  if (newer) continue;
  const { default: asc } = await import("assemblyscript/asc");
  const { error, stderr } = await asc.main(
    [
      source,
      "--outFile",
      output,
      "--optimizeLevel",
      "3",
      "--runtime",
      "stub",
      "--noAssert",
      "--enable",
      "simd,threads",
      "--importMemory",
      "--sharedMemory",
      "--initialMemory",
      "1",
      "--maximumMemory",
      "65536",
    ],
    { baseDir: root },
  );
  if (error) {
    process.stderr.write(`${stderr.toString()}\n${error}\n`);
    process.exit(1);
  }
}
