import { rmSync } from "node:fs";
import { builtOf } from "./built-program.ts";

/** Run once by the process that the files of the tests are children of. */
export default function removeBuilt(): () => void {
  return () => rmSync(builtOf(process.pid), { recursive: true, force: true });
}
