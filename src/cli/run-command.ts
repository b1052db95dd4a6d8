/** Runs one command line from words to output and exit code. */
import { GanEvalError, isCode } from "../errors.ts";
import { locationToShown } from "../images/sources/shards/web-location.ts";
import type { Hold } from "../interruption.ts";
import { packageVersion } from "../package-root.ts";
import { textToRedacted } from "../redaction.ts";
import { colourStyle, type Page, plainStyle, textToVisible } from "../reports/page.ts";
import { resultToJson } from "../reports/result-to-json.ts";
import { chooseCommand } from "./choose-command.ts";
import { colourAllowed } from "./colour.ts";
import type { Outcome } from "./command.ts";
import { COMMANDS } from "./command-table.ts";
import { EXIT, type ExitCode, errorToReport, warningToText } from "./error-to-report.ts";
import { commandToOptions, topicToHelp } from "./help.ts";
import type { Library } from "./library.ts";
import { nameToFlag, type OptionValues, type OUTPUT_OPTIONS } from "./options.ts";
import type { ProgressStream } from "./progress.ts";
import type { Resolved } from "./resolve-options.ts";

/** The world as a command line sees it; tests pass their own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds for durations; never set. */
  readonly steadyClock: () => number;
  readonly signal: AbortSignal;
  /** Holds the end of an interrupted program off while work is saved. */
  readonly hold: Hold;
  readonly library: Library;
  readonly stdout: { readonly isTTY: boolean; readonly columns: number };
  /** Progress goes here while a command runs. */
  readonly stderr: ProgressStream;
}

