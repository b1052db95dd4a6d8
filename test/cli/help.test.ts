import { describe, expect, it } from "vitest";
import * as zod from "zod";
import { chooseCommand } from "../../src/cli/choose-command.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { commandToOptions } from "../../src/cli/help.ts";
import { nameToFlag, OPTION_NAMES, optionRow } from "../../src/cli/options.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";
import { textToWidth } from "../../src/reports/page.ts";
import { run } from "./command-line.ts";

const names = Object.keys(COMMANDS);

describe("help", () => {
  it.each([[[]], ...names.map((name) => [name.split(" ")])])("of %j", async (words) => {
    const ran = await run([...words, "--help"]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    await expect(ran.stdout).toMatchFileSnapshot(`help/${["gan-eval", ...words].join("-")}.txt`);
  });

  it.each(names)("help %s is %s --help", async (name) => {
    const words = name.split(" ");
    expect((await run(["help", ...words])).stdout).toBe((await run([...words, "--help"])).stdout);
    expect((await run([...words, "-h"])).stdout).toBe((await run([...words, "--help"])).stdout);
  });

  it("help of nothing is that of the program, of a group its commands", async () => {
    expect((await run(["help"])).stdout).toBe((await run(["--help"])).stdout);
    expect((await run(["inception", "--help"])).stdout).toContain("inception download");
  });

  it.each([60, 80, 120])("fits %i columns", async (columns) => {
    for (const name of ["", ...names]) {
      const { stdout } = await run([...name.split(" ").filter(Boolean), "--help"], {
        stdout: { isTTY: false, columns },
      });
      for (const line of stdout.split("\n")) {
        // An example stays on one line, to be copied.
        if (!line.startsWith("  gan-eval ")) expect(textToWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
  });

  it("every example is a command line of that command", () => {
    for (const [name, row] of Object.entries(COMMANDS)) {
      expect(row.examples.length).toBeGreaterThan(0);
      const chosen = row.examples.map(({ line }) => {
        const asked = chooseCommand(line.split(" ").slice(1));
        if (asked.kind === "command") parseArguments(asked.name, COMMANDS[asked.name]!, asked.words);
        return asked.kind === "command" ? asked.name : asked.kind;
      });
      expect(chosen).toContain(name);
    }
  });
});

describe("the option schema", () => {
  it("every default is a value that its own kind accepts", () => {
    for (const name of OPTION_NAMES) {
      const row = optionRow(name);
      expect(row.kind.schema(zod).safeParse(row.default), name).toMatchObject({
        success: true,
        data: row.default,
      });
    }
  });

  it("no command has two options of one flag, and every option is some command's", () => {
    const used = new Set<string>();
    for (const row of Object.values(COMMANDS)) {
      const flags = commandToOptions(row).map(nameToFlag);
      expect(new Set(flags).size).toBe(flags.length);
      for (const name of commandToOptions(row)) used.add(name);
    }
    expect([...used].sort()).toEqual([...OPTION_NAMES].sort());
  });

  it("docs/options.md is the table that `gan-eval options --md` prints (vitest -u writes it)", async () => {
    const { stdout } = await run(["options", "--md"]);
    const page = `# Options\n\nThis page is \`gan-eval options --md\`; a test holds the two together. How flags, environment and config file\ngo together: [cli.md](cli.md).\n\n${stdout}`;
    await expect(page).toMatchFileSnapshot("../../docs/options.md");
  });
});
