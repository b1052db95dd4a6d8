import { existsSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { lockFolder } from "../../src/files/lock.ts";
import type { AbortError, GanEvalError } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import * as training from "../../src/train.ts";
import { evaluation } from "../cli/evaluation.ts";
import { emptyFolder } from "../runs/empty-folder.ts";

const everything = { ...library, ...training };
type Everything = typeof everything;

/** Names of asynchronous functions with an argument that may hold a signal. */
type SignalTaker = {
  [Name in keyof Everything]: Everything[Name] extends (
    ...args: infer Args
  ) => Promise<unknown> | AsyncGenerator
    ? Args[number] extends infer Arg
      ? Arg extends object
        ? "signal" extends keyof Arg
          ? Name
          : never
        : never
      : never
    : never;
}[keyof Everything];

const images = (n: number) =>
  Array.from({ length: n }, (_, i) => ({ pixels: new Uint8Array(48).fill(i), width: 4, height: 4 }));

let place: string;
const at = (name: string): string => path.join(place, name);
const digits = path.resolve(import.meta.dirname, "../../fixtures/digits/real");
const sides = { real: images(50), fake: images(50), extractor: "pixels" };

/** What each function is called with; it does not compile while a function that takes a signal is missing. */
const CALLS: Readonly<Record<SignalTaker, (signal: AbortSignal, out: string) => Promise<unknown>>> = {
  evaluate: (signal) => library.evaluate({ ...sides, metrics: ["fid"], signal }),
  evaluateEach: (signal) =>
    library.evaluateEach({ ...sides, metrics: ["fid"], signal }, ["pixels", "random-conv"]),
  makeStatistics: (signal, out) =>
    library.makeStatistics({ images: digits, extractor: "digits", out: `${out}/made.npz`, signal }),
  makeStatisticsPart: (signal, out) =>
    library.makeStatisticsPart({
      ...{ images: digits, extractor: "digits", out: `${out}/made.npz`, signal },
      ...{ part: { index: 0, of: 1 }, cache: false },
    }),
  collectStatistics: (signal, out) =>
    library.collectStatistics({
      ...{ images: digits, extractor: "digits", out: `${out}/made.npz`, signal },
      work: at("leaves"),
    }),
  mergeStatistics: (signal, out) =>
    library.mergeStatistics({ files: [at("a.npz"), at("b.npz")], out: `${out}/all.npz`, signal }),
  diagnoseSets: (signal) => library.diagnoseSets({ ...sides, signal }),
  diagnoseRun: (signal) => library.diagnoseRun(at("run"), { signal }),
  compareRuns: (signal) => library.compareRuns([at("run"), at("other")], { signal }),
  compareResults: (signal) => library.compareResults([at("a.json"), at("b.json")], { signal }),
  makeReport: (signal, out) =>
    library.makeReport({ locations: [at("run")], out: `${out}/page.html`, png: `${out}/png`, signal }),
  generate: (signal, out) => library.generate({ run: at("run"), n: 5000, out: `${out}/points.npy`, signal }),
  interpolate: (signal, out) => library.interpolate({ run: at("run"), out: `${out}/paths.png`, signal }),
  exportGenerator: (signal, out) =>
    library.exportGenerator({ run: at("run"), to: "onnx", out: `${out}/generator.onnx`, signal }),
  translate: (signal, out) =>
    library.translate({ run: at("run"), in: digits, out: `${out}/images`, page: `${out}/page.html`, signal }),
  train: (signal, out) => library.train({ data: "ring", rounds: 5000, folder: `${out}/run`, signal }),
  resume: (signal) =>
    library.resume({ folder: at("short"), changes: { rounds: 5000 }, allowChanges: true, signal }),
  planTraining: (signal) => library.planTraining({ data: "ring", signal }),
  stopRun: async (signal) => {
    const lock = await lockFolder(at("run"), Date.now);
    return library.stopRun(at("run"), { signal }).finally(() => lock.unlock());
  },
  async trainRounds(signal, out) {
    for await (const _ of library.trainRounds({ data: "ring", rounds: 5000, folder: `${out}/run`, signal }));
  },
  sweep: (signal, out) =>
    library.sweep({
      folder: `${out}/sweep`,
      runs: library.planSweep({ axes: [{ name: "model", values: ["gan"] }], seeds: 1 }),
      common: { data: "ring", rounds: 5000 },
      signal,
    }),
  collectSweep: (signal, out) =>
    library.collectSweep({
      folder: `${out}/sweep`,
      runs: library.planSweep({ axes: [{ name: "model", values: ["gan"] }], seeds: 1 }),
      common: { data: "ring", rounds: 5000 },
      signal,
    }),
};
const NAMES = Object.keys(CALLS) as SignalTaker[];

const toError = (work: Promise<unknown>): Promise<AbortError | undefined> =>
  work.then(
    () => undefined,
    (error: AbortError) => error,
  );

beforeAll(async () => {
  place = emptyFolder();
  for (const name of ["run", "other", "short"])
    await library.train({ data: "ring", rounds: 20, recording: { evalEvery: 10 }, folder: at(name) });
  await library.makeStatisticsPart({
    ...{ images: digits, extractor: "digits", out: at("made.npz"), work: at("leaves") },
    ...{ part: { index: 0, of: 1 }, cache: false },
  });
  for (const name of ["a", "b"]) {
    await library.makeStatistics({ images: images(50), extractor: "pixels", out: at(`${name}.npz`) });
    writeFileSync(at(`${name}.json`), JSON.stringify(evaluation()));
  }
}, 60_000);

describe("work that its signal ends", () => {
  it.each(NAMES)("%s rejects with an AbortError, whose cause is run.interrupted", async (name) => {
    const abort = new AbortController();
    const work = toError(CALLS[name](abort.signal, emptyFolder()));
    setImmediate(() => abort.abort());
    const error = await work;
    expect(error).toBeInstanceOf(library.AbortError);
    expect(error!.name).toBe("AbortError");
    expect((error!.cause as GanEvalError).code).toBe("run.interrupted");
  });

  it.each(NAMES)("%s begins nothing where it was ended before", async (name) => {
    const out = emptyFolder();
    expect(await toError(CALLS[name](AbortSignal.abort(), out))).toBeInstanceOf(library.AbortError);
    expect(readdirSync(out)).toEqual([]);
  });
});

describe("work that its signal does not end", () => {
  it("leaves other errors as they are", async () => {
    const { signal } = new AbortController();
    await expect(library.evaluate({ fake: "nowhere", metrics: ["is"], signal })).rejects.toMatchObject({
      name: "GanEvalError",
    });
    expect(existsSync("nowhere")).toBe(false);
  });
});
