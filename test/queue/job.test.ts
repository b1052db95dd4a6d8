import { describe, expect, it } from "vitest";
import { dataToTrainJob, MOST_BYTES, requestToJobId } from "../../src/queue/job.ts";
import { requestToShared, requireShared } from "../../src/queue/job-paths.ts";
import type { RunRequest } from "../../src/runs/request-to-config.ts";
import { choicesToRequest } from "../../src/sweep/run-choices.ts";
import { codeOf } from "../images/made-images.ts";

const thrownBy = (work: () => unknown): Promise<string> => codeOf((async () => work())());

const request: RunRequest = {
  ...choicesToRequest({ data: "ring", rounds: 50, lr: 1e-3, seed: 3, threads: 2 }, "sweeps/a/gan_seed=3"),
  command: ["gan-eval", "train", "--data", "ring"],
};
const job = (changes: object = {}) => ({
  ...{ v: 1, kind: "train", ganEval: "0.1.0", isa: null, root: "sweeps/a", name: "gan_seed=3", threads: 1 },
  folder: { file: "sweeps/a/sweep.json", id: "0123456789abcdef" },
  request,
  ...changes,
});
const withData = (data: string): RunRequest => ({ ...request, data: { ...request.data, data } });

describe("a job", () => {
  it("is read as it was written, through JSON", () => {
    expect(dataToTrainJob(JSON.parse(JSON.stringify(job()))).request).toEqual(request);
  });

  it.each([
    ["another version of the format", job({ v: 2 })],
    ["another kind", job({ kind: "shell" })],
    ["a field that jobs do not have", job({ argv: ["rm"] })],
    [
      "an option that training does not have",
      job({ request: { ...request, model: { model: "gan", exec: "x" } } }),
    ],
    ["a value that its option does not take", job({ request: { ...request, rounds: -1 } })],
    ["no request", job({ request: undefined })],
    ["more than a request can be", job({ name: "x".repeat(MOST_BYTES) })],
    ["no object", "train"],
    ["nothing", null],
  ])("with %s is refused before anything is opened", async (_, data) => {
    expect(await thrownBy(() => dataToTrainJob(data))).toBe("queue.bad-job");
  });

  it("has an id of its sweep, its name and what decides its numbers, and of nothing else", () => {
    const id = requestToJobId("a", "n", request);
    expect(id).toMatch(/^t-[0-9a-f]{32}$/);
    const same: RunRequest[] = [
      { ...request, folder: "elsewhere", command: [] },
      { ...request, computation: { ...request.computation, threads: 8 } },
      { ...request, cacheDir: "cache", memory: 3 },
      JSON.parse(JSON.stringify(request)),
    ];
    for (const each of same) expect(requestToJobId("a", "n", each)).toBe(id);
    expect(new Set([id, requestToJobId("b", "n", request), requestToJobId("a", "m", request)]).size).toBe(3);
    expect(requestToJobId("a", "n", { ...request, rounds: 51 })).not.toBe(id);
  });
});

describe("paths of a request", () => {
  it.each([
    ["ring", "ring"],
    ["digits", "digits"],
    ["stacked-digits", "stacked-digits"],
    ["/shared/data/faces.zip", "data/faces.zip"],
    ["points:/shared/p.csv", "points:p.csv"],
    ["stacked-mnist:/shared/mnist", "stacked-mnist:mnist"],
    ["/shared/ring", "./ring"],
    ["/shared", "."],
    ["./faces", "./faces"],
  ])("go into the queue from the shared folder on: %s as %s", (given, sent) => {
    expect(requestToShared(withData(given), "/shared", "/shared").data?.data).toBe(sent);
  });

  it("of a program that runs elsewhere are those of the shared folder", () => {
    const { data, folder } = requestToShared(withData("faces"), "/shared", "/shared/ann");
    expect([data?.data, folder]).toEqual(["ann/faces", "ann/sweeps/a/gan_seed=3"]);
  });

  it.each(["../x", "/elsewhere/x", "https://host/x.tar", "points:../p.csv"])(
    "that leave it are refused where the sweep is begun: %s",
    async (data) => {
      expect(await thrownBy(() => requestToShared(withData(data), "/shared", "/shared"))).toBe(
        "usage.queue-path",
      );
    },
  );

  it("leave a cache behind that is not shared: each machine has its own", () => {
    expect(
      requestToShared({ ...request, cacheDir: "/home/ann/.cache" }, "/shared", "/shared").cacheDir,
    ).toBeUndefined();
    expect(requestToShared({ ...request, cacheDir: "/shared/cache" }, "/shared", "/shared").cacheDir).toBe(
      "cache",
    );
  });

  const hostile: [string, RunRequest, string[]][] = [
    ["data above", withData("../../etc/passwd"), []],
    ["absolute data", withData("/etc/passwd"), []],
    ["data of another system", withData("..\\..\\x"), []],
    ["data at an address", withData("http://169.254.169.254/latest"), []],
    ["points above", withData("points:../p.csv"), []],
    ["a second domain above", { ...request, data: { dataB: "../b" } }, []],
    ["attributes above", { ...request, data: { attributes: "/etc/passwd" } }, []],
    ["weights above", { ...request, weights: "a/../../w.onnx" }, []],
    ["a pickle", { ...request, weights: "w.pkl" }, []],
    ["a cache above", { ...request, cacheDir: ".." }, []],
    ["a folder above", { ...request, folder: "../run" }, []],
    ["a sweep above", request, ["../sweep"]],
    ["a zero byte", withData("a\0b"), []],
  ];
  it.each(hostile)(
    "of a job that leave the worker's folder are refused: %s",
    async (_, hostileRequest, places) => {
      expect(await thrownBy(() => requireShared(hostileRequest, places, true))).toBe("queue.bad-path");
    },
  );

  it.each([
    { ...request, model: { model: "nets/own.mjs" as const } },
    { ...request, model: { net: "nets/own.mjs" } },
  ])("that are code are refused unless the worker was told to run it", async (own) => {
    expect(await thrownBy(() => requireShared(own, [], false))).toBe("queue.modules");
    expect(() => requireShared(own, [], true)).not.toThrow();
  });
});
