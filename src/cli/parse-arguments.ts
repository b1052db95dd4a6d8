/** Parses the words after a command's name. */
import { Command, CommanderError, Option } from "commander";
import { type ErrorCode, GanEvalError } from "../errors.ts";
import { wordToShell } from "../shell-word.ts";
import { argumentToText, type CommandRow } from "./command.ts";
import { commandToOptions } from "./help.ts";
import { nameToFlag, type OptionName, optionRow } from "./options.ts";

/** The words after a command's name, sorted. */
export interface Parsed {
  /** Flags that were given, by option name; values still as strings. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
}

/** `--batch_size=4` to `--batch-size=4`, and capitals to a hyphen and a small letter: `--netD`, `--n_layers_D`; nothing behind `--`. */
function argvToHyphens(argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  return argv.map((word, index) => {
    if (!word.startsWith("--") || (end >= 0 && index >= end)) return word;
    const equals = word.indexOf("=");
    const flag = equals < 0 ? word : word.slice(0, equals);
    const hyphenated = flag
      .replaceAll("_", "-")
      .replace(/-?[A-Z]/g, (at) => `-${at.slice(-1).toLowerCase()}`);
    return hyphenated + word.slice(flag.length);
  });
}

/** @throws GanEvalError `usage.*` with commander's suggestion where it has one */
export function parseArguments(name: string, row: CommandRow, words: readonly string[]): Parsed {
  let complaint = "";
  const command = new Command(name)
    .helpOption(false)
    .exitOverride()
    .configureOutput({
      outputError: (text) => {
        complaint += text;
      },
    });
  for (const arg of row.args) command.argument(argumentToText(arg), arg.summary);
  const options = commandToOptions(row);
  for (const option of options) addOption(command, option);
  const givings = options.map((option) => recordGivings(command, option));
  try {
    command.parse(argvToHyphens(words), { from: "user" });
    for (const given of givings) requireOneValue(given, name);
  } catch (error) {
    if (error instanceof CommanderError) throw commanderToError(error, complaint, name);
    throw error;
  }
  const given = command.opts() as Record<string, unknown>;
  const givenTo = (option: OptionName): unknown =>
    [nameToFlag(option), ...(optionRow(option).aliases ?? [])]
      .map((flag) => given[flagToAttribute(flag)])
      .find((value) => value !== undefined);
  return {
    flags: Object.fromEntries(options.map((option) => [option, givenTo(option)] as const)),
    args: command.args,
  };
}

/** One time that an option stands on the command line. */
interface Giving {
  readonly value: string;
  readonly written: string;
}

/** Keeps every value of an option that takes one, under whichever of its spellings it is given. */
function recordGivings(command: Command, name: OptionName): readonly Giving[] {
  const row = optionRow(name);
  const givings: Giving[] = [];
  if (row.repeats) return givings;
  const flags = [
    nameToFlag(name),
    ...(row.aliases ?? []),
    ...(row.kind.isSwitch ? [`no-${nameToFlag(name)}`] : []),
  ];
  for (const flag of flags)
    command.on(`option:${flag}`, (value: string | null) => {
      givings.push(
        row.kind.isSwitch || value === null
          ? { value: flag, written: `--${flag}` }
          : { value, written: `--${flag} ${wordToShell(value)}` },
      );
    });
  return givings;
}

/** Of two values the last would win in silence. @throws GanEvalError `usage.repeated-option` */
function requireOneValue(givings: readonly Giving[], name: string): void {
  const distinct = [...new Map(givings.map(({ value, written }) => [value, written])).values()];
  if (distinct.length < 2) return;
  throw new GanEvalError("usage.repeated-option", `expected one value, got ${distinct.join(" and ")}`, {
    hint: `Leave out all but one. \`gan-eval ${name} --help\` shows which options take a list.`,
  });
}

/** commander's own name for a flag's value. */
const flagToAttribute = (flag: string): string =>
  flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function addOption(command: Command, name: OptionName): void {
  const row = optionRow(name);
  const flag = nameToFlag(name);
  const short = row.short === undefined ? "" : `-${row.short}, `;
  if (!row.kind.isSwitch) {
    const several = row.repeats === "words" ? "..." : "";
    const option = new Option(`${short}--${flag} <${row.value ?? "value"}${several}>`);
    if (row.repeats)
      option.argParser((word, before: string | undefined) => (before ? `${before},${word}` : word));
    command.addOption(option);
    for (const alias of row.aliases ?? [])
      command.addOption(new Option(`--${alias} <${row.value ?? "value"}>`).hideHelp());
    return;
  }
  const negative = new Option(`--no-${flag}`);
  // Both spellings exist, so that a flag can undo the config file; suggestions name only the useful one.
  command.addOption(new Option(`${short}--${flag}`));
  command.addOption(row.default === false ? negative.hideHelp() : negative);
}

/** The codes of Commander's own complaints. */
const COMMANDER_CODES: Readonly<Record<string, ErrorCode>> = {
  "commander.conflictingOption": "usage.conflicting-option",
  "commander.excessArguments": "usage.excess-arguments",
  "commander.invalidArgument": "usage.invalid-argument",
  "commander.missingArgument": "usage.missing-argument",
  "commander.missingMandatoryOptionValue": "usage.missing-mandatory-option-value",
  "commander.optionMissingArgument": "usage.option-missing-argument",
  "commander.unknownCommand": "usage.unknown-command",
  "commander.unknownOption": "usage.unknown-option",
};

const HINT = /\n?\(Did you mean (.*)\?\)/s;

function commanderToError(error: CommanderError, complaint: string, name: string): GanEvalError {
  const text = (complaint || error.message).replace(/^error: /, "").trim();
  const suggestion = HINT.exec(text)?.[1];
  const code = COMMANDER_CODES[error.code] ?? "usage.error";
  return new GanEvalError(code, text.replace(HINT, "").trim(), {
    hint:
      suggestion === undefined
        ? `\`gan-eval ${name} --help\` lists the options.`
        : `Did you mean ${suggestion}?`,
    cause: error,
  });
}
