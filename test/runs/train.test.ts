import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instructionSet } from "../../src/engine/instruction-set.ts";
import { readRun } from "../../src/run-folder/read-run.ts";
import { planTraining, resume, type TrainRequest, train } from "../../src/runs/train.ts";
import { readScalarSteps } from "../formats/tensorboard-reader.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "train-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

let count = 0;
const newFolder = (): string => path.join(place, `run-${count++}`);

/** A small ring, recorded and scored often. */
function request(
  folder: string,
  changes: Partial<TrainRequest> = {},
  recording: Partial<TrainRequest["recording"]> = {},
): TrainRequest {
  return {
    clock: Date.now,
    signal: new AbortController().signal,
    onProgress: () => {},
    data: { data: "ring", imgSize: null, channels: null, split: null, limit: null, onError: "fail" },
    model: { model: "gan", hiddenUnits: 16, batchSize: 32, emaDecay: 0.9 },
    recording: {
      seed: 5,
      recordInterval: 5,
      sampleInterval: 20,
      checkpointInterval: 15,
      keepCheckpoints: 2,
      evalEvery: 20,
      evalSamples: 200,
      evalMetrics: [],
      extractor: null,
      earlyStop: 0,
      onNan: "stop",
      tensorboard: false,
      ...recording,
    },
    epochs: 1,
    rounds: 60,
    computation: { engine: "auto", device: "auto", threads: 1 },
    folder,
    command: ["gan-eval", "train"],
    ...changes,
  };
}

/** Stops when a round is reached. */
function stopAt(round: number): Pick<TrainRequest, "signal" | "onProgress"> {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onProgress: ({ stage, done }) => {
      if (stage === "training" && done >= round) controller.abort();
    },
  };
}

const goOn = (
  folder: string,
  changes = {},
  allowChanges = false,
  more: Partial<Parameters<typeof resume>[0]> = {},
) => {
  const { clock, signal, onProgress } = request(folder);
  return resume({ clock, signal, onProgress, folder, changes, rates: {}, allowChanges, ...more });
};

const bytesOf = async (folder: string): Promise<Record<string, Buffer>> => {
  const names = [
    "losses.csv",
    "layers.csv",
    "scores.csv",
    "checkpoints/00000060.safetensors",
    "samples/00000060.png",
  ];
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))] as const)),
  );
};

