import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GanEvalError } from "../../src/errors.ts";
import type { EvaluateOptions } from "../../src/evaluate/options.ts";
import { toEvaluateSettings } from "../../src/evaluate/with-option-defaults.ts";
import { textToWidth } from "../../src/reports/page.ts";
import { emptyFolder, libraryOf, run } from "./command-line.ts";
import { evaluation } from "./evaluation.ts";

const fid = ["fid", "--real", "A", "--fake", "B"];

/** Runs a command line and hands back the options that reached `evaluate`. */
async function optionsOf(
  argv: readonly string[],
  changes: Parameters<typeof run>[1] = {},
): Promise<EvaluateOptions> {
  let seen: EvaluateOptions | undefined;
  const ran = await run(argv, {
    ...changes,
    library: libraryOf({
      evaluate: async (options) => {
        seen = options;
        return evaluation();
      },
    }),
  });
  expect(ran.stderr).not.toMatch(/^(error|internal)/);
  return seen!;
}

const failing = (error: unknown) => ({ library: libraryOf({ evaluate: () => Promise.reject(error) }) });

describe("exit codes", () => {
  it("0 for a result, 2 for usage, 3 for input and what is unavailable", async () => {
    expect((await run(fid)).exitCode).toBe(0);
    expect((await run(["fid", "--real", "A"])).exitCode).toBe(2);
    expect((await run(fid, failing(new GanEvalError("usage.splits", "m")))).exitCode).toBe(2);
    expect((await run(fid, failing(new GanEvalError("input.picture", "m")))).exitCode).toBe(3);
    expect((await run(fid, failing(new GanEvalError("unavailable.weights", "m")))).exitCode).toBe(3);
    expect((await run(fid, failing(new GanEvalError("internal.graph-op", "m")))).exitCode).toBe(3);
    expect((await run(fid, failing(new TypeError("x is undefined")))).exitCode).toBe(3);
  });

  it("3 for a result that lacks a metric, which is printed all the same", async () => {
    const notMeasured = { kid: { code: "input.too-few-samples", message: "m" } };
    const library = libraryOf({ evaluate: async () => evaluation({ notMeasured }) });
    const ran = await run([...fid, "--json"], { library });
    expect(ran.exitCode).toBe(3);
    expect(JSON.parse(ran.stdout)).toMatchObject({ notMeasured, metrics: evaluation().metrics });
  });

  it("130 once the signal is aborted, whatever the library then does", async () => {
    const interruption = new AbortController();
    for (const end of [
      () => Promise.reject(new Error("aborted in a library's own way")),
      async () => evaluation(),
    ]) {
      const ran = await run(fid, {
        signal: interruption.signal,
        library: libraryOf({
          evaluate: () => {
            interruption.abort();
            return end();
          },
        }),
      });
      expect(ran).toMatchObject({ exitCode: 130, stdout: "" });
      expect(ran.stderr).toMatch(/^interrupted/);
    }
  });
});

describe("errors", () => {
  it("say what was expected, the code and the hint, and leave stdout empty", async () => {
    const ran = await run(
      fid,
      failing(
        new GanEvalError("input.no-pictures", "expected images in ./A, got none", { hint: "Check it." }),
      ),
    );
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toBe(
      "error: expected images in ./A, got none [input.no-pictures]\n  hint: Check it.\n",
    );
  });

  it("unexpected ones are called internal, ask for a report, and show no stack", async () => {
    const ran = await run(fid, failing(new RangeError("boom")));
    expect(ran.stderr).toMatch(/^internal: RangeError: boom/);
    expect(ran.stderr).toMatch(/report/);
    expect(ran.stderr).not.toMatch(/\.ts:|node:internal/);
  });

  it("GAN_EVAL_DEBUG adds the stack", async () => {
    const ran = await run(fid, { ...failing(new RangeError("boom")), env: { GAN_EVAL_DEBUG: "1" } });
    expect(ran.stderr).toMatch(/run-command\.test\.ts/);
  });

  it("those of the operating system are not called faults of the program", async () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      syscall: "write",
    });
    const ran = await run(fid, failing(full));
    expect(ran.stderr).toMatch(/^error: ENOSPC/);
    expect(ran.stderr).toMatch(/hint: The disk is full/);
  });

  it.each([60, 80, 120])("fit %i columns", async (columns) => {
    const long = "expected something that takes a good many words to say, ".repeat(4);
    const error = new GanEvalError("input.picture", long, { hint: long });
    const ran = await run(fid, { ...failing(error), stderr: { isTTY: true, columns, write: () => {} } });
    for (const line of ran.stderr.split("\n")) expect(textToWidth(line)).toBeLessThanOrEqual(columns);
  });

  it("file names cannot drive the terminal", async () => {
    const ran = await run(fid, failing(new GanEvalError("input.picture", "got \u001b]0;owned\u0007")));
    expect(ran.stderr).not.toContain("\u001b");
  });
});

