import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { chooseCommand } from "../../src/cli/choose-command.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { objectToValues } from "../../src/cli/config-file.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";

const root = path.resolve(import.meta.dirname, "../..");
const docs = path.join(root, "docs");
const page = readFileSync(path.join(docs, "cluster.md"), "utf8");
/** Of this page; workers of a queue are docs/queue.md's. */
const names = readdirSync(path.join(docs, "cluster")).filter(
  (name) => !name.endsWith(".md") && name !== "workers.yaml",
);
const read = (name: string): string => readFileSync(path.join(docs, "cluster", name), "utf8");

/** As a block of code stands on the page. */
const indented = (text: string): string => text.replace(/^(?=.)/gm, "    ");

/** Lines that call the program, those that go on with a backslash joined. */
const linesOf = (text: string): string[] =>
  [...text.replace(/ *\\\n */g, " ").matchAll(/^(?: {4,}.*?|exec )(gan-eval (?!-).*)$/gm)]
    .map(([, line]) => line.replace(/\s+(#|:::).*$/, "").replace(/\$\{\{.*?\}\}/g, "0"))
    .filter((line) => Object.keys(COMMANDS).includes(line.split(" ")[1]));

function expectParsed(words: readonly string[]): void {
  const asked = chooseCommand(words);
  expect(asked.kind, words.join(" ")).toBe("command");
  if (asked.kind === "command") parseArguments(asked.name, COMMANDS[asked.name]!, asked.words);
}

describe("docs/cluster.md", () => {
  it.each(names)("quotes %s whole", (name) => {
    expect(page).toContain(indented(read(name)));
  });

  it("has command lines that can be parsed, in its files too", () => {
    const lines = [page, ...names.map(read)].flatMap(linesOf);
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expectParsed(line.split(" ").slice(1));
  });

  it("has a config file whose options are those of a sweep", () => {
    const commands = Object.fromEntries(Object.entries(COMMANDS).map(([name, row]) => [name, row.options]));
    const values = objectToValues(JSON.parse(read("sweep.json")), "sweep.json", commands, "sweep");
    for (const name of Object.keys(values)) expect(COMMANDS.sweep!.options).toContain(name);
  });
});

const resolve = (name: string): string | undefined => {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    console.warn(`skipped: Kubernetes manifests are not checked, for the package ${name} is absent (npm ci)`);
    return undefined;
  }
};
const types = resolve("kubernetes-types/package.json");
const yaml = resolve("yaml");

/** What of a Job is looked at beyond its types. */
interface Job {
  readonly spec: {
    readonly completions?: number;
    readonly completionMode?: string;
    readonly backoffLimitPerIndex?: number;
    readonly podFailurePolicy?: {
      readonly rules: readonly {
        readonly action: string;
        readonly onExitCodes?: { readonly containerName: string; readonly values: readonly number[] };
      }[];
    };
    readonly template: {
      readonly spec: {
        readonly restartPolicy: string;
        readonly containers: readonly {
          readonly name: string;
          readonly command: string[];
          readonly args: string[];
        }[];
      };
    };
  };
}

const MANIFESTS = names.filter((name) => name.endsWith(".yaml"));

describe.skipIf(!types || !yaml)("the manifests of docs/cluster.md", () => {
  const readJob = async (name: string): Promise<Job> => (await import(yaml!)).parse(read(name)) as Job;

  it("are what Kubernetes' published schema of a Job allows, and no more", { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "manifests-"));
    try {
      const jobs = await Promise.all([...MANIFESTS, "workers.yaml"].map(readJob));
      const misspelt = { ...jobs[0], spec: { ...jobs[0].spec, completionsPerIndex: 1 } };
      const lines = [
        `import type { Job } from ${JSON.stringify(path.join(path.dirname(types!), "batch/v1"))};`,
        ...jobs.map((job, i) => `export const job${i}: Job = ${JSON.stringify(job)};`),
        "// @ts-expect-error",
        `export const misspelt: Job = ${JSON.stringify(misspelt)};`,
      ];
      writeFileSync(path.join(folder, "check.ts"), lines.join("\n"));
      const tsc = path.join(root, "node_modules/typescript/bin/tsc");
      const checked = spawnSync(process.execPath, [tsc, "--noEmit", "--strict", "check.ts"], {
        ...{ cwd: folder, encoding: "utf8" },
      });
      expect(checked.stdout).toBe("");
      expect(checked.status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it.each(MANIFESTS)("%s has a command line that can be parsed", async (name) => {
    const { spec } = await readJob(name);
    expect(spec.template.spec.restartPolicy).toBe("Never");
    for (const { command, args } of spec.template.spec.containers) {
      expect(command).toEqual(["gan-eval"]);
      expectParsed(args);
    }
  });

  it("cut the sweep into as many parts as they have indexes, and tell exit codes apart", async () => {
    const { spec } = await readJob("sweep-job.yaml");
    expect(spec.completionMode).toBe("Indexed");
    const [{ name, args }] = spec.template.spec.containers;
    expect(args).toContain(`--part=$(JOB_COMPLETION_INDEX)/${spec.completions}`);
    const rules = spec.podFailurePolicy!.rules;
    const actionOf = (code: number) =>
      rules.find(
        ({ onExitCodes }) => onExitCodes?.containerName === name && onExitCodes.values.includes(code),
      )?.action;
    expect([2, 3, 130].map(actionOf)).toEqual(["FailJob", undefined, "Ignore"]);
    expect(spec.backoffLimitPerIndex).toBeGreaterThan(0);
  });
});