/** What is left to print, and the exit code. */
export interface Finished {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Text wider than this is hard to read, however wide the terminal. */
const WIDEST = 120;
const NARROWEST = 40;

type OutputValues = OptionValues<(typeof OUTPUT_OPTIONS)[number]>;

/** Runs one command line. Never throws: an error becomes its report and exit code. */
export async function runCommand(argv: readonly string[], io: Io): Promise<Finished> {
  // Until the options are known, only the words themselves can say whether errors and help are coloured.
  let colour = argv.includes("--no-color") ? false : argv.includes("--color") ? true : undefined;
  try {
    const asked = chooseCommand(argv);
    if (asked.kind === "version") return printed(`${packageVersion()}\n`);
    if (asked.kind === "help") return printed(topicToHelp(asked.topic, pageOf(io.stdout, colour, io)));
    const resolved = await resolveCommand(asked.name, asked.words, io);
    const output = resolved.values as OutputValues;
    colour = output.color;
    return await runResolved(asked.name, argv, resolved, output, io);
  } catch (error) {
    const report = errorToReport(error, pageOf(io.stderr, colour, io), {
      debug: isSet(io.env.GAN_EVAL_DEBUG),
      // Also where a request in its folder stopped a run, as Ctrl-C would.
      interrupted: io.signal.aborted || isCode(error, "run.interrupted"),
    });
    return { exitCode: report.exitCode, stdout: "", stderr: report.text };
  }
}

const printed = (stdout: string): Finished => ({ exitCode: EXIT.ok, stdout, stderr: "" });
const isSet = (value: string | undefined): boolean => value !== undefined && value !== "" && value !== "0";

function pageOf(stream: { isTTY: boolean; columns: number }, colour: boolean | undefined, io: Io): Page {
  const columns = Math.max(NARROWEST, Math.min(WIDEST, stream.columns));
  return { columns, style: colourAllowed(colour, io.env, stream.isTTY) ? colourStyle : plainStyle };
}

type ResolvedCommand = Resolved & { readonly args: readonly string[] };

/** The parser, zod and the config file are loaded here, so that help and version do without them. */
async function resolveCommand(name: string, words: readonly string[], io: Io): Promise<ResolvedCommand> {
  const [zod, { parseArguments }, { readConfig }, { resolveOptions }] = await Promise.all([
    import("zod"),
    import("./parse-arguments.ts"),
    import("./config-file.ts"),
    import("./resolve-options.ts"),
  ]);
  const row = COMMANDS[name]!;
  const { flags, args } = parseArguments(name, row, words);
  const named = (flags.config as string | undefined) ?? (io.env.GAN_EVAL_CONFIG || undefined);
  const commands = Object.fromEntries(
    Object.entries(COMMANDS).map(([command, { options }]) => [command, options]),
  );
  const config = await readConfig(named, io.cwd, commands, name, row.configOf);
  const inputs = { flags, env: io.env, config };
  const example = row.examples[0]?.line;
  return { ...resolveOptions(commandToOptions(row), row.required, inputs, zod, example), args };
}

async function runResolved(
  name: string,
  argv: readonly string[],
  { values, sources, args }: ResolvedCommand,
  output: OutputValues,
  io: Io,
): Promise<Finished> {
  const format = chooseFormat(output);
  const outPage = pageOf(io.stdout, output.color, io);
  const errPage = pageOf(io.stderr, output.color, io);
  if (output.out !== undefined) {
    const { requireWritable } = await import("./require-writable.ts");
    await requireWritable(output.out);
  }
  if (output.verbose && !output.quiet) io.stderr.write(sourcesToText(values, sources));

  const canRedraw = io.stderr.isTTY && io.env.TERM !== "dumb";
  const { createProgress } = await import("./progress.ts");
  const progress = createProgress(
    { ...streamOf(io.stderr), isTTY: canRedraw },
    io.steadyClock,
    errPage.style,
  );
  const module = await COMMANDS[name]!.load();
  let outcome: Outcome;
  try {
    outcome = await module.run(
      values as Parameters<typeof module.run>[0],
      {
        argv: ["gan-eval", ...argv.map((word) => textToRedacted(locationToShown(word)))],
        sources,
        library: io.library,
        env: io.env,
        clock: io.clock,
        steadyClock: io.steadyClock,
        signal: io.signal,
        hold: io.hold,
        onProgress: output.quiet ? () => {} : progress.update,
        say: (text) => io.stderr.write(text),
      },
      args,
    );
    // A library function that does not look at the signal has finished all the same; its caller wanted to stop.
    if (!outcome.endsByInterrupt) io.signal.throwIfAborted();
  } finally {
    progress.clear();
  }
  if (output.out !== undefined) {
    const { writeFileAtomically } = await import("../files/atomic-file.ts");
    await writeFileAtomically(output.out, [Buffer.from(resultToJson(outcome.json))]);
  }
  // On a screen, where the two streams meet, remarks stand apart from the result.
  const gap = io.stdout.isTTY && io.stderr.isTTY ? "\n" : "";
  return {
    exitCode: outcome.incomplete ? EXIT.couldNotRun : outcome.gateFailed ? EXIT.gateFailed : EXIT.ok,
    stdout: await PRINTERS[format](outcome, outPage),
    stderr:
      (output.quiet ? "" : noticesToText(outcome, output.out, errPage, gap, io.env)) +
      (outcome.annotations ?? []).map((line) => `${line}\n`).join(""),
  };
}

const streamOf = (stream: ProgressStream): ProgressStream => ({
  isTTY: stream.isTTY,
  columns: stream.columns,
  write: (text) => stream.write(text),
});

type Format = "json" | "csv" | "md" | "text";

const PRINTERS: Readonly<Record<Format, (outcome: Outcome, page: Page) => string | Promise<string>>> = {
  json: (outcome) => resultToJson(outcome.json),
  csv: (outcome) => outcome.csv(),
  md: (outcome) => outcome.markdown(),
  text: (outcome, page) => outcome.text(page),
};

function chooseFormat(output: OutputValues): Format {
  const asked = (["json", "csv", "md"] as const).filter((format) => output[format]);
  if (asked.length > 1) {
    throw new GanEvalError(
      "usage.formats",
      `expected one output format, got ${asked.map((format) => `--${format}`).join(" and ")}`,
      { hint: "--out FILE writes JSON in addition to the printed format." },
    );
  }
  return asked[0] ?? "text";
}

/** A line as the user can type it: who came by npx, as in a checkout, has no gan-eval on the PATH. */
const lineToPaste = (line: string, env: Io["env"]): string =>
  env.npm_command === "exec" && line.startsWith("gan-eval ") ? `npx ${line}` : line;

function noticesToText(
  outcome: Outcome,
  out: string | undefined,
  page: Page,
  gap: string,
  env: Io["env"],
): string {
  const lines = [
    ...(outcome.warnings ?? []).map((warning) => warningToText(warning, page)),
    ...(out === undefined ? [] : [`wrote ${textToVisible(out)}`]),
    ...(outcome.hints ?? []).map(
      (hint) => `${page.style.dim("next:")} ${textToVisible(lineToPaste(hint, env))}`,
    ),
  ];
  return lines.length === 0 ? "" : `${gap}${lines.join("\n")}\n`;
}

function sourcesToText(values: Resolved["values"], sources: Resolved["sources"]): string {
  const lines = Object.entries(sources).map(
    ([name, source]) =>
      `${nameToFlag(name as never)}: ${textToRedacted(JSON.stringify(values[name]) ?? "unset")} (${source})\n`,
  );
  return lines.join("");
}
