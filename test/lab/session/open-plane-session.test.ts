import { afterEach, describe, expect, it } from "vitest";
import { SMALL, type Talk, talk } from "./talk.ts";

let page: Talk;
afterEach(() => page.close());

describe("a session", () => {
  it("opens a pane, and shows round 0 of it: facts, a state and a frame", async () => {
    page = talk();
    const opened = page.next("opened");
    await page.ask({ kind: "open", panes: [SMALL] }, "state");
    const { panes } = await opened;
    expect(panes[0]).toMatchObject({ dimensions: 2, game: "together", isProbability: true, heatSide: 60 });
    const [frame] = page.frames;
    expect([frame.round, frame.heat.length, frame.samples.length, frame.pushes.length]).toEqual([
      0, 3600, 400, 400,
    ]);
    expect(frame.heat.every(Number.isFinite)).toBe(true);
  });

  it("plays until it is paused, and sends frames and every recorded round", async () => {
    page = talk();
    await page.ask({ kind: "open", panes: [SMALL] }, "state");
    page.say({ kind: "play" });
    await page.next("state", ({ panes: [{ round }] }) => round >= 300);
    await page.ask({ kind: "pause" }, "state", ({ isPlaying }) => !isPlaying);
    await page.next("judged");
    const { round } = page.frames.at(-1)!;
    expect(round).toBeGreaterThanOrEqual(300);
    const rounds = page.told.flatMap((message) => (message.kind === "rows" ? message.rounds : []));
    expect(rounds).toEqual(rounds.map((_, i) => i + 1));
  });

  it("steps a round", async () => {
    page = talk();
    await page.ask({ kind: "open", panes: [SMALL] }, "state");
    const { panes } = await page.ask({ kind: "step", by: "round" }, "state");
    expect(panes[0]).toMatchObject({ round: 1, updates: { generator: 1, discriminator: 1 } });
    expect(panes[0].scalars.discriminator_loss).toBeGreaterThan(0);
  });
});
