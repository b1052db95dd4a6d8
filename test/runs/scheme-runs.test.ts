import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLiveMonitor } from "../../src/diagnosis/live-monitor.ts";
import { runToFindings } from "../../src/diagnosis/rules.ts";
import { tablesToSignals } from "../../src/diagnosis/run-signals.ts";
import { readRun } from "../../src/run-folder/read-run.ts";
import { planTraining, resume, type TrainRequest, train } from "../../src/runs/train.ts";
import { readGenerator } from "../../src/samples/open-generator.ts";
import { latestArrays } from "./latest-arrays.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), "scheme-runs-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** A small cyclegan whose pools are full after three rounds. */
const model: NonNullable<TrainRequest["model"]> = {
  ...({ model: "cyclegan", filters: 4, discriminatorFilters: 4, blocks: 1 } as const),
  ...{ discriminatorLayers: 2, poolSize: 3 },
};

function request(
  name: string,
  changes: Partial<TrainRequest> = {},
  recording: Partial<TrainRequest["recording"]> = {},
): TrainRequest {
  return {
    clock: Date.now,
    signal: new AbortController().signal,
    onProgress: () => {},
    data: { data: "drawn-recolour", imgSize: 16 },
    model,
    recording: {
      ...{ seed: 5, recordInterval: 1, sampleInterval: 6, checkpointInterval: 5, keepCheckpoints: 3 },
      ...{ evalEvery: 4, evalSamples: 40, evalMetrics: ["l1"], onNan: "stop", diagnoseEvery: 4 },
      ...recording,
    },
    rounds: 12,
    computation: { engine: "auto", device: "auto", threads: 1 },
    folder: path.join(place, name),
    openMonitor: openLiveMonitor,
    ...changes,
  };
}

/** Everything that is to be the same, whenever a run was trained. */
async function bytesOf(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => /\.(csv|png|safetensors)$/.test(name) && name !== "timing.csv").sort();
  return Object.fromEntries(
    await Promise.all(
      files.map(
        async (name) => [name, (await readFile(path.join(folder, name))).toString("base64")] as const,
      ),
    ),
  );
}

const goOn = (name: string) => {
  const { clock, signal, onProgress, folder, openMonitor } = request(name);
  return resume({
    ...{ clock, signal, onProgress, folder, changes: {}, rates: {}, allowChanges: false },
    ...(openMonitor && { openMonitor }),
  });
};

/** Ends the process of a run, as far as its folder can tell, in a round without a checkpoint. */
const breakAt = (round: number): Pick<TrainRequest, "onRound"> => ({
  onRound: (record) => {
    if (record.round === round) throw new Error("the power went");
  },
});

describe("a run of two translators and two discriminators", () => {
  it("that ends between checkpoints goes on to the bytes of one that did not, replay pools and all", async () => {
    await train(request("whole"));
    const whole = await bytesOf(path.join(place, "whole"));
    expect(Object.keys(whole)).toContain("checkpoints/00000012.safetensors");
    await expect(train(request("broken", breakAt(7)))).rejects.toThrow("the power went");
    expect((await readRun(path.join(place, "broken"))).description.round).toBe(5);
    await goOn("broken");
    expect(await bytesOf(path.join(place, "broken"))).toEqual(whole);
    const controller = new AbortController();
    const stopping = {
      signal: controller.signal,
      onRound: ({ round }: { round: number }) => round === 8 && controller.abort(),
    };
    await expect(train(request("stopped", stopping))).rejects.toMatchObject({ code: "run.interrupted" });
    await goOn("stopped");
    expect(await bytesOf(path.join(place, "stopped"))).toEqual(whole);
  });

  it("says in run.json who plays, and is diagnosed by it while it runs and after", async () => {
    const folder = path.join(place, "whole");
    const { description, layers, losses } = await readRun(folder);
    expect(description.scheme).toMatchObject({
      players: { translators: { role: "generator", networks: ["a-to-b", "b-to-a"] } },
      terms: [{ name: "adversarial" }, { name: "cycle" }, { name: "identity" }],
      makers: [
        { name: "a-to-b", source: "a" },
        { name: "b-to-a", source: "b" },
      ],
      columns: ["A", "fake B", "B", "fake A"],
    });
    expect(new Set(layers.map(({ player }) => player))).toEqual(new Set(Object.keys(description.networks)));
    for (const { name } of description.scheme!.terms) expect(losses.columns.has(name)).toBe(true);
    const findings = runToFindings(tablesToSignals(await readRun(folder)));
    const named = findings
      .flatMap(({ finding }) =>
        "holds" in finding ? finding.holds : "clear" in finding ? finding.clear : [],
      )
      .map(({ metric }) => metric)
      .join("\n");
    for (const network of Object.keys(description.networks)) expect(named).toContain(network);
  });

  it("goes back to a checkpoint after a divergence, at half the rates, and names the term", async () => {
    const absurd = { lr: 1e30, rounds: 6 };
    await expect(train(request("diverged", absurd, { onNan: "roll-back" }))).rejects.toThrow(
      /after 3 roll-backs/,
    );
    const { description } = await readRun(path.join(place, "diverged"));
    const backs = description.events.filter(({ kind }) => kind === "roll-back");
    expect(backs.map(({ message }) => message)).toEqual(
      [0.5, 0.25, 0.125].map((factor) => expect.stringContaining(`times ${factor}`)),
    );
    const diverged = description.events.find(({ kind }) => kind === "diverged")!;
    expect(diverged.message).toMatch(
      /for the term (adversarial|cycle|identity|discriminator-[ab]-judging)|finite weights/,
    );
  });

  it("keeps averages of its translators where that is asked for, and no others", async () => {
    await train(request("average", { model: { ...model, emaDecay: 0.9 }, rounds: 3 }, { evalEvery: 0 }));
    const names = await latestArrays(path.join(place, "average"));
    const averaged = new Set(
      names.filter((name) => name.includes("/average/")).map((name) => name.split("/")[0]),
    );
    expect(averaged).toEqual(new Set(["a-to-b", "b-to-a"]));
  });

  it("is planned with all networks, their weights and memory", async () => {
    const plan = await planTraining(request("planned"));
    const names = ["a-to-b", "b-to-a", "discriminator-a", "discriminator-b"];
    expect(Object.keys(plan.networks)).toEqual(names);
    for (const name of names)
      expect(plan.networks[name].reduce((sum, { parameters }) => sum + parameters, 0)).toBe(
        plan.parameters[name],
      );
    expect(plan.memory.training).toBeGreaterThan(4 * Object.values(plan.parameters).reduce((a, b) => a + b));
  });

  it("is refused where a generator of latents is wanted, with the command that takes it", async () => {
    await expect(readGenerator({ run: path.join(place, "whole") })).rejects.toMatchObject({
      code: "usage.run-kind",
      hint: expect.stringContaining("gan-eval translate"),
    });
  });
});
