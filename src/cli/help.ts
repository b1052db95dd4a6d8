/** The text of --help. */
import { MODELS_OWN, OPTION_GROUPS, type OptionRow } from "../options/option.ts";
import { type Page, textToIndented, textToWidth } from "../reports/page.ts";
import { textToPadded } from "../reports/table.ts";
import { argumentToText, type CommandRow } from "./command.ts";
import { COMMAND_GROUPS, COMMANDS } from "./command-table.ts";
import {
  aliasesToText,
  defaultToText,
  nameToFlag,
  OPTION_NAMES,
  type OptionName,
  OUTPUT_OPTIONS,
  optionRow,
} from "./options.ts";

const MARGIN = "  ";
const WIDEST_TERM = 26;

/** The options of a command with those that all commands share, in the table's order. */
export function commandToOptions(row: CommandRow): OptionName[] {
  const own = new Set(row.options.map(nameToFlag));
  const shared = OUTPUT_OPTIONS.filter((name) => !own.has(nameToFlag(name)));
  const names = new Set<OptionName>([...row.options, ...shared]);
  return OPTION_NAMES.filter((name) => names.has(name));
}

/** `-o, --out FILE`, `--[no-]shuffle`. */
export function optionToTerm(name: OptionName): string {
  const row = optionRow(name);
  const negatable = row.kind.isSwitch && row.default !== false ? "[no-]" : "";
  const short = row.short === undefined ? "" : `-${row.short}, `;
  return `${short}--${negatable}${nameToFlag(name)}${row.value === undefined ? "" : ` ${row.value}`}`;
}

/** The summary with the choices, the default and the environment variable. */
function optionToDescription(row: OptionRow<unknown>): string {
  const fallback = row.defaultText === MODELS_OWN ? undefined : defaultToText(row);
  const notes = [
    ...(row.kind.choices ? [row.kind.choices.join(" | ")] : []),
    ...(row.aliases ? [`also ${aliasesToText(row)}`] : []),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
    ...(row.env === undefined ? [] : [`env: ${row.env}`]),
  ];
  return notes.length === 0 ? row.summary : `${row.summary} (${notes.join("; ")})`;
}

/** Help of what `chooseCommand` found: a command, a group, or the program (""). */
export function topicToHelp(topic: string, page: Page): string {
  const row = Object.hasOwn(COMMANDS, topic) ? COMMANDS[topic] : undefined;
  if (row !== undefined) return commandToHelp(topic, row, page);
  return topic === "" ? programToHelp(page) : groupToHelp(topic, page);
}

