/** What a command is: what it is given, and what it hands back. */
import type { Warning } from "../errors.ts";
import type { Hold } from "../interruption.ts";
import type { Progress } from "../progress.ts";
import type { Page } from "../reports/page.ts";
import type { Library } from "./library.ts";
import type { OptionName, OptionValues } from "./options.ts";
import type { OptionSource } from "./resolve-options.ts";

/** What a command hands back: one object, and how each format prints it. Only main.ts writes any of it. */
export interface Outcome {
  /** What `--json` prints and `--out` writes. */
  readonly json: unknown;
  text(page: Page): string;
  csv(): Promise<string>;
  markdown(): string;
  /** Printed to stderr after the result. */
  readonly warnings?: readonly Warning[];
  /** What to do next, one line each, to stderr. */
  readonly hints?: readonly string[];
  /** Lines for whoever reads the log by machine (GitHub's workflow commands): to stderr as they are, even if quiet. */
  readonly annotations?: readonly string[];
  /** Something that was asked for is missing from it, which a warning says: exit 3, after all that there is. */
  readonly incomplete?: boolean;
  /** A gate was not passed: exit 1. */
  readonly gateFailed?: boolean;
  /** It goes on until it is interrupted: that is no failure. */
  readonly endsByInterrupt?: boolean;
}

/** What a command may use of the world. */
export interface CommandContext {
  /** The program's own words, as the user gave them. */
  readonly argv: readonly string[];
  /** Where each option's value came from. */
  readonly sources: Readonly<Record<string, OptionSource>>;
  readonly library: Library;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Milliseconds for durations; never set. */
  readonly steadyClock: () => number;
  readonly signal: AbortSignal;
  /** Holds the end of an interrupted program off while work is saved. */
  readonly hold: Hold;
  readonly onProgress: (progress: Progress) => void;
  /** Writes to stderr at once, even if quiet: of a command that goes on until it is stopped. */
  readonly say: (text: string) => void;
}

export interface CommandModule<Names extends OptionName, Required extends Names> {
  run(
    values: OptionValues<Names, Required>,
    context: CommandContext,
    args: readonly string[],
  ): Promise<Outcome>;
}

export interface CommandArgument {
  readonly name: string;
  readonly summary: string;
  readonly optional?: true;
}

/** `<file>`, `[run]` */
export const argumentToText = ({ name, optional }: CommandArgument): string =>
  optional ? `[${name}]` : `<${name}>`;

/** A command as help and the parser need it; its module is imported when it runs. */
export interface CommandRow {
  /** One line in the list of commands. */
  readonly summary: string;
  /** A paragraph or two in the command's own help. */
  readonly description?: string;
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  readonly args: readonly CommandArgument[];
  readonly options: readonly OptionName[];
  /** Those that help shows first, where there are many. */
  readonly mostUsed: readonly OptionName[];
  /** Another command, whose section of the config file holds for this one too. */
  readonly configOf?: string;
  /** Options that flags, environment or config file must give. */
  readonly required: readonly OptionName[];
  readonly load: () => Promise<CommandModule<OptionName, never>>;
}

/** Holds a command's module to the options that its row lists. */
export function command<
  const Names extends readonly OptionName[],
  const Required extends readonly Names[number][] = [],
>(row: {
  readonly summary: string;
  readonly description?: string;
  readonly examples: CommandRow["examples"];
  readonly args?: CommandRow["args"];
  readonly options: Names;
  readonly mostUsed?: readonly Names[number][];
  readonly configOf?: string;
  readonly required?: Required;
  readonly load: () => Promise<CommandModule<Names[number], Required[number]>>;
}): CommandRow {
  return { args: [], mostUsed: [], required: [], ...row } as unknown as CommandRow;
}
