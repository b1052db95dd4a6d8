import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readRun } from "../../src/run-folder/read-run.ts";
import { requestStop } from "../../src/run-folder/stop-run.ts";
import { resume, type TrainRequest, train } from "../../src/runs/train.ts";

const place = mkdtempSync(path.join(tmpdir(), "stop-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const request = (name: string, changes: Partial<TrainRequest> = {}): TrainRequest => ({
  clock: Date.now,
  signal: new AbortController().signal,
  onProgress: () => {},
  data: { data: "ring", imgSize: null, channels: null, split: null, limit: null, onError: "fail" },
  model: { model: "gan", hiddenUnits: 16, batchSize: 32 },
  recording: {
    ...{ seed: 5, recordInterval: 5, sampleInterval: 0, checkpointInterval: 1_000_000, keepCheckpoints: 2 },
    ...{ evalEvery: 0, evalSamples: 200, evalMetrics: [], extractor: null, earlyStop: 0, onNan: "stop" },
    tensorboard: false,
  },
  epochs: 1,
  rounds: 1_000_000,
  computation: { engine: "auto", device: "auto", threads: 1 },
  folder: path.join(place, name),
  command: [],
  ...changes,
});

const toError = (work: Promise<unknown>): Promise<{ code?: string; message: string; hint?: string }> =>
  work.then(
    () => {
      throw new Error("expected an error");
    },
    (error) => error,
  );

/** Resolves once the run has played a round. */
function begun(name: string): { readonly request: TrainRequest; readonly playing: Promise<void> } {
  let say = (): void => {};
  const playing = new Promise<void>((resolve) => {
    say = resolve;
  });
  const onProgress: TrainRequest["onProgress"] = ({ stage }) => stage === "training" && say();
  return { request: request(name, { onProgress }), playing };
}

describe("a run that is asked to stop through its folder", () => {
  it("saves, says who asked, and goes on to the bytes of one that was not stopped", async () => {
    const { request: asked, playing } = begun("stopped");
    const { folder } = asked;
    const training = toError(train(asked));
    await playing;
    const stopped = await requestStop(folder);
    const error = await training;
    expect(error).toMatchObject({ code: "run.interrupted", hint: expect.stringContaining("--resume") });
    expect(error.message).toMatch(/^stopped at the request of .+ on .+ at 20.+Z, after round \d+ of 1000000/);
    const { description, status } = await readRun(folder);
    expect(stopped).toEqual({
      ...{ folder, kind: "run", ending: "stopped", round: description.round, rounds: 1_000_000 },
    });
    expect(status).toBe("interrupted");
    expect(description.round).toBeGreaterThan(0);
    expect(description.events).toMatchObject([
      {
        kind: "stop-requested",
        round: description.round,
        message: expect.stringMatching(/^asked by .+ on /),
      },
    ]);
    expect(existsSync(path.join(folder, "stop-request"))).toBe(false);

    const rounds = description.round + 20;
    const { clock, signal, onProgress } = asked;
    const goOn = { clock, signal, onProgress, folder, rates: {}, allowChanges: true };
    const resumed = await resume({ ...goOn, changes: { rounds } });
    expect(resumed.warnings.filter(({ code }) => code === "stop-requested")).toEqual([]);
    const whole = request("whole", { rounds });
    await train(whole);
    for (const name of ["losses.csv", "layers.csv"])
      expect(readFileSync(path.join(folder, name), "utf8")).toBe(
        readFileSync(path.join(whole.folder, name), "utf8"),
      );
  }, 60_000);

  it("stops for a file that was made by hand, and not for one that is older than its lock", async () => {
    const { request: asked, playing } = begun("by-hand");
    const training = toError(train(asked));
    await playing;
    writeFileSync(path.join(asked.folder, "stop-request"), "");
    expect(await training).toMatchObject({ message: expect.stringContaining("request of somebody at 20") });
    writeFileSync(path.join(asked.folder, "stop-request"), "");
    const { clock, signal, onProgress, folder } = asked;
    const { round } = (await readRun(folder)).description;
    const goOn = { clock, signal, onProgress, folder, rates: {}, allowChanges: true };
    await resume({ ...goOn, changes: { rounds: round + 5 } });
    expect((await readRun(folder)).status).toBe("finished");
    expect(existsSync(path.join(folder, "stop-request"))).toBe(false);
  }, 60_000);

  it("is refused with the reason once it has ended", async () => {
    const whole = request("ended", { rounds: 5 });
    await train(whole);
    expect(await toError(requestStop(whole.folder))).toMatchObject({
      code: "usage.not-running",
      message: expect.stringContaining("which has finished after round 5 of 5"),
    });
    expect(existsSync(path.join(whole.folder, "stop-request"))).toBe(false);
  });
});
