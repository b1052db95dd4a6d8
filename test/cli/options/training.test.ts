import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { TRAIN_OPTIONS } from "../../../src/cli/commands/train/request.ts";
import { defaultToText, nameToFlag, type OptionName, optionRow } from "../../../src/cli/options.ts";
import { REQUEST_TABLE } from "../../../src/run-folder/length-options.ts";
import { runToConfig } from "../../../src/run-folder/read-config.ts";
import { requestToConfig } from "../../../src/runs/request-to-config.ts";
import type { ResumeRequest, TrainRequest } from "../../../src/runs/train.ts";
import type { TrainedRun } from "../../../src/runs/trained-run.ts";
import { MODEL_NAMES } from "../../../src/train/options/model.ts";
import { emptyFolder, libraryOf, run } from "../command-line.ts";
import { CONFIG_ROWS, kindToText } from "./training-rows.ts";

const done = {
  ...{ folder: "runs/a", description: {}, scalars: {}, warnings: [] },
  ...{ rounds: 1, epochs: 1, seconds: 1, roundsPerSecond: 1 },
} as unknown as TrainedRun;

/** The request of a command line; every run has a folder of its own, so that no number has to be found. */
async function requestOf(words: readonly string[], cwd?: string): Promise<TrainRequest> {
  const requests: TrainRequest[] = [];
  const library = libraryOf({
    train: async (request) => {
      requests.push(request);
      return done;
    },
  });
  const ran = await run(["train", "--out", "runs/a", ...words], { library, ...(cwd && { cwd }) });
  expect(ran.stderr + ran.exitCode).toMatch(/0$/);
  return requests[0]!;
}

async function resumeOf(
  words: readonly string[],
): Promise<{ exitCode: number; seen?: ResumeRequest; stderr: string }> {
  const requests: ResumeRequest[] = [];
  const library = libraryOf({
    resume: async (request) => {
      requests.push(request);
      return done;
    },
  });
  const { exitCode, stderr } = await run(["train", "--resume", "runs/a", ...words], { library });
  return { exitCode, stderr, ...(requests[0] && { seen: requests[0] }) };
}

const FACTS = { shape: [28, 28, 1], count: 1000, classes: 10 };

/** What run.json has of it, read back. */
function readBack(request: TrainRequest) {
  const config = requestToConfig(request, FACTS);
  const stored = JSON.parse(JSON.stringify(config)) as Record<string, unknown>;
  const { rounds, seed } = config;
  return {
    config,
    read: runToConfig({ config: stored, data: { label: "a", ...FACTS }, rounds, seed }, "runs/a"),
  };
}

it.each(MODEL_NAMES)("%s by itself is a config whose every value its option takes", async (model) => {
  const { config, read } = readBack(await requestOf(["--model", model]));
  expect(config.model).toBe(model);
  expect(read).toEqual(config);
});

describe("every option of a run's config", () => {
  it.each(CONFIG_ROWS)("$key goes from its flag to run.json and back under its own name", async (row) => {
    const request = await requestOf(["--model", row.model, ...row.words]);
    expect(request[row.table]).toMatchObject({ [row.key]: row.value });
    const { config, read } = readBack(request);
    expect(config).toMatchObject(row.stored);
    expect(read).toEqual(config);
  });

  it.each(CONFIG_ROWS)("$key can be changed when a run is resumed", async ({ words, key, value }) => {
    expect((await resumeOf(words)).seen?.changes).toEqual({ [key]: value });
  });

  it.each(CONFIG_ROWS)(
    "$key goes from the config file to the request",
    async ({ table, key, text, name, value }) => {
      const cwd = emptyFolder();
      writeFileSync(path.join(cwd, "gan-eval.config.json"), JSON.stringify({ train: { [name]: text } }));
      expect((await requestOf([], cwd))[table]).toMatchObject({ [key]: value });
      // As a value of JSON too, which is what run.json has.
      writeFileSync(path.join(cwd, "gan-eval.config.json"), JSON.stringify({ train: { [name]: value } }));
      expect((await requestOf([], cwd))[table]).toMatchObject({ [key]: value });
    },
  );

  it("is one of `gan-eval train`, and what a request has besides is one too", () => {
    for (const name of [...CONFIG_ROWS.map((row) => row.name), ...Object.keys(REQUEST_TABLE)])
      expect(TRAIN_OPTIONS).toContain(name);
  });
});

