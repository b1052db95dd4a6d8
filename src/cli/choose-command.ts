/** Finds the command in a command line, before any parser is loaded. */
import { GanEvalError } from "../errors.ts";
import { wordToSuggestion } from "../suggestion.ts";
import { COMMAND_GROUPS, COMMANDS } from "./command-table.ts";

/** What a command line asks for. */
export type ParsedCommand =
  | { readonly kind: "version" }
  /** Help of a command, of a group, or of the program (""). */
  | { readonly kind: "help"; readonly topic: string }
  | { readonly kind: "command"; readonly name: string; readonly words: readonly string[] };

const isWord = (word: string | undefined): word is string => word !== undefined && !word.startsWith("-");
const asksForHelp = (word: string): boolean => word === "--help" || word === "-h";

/**
 * Help, version, or a command and the words after its name. Needs no parser, so that help comes at once.
 * @throws GanEvalError `usage.no-command`, `usage.unknown-command`
 */
export function chooseCommand(argv: readonly string[]): ParsedCommand {
  if (argv[0] === "--version" || argv[0] === "-V") return { kind: "version" };
  const end = argv.indexOf("--");
  const isHelp = argv[0] === "help" || (end < 0 ? argv : argv.slice(0, end)).some(asksForHelp);
  const words = argv[0] === "help" ? argv.slice(1) : argv;
  const topic = wordsToTopic(words);

  if (isHelp) return { kind: "help", topic };
  if (topic === "") throw noCommand(words[0]);
  if (Object.hasOwn(COMMAND_GROUPS, topic)) throw incompleteGroup(topic);
  return { kind: "command", name: topic, words: words.slice(topic.split(" ").length) };
}

/** The command or group that the first words name; an unknown word is an error even where help is asked for. */
function wordsToTopic([first, second]: readonly string[]): string {
  if (!isWord(first)) return "";
  const names = Object.keys(COMMANDS).map((name) => name.split(" "));
  const outer = names.map(([name]) => name!);
  if (!outer.includes(first)) throw unknownCommand(first, outer);
  const inner = names.flatMap(([group, name]) => (group === first && name !== undefined ? [name] : []));
  if (inner.length === 0 || !isWord(second)) return first;
  if (!inner.includes(second)) throw unknownCommand(second, inner);
  return `${first} ${second}`;
}

function unknownCommand(word: string, candidates: readonly string[]): GanEvalError {
  const suggestion = wordToSuggestion(word, candidates);
  return new GanEvalError("usage.unknown-command", `unknown command '${word}'`, {
    hint: suggestion === undefined ? "`gan-eval --help` lists the commands." : `Did you mean ${suggestion}?`,
  });
}

const noCommand = (first: string | undefined): GanEvalError =>
  first === undefined
    ? new GanEvalError("usage.no-command", "expected a command, got none", {
        hint: "Try `gan-eval demo`; `gan-eval --help` lists the commands.",
      })
    : new GanEvalError("usage.no-command", `expected a command first, got ${first}`, {
        hint: "Options follow the command: `gan-eval fid --json ...`.",
      });

function incompleteGroup(group: string): GanEvalError {
  const members = Object.keys(COMMANDS).filter((name) => name.startsWith(`${group} `));
  return new GanEvalError("usage.no-command", `expected one of ${members.join(", ")}, got only ${group}`, {
    hint: `\`gan-eval ${group} --help\` explains them.`,
  });
}