describe("usage", () => {
  it.each([
    [["fid", "--bacth-size", "9"], "Did you mean --batch-size?"],
    [["fid", "--bacth_size=9"], "Did you mean --batch-size?"],
    [["fdi"], "Did you mean fid?"],
    [["help", "fdi"], "Did you mean fid?"],
    [["inception", "imprt"], "Did you mean import?"],
    [[...fid, "--resize", "claen"], "Did you mean clean?"],
    [["inception"], "inception --help"],
    [["inception", "import"], "inception import --help"],
    [[], "gan-eval demo"],
    [["--json", "fid"], "Options follow the command"],
  ])("%j exits 2 and says what to do", async (argv, hint) => {
    const ran = await run(argv);
    expect(ran.exitCode).toBe(2);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain(hint);
  });

  it("a missing side is named with an example", async () => {
    const { stderr } = await run(["fid", "--fake", "B"]);
    expect(stderr).toContain("expected --real A");
    expect(stderr).toContain("gan-eval fid --real ./mnist --fake ./images");
  });

  it.each([
    ["--batch-size", "0"],
    ["--batch-size", "2.5"],
    ["--batch-size", "abc"],
    ["--batch-size", ""],
    ["--ddof", "2"],
    ["--limit", "-1"],
    ["--engine", "tensroflow"],
  ])("%s %j is refused with what it expects", async (flag, value) => {
    const ran = await run([...fid, `${flag}=${value}`]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(`${flag} expects`);
  });

  it("a stray word is refused", async () => {
    expect(await run([...fid, "C"])).toMatchObject({ exitCode: 2 });
  });

  it("two formats at once are refused", async () => {
    const ran = await run([...fid, "--json", "--csv"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("--json and --csv");
  });

  it("an unknown metric is refused", async () => {
    const ran = await run(["metrics", "--fake", "B", "--metrics", "fid,nosuch"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("nosuch");
  });
});

describe("options", () => {
  it("both spellings reach the library, as numbers", async () => {
    expect((await optionsOf([...fid, "--batch-size", "7"])).batchSize).toBe(7);
    expect((await optionsOf([...fid, "--batch_size", "8"])).batchSize).toBe(8);
    expect(await optionsOf([...fid, "--batch_size=9", "--on_error=skip"])).toMatchObject({
      batchSize: 9,
      onError: "skip",
    });
  });

  it("underscores in values stay", async () => {
    expect(await optionsOf(["fid", "--real", "my_real", "--fake=my_fake"])).toMatchObject({
      real: "my_real",
      fake: "my_fake",
    });
  });

  it("defaults are torch-fidelity's protocol", async () => {
    expect(toEvaluateSettings(await optionsOf(fid))).toMatchObject({
      metrics: ["fid"],
      extractor: "inception",
      splits: 10,
      shuffle: true,
      seed: 2020,
      ddof: 1,
      onError: "fail",
      engine: "auto",
      device: "auto",
    });
  });

  it("what was not asked for is undefined, which is its default", async () => {
    const options = await optionsOf(["is", "--fake", "B"]);
    for (const name of [
      "real",
      "heldOut",
      "threads",
      "limit",
      "split",
      "resize",
      "weights",
      "compat",
    ] as const)
      expect.soft(options[name], name).toBeUndefined();
    expect(options.metrics).toEqual(["is"]);
  });

  it("flag over environment over config over default", async () => {
    const cwd = emptyFolder();
    writeFileSync(
      path.join(cwd, "gan-eval.config.json"),
      JSON.stringify({
        batchSize: 3,
        threads: 5,
        resize: "clean",
        fid: { resize: "pytorch" },
        is: { seed: 7 },
      }),
    );
    const env = { GAN_EVAL_BATCH_SIZE: "2", GAN_EVAL_ENGINE: "" };
    expect(await optionsOf([...fid, "--batch-size", "1"], { cwd, env })).toMatchObject({
      batchSize: 1,
      threads: 5,
    });
    expect(await optionsOf(fid, { cwd, env })).toMatchObject({ batchSize: 2, engine: "auto" });
    expect(await optionsOf(fid, { cwd })).toMatchObject({ batchSize: 3, resize: "pytorch", seed: 2020 });
    expect(await optionsOf(["is", "--fake", "B"], { cwd })).toMatchObject({ resize: "clean", seed: 7 });
    // Without any of them, as many as the device takes.
    expect(await optionsOf(fid)).toMatchObject({ seed: 2020, engine: "auto", batchSize: undefined });
  });

  it("a flag can undo a switch of the config file", async () => {
    const cwd = emptyFolder();
    writeFileSync(path.join(cwd, "gan-eval.config.json"), '{"json": true, "shuffle": false}');
    expect((await run(["is", "--fake", "B"], { cwd })).stdout).toMatch(/^\{/);
    expect((await run(["is", "--fake", "B", "--no-json"], { cwd })).stdout).not.toMatch(/^\{/);
    expect((await optionsOf(["is", "--fake", "B"], { cwd })).shuffle).toBe(false);
    expect((await optionsOf(["is", "--fake", "B", "--shuffle"], { cwd })).shuffle).toBe(true);
  });

  it.each([
    ["{", "expected JSON"],
    ["[]", "expected an object"],
    ['{"batchsze": 3}', 'Did you mean "batchSize"?'],
    ['{"fid": {"relize": 3}}', 'Did you mean "resize"?'],
    ['{"batchSize": "many"}', "batchSize in"],
    ['{"batchSize": true}', "batchSize in"],
    ['{"seed": 1, "seed": 2}', 'got "seed" twice: at line 1, column 2 and here (line 1, column 13)'],
    ['{"is": {"seed": 1,\n"seed": 2}}', "(line 2, column 1)"],
    ['{"batchSize": 1, "batch-size": 2}', 'got "batchSize" and "batch-size"'],
    ['{"fid": {"batchSize": 1, "batch_size": 2}}', 'got "fid.batchSize" and "fid.batch_size"'],
    ['{"seed": 1\n"ddof": 1}', 'expected "," or "}"'],
  ])("a config file of %s is refused", async (text, message) => {
    const cwd = emptyFolder();
    writeFileSync(path.join(cwd, "gan-eval.config.json"), text);
    const ran = await run(fid, { cwd });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr.replaceAll(/\n\s*/g, " ")).toContain(message);
  });

  it("a config file that is named and absent is an error", async () => {
    expect((await run([...fid, "--config", "nosuch.json"])).exitCode).toBe(2);
  });
});

describe("output", () => {
  it("--json leaves only the result's JSON on stdout", async () => {
    const ran = await run([...fid, "--json"]);
    expect(JSON.parse(ran.stdout)).toEqual(evaluation());
    expect(ran.stderr).toContain("warning: 1,200 fake: biased upwards");
  });

  it("text has the value on stdout; warnings and hints are on stderr", async () => {
    const ran = await run(fid);
    expect(ran.stdout).toMatch(/^FID +299\.1405/);
    expect(ran.stdout).not.toMatch(/warning|next:/);
    expect(ran.stderr).toMatch(/warning: /);
    expect(ran.stderr).toMatch(/next: gan-eval stats/);
  });

  it("--quiet silences stderr, not errors", async () => {
    const noisy = libraryOf({
      evaluate: async ({ onProgress }) => {
        for (let done = 0; done <= 100; done += 10)
          onProgress!({ stage: "fake", done, total: 100, unit: "images" });
        return evaluation();
      },
    });
    expect((await run(fid, { library: noisy })).during).toMatch(/fake: \d+ %/);
    expect(await run([...fid, "-q"], { library: noisy })).toMatchObject({ during: "", stderr: "" });
    expect((await run([...fid, "-q"], failing(new Error("x")))).stderr).not.toBe("");
  });

  it("--verbose says where values came from", async () => {
    const ran = await run(
      [...fid, "--verbose", "--seed=4", "--json"].filter((word) => !word.startsWith("--seed")),
      {
        env: { GAN_EVAL_THREADS: "3" },
      },
    );
    expect(ran.during).toContain("threads: 3 (environment)\n");
    expect(ran.during).toContain('real: "A" (flag)\n');
    expect(ran.during).toContain("ddof: 1 (default)\n");
    expect(() => JSON.parse(ran.stdout)).not.toThrow();
  });

  it("--out writes the result as JSON and nothing else into the folder", async () => {
    const folder = emptyFolder();
    const file = path.join(folder, "scores.json");
    const ran = await run([...fid, "--out", file]);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(evaluation());
    expect(readdirSync(folder)).toEqual(["scores.json"]);
    expect(ran.stderr).toContain(`wrote ${file}`);
  });

  it("--out into a folder that is not there fails before the work", async () => {
    const file = path.join(emptyFolder(), "no/scores.json");
    const ran = await run([...fid, "--out", file], failing(new Error("must not be called")));
    expect(ran).toMatchObject({ exitCode: 3 });
    expect(ran.stderr).toContain("input.cannot-write");
    expect(existsSync(path.dirname(file))).toBe(false);
  });

  it.each([
    ["a terminal", [], {}, true, true],
    ["a pipe", [], {}, false, false],
    ["NO_COLOR", [], { NO_COLOR: "1" }, true, false],
    ["NO_COLOR, any value", [], { NO_COLOR: "false" }, true, false],
    ["an empty NO_COLOR", [], { NO_COLOR: "" }, true, true],
    ["TERM=dumb", [], { TERM: "dumb" }, true, false],
    ["--no-color", ["--no-color"], {}, true, false],
    ["FORCE_COLOR in a pipe", [], { FORCE_COLOR: "1" }, false, true],
    ["FORCE_COLOR=0", [], { FORCE_COLOR: "0" }, true, false],
    ["--color in a pipe with NO_COLOR", ["--color"], { NO_COLOR: "1" }, false, true],
  ])("colour: %s", async (_, flags, env, isTTY, coloured) => {
    const text = await run([...fid, ...flags], {
      env: env as Record<string, string>,
      stdout: { isTTY, columns: 80 },
    });
    expect(text.stdout.includes("\u001b[")).toBe(coloured);
    const help = await run(["--help", ...flags], {
      env: env as Record<string, string>,
      stdout: { isTTY, columns: 80 },
    });
    expect(help.stdout.includes("\u001b[")).toBe(coloured);
    const json = await run([...fid, ...flags, "--json"], {
      env: env as Record<string, string>,
      stdout: { isTTY, columns: 80 },
    });
    expect(json.stdout).not.toContain("\u001b[");
  });
});

describe("hints", () => {
  const nextOf = async (argv: readonly string[]) => /next: (.*)\n/.exec((await run(argv)).stderr)?.[1];

  it("carry every option that statistics depend on, and quote what a shell would split", async () => {
    expect(
      await nextOf(["fid", "--real", "my images", "--fake", "B", "--resize", "clean", "--limit=9"]),
    ).toContain("gan-eval stats --images 'my images' --resize clean --limit 9 --out real.npz");
  });

  it("begin with npx for whoever came by npx, and has no gan-eval on the PATH", async () => {
    const argv = ["fid", "--real", "A", "--fake", "B"];
    const { stderr } = await run(argv, { env: { npm_command: "exec" } });
    expect(stderr).toContain("next: npx gan-eval stats --images A");
    expect(await nextOf(argv)).toMatch(/^gan-eval stats/);
  });

  it("are not given for what comes from stdin", async () => {
    expect(await nextOf(["fid", "--real", "-", "--fake", "B"])).toBeUndefined();
  });
});

describe("any words at all", () => {
  const words = fc.oneof(
    fc.constantFrom(
      "fid",
      "is",
      "help",
      "inception",
      "import",
      "--",
      "-",
      "--real",
      "--fake",
      "--json",
      "--csv",
      "-q",
    ),
    fc.constantFrom(
      "constructor",
      "__proto__",
      "toString",
      "--constructor",
      "--__proto__",
      "--out=",
      "--config=/",
    ),
    fc.string(),
    fc.string({ unit: "grapheme" }).map((text) => `--${text}`),
  );

  it("end in a result or a usage error, never in a fault of the program", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 6 }), async (argv) => {
        fc.pre(!argv.some((word) => word.startsWith("--out") || word.startsWith("-o")));
        const ran = await run(argv);
        expect([0, 2]).toContain(ran.exitCode);
        expect(ran.stderr).not.toMatch(/^internal/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
        expect(ran.stderr).not.toMatch(/[\u0000-\u0008\u001b\u009b\u202e]/);
      }),
      { numRuns: 500 },
    );
  });

  it("any JSON as config file, too", async () => {
    const cwd = emptyFolder();
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        writeFileSync(path.join(cwd, "gan-eval.config.json"), text);
        const ran = await run(fid, { cwd });
        expect([0, 2]).toContain(ran.exitCode);
        expect(ran.stderr).not.toMatch(/^internal/);
      }),
      { numRuns: 200 },
    );
  });
});
