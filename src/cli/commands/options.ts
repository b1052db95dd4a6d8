/** The command `gan-eval options`. */
import type { Outcome } from "../command.ts";
import { COMMANDS } from "../command-table.ts";
import { commandToOptions, optionToTerm } from "../help.ts";
import { aliasesToText, defaultToText, OPTION_NAMES, OUTPUT_OPTIONS, optionRow } from "../options.ts";
import { tableToOutcome } from "../outcomes.ts";

/** `gan-eval options`: the option schema as a table; docs/options.md is its Markdown. */
export async function run(): Promise<Outcome> {
  const everywhere = new Set<string>(OUTPUT_OPTIONS);
  const rows = OPTION_NAMES.map((name) => {
    const row = optionRow(name);
    const users = Object.entries(COMMANDS)
      .filter(([, command]) => commandToOptions(command).includes(name))
      .map(([command]) => command);
    return {
      flag: optionToTerm(name),
      aliases: aliasesToText(row),
      key: name,
      summary: row.summary,
      expects: row.kind.isSwitch ? "switch" : row.kind.expects,
      default: defaultToText(row) ?? (row.kind.isSwitch ? "off" : ""),
      env: row.env ?? "",
      commands: everywhere.has(name) ? "all" : users.join(", "),
    };
  });
  return tableToOutcome(rows, {
    columns: [
      { key: "flag", title: "flag" },
      { key: "aliases", title: "also" },
      { key: "key", title: "config key" },
      { key: "default", title: "default" },
      { key: "env", title: "environment" },
      { key: "expects", title: "expects" },
      { key: "commands", title: "commands" },
      { key: "summary", title: "what it does" },
    ],
    rows,
  });
}
