import { afterEach, describe, expect, it } from "vitest";
import { FrameBudget } from "../../../src/lab/session/frame-budget.ts";
import { SMALL, type Talk, talk } from "./talk.ts";

let page: Talk | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

const playTo = async (round: number): Promise<void> => {
  page!.say({ kind: "play" });
  await page!.next("state", ({ panes: [of] }) => of.round >= round);
};
const pause = () => page!.ask({ kind: "pause" }, "state", ({ isPlaying }) => !isPlaying);

describe("frames", () => {
  it("wait until the page has drawn the last, and the newest is sent then", async () => {
    page = talk({}, false);
    await page.ask({ kind: "open", panes: [SMALL] }, "state");
    await playTo(200);
    await pause();
    expect(page.frames).toHaveLength(1);
    const [{ sequence }] = page.frames;
    page.say({ kind: "drawn", sequence });
    expect(page.frames).toHaveLength(2);
    const { round } = page.told.findLast((message) => message.kind === "state")!.panes[0];
    expect(page.frames[1].round).toBe(round);
  });

  it("stop at once where nobody sees them, training after ten seconds; who looks again gets one", async () => {
    let ahead = 0;
    page = talk({ now: () => performance.now() + ahead });
    await page.ask({ kind: "open", panes: [SMALL] }, "state");
    await playTo(50);
    page.say({ kind: "hidden", isHidden: true });
    await page.next("state");
    await page.next("state");
    const shown = page.frames.length;
    await page.next("state", ({ panes: [{ round }] }) => round > 150);
    expect(page.frames).toHaveLength(shown);
    ahead = 10_001;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const states = page.told.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(page.told.length - states).toBeLessThan(2);
    page.say({ kind: "hidden", isHidden: false });
    await page.next("state");
    expect(page.frames.length).toBeGreaterThan(shown);
    await pause();
  });

  it("have the density and D* by cell where they are asked for", async () => {
    page = talk();
    await page.ask({ kind: "open", panes: [SMALL] }, "state");
    expect([page.frames[0].density.length, page.frames[0].optimum.length]).toEqual([0, 0]);
    await page.ask({ kind: "layers", asked: ["density", "optimum"] }, "state");
    const { density, optimum, heat } = page.frames.at(-1)!;
    expect([density.length, optimum.length]).toEqual([heat.length, heat.length]);
    const mass = density.reduce((sum, share) => sum + share, 0);
    expect(mass).toBeGreaterThan(0.9);
    expect(mass).toBeLessThan(1 + 1e-4);
  });

  it("of numbers on a line are curves", async () => {
    page = talk();
    const opened = page.next("opened");
    await page.ask({ kind: "open", panes: [{ ...SMALL, data: "two-gaussians-1d" }] }, "state");
    expect((await opened).panes[0].dimensions).toBe(1);
    expect([page.frames[0].heat.length, page.frames[0].samples.length]).toEqual([60, 200]);
  });
});

describe("the speed that is asked for", () => {
  it("is kept where the machine can, and not caught up with where it could not", () => {
    let at = 0;
    const budget = new FrameBudget(() => at);
    budget.count(10, 10, 3);
    budget.begin(10);
    expect([budget.due, budget.wait]).toEqual([0, 100]);
    at = 100;
    expect(budget.due).toBe(1);
    budget.count(1, 1, 3);
    expect(budget.due).toBe(0);
    at = 60_000;
    expect(budget.due).toBeLessThanOrEqual(30);
    expect(budget.due).toBe(0);
  });

  it("without one is what fits between two frames, at least a round", () => {
    const budget = new FrameBudget(() => 0);
    budget.begin(0);
    expect(budget.due).toBe(1);
    for (let i = 0; i < 50; i++) budget.count(10, 10, 3.3);
    expect(budget.due).toBe(30);
    for (let i = 0; i < 50; i++) budget.count(1, 500, 3);
    expect(budget.due).toBe(1);
  });
});

describe("readings", () => {
  it("are scores with their floors, exact divergences, and the loss of the best discriminator", async () => {
    page = talk();
    await page.ask({ kind: "open", panes: [SMALL] }, "state");
    const { readings, verdicts } = await page.next("judged");
    expect(Object.keys(readings).sort()).toEqual([
      ...["high_quality", "js", "kl", "modes", "optimal_loss", "reverse_kl", "sliced_wasserstein"],
    ]);
    expect(readings.js.value).toBeGreaterThan(readings.js.floor!);
    expect(readings.js.value).toBeLessThanOrEqual(Math.LN2);
    expect(readings.optimal_loss.value).toBeCloseTo(2 * Math.LN2 - 2 * readings.js.value, 5);
    expect(readings.modes.floor).toBe(8);
    expect(verdicts).toEqual([]);
  });

  it("say where a verdict was first seen", async () => {
    page = talk();
    await page.ask({ kind: "open", panes: [{ ...SMALL, lrGenerator: 0, lrDiscriminator: 0.02 }] }, "state");
    const found = page.next("judged", ({ verdicts }) => verdicts.length > 0);
    await page.ask(
      { kind: "step", by: "rounds", rounds: 800 },
      "state",
      ({ panes: [{ round }] }) => round === 800,
    );
    const { verdicts } = await found;
    expect(verdicts[0]).toMatchObject({
      round: 800,
      severity: expect.any(String),
      title: expect.any(String),
    });
    await page.ask(
      { kind: "step", by: "rounds", rounds: 300 },
      "state",
      ({ panes: [{ round }] }) => round === 1100,
    );
    const { verdicts: later } = await page.next("judged", ({ round }) => round === 1100);
    const [{ id }] = verdicts;
    expect(later.find((one) => one.id === id)?.round).toBe(800);
  });
});
