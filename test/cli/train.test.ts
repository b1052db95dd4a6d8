import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { library } from "../../src/cli/library.ts";
import type { ResumeRequest, TrainRequest } from "../../src/runs/train.ts";
import type { TrainedRun } from "../../src/runs/trained-run.ts";
import { emptyFolder, libraryOf, run } from "./command-line.ts";

const home = process.cwd();
afterEach(() => process.chdir(home));

/** Works in an empty folder, where runs may lie. */
function enterFolder(): string {
  const folder = emptyFolder();
  process.chdir(folder);
  return folder;
}

const trained = (folder: string): TrainedRun => ({
  folder,
  description: { status: "finished" } as TrainedRun["description"],
  rounds: 1000,
  epochs: 32.25,
  scalars: { generator_loss: 0.75, discriminator_loss: 1.25, real_score: 0.5 },
  scores: { frechet_digits_distance: 160 },
  floor: { frechet_digits_distance: 0.8 },
  seconds: 20,
  roundsPerSecond: 50,
  warnings: [],
});

/** The request that a command line comes to. */
async function requestOf(argv: readonly string[], changes: Parameters<typeof run>[1] = {}) {
  if (process.cwd() === home) enterFolder();
  let seen: TrainRequest | undefined;
  const ran = await run(["train", ...argv], {
    library: libraryOf({
      train: async (request) => {
        seen = request;
        return trained(request.folder);
      },
    }),
    ...changes,
  });
  expect(ran).toMatchObject({ exitCode: 0 });
  return seen!;
}

async function resumeOf(argv: readonly string[], changes: Parameters<typeof run>[1] = {}) {
  let seen: ResumeRequest | undefined;
  const ran = await run(["train", "--resume", "runs/gan-1", ...argv], {
    library: libraryOf({
      resume: async (request) => {
        seen = request;
        return trained(request.folder);
      },
    }),
    ...changes,
  });
  return { ran, seen };
}

const given = (choices: object = {}): object => JSON.parse(JSON.stringify(choices));

describe("the request", () => {
  const classic =
    "--n_epochs 1 --batch_size 64 --lr 0.0002 --b1 0.5 --b2 0.999 --n_cpu 8 --latent_dim 100 --img_size 28 --channels 1 --sample_interval 400";

  it("of the classic script's flags, with underscores or hyphens", async () => {
    const request = await requestOf(classic.split(" "));
    expect(given(request.model)).toEqual({ model: "gan", latentDim: 100, batchSize: 64, b1: 0.5, b2: 0.999 });
    expect(request).toMatchObject({ epochs: 1, lr: 2e-4, data: { imgSize: 28, channels: 1 } });
    expect(request.recording?.sampleInterval).toBe(400);
    expect(request.computation?.threads).toBe(8);
    // Functions, and the number of the run, are each time others.
    const { clock, steadyClock, command, signal, hold, onProgress, folder, ...same } = request;
    expect(await requestOf(classic.replaceAll("_", "-").split(" "))).toMatchObject(same);
  });

  it("of a bare command line leaves the model's own choices to the model", async () => {
    enterFolder();
    const request = await requestOf([]);
    expect(given(request.model)).toEqual({ model: "gan" });
    expect([request.data, request.recording, request.computation]).toEqual([{}, {}, {}]);
    expect(request.folder).toBe(path.join("runs", "gan-1"));
    expect("lr" in request || "rounds" in request).toBe(false);
  });

  it("takes the next number that is free", async () => {
    const folder = enterFolder();
    for (const name of ["gan-1", "gan-2", "gan-4", "wgan-3"])
      mkdirSync(path.join(folder, "runs", name), { recursive: true });
    expect((await requestOf([])).folder).toBe(path.join("runs", "gan-3"));
    expect((await requestOf(["--model", "wgan"])).folder).toBe(path.join("runs", "wgan-1"));
    expect((await requestOf(["--out", "here"])).folder).toBe("here");
  });

  it("takes several penalties, or none, and a weight", async () => {
    const request = await requestOf(["--penalty", "r1,r2", "--lambda_gp", "3", "--model", "wgan_gp"]);
    expect(request.model?.penalty).toEqual([{ name: "r1" }, { name: "r2" }]);
    expect(request.penaltyWeight).toBe(3);
    expect((await requestOf(["--penalty", "none"])).model?.penalty).toEqual([]);
    expect((await requestOf(["--auxiliary", "pull-away"])).model?.auxiliary).toEqual([{ name: "pull-away" }]);
  });

  it("takes a switch of the model both ways, and leaves it alone otherwise", async () => {
    expect((await requestOf(["--conditional"])).model?.conditional).toBe(true);
    expect((await requestOf(["--no-conditional", "--model", "cgan"])).model?.conditional).toBe(false);
    expect((await requestOf(["--model", "cgan"])).model?.conditional).toBeUndefined();
  });

  it("reads train's own batchSize in the config file, not that of measurements", async () => {
    const cwd = emptyFolder();
    const config = { batchSize: 8, train: { batchSize: 32, model: "hinge", "n-epochs": 3 } };
    writeFileSync(path.join(cwd, "gan-eval.config.json"), JSON.stringify(config));
    const request = await requestOf([], { cwd });
    expect(given(request.model)).toEqual({ model: "hinge", batchSize: 32 });
    expect(request.epochs).toBe(3);
    expect((await requestOf(["--batch-size", "16"], { cwd })).model?.batchSize).toBe(16);
  });
});

