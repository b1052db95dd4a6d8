/** One installation for all files of a run; `GAN_EVAL_TEST_PROGRAM` names one that is there already. */
import { rmSync } from "node:fs";
import { buildProgram, builtOf } from "../cli/built-program.ts";

export default function buildOnce(): (() => void) | undefined {
  if (process.env.GAN_EVAL_TEST_PROGRAM !== undefined) return undefined;
  const program = buildProgram();
  process.env.GAN_EVAL_TEST_PROGRAM = program;
  rmSync(builtOf(process.ppid), { recursive: true, force: true });
  return () => rmSync(program, { recursive: true, force: true });
}
