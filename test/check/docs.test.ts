import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { valueToRules } from "../../src/check/rule.ts";
import { chooseCommand } from "../../src/cli/choose-command.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { objectToValues } from "../../src/cli/config-file.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";

const read = (name: string) => readFileSync(path.join(import.meta.dirname, "../../docs", name), "utf8");

describe("docs/check.md", () => {
  it("has a config file whose options and rules exist", async () => {
    const [, json] = /```json\n([\s\S]*?)```/.exec(read("check.md"))!;
    const commands = Object.fromEntries(
      Object.entries(COMMANDS).map(([name, { options }]) => [name, options]),
    );
    const values = objectToValues(JSON.parse(json), "check.md", commands, "check");
    for (const name of Object.keys(values)) expect(COMMANDS.check!.options).toContain(name);
    expect(await valueToRules(values.rules, "error")).toHaveLength(4);
    const ofUpdate = objectToValues(JSON.parse(json), "check.md", commands, "baseline update", "check");
    expect(ofUpdate).toMatchObject({ baseline: "baseline.json", fakes: values.fakes });
  });

  it.each(["check.md", "workflows/gan-eval.yml"])("every command line of %s can be parsed", (name) => {
    const lines = [...read(name).matchAll(/(?:^ {4}|run: npx |^ +npx )(gan-eval .*)$/gm)].map(
      ([, line]) => line,
    );
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) {
      const words = line
        .replace(/\s+#.*$/, "")
        .split(" ")
        .slice(1);
      const asked = chooseCommand(words);
      expect(asked.kind).toBe("command");
      if (asked.kind === "command") parseArguments(asked.name, COMMANDS[asked.name]!, asked.words);
    }
  });
});