describe("what is misspelt", () => {
  it.each([
    [["--epcohs", "3"], "unknown option '--epcohs'", "--epochs"],
    [["--lrr", "1"], "unknown option '--lrr'", "--lr"],
    [["--model", "wgan_pg"], "--model expects", "wgan_gp"],
    [["--loss", "hinges"], "--loss expects", "hinge"],
    [["--penalty", "r1,interpolate"], "--penalty expects", "interpolated"],
    [["--auxiliary", "clasification"], "--auxiliary expects", "classification"],
    [["--net", "resnett"], "--net expects", "resnet"],
    [["--schedule", "cosin"], "--schedule expects", "cosine"],
  ])("%j: usage, and what was probably meant", async (argv, says, meant) => {
    const ran = await run(["train", ...argv]);
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toContain(says);
    expect(ran.stderr).toContain(`Did you mean ${meant}?`);
  });

  it.each([
    [["--lr", "-1"], "a number of at least 0"],
    [["--lr", "fast"], "a number of at least 0"],
    [["--rounds", "0"], "a whole number of at least 1"],
    [["--batch-size", "0"], "a whole number from 1 to 65536"],
    [["--b1", "1.5"], "a number from 0 to 1"],
  ])("%j: says what it expects", async (argv, says) => {
    const ran = await run(["train", ...argv]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr.replace(/\s+/g, " ")).toContain(says);
  });
});

describe("resuming", () => {
  it("names only what was given on the command line as changes, not what a config file says", async () => {
    const cwd = emptyFolder();
    writeFileSync(
      path.join(cwd, "gan-eval.config.json"),
      JSON.stringify({ train: { batchSize: 32, evalEvery: 5 } }),
    );
    expect((await resumeOf([], { cwd })).seen).toMatchObject({ changes: {}, rates: {}, allowChanges: false });
    const { seen } = await resumeOf(
      ["--lr", "0.1", "--eval-every", "7", "--batch-size", "9", "--allow-changes"],
      { cwd },
    );
    expect(seen).toMatchObject({
      changes: { evalEvery: 7, batchSize: 9 },
      rates: { generator: 0.1, discriminator: 0.1 },
      allowChanges: true,
    });
  });

  it.each([["--out", "elsewhere"], ["--dry-run"], ["--epochs", "3"], ["--penalty-weight", "3"]])(
    "refuses %s, which no run can change",
    async (...argv) => {
      const { ran } = await resumeOf(argv);
      expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
      expect(ran.stderr).toContain(argv[0]);
    },
  );
});

