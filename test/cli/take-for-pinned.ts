/** Official files are not to be had in tests: a built program takes another file for the one that a network's row pins. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NETWORKS, type NetworkName } from "../../src/networks/table.ts";

/** @param program the folder of the built program (`buildProgram`), or of an installed package */
export function takeForPinned(program: string, name: NetworkName, bytes: Uint8Array): void {
  const location = path.join(program, "dist/networks/table.js");
  const { file } = NETWORKS[name];
  const grouped = file.bytes.toLocaleString("en-US").replaceAll(",", "_");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  let text = readFileSync(location, "utf8");
  for (const [pinned, other] of [
    [`"${file.sha256}"`, `"${sha256}"`],
    [`bytes: ${grouped},`, `bytes: ${bytes.length},`],
  ]) {
    if (!text.includes(pinned)) throw new Error(`expected ${pinned} in ${location}`);
    text = text.replace(pinned, other);
  }
  writeFileSync(location, text);
}