describe("a run", () => {
  it("leaves records, samples, scores and checkpoints at their intervals, and says how it ended", async () => {
    const folder = newFolder();
    const trained = await train(request(folder));
    expect(trained).toMatchObject({ rounds: 60, folder, description: { status: "finished", round: 60 } });
    const { losses, scores } = await readRun(folder);
    expect([...losses.rounds]).toEqual([1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60]);
    expect([...scores.rounds]).toEqual([20, 40, 60]);
    expect((await readdir(path.join(folder, "samples"))).sort()).toEqual(
      [1, 20, 40, 60].map((round) => `${String(round).padStart(8, "0")}.png`),
    );
    const best = trained.description.best!;
    const values = scores.columns.get(best.metric)!;
    expect(best.value).toBeCloseTo(Math.min(...values), 12);
    expect(existsSync(path.join(folder, best.checkpoint))).toBe(true);
    expect(trained.floor!.modes).toBe(8);
    expect(await readdir(folder)).not.toContain("run.lock");
  });

  it("that is gone on with on a processor of another instruction set says so, once; earlier ones said nothing", async () => {
    const isaOf = async (folder: string) => (await readRun(folder)).description.versions.isa;
    const own = instructionSet();
    for (const [before, after, warnings] of [
      [own, own, 0],
      ["vliw", `vliw, ${own}`, 1],
      [`vliw, ${own}`, `vliw, ${own}`, 0],
      [undefined, undefined, 0],
    ] as const) {
      const folder = newFolder();
      await expect(train(request(folder, stopAt(20)))).rejects.toMatchObject({ code: "run.interrupted" });
      expect(await isaOf(folder)).toBe(own);
      const location = path.join(folder, "run.json");
      const description = JSON.parse(readFileSync(location, "utf8"));
      writeFileSync(
        location,
        JSON.stringify({ ...description, versions: { ...description.versions, isa: before } }),
      );
      const { warnings: said } = await goOn(folder);
      expect(await isaOf(folder)).toBe(after);
      expect(said.filter(({ code }) => code === "mixed-machines")).toHaveLength(warnings);
    }
  });

  it("that was interrupted and resumed ends with the bytes of one that was not", async () => {
    const [whole, stopped] = [newFolder(), newFolder()];
    await train(request(whole));
    await expect(train(request(stopped, stopAt(22)))).rejects.toMatchObject({
      code: "run.interrupted",
      hint: expect.stringContaining(`--resume ${stopped}`),
    });
    const { description } = await readRun(stopped);
    expect(description).toMatchObject({ status: "interrupted" });
    expect(description.round).toBeGreaterThanOrEqual(22);
    expect(description.round).toBeLessThan(30);
    await goOn(stopped);
    expect(await bytesOf(stopped)).toEqual(await bytesOf(whole));
    for (const kind of ["checkpoints", "samples"])
      expect(await readdir(path.join(stopped, kind))).toEqual(await readdir(path.join(whole, kind)));
  });

  it("is not gone on with under other options, unless that is allowed", async () => {
    const folder = newFolder();
    await train(request(folder));
    await expect(goOn(folder, { rounds: 80, loss: "hinge" })).rejects.toMatchObject({
      code: "usage.run-changed",
      message: expect.stringMatching(/loss "hinge" instead of "non-saturating", rounds 80 instead of 60/),
    });
    await expect(goOn(folder)).rejects.toMatchObject({ code: "usage.run-finished" });
    const longer = await goOn(folder, { rounds: 80 }, true);
    expect(longer.rounds).toBe(80);
  });

  it("goes on with what was changed, however often it is stopped after that", async () => {
    const folder = newFolder();
    await train(request(folder));
    const changes = { rounds: 120, recordInterval: 3, keepCheckpoints: 3 };
    const more = { rates: { generator: 0.003 }, ...stopAt(70) };
    await expect(goOn(folder, changes, true, more)).rejects.toMatchObject({ code: "run.interrupted" });
    const { description } = await readRun(folder);
    expect(description).toMatchObject({ rounds: 120, config: { ...changes, rates: { generator: 0.003 } } });
    const changed = description.events.find(({ kind }) => kind === "rates-changed");
    expect(changed).toMatchObject({
      round: 60,
      message: expect.stringContaining("rounds 120 instead of 60"),
    });
    expect(await goOn(folder)).toMatchObject({ rounds: 120, warnings: [] });
    const { losses } = await readRun(folder);
    expect(losses.columns.get("generator_rate")!.at(-1)).toBeCloseTo(0.003, 9);
    expect([...losses.rounds].slice(-3)).toEqual([114, 117, 120]);
  });

  it("keeps each option that was changed in its folder", async () => {
    const folder = newFolder();
    await train(request(folder, { rounds: 4 }));
    // One of every kind: counts, lists, names, switches.
    const changes: Record<string, unknown> = {
      ...{ rounds: 6, recordInterval: 2, sampleInterval: 3, checkpointInterval: 5, keepCheckpoints: 7 },
      ...{ evalEvery: 3, evalSamples: 64, evalMetrics: ["modes"], earlyStop: 9, onNan: "roll-back" },
      ...{ tensorboard: true, diagnoseEvery: 2, stopOn: ["mode-collapse"], threads: 2, limit: 5 },
      ...{ loss: "hinge", gradientClip: 3, schedule: "linear" },
    };
    for (const [name, value] of Object.entries(changes)) {
      const rounds = ((await readRun(folder)).description.rounds as number) + 1;
      await goOn(folder, { ...(name === "rounds" ? {} : { [name]: value }), rounds }, true);
      const { config } = (await readRun(folder)).description;
      expect(config, name).toMatchObject({ rounds, ...(name === "rounds" ? {} : { [name]: value }) });
    }
  });

  it("finds the evaluation's network and its cache again where they were", async () => {
    const folder = newFolder();
    await train(request(folder, { rounds: 4, weights: "/the/weights", cacheDir: place }));
    expect((await readRun(folder)).description.config).toMatchObject({
      weights: "/the/weights",
      cacheDir: place,
    });
    await goOn(folder, { rounds: 5 }, true, { weights: "/moved", fallback: { cacheDir: "/elsewhere" } });
    expect((await readRun(folder)).description.config).toMatchObject({ weights: "/moved", cacheDir: place });
  });

  it("is not made shorter than it is", async () => {
    const folder = newFolder();
    await expect(train(request(folder, stopAt(30)))).rejects.toThrow(/interrupted/);
    await expect(goOn(folder, { rounds: 10 }, true)).rejects.toMatchObject({ code: "usage.run-shorter" });
    await goOn(folder);
  });

  it("whose evaluation is interrupted takes the round back, and ends with the bytes of one that was not", async () => {
    const [whole, stopped] = [newFolder(), newFolder()];
    const images = {
      data: { data: "digits", imgSize: null, channels: null, split: null, limit: 400, onError: "fail" },
      model: { model: "gan", hiddenUnits: 8, hiddenLayers: 1, batchSize: 16, emaDecay: 0 },
      rounds: 60,
    } as const;
    const often = { evalEvery: 20, evalSamples: 64, evalMetrics: ["precision"], checkpointInterval: 15 };
    await train(request(whole, images, often));
    const controller = new AbortController();
    let evaluations = 0;
    const watch = {
      signal: controller.signal,
      onProgress: ({ stage }: { stage: string }) => {
        // The first of the second scoring's reports.
        if (stage === "score" && ++evaluations === 3) controller.abort();
      },
    };
    await expect(train(request(stopped, { ...images, ...watch }, often))).rejects.toMatchObject({
      code: "run.interrupted",
      message: expect.stringMatching(/after round (19|39) of 60, which is saved/),
      hint: expect.stringContaining("--resume"),
    });
    const { description } = await readRun(stopped);
    expect([19, 39]).toContain(description.round);
    expect(description.status).toBe("interrupted");
    await goOn(stopped);
    const [expected, found] = [await bytesOf(whole), await bytesOf(stopped)];
    for (const [name, bytes] of Object.entries(expected)) expect(bytes.equals(found[name]), name).toBe(true);
  });

  it.each([
    [10, 1],
    [100, 8],
    [300, 30],
    [700, 60],
    [5000, 60],
  ])(
    "keeps no row back for over a second, where rounds take %d ms, and writes %d times at most",
    async (step, most) => {
      const folder = newFolder();
      let steady = 0;
      let latest = 0;
      const seen = new Set<number>();
      const onProgress: TrainRequest["onProgress"] = ({ stage, done }) => {
        if (stage !== "training") return;
        steady += step;
        if (done < 60) {
          const location = path.join(folder, "losses.csv");
          const rows = existsSync(location) ? readFileSync(location, "utf8").trim().split("\n").slice(1) : [];
          const written = rows.length === 0 ? 0 : Number(rows.at(-1)!.split(",")[0]);
          seen.add(written);
          latest = Math.max(latest, (done - written) * step);
        }
      };
      const recording = { checkpointInterval: 1000, evalEvery: 0, recordInterval: 1, sampleInterval: 0 };
      const trained = await train(request(folder, { onProgress, steadyClock: () => steady }, recording));
      expect(latest).toBeLessThan(1000);
      expect(seen.size).toBeLessThanOrEqual(most);
      const other = newFolder();
      await train(request(other, { steadyClock: () => 0 }, recording));
      for (const name of ["losses.csv", "layers.csv"])
        expect(readFileSync(path.join(folder, name)).equals(readFileSync(path.join(other, name)))).toBe(true);
      expect(trained.seconds).toBe(0);
    },
  );

  it("writes a round's scores and sample with its row, however little time has passed", async () => {
    const folder = newFolder();
    let seen: readonly string[] = [];
    const onProgress: TrainRequest["onProgress"] = ({ stage, done }) => {
      if (stage === "training" && done === 40)
        seen = ["losses", "scores", "signals"].map(
          (name) =>
            readFileSync(path.join(folder, `${name}.csv`), "utf8")
              .trim()
              .split("\n")
              .at(-1)!,
        );
    };
    await train(request(folder, { onProgress, steadyClock: () => 0 }, { checkpointInterval: 1000 }));
    for (const row of seen) expect(row).toMatch(/^40,/);
    expect(seen).toHaveLength(3);
  });

  it("takes as long as it takes, whatever becomes of the time of day", async () => {
    const folder = newFolder();
    let now = Date.now();
    const clock = (): number => (now -= 3_600_000);
    const trained = await train(request(folder, { clock }));
    expect(trained.seconds).toBeGreaterThan(0);
    expect(trained.seconds).toBeLessThan(600);
    const { timing } = await readRun(folder);
    for (const [, values] of timing.columns) for (const value of values) expect(value).toBeGreaterThan(0);
  });

  it.each([
    ["has no such metric", {}, { evalMetrics: ["nonsense"] }],
    ["has no data", { data: { data: "nowhere" } }, {}],
    ["has weights of none", { data: { data: "digits" } }, { extractor: "inception", evalMetrics: ["fid"] }],
    ["has a batch that is too large", { data: { data: "digits", limit: 20 } }, {}],
  ] as const)("that %s leaves nothing behind", async (_, changes, recording) => {
    const home = newFolder();
    const { data } = request(home);
    const all = {
      ...("data" in changes ? { data: { ...data, ...changes.data } } : {}),
      weights: path.join(home, "no-weights"),
      cacheDir: path.join(place, "no-cache"),
      model: { model: "gan", hiddenUnits: 16, batchSize: 32 },
    } as const;
    await expect(train(request(path.join(home, "a", "run"), all, recording))).rejects.toThrow();
    expect(existsSync(home)).toBe(false);
  });

  it("that is interrupted before it begins leaves nothing behind, and no folder that is in use", async () => {
    const home = newFolder();
    const controller = new AbortController();
    const onProgress: TrainRequest["onProgress"] = ({ stage }) => {
      if (stage !== "compiling") return;
      expect(existsSync(path.join(home, "run"))).toBe(true);
      controller.abort();
    };
    await expect(
      train(request(path.join(home, "run"), { signal: controller.signal, onProgress })),
    ).rejects.toMatchObject({ name: "AbortError" });
    expect(existsSync(home)).toBe(false);
  });

  it("takes its folder before it reads its data", async () => {
    const folder = newFolder();
    const results = await Promise.allSettled([train(request(folder)), train(request(folder))]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await readRun(folder)).status).toBe("finished");
  });

  it("that cannot be gone on with for want of weights keeps all that it had", async () => {
    const folder = newFolder();
    const images = {
      data: { data: "digits", imgSize: null, channels: null, split: null, limit: 200, onError: "fail" },
      model: { model: "gan", hiddenUnits: 8, hiddenLayers: 1, batchSize: 16 },
    } as const;
    const controller = stopAt(22);
    await expect(
      train(request(folder, { ...images, ...controller }, { evalEvery: 0, recordInterval: 1 })),
    ).rejects.toThrow(/interrupted/);
    const before = readFileSync(path.join(folder, "losses.csv"));
    const description = readFileSync(path.join(folder, "run.json"));
    const changes = { evalEvery: 20, extractor: "inception" };
    const nowhere = { weights: path.join(place, "none"), cacheDir: path.join(place, "none") };
    await expect(goOn(folder, changes, true, nowhere)).rejects.toThrow();
    expect(readFileSync(path.join(folder, "losses.csv")).equals(before)).toBe(true);
    expect(readFileSync(path.join(folder, "run.json")).equals(description)).toBe(true);
    expect(readdirSync(folder)).not.toContain("run.lock");
  });

  it("is refused in a folder that has one", async () => {
    const folder = newFolder();
    await train(request(folder, { rounds: 5 }));
    await expect(train(request(folder))).rejects.toMatchObject({ code: "usage.run-exists" });
  });

  it("stops early when scores no longer get better, also across an interruption", async () => {
    const settings = { earlyStop: 2, evalEvery: 2 };
    // A rate of zero: the first evaluation stays the best.
    const still = { lr: 0, rounds: 60, model: { model: "gan", hiddenUnits: 16, batchSize: 32 } } as const;
    const folder = newFolder();
    const trained = await train(request(folder, still, settings));
    expect(trained).toMatchObject({ stopped: "early", rounds: 6 });
    const other = newFolder();
    await expect(train(request(other, { ...still, ...stopAt(4) }, settings))).rejects.toThrow(/interrupted/);
    expect(await goOn(other)).toMatchObject({ stopped: "early", rounds: 6 });
  });
});