describe("the result", () => {
  const io = { library: libraryOf({ train: async ({ folder }) => trained(folder) }) };

  it("has the run's length, scores and their floor in JSON", async () => {
    const { stdout } = await run(["train", "--out", "r", "--json"], io);
    expect(JSON.parse(stdout)).toEqual({
      schema: "gan-eval/trained/1",
      folder: "r",
      status: "finished",
      rounds: 1000,
      epochs: 32.25,
      seconds: 20,
      roundsPerSecond: 50,
      scalars: { generator_loss: 0.75, discriminator_loss: 1.25, real_score: 0.5 },
      scores: { frechet_digits_distance: 160 },
      floor: { frechet_digits_distance: 0.8 },
      warnings: [],
    });
  });

  it("says in text how long it took, what came of it and what comes next", async () => {
    const { stdout, stderr } = await run(["train", "--out", "r"], io);
    expect(stdout.replace(/\s+/g, " ")).toContain("r: 1,000 rounds, 32.3 epochs, in 20");
    expect(stdout).toMatch(/frechet_digits_distance +160\.0000 +0\.8000/);
    expect(stderr).toContain("gan-eval generate --run r ");
  });
});

/** On toy data a round takes about a millisecond. */
describe("with the library itself", { timeout: 60_000 }, () => {
  const train = (argv: readonly string[]) => run(["train", ...argv], { library, clock: Date.now });
  const toy = ["--data", "ring", "--hidden-units", "8", "--sample-interval", "0", "--threads", "1"];

  it("--dry-run writes nothing, and says what would be", async () => {
    const folder = enterFolder();
    const ran = await train([...toy, "--rounds", "100", "--dry-run", "--json"]);
    expect(ran).toMatchObject({ exitCode: 0 });
    const { schema, config, parameters } = JSON.parse(ran.stdout);
    expect(schema).toBe("gan-eval/training-plan/1");
    expect(config).toMatchObject({ model: "gan", net: "toy", rounds: 100, hiddenUnits: 8 });
    // 2 to 8 to 8 to 2, and 2 to 8 to 8 to 1, with biases.
    expect(parameters).toEqual({ generator: 24 + 72 + 18, discriminator: 24 + 72 + 9 });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses what a resumed run would do otherwise, by name, until told to go on", async () => {
    enterFolder();
    expect(await train([...toy, "--rounds", "20", "--out", "r"])).toMatchObject({ exitCode: 0 });
    const again = await train(["--resume", "r", "--rounds", "30", "--lr", "0.5", "--loss", "hinge"]);
    expect(again).toMatchObject({ exitCode: 2, stdout: "" });
    const said = again.stderr.replace(/\s+/g, " ");
    expect(said).toContain("rounds 30 instead of 20");
    expect(said).toContain('loss "hinge" instead of "non-saturating"');
    expect(said).toContain("0.5");
    expect(said).toContain("--allow-changes");
    const changed = await train(["--resume", "r", "--rounds", "30", "--allow-changes", "--json"]);
    expect(JSON.parse(changed.stdout)).toMatchObject({ rounds: 30, status: "finished" });
    const finished = await train(["--resume", "r", "--batch-size", "256"]);
    expect(finished).toMatchObject({ exitCode: 2, stdout: "" });
    expect(finished.stderr).toContain("usage.run-finished");
  });

  it.each([
    ["a batch larger than the data", ["--data", "digits", "--limit", "50"], "at most", "--batch-size"],
    ["no labels", [...toy, "--model", "cgan"], "class labels", "labels"],
    ["no such data", ["--data", "rings"], "got rings", "Did you mean ring?"],
    ["no such run", ["--resume", "nowhere"], "nowhere", "hint"],
    ["a folder with other things in it", [...toy, "--out", "."], "empty folder", "--out"],
  ])("%s: a reason and what to do, and no folder", async (_, argv, reason, advice) => {
    const folder = enterFolder();
    writeFileSync("mine.txt", "mine");
    const ran = await train([...argv, ...(argv[0] === "--resume" ? [] : ["--rounds", "5"])]);
    expect(ran.exitCode === 2 || ran.exitCode === 3).toBe(true);
    expect(ran.stdout).toBe("");
    expect(ran.stderr.replace(/\s+/g, " ")).toContain(reason);
    expect(ran.stderr.replace(/\s+/g, " ")).toContain(advice);
    expect(ran.stderr).not.toContain("internal");
    expect(readdirSync(folder)).toEqual(["mine.txt"]);
  });
});