it("--memory goes to a new run and to one that is resumed, and is no change of it", async () => {
  expect(await requestOf(["--memory", "2.5"])).toMatchObject({ memory: 2.5 });
  expect((await resumeOf(["--memory", "2.5"])).seen).toMatchObject({ memory: 2.5, changes: {} });
  expect((await resumeOf([])).seen).not.toHaveProperty("memory");
});

describe("spellings of before", () => {
  const aliases = TRAIN_OPTIONS.flatMap((name) => {
    const row = optionRow(name);
    const text = kindToText(row.kind, row.default);
    return (row.aliases ?? []).map((alias) => [alias, nameToFlag(name), text] as const);
  });
  it.each(aliases)("--%s is --%s", async (alias, flag, text) => {
    const askedBy = async (spelling: string) => {
      const { command: _, ...asked } = await requestOf([`--${spelling}`, text]);
      return JSON.stringify(asked);
    };
    expect(await askedBy(alias)).toBe(await askedBy(flag));
    expect(await askedBy(alias)).not.toBe(JSON.stringify({ ...(await requestOf([])), command: undefined }));
  });

  const former = TRAIN_OPTIONS.filter((name) => optionRow(name).formerly !== undefined);
  it.each(former)(
    "the key that %s had before is read in config files, at the top and under train",
    async (name) => {
      const cwd = emptyFolder();
      const key = optionRow(name).formerly!;
      const requestWith = async (config: object) => {
        writeFileSync(path.join(cwd, "gan-eval.config.json"), JSON.stringify(config));
        const { epochs, model } = await requestOf([], cwd);
        return { epochs, model };
      };
      const value = name === "smoothing" || name === "emaDecay" ? 0.25 : 3;
      const now = await requestWith({ [name]: value });
      expect(JSON.stringify(now)).toContain(String(value));
      expect(await requestWith({ [key]: value })).toEqual(now);
      expect(await requestWith({ train: { [key]: value } })).toEqual(now);
    },
  );
});

describe("what is decided when a run begins", () => {
  const fixed = TRAIN_OPTIONS.filter((name) => optionRow(name).fixed);
  it("is its folder, its passes, the crop of its images and the weight of its penalties", () => {
    expect([...fixed].sort()).toEqual(["crop", "dryRun", "epochs", "penaltyWeight", "runOut"]);
  });

  it.each(fixed)("%s is refused when a run is resumed", async (name) => {
    const flag = `--${nameToFlag(name)}`;
    const { exitCode, stderr } = await resumeOf(optionRow(name).kind.isSwitch ? [flag] : [flag, "5"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(flag);
  });
});

describe("defaults", () => {
  const page = readFileSync(new URL("../../../docs/options.md", import.meta.url), "utf8")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const column = page.find((cells) => cells.includes("default"))!;
  const cellOf = (name: OptionName, title: string): string | undefined =>
    page.find((cells) => cells[column.indexOf("config key")] === name)?.[column.indexOf(title)];

  it.each(CONFIG_ROWS)(
    "of $key in docs/options.md is the row's, and what a bare request gets",
    async ({ name, key }) => {
      const row = optionRow(name);
      expect(cellOf(name, "default")).toBe(defaultToText(row) ?? (row.kind.isSwitch ? "off" : ""));
      if (row.default === undefined) return;
      const bare = requestToConfig(await requestOf([]), FACTS) as unknown as Record<string, unknown>;
      // Only a choice against the comparison with the CPU is kept: runs of before have none.
      if (key === "selfCheck") expect(bare[key]).toBeUndefined();
      else expect(bare[key]).toEqual(row.default);
    },
  );
});
