#!/usr/bin/env node
import { plainStyle } from "../reports/page.ts";
/**
 * The program. It alone prints and exits:
 *
 *   main.ts > run-command.ts > choose-command.ts       help, version, or a command
 *                            > parse-arguments.ts      its flags
 *                            > resolve-options.ts      flags, environment, config file, defaults
 *                            > commands/<name>.ts      calls the library, hands back an outcome
 *                            > reports/                the outcome as text, JSON, CSV or Markdown
 */
import { errorToReport } from "./error-to-report.ts";
import { library } from "./library.ts";
import { runCommand } from "./run-command.ts";
import { cannotPrint, writeToStdout } from "./write-stdout.ts";

const debug = Boolean(process.env.GAN_EVAL_DEBUG);
const interruption = new AbortController();

/** A library that ignores the signal must not hold the terminal for longer. */
const PATIENCE_MS = 10_000;

/** Ends once everything written so far has left the process. */
function exit(code: number): void {
  process.exitCode = code;
  process.stderr.write("", () => process.exit(code));
}

/** Ends as the signal ends a program that does not listen: no thread is waited for. A shell reads it as 130. */
function stopAtOnce(): void {
  process.removeAllListeners("SIGINT");
  process.kill(process.pid, "SIGINT");
}

function interrupt(): void {
  if (interruption.signal.aborted) stopAtOnce();
  interruption.abort();
  process.stderr.write("\nstopping (once more to stop at once)\n");
  setTimeout(stopAtOnce, PATIENCE_MS).unref();
}

function fail(error: unknown): void {
  const page = { columns: process.stderr.columns ?? 80, style: plainStyle };
  const report = errorToReport(error, page, { debug, interrupted: interruption.signal.aborted });
  process.stderr.write(report.text);
  exit(report.exitCode);
}

process.on("SIGINT", interrupt);
process.on("SIGTERM", interrupt);
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
  signal: interruption.signal,
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