describe("a divergence", () => {
  const absurd = { lr: 1e30, model: { model: "wgan", optimizer: "sgd", clipValue: 0 } } as const;

  it("ends the run, which says so, and leaves its checkpoints whole", async () => {
    const folder = newFolder();
    await expect(train(request(folder, absurd))).rejects.toMatchObject({ code: "run.diverged" });
    const { description } = await readRun(folder);
    expect(description.status).toBe("failed");
    expect(description.events.some(({ kind }) => kind === "diverged")).toBe(true);
    expect(await readdir(path.join(folder, "checkpoints"))).toEqual(["00000000.safetensors"]);
  });

  it("is rolled back three times, each to half the rate, if that is wanted", async () => {
    const folder = newFolder();
    await expect(train(request(folder, absurd, { onNan: "roll-back" }))).rejects.toThrow(
      /after 3 roll-backs/,
    );
    const { description } = await readRun(folder);
    const messages = description.events
      .filter(({ kind }) => kind === "roll-back")
      .map(({ message }) => message);
    expect(messages).toEqual([0.5, 0.25, 0.125].map((factor) => expect.stringContaining(`times ${factor}`)));
  });
});

/** Diverges after a while, again and again until the rates are low enough. */
const fast = {
  model: { model: "wgan", optimizer: "sgd", momentum: 0.9, clipValue: 0, hiddenUnits: 16, batchSize: 32 },
  lr: 0.02,
  rounds: 300,
} as const;
const keeping = {
  onNan: "roll-back",
  checkpointInterval: 10,
  keepCheckpoints: 4,
  recordInterval: 1,
  evalEvery: 0,
} as const;

