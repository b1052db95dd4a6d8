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
import { errorToReport } from "./error-to-report.ts";
import { isHangupIgnored, readHangupTraces } from "./hangup.ts";
import { library } from "./library.ts";
import { runCommand } from "./run-command.ts";
import { cannotPrint, writeToStdout } from "./write-stdout.ts";

const debug = Boolean(process.env.GAN_EVAL_DEBUG);
const interruption = new Interruption({
  say: (text) => process.stderr.write(text),
  stopAtOnce: endByInterrupt,
  steadyClock,
});

/** Ends once everything written so far has left the process. */
function exit(code: number): void {
  process.exitCode = code;
  process.stderr.write("", () => process.exit(code));
}

function fail(error: unknown): void {
  const page = { columns: process.stderr.columns ?? 80, style: plainStyle };
  const report = errorToReport(error, page, { debug, interrupted: interruption.signal.aborted });
  process.stderr.write(report.text);
  exit(report.exitCode);
}

listenForSignals(interruption, isHangupIgnored(readHangupTraces()) ? ["SIGHUP"] : []);
process.on("uncaughtException", fail);
// Whoever writes hears of it from the write itself.
process.stdout.on("error", () => {});
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
const refusal = await writeToStdout(finished.stdout).catch((error: NodeJS.ErrnoException) => error);
process.stderr.write(finished.stderr);
// A reader that has seen enough (`| head`) is not an error.
if (refusal === undefined || refusal.code === "EPIPE") exit(finished.exitCode);
else fail(cannotPrint(refusal));
