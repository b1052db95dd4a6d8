#!/usr/bin/env node
/**
 * The program. It alone prints and exits:
 *
 *   main.ts > run-command.ts > choose-command.ts       help, version, or a command
 *                            > parse-arguments.ts      its flags
 *                            > resolve-options.ts      flags, environment, config file, defaults
 *                            > commands/<name>.ts      calls the library, hands back an outcome
 *                            > reports/                the outcome as text, JSON, CSV or Markdown
 */
import { endByInterrupt, Interruption, listenForSignals } from "../interruption.ts";
import { plainStyle } from "../reports/page.ts";
import { steadyClock } from "../steady-clock.ts";
import { EXIT, errorToReport } from "./error-to-report.ts";
import { isHangupIgnored, readHangupTraces } from "./hangup.ts";
import { library } from "./library.ts";
import { runCommand } from "./run-command.ts";

const debug = Boolean(process.env.GAN_EVAL_DEBUG);
const interruption = new Interruption({
  say: (text) => process.stderr.write(text),
  stopAtOnce: endByInterrupt,
  steadyClock,
});

/** Ends once everything written so far has left the process. */
function exit(code: number): void {
  process.exitCode = code;
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

function fail(error: unknown): void {
  const page = { columns: process.stderr.columns ?? 80, style: plainStyle };
  const report = errorToReport(error, page, { debug, interrupted: interruption.signal.aborted });
  process.stderr.write(report.text);
  exit(report.exitCode);
}

listenForSignals(interruption, isHangupIgnored(readHangupTraces()) ? ["SIGHUP"] : []);
process.on("uncaughtException", fail);
// The reader has seen enough (`| head`): not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? EXIT.ok);
  fail(error);
});
process.stderr.on("error", () => {});

// Stdout is for results: what a dependency chats goes elsewhere, and its deprecations are not the user's business.
console.log = console.error;
console.info = console.error;
if (!debug) process.removeAllListeners("warning");

const finished = await runCommand(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  clock: Date.now,
  steadyClock,
  signal: interruption.signal,
  hold: interruption.hold,
  library,
  stdout: { isTTY: process.stdout.isTTY ?? false, columns: process.stdout.columns ?? 80 },
  stderr: {
    isTTY: process.stderr.isTTY ?? false,
    columns: process.stderr.columns ?? 80,
    write: (text) => process.stderr.write(text),
  },
});
process.exitCode = finished.exitCode;
process.stdout.write(finished.stdout, () => {
  process.stderr.write(finished.stderr);
  exit(finished.exitCode);
});