/** Help of one command: examples first, then options by group. */
function commandToHelp(name: string, row: CommandRow, page: Page): string {
  const usage = ["gan-eval", name, ...row.args.map(argumentToText), "[options]"].join(" ");
  const options = commandToOptions(row);
  const sections = [
    textToIndented(`${capitalise(row.summary)}.`, page.columns, ""),
    examplesToText(row.examples, page),
    ...(row.description === undefined ? [] : [textToIndented(row.description, page.columns, "")]),
    `${page.style.bold("Usage")}\n${MARGIN}${usage}`,
    ...(row.args.length === 0
      ? []
      : [
          termsToText(
            "Arguments",
            row.args.map((arg) => [argumentToText(arg), arg.summary]),
            page,
          ),
        ]),
    ...optionsToSections(options, row, page),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** The options by group, after those that are most used. */
function optionsToSections(options: readonly OptionName[], row: CommandRow, page: Page): string[] {
  const required = new Set<OptionName>(row.required);
  const mostUsed = new Set<OptionName>(row.mostUsed);
  const rest = options.filter((name) => !mostUsed.has(name));
  const groups: [string, readonly OptionName[]][] = [
    ["Most used", row.mostUsed],
    ...OPTION_GROUPS.map((group): [string, OptionName[]] => [
      group,
      rest.filter((name) => optionRow(name).group === group),
    ]),
  ];
  return groups
    .filter(([, names]) => names.length > 0)
    .map(([group, names]) => {
      const terms = names.map((name): [string, string] => [
        optionToTerm(name),
        `${required.has(name) ? "required: " : ""}${optionToDescription(optionRow(name))}`,
      ]);
      const isModels = names.some((name) => optionRow(name).defaultText === MODELS_OWN);
      return termsToText(isModels ? `${group} (without a default: the model's own)` : group, terms, page);
    });
}

/** Help of the program: examples first, then commands. */
function programToHelp(page: Page): string {
  const commands = Object.entries(COMMANDS).map(([name, row]): [string, string] => [
    [name, ...row.args.map(argumentToText)].join(" "),
    row.summary,
  ]);
  const sections = [
    textToIndented("gan-eval scores and trains generative adversarial networks.", page.columns, ""),
    examplesToText(
      [
        { line: "gan-eval demo", does: "real scores, and a GAN trained in a minute; no download" },
        { line: "gan-eval fid --real ./mnist --fake ./images", does: "the FID of two image sets" },
        { line: "gan-eval train --data ./mnist --eval-every 1000", does: "a GAN, evaluated during training" },
        { line: "gan-eval doctor", does: "check the installation" },
      ],
      page,
    ),
    `${page.style.bold("Usage")}\n${MARGIN}gan-eval <command> [options]`,
    termsToText("Commands", commands, page),
    termsToText(
      "Options",
      [
        ["-h, --help", "show help; for one command, `gan-eval help COMMAND` or `gan-eval COMMAND --help`"],
        ["-V, --version", "show the version"],
      ],
      page,
    ),
    textToIndented(
      "Results go to stdout, everything else to stderr. Exit codes: 0 success, 1 a gate failed, 2 usage error, 3 could not run, 130 interrupted.",
      page.columns,
      "",
    ),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** Help of a word that only stands before other commands. */
function groupToHelp(group: string, page: Page): string {
  const members = Object.entries(COMMANDS).filter(([name]) => name.startsWith(`${group} `));
  const sections = [
    textToIndented(`${capitalise(COMMAND_GROUPS[group] ?? group)}.`, page.columns, ""),
    examplesToText(
      members.flatMap(([, row]) => row.examples),
      page,
    ),
    termsToText(
      "Commands",
      members.map(([name, row]) => [[name, ...row.args.map(argumentToText)].join(" "), row.summary]),
      page,
    ),
  ];
  return `${sections.join("\n\n")}\n`;
}

function examplesToText(examples: CommandRow["examples"], page: Page): string {
  const widest = Math.max(...examples.map(({ line }) => textToWidth(line)));
  const beside = examples.every(({ does }) => MARGIN.length + widest + 4 + textToWidth(does) <= page.columns);
  const lines = examples.map(({ line, does }) =>
    beside
      ? `${MARGIN}${textToPadded(line, widest)}  ${page.style.dim(`# ${does}`)}`
      : `${MARGIN}${page.style.dim(`# ${does}`)}\n${MARGIN}${line}`,
  );
  return `${page.style.bold("Examples")}\n${lines.join("\n")}`;
}

function termsToText(title: string, terms: readonly (readonly [string, string])[], page: Page): string {
  if (terms.length === 0) return "";
  const width = Math.min(WIDEST_TERM, Math.max(...terms.map(([term]) => textToWidth(term))));
  const indent = " ".repeat(MARGIN.length + width + 2);
  const lines = terms.map(([term, description]) => {
    const head = `${MARGIN}${textToPadded(term, width)}  `;
    // A term that is too long for its column has the line to itself.
    return textToWidth(term) > width
      ? `${MARGIN}${term}\n${textToIndented(description, page.columns, indent, indent)}`
      : textToIndented(description, page.columns, head, indent);
  });
  return `${page.style.bold(title)}\n${lines.join("\n")}`;
}

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