const targetsOf = async (folder: string): Promise<(number | undefined)[]> =>
  (await readRun(folder)).description.events.filter(({ kind }) => kind === "roll-back").map(({ to }) => to);

/** The end of a run that may diverge for good. */
const endOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => "finished",
    ({ code, message }) => `${code}: ${message}`,
  );

/** Stops at the first report after a roll-back, before there is a new checkpoint. */
function stopAtRollBack(): Pick<TrainRequest, "signal" | "onProgress"> {
  const controller = new AbortController();
  let last = 0;
  return {
    signal: controller.signal,
    onProgress: ({ stage, done }) => {
      if (stage !== "training") return;
      if (done < last) controller.abort();
      last = done;
    },
  };
}

describe("a run that is rolled back", () => {
  it("goes further back where it diverges from the same checkpoint again", async () => {
    const folder = newFolder();
    const end = await endOf(train(request(folder, fast, keeping)));
    const targets = await targetsOf(folder);
    expect(targets.length).toBeGreaterThan(1);
    // The same once more only where there is none before.
    for (const [i, to] of targets.entries())
      if (i > 0) expect(to === 0 || to !== targets[i - 1], `${targets}`).toBe(true);
    if (end !== "finished") expect(end).toMatch(/after 3 roll-backs/);
  });

  it("and stopped after that goes on at the reduced rates, to the bytes of one that was not stopped", async () => {
    const [whole, stopped] = [newFolder(), newFolder()];
    const wholeEnd = await endOf(train(request(whole, fast, keeping)));
    const watch = stopAtRollBack();
    expect(await endOf(train(request(stopped, { ...fast, ...watch }, keeping)))).toMatch(/run.interrupted/);
    const before = (await readRun(stopped)).losses;
    expect((await targetsOf(stopped)).length).toBe(1);
    expect(before.columns.get("generator_rate")!.at(-1)).toBeCloseTo(0.01, 9);
    expect(await endOf(goOn(stopped))).toBe(wholeEnd);
    expect(readdirSync(path.join(stopped, "checkpoints"))).toEqual(
      readdirSync(path.join(whole, "checkpoints")),
    );
    for (const name of ["losses.csv", "layers.csv"])
      expect(readFileSync(path.join(stopped, name)).equals(readFileSync(path.join(whole, name))), name).toBe(
        true,
      );
  });

  it("and killed before it has a new checkpoint goes on at the reduced rates", async () => {
    const folder = newFolder();
    const watch = stopAtRollBack();
    await endOf(train(request(folder, { ...fast, ...watch }, keeping)));
    const [to] = await targetsOf(folder);
    // As a kill leaves it: without the checkpoint that the interrupt saved.
    for (const name of readdirSync(path.join(folder, "checkpoints")))
      if (Number.parseInt(name, 10) > to!) rmSync(path.join(folder, "checkpoints", name));
    await endOf(goOn(folder, {}, false, stopAt(to! + 2)));
    const { losses } = await readRun(folder);
    const rates = losses.columns.get("generator_rate")!;
    const at = losses.rounds.indexOf(to! + 1);
    expect(rates[at]).toBeCloseTo(0.01, 9);
  });

  it("and killed again and again has the rates of one that was not, row by row, and halves them from there on", async () => {
    const [whole, killed] = [newFolder(), newFolder()];
    const wholeEnd = await endOf(train(request(whole, fast, keeping)));
    await endOf(train(request(killed, { ...fast, ...stopAtRollBack() }, keeping)));
    const [to] = await targetsOf(killed);
    for (const stop of [stopAt(to! + 2), stopAt(to! + 4), {}]) {
      // As a kill leaves it: without the checkpoint that the interrupt saved.
      for (const name of readdirSync(path.join(killed, "checkpoints")))
        if (Number.parseInt(name, 10) > to!) rmSync(path.join(killed, "checkpoints", name));
      const end = await endOf(goOn(killed, {}, false, stop));
      if (!("signal" in stop)) expect(end).toBe(wholeEnd);
      else {
        const { rounds, columns } = (await readRun(killed)).losses;
        const after = columns.get("generator_rate")!.slice(rounds.indexOf(to! + 1));
        expect([...after]).toEqual([...after].map(() => expect.closeTo(fast.lr / 2, 9)));
      }
    }
    const [of, expected] = [await readRun(killed), await readRun(whole)];
    const rates = expected.losses.columns.get("generator_rate")!;
    expect([...of.losses.columns.get("generator_rate")!]).toEqual([...rates]);
    // The rates were halved at least twice: once before it was killed, and again by a run that was resumed.
    expect(Math.min(...rates)).toBeLessThan(0.006);
    const factors = ({ description }: typeof of) =>
      description.events.filter(({ kind }) => kind === "roll-back").map(({ message }) => message);
    expect(factors(of)).toEqual(factors(expected));
  });

  it("has the rates that are given anew as they are given", async () => {
    const folder = newFolder();
    await endOf(train(request(folder, fast, keeping)));
    expect((await targetsOf(folder)).length).toBeGreaterThan(0);
    const { round } = (await readRun(folder)).description;
    const more = { rates: { generator: 0.0004, discriminator: 0.0004 } };
    await goOn(folder, { rounds: round + 3 }, true, more);
    expect((await readRun(folder)).losses.columns.get("generator_rate")!.at(-1)).toBeCloseTo(0.0004, 9);
  });

  it("shows TensorBoard each round once, in order, also when it is stopped and the clock is set back", async () => {
    const folder = newFolder();
    let now = 1_700_000_000_000;
    const clock = (): number => (now -= 50_000);
    const settings = { ...keeping, tensorboard: true };
    await endOf(train(request(folder, { ...fast, clock, ...stopAt(25) }, settings)));
    await endOf(goOn(folder, {}, false, { clock }));
    expect((await targetsOf(folder)).length).toBeGreaterThan(0);
    const steps = await readScalarSteps(folder, "generator_loss");
    const { losses } = await readRun(folder);
    expect(steps).toEqual([...losses.rounds]);
  });
});

describe("a plan", () => {
  it("counts weights and passes, and writes nothing", async () => {
    const folder = newFolder();
    const plan = await planTraining(
      request(folder, {
        data: { data: "digits", imgSize: null, channels: null, split: null, limit: null, onError: "fail" },
        model: { model: "gan" },
        epochs: 10,
        rounds: undefined,
      }),
    );
    expect(existsSync(folder)).toBe(false);
    expect(plan.parameters).toEqual({ generator: 1_510_032, discriminator: 533_505 });
    // 2,000 digits in batches of 64.
    expect(plan).toMatchObject({ batchesPerEpoch: 31, epochs: 10, config: { rounds: 310 } });
    expect(plan.memory.checkpoint).toBe(4 * (3 * (1_510_032 + 533_505) + 2 * (256 + 512 + 1024)));
    expect(plan.estimatedSeconds).toBeCloseTo((310 * plan.millisecondsPerRound) / 1000, 6);
  });
});
