// Compiles every src/**/*.as.ts (AssemblyScript) to the .wasm file beside it. Their memory is imported and shared between
// threads, unless the first line says `// memory: own`: ONNX Runtime takes no arrays over shared memory.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
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
  const isOwn = readFileSync(path.join(root, source), "utf8").startsWith("// memory: own\n");
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
      isOwn ? "simd" : "simd,threads",
      "--importMemory",
      ...(isOwn ? [] : ["--sharedMemory", "--maximumMemory", "65536"]),
      "--initialMemory",
      "1",
    ],
    { baseDir: root },
  );
  if (error) {
    process.stderr.write(`${stderr.toString()}\n${error}\n`);
    process.exit(1);
  }
}
