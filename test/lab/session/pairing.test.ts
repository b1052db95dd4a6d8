import { afterEach, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { PlaneOptions, ToPage } from "../../../src/lab/protocol/plane-messages.ts";
import { checkOptions, optionsToConfig } from "../../../src/lab/session/pane-options.ts";
import { toyToOpenedData } from "../../../src/train/data/toy.ts";
import { openGanTrainer } from "../../../src/train/gan-trainer.ts";
import { optionsToModel } from "../../../src/train/model.ts";
import { watch } from "../../train/games.ts";
import { SMALL, type Talk, talk } from "./talk.ts";

let page: Talk | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

/** What a run of a pane's options is fed in each round. */
async function feedsOf(options: PlaneOptions, rounds: number) {
  const engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  const { engine: watched, fed } = watch(engine);
  const config = optionsToConfig(checkOptions(options));
  const data = toyToOpenedData("ring");
  const model = await optionsToModel(config, { shape: data.shape });
  const { seed, rates } = config;
  const trainer = await openGanTrainer(watched, model, data.training(seed), { seed, rates, rounds: 10_000 });
  for (let i = 0; i < rounds; i++) await trainer.playRound();
  await trainer.dispose();
  await engine.dispose();
  return fed.map(({ real, latent }) => ({ real, latent }));
}

const open = async (...panes: PlaneOptions[]): Promise<Extract<ToPage, { kind: "opened" }>> => {
  page = talk();
  const opened = page.next("opened");
  await page.ask({ kind: "open", panes }, "state");
  return opened;
};

describe("two panes", () => {
  it("with one seed and different losses get the same real batches and latents in each of 1,000 rounds", async () => {
    const [one, other] = [
      await feedsOf({ ...SMALL, loss: "minimax" }, 1000),
      await feedsOf({ ...SMALL, loss: "wasserstein", penalty: "interpolated", lr: 0.01 }, 1000),
    ];
    expect(one).toHaveLength(1000);
    expect(one).toEqual(other);
  });

  it("never show rounds that differ, and are paired", async () => {
    const { isPaired } = await open(SMALL, { ...SMALL, loss: "minimax" });
    expect(isPaired).toBe(true);
    page!.say({ kind: "play" });
    await page!.next("state", ({ panes: [{ round }] }) => round > 400);
    await page!.ask({ kind: "pause" }, "state", ({ isPlaying }) => !isPlaying);
    for (const message of page!.told)
      if (message.kind === "state") expect(message.panes[0].round).toBe(message.panes[1].round);
    const [one, other] = await Promise.all(page!.panes.map((pane) => pane.drawn()));
    expect(one).toEqual(other);
    const frames = page!.frames.filter(({ round }) => round > 0);
    for (const frame of frames) {
      const mate = page!.frames.find(
        ({ sequence, pane }) => sequence === frame.sequence && pane !== frame.pane,
      );
      expect(mate?.round).toBe(frame.round);
    }
  });

  it("that draw different amounts are told to be not paired, and why", async () => {
    const { isPaired, notPaired } = await open(SMALL, { ...SMALL, discriminatorSteps: 5 });
    expect(isPaired).toBe(false);
    expect(notPaired).toBe(
      "the panes draw different amounts: discriminator steps 1 and 5, game together and in turn",
    );
    await page!.ask(
      { kind: "step", by: "rounds", rounds: 3 },
      "state",
      ({ panes: [{ round }] }) => round === 3,
    );
    const again = page!.next("settings");
    page!.say({ kind: "set", pane: 1, name: "discriminatorSteps", value: 1 });
    expect((await again).notPaired).toBe("the panes drew different amounts before: reset to pair them again");
  });

  it("have the same data and seed, whichever of them is set", async () => {
    await open({ ...SMALL, seed: 3 }, { ...SMALL, seed: 4 });
    const settings = page!.next("settings");
    page!.say({ kind: "set", pane: 1, name: "data", value: "line" });
    for (const { settings: of } of (await settings).panes) {
      expect(of.find(({ name }) => name === "data")!.value).toBe("line");
      expect(of.find(({ name }) => name === "seed")!.value).toBe(3);
    }
  });

  it("wait for one another inside a round", async () => {
    await open(SMALL, { ...SMALL, discriminatorSteps: 2 });
    const rounds: string[] = [];
    for (let i = 0; i < 3; i++) {
      const { panes } = await page!.ask({ kind: "step", by: "update" }, "state");
      rounds.push(panes.map(({ round }) => round).join());
    }
    expect(rounds).toEqual(["1,0", "1,0", "1,1"]);
  });

  it("are level again after a change, and after more rounds, that begin inside one", async () => {
    await open(SMALL, { ...SMALL, discriminatorSteps: 2 });
    await page!.ask({ kind: "step", by: "update" }, "state");
    const { panes } = await page!.ask({ kind: "step", by: "rounds", rounds: 3 }, "state");
    expect(panes.map(({ round }) => round)).toEqual([3, 3]);
    await page!.ask({ kind: "step", by: "update" }, "state");
    const changed = await page!.ask({ kind: "set", pane: 1, name: "lrGenerator", value: 0.01 }, "state");
    expect(changed.panes.map(({ round, updates }) => [round, updates.generator])).toEqual([
      [3, 3],
      [3, 3],
    ]);
  });

  it("stand at the same round where one of them diverges", async () => {
    await open({ ...SMALL, optimizer: "sgd" }, { ...SMALL, lr: 1e30, optimizer: "sgd" });
    page!.say({ kind: "play" });
    const { panes } = await page!.next("state", ({ panes: [, { diverged }] }) => diverged !== undefined);
    expect(panes[0].round).toBe(panes[1].round);
    expect(panes[0].diverged).toBeUndefined();
  });
});
