// Makes vendor/tfjs/registrations.js: tensorflow.js's gradients and the methods of tensors (`x.add(y)`). In Node they are
// registered by the package @tensorflow/tfjs only, which brings 164 MB that nothing here uses (WebGL, bundles for
// browsers, maps of sources) and an install script; in @tensorflow/tfjs-core they lie as modules that Node cannot import,
// because their imports leave the file endings out. Registries are global, so they reach the tensorflow.js of the process.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { rolldown } from "rolldown";

const root = path.resolve(import.meta.dirname, "../..");
const target = path.join(root, "vendor/tfjs");
const core = path.dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-core/package.json"));
const { version } = createRequire(import.meta.url)("@tensorflow/tfjs-core/package.json");

const ENTRY = "entry";
const entry = ["register_all_gradients", "public/chained_ops/register_all_chained_ops"]
  .map((name) => `import ${JSON.stringify(path.join(core, "dist", `${name}.js`))};\n`)
  .join("");

const bundle = await rolldown({
  input: ENTRY,
  platform: "node",
  plugins: [
    {
      name: "entry",
      resolveId: (id) => (id === ENTRY ? id : undefined),
      load: (id) => (id === ENTRY ? entry : undefined),
    },
  ],
});
mkdirSync(target, { recursive: true });
await bundle.write({
  file: path.join(target, "registrations.js"),
  format: "esm",
  banner: `// Made from @tensorflow/tfjs-core ${version} (Apache-2.0, see LICENSE).`,
});
await bundle.close();
writeFileSync(path.join(target, "registrations.d.ts"), "export {};\n");
copyFileSync(path.join(import.meta.dirname, "LICENSE.txt"), path.join(target, "LICENSE"));
