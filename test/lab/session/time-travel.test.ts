import { afterEach, describe, expect, it } from "vitest";
import type { PlaneOptions, ToPage } from "../../../src/lab/protocol/plane-messages.ts";
import { SMALL, type Talk, talk } from "./talk.ts";

let page: Talk;
afterEach(() => page.close());

async function open(...panes: PlaneOptions[]): Promise<void> {
  page = talk();
  await page.ask({ kind: "open", panes: panes.length > 0 ? panes : [SMALL] }, "state");
}

type State = Extract<ToPage, { kind: "state" }>;

const hashes = (pane = 0) => page.panes.at(-1 - (pane === 0 ? page.panes.length - 1 : 0))!.hashes();
const playTo = (round: number): Promise<State> => {
  const there = page.at(round);
  page.say({ kind: "step", by: "rounds", rounds: round - (page.frames.at(-1)?.round ?? 0) });
  return there;
};
const seek = (round: number): Promise<State> => page.ask({ kind: "seek", round }, "state");
const phase = (): Promise<State> => page.ask({ kind: "step", by: "phase" }, "state");
const back = (by: "phase" | "round"): Promise<State> => page.ask({ kind: "back", by }, "state");
const set = (name: string, value: unknown, pane = 0): Promise<State> =>
  page.ask({ kind: "set", pane, name, value }, "state");

describe("seeking", () => {
  it("gives the same state as straight on, backwards and forwards", async () => {
    await open();
    await playTo(1000);
    const straight = await hashes();
    const { panes } = await seek(500);
    expect(panes[0].round).toBe(500);
    const half = await hashes();
    expect(half).not.toEqual(straight);
    await seek(1000);
    expect(await hashes()).toEqual(straight);
    await seek(437);
    await seek(500);
    expect(await hashes()).toEqual(half);
  });

  it("says of a round what was recorded of it", async () => {
    await open();
    await playTo(300);
    const rows = page.told.flatMap((message) =>
      message.kind === "rows" ? message.rounds.map((round, i) => ({ round, message, i })) : [],
    );
    const { message, i } = rows.find(({ round }) => round === 123)!;
    const column = message.columns.indexOf("discriminator_loss");
    const { panes } = await seek(123);
    expect(panes[0].scalars.discriminator_loss).toBeCloseTo(message.values[i][column], 5);
  });

  it("past the newest round plays on", async () => {
    await open();
    await page.ask({ kind: "seek", round: 260 }, "state", ({ panes: [{ round }] }) => round === 260);
    const far = await hashes();
    await seek(0);
    await seek(260);
    expect(await hashes()).toEqual(far);
  });
});

describe("a change", () => {
  it("in the past begins a branch; undo returns to the old one, with its old states", async () => {
    await open();
    await playTo(700);
    const old = await hashes();
    await seek(500);
    const at500 = await hashes();
    const { branches, branch } = await set("lrGenerator", 0.05);
    expect(branches).toMatchObject([
      { id: 0, newest: 700 },
      { id: 1, from: 0, fork: 500, change: "lr-generator 0.05" },
    ]);
    expect(branch).toBe(1);
    expect(await hashes()).toEqual(at500);
    await playTo(700);
    const changed = await hashes();
    expect(changed).not.toEqual(old);
    const undone = await page.ask({ kind: "undo" }, "state");
    expect(undone).toMatchObject({ branch: 0, newest: 700, panes: [{ round: 500 }], canUndo: false });
    await seek(700);
    expect(await hashes()).toEqual(old);
    await page.ask({ kind: "branch", branch: 1 }, "state");
    expect(await hashes()).toEqual(changed);
  });

  it("at the newest round goes on in its branch, and is played again at its round", async () => {
    await open();
    await playTo(150);
    const before = await hashes();
    const { branches } = await set("discriminatorSteps", 3);
    expect(branches).toHaveLength(1);
    await playTo(250);
    await set("loss", "hinge");
    await playTo(350);
    const end = await hashes();
    expect(page.told.findLast(({ kind }) => kind === "settings")).toMatchObject({
      panes: [
        {
          journal: [
            { round: 150, change: "discriminator-steps 3" },
            { round: 250, change: "loss hinge" },
          ],
        },
      ],
    });
    await seek(100);
    await seek(350);
    expect(await hashes()).toEqual(end);
    await seek(0);
    page.say({ kind: "play" });
    await page.next("state", ({ panes: [{ round }] }) => round >= 350);
    await page.ask({ kind: "pause" }, "state", ({ isPlaying }) => !isPlaying);
    await seek(350);
    expect(await hashes()).toEqual(end);
    await page.ask({ kind: "undo" }, "state");
    await page.ask({ kind: "undo" }, "state");
    expect(await hashes()).toEqual(before);
  });

  it("to other networks restarts, and undo finds the old ones", async () => {
    await open();
    await playTo(120);
    const old = await hashes();
    const { panes } = await set("hiddenUnits", 12);
    expect(panes[0].round).toBe(0);
    await playTo(50);
    const { branch } = await page.ask({ kind: "undo" }, "state");
    expect(branch).toBe(0);
    expect(await hashes()).toEqual(old);
  });

  it("that is refused changes nothing, and is said in the command line's words", async () => {
    await open();
    await playTo(120);
    const old = await hashes();
    for (const [name, value, words] of [
      ["lrGenerator", -1, "--lr-generator expects a number of at least 0, got -1"],
      ["hiddenUnits", 4096, "--hidden-units expects at most 512 here, got 4096"],
      ["data", "moon", "--data expects one of"],
      ["model", "./model.js", "--model expects one of"],
      ["net", "./net.js", 'got "net"'],
    ] as const) {
      const { message } = await page.ask({ kind: "set", pane: 0, name, value }, "error");
      expect(message).toContain(words);
    }
    await set("loss", "wasserstein");
    const { message } = await page.ask({ kind: "set", pane: 0, name: "smoothing", value: 0.1 }, "error");
    expect(message).toContain("expected no label smoothing with the loss wasserstein");
    await page.ask({ kind: "undo" }, "state");
    expect(await hashes()).toEqual(old);
    const { branches } = await page.ask({ kind: "step", by: "round" }, "state");
    expect(branches).toHaveLength(1);
  });

  it("updates of one player alone are played again when it is come back to", async () => {
    await open();
    await playTo(130);
    const before = await hashes();
    const {
      panes: [shown],
    } = await page.ask(
      { kind: "alone", pane: 0, player: "discriminator", updates: 60 },
      "state",
      ({ panes: [{ updates }] }) => updates.discriminator === 190,
    );
    expect(shown.scalars.discriminator_loss).toBeLessThan(2);
    const alone = await hashes();
    expect(alone.generator).toBe(before.generator);
    expect(alone.discriminator).not.toBe(before.discriminator);
    const { panes } = await playTo(150);
    expect(panes[0].updates).toEqual({ generator: 150, discriminator: 210 });
    const end = await hashes();
    await seek(100);
    await seek(150);
    expect(await hashes()).toEqual(end);
    await seek(130);
    expect(await hashes()).toEqual(alone);
    expect(page.told.findLast(({ kind }) => kind === "settings")).toMatchObject({
      panes: [{ journal: [{ round: 130, change: "60 updates of the discriminator alone" }] }],
    });
    await page.ask({ kind: "undo" }, "state");
    expect(await hashes()).toEqual(before);
  });
});

describe("the parts of a round", () => {
  it("move no weight before the update, and together are the round played whole", async () => {
    for (const options of [SMALL, { ...SMALL, alternate: true }, { ...SMALL, discriminatorSteps: 3 }]) {
      await open(options);
      await page.ask({ kind: "step", by: "round" }, "state");
      const start = await hashes();
      await page.ask({ kind: "step", by: "round" }, "state");
      const whole = await hashes();
      await back("round");
      expect(await hashes()).toEqual(start);
      const lit: number[] = [];
      let last = start;
      for (let state = await phase(); ; state = await phase()) {
        const { phase: of, round } = state.panes[0];
        const now = await hashes();
        if (of!.phase === "update") {
          if (of!.trains.includes("discriminator")) lit.push(of!.update);
          const changed = (["generator", "discriminator"] as const).filter(
            (player) => now[player] !== last[player],
          );
          expect(changed.sort()).toEqual([...of!.trains].sort());
          last = now;
        } else expect(now).toEqual(last);
        if (round === 2) break;
      }
      expect(await hashes()).toEqual(whole);
      expect(lit).toEqual(options === SMALL || "alternate" in options ? [1] : [1, 2, 3]);
      await page.close();
    }
  });

  it("are taken back one by one", async () => {
    await open({ ...SMALL, discriminatorSteps: 2 });
    await playTo(3);
    const seen: [string, unknown][] = [[JSON.stringify(await hashes()), undefined]];
    for (let state = await phase(); ; state = await phase()) {
      const { phase: of, round } = state.panes[0];
      seen.push([JSON.stringify(await hashes()), of]);
      if (round === 4) break;
    }
    for (const [hash, of] of seen.slice(0, -1).reverse()) {
      const { panes } = await back("phase");
      expect(panes[0].phase).toEqual(of);
      expect(JSON.stringify(await hashes())).toBe(hash);
    }
    await playTo(4);
    expect(JSON.stringify(await hashes())).toBe(seen.at(-1)![0]);
  });

  it("are left for the whole by a step of a round, and for a player's by a step of one", async () => {
    await open({ ...SMALL, discriminatorSteps: 3 });
    await phase();
    const one = await page.ask({ kind: "step", by: "update" }, "state");
    expect(one.panes[0].phase).toMatchObject({ phase: "update", update: 1, updates: 3 });
    const generator = await page.ask({ kind: "step", by: "player", player: "generator" }, "state");
    expect(generator.panes[0]).toMatchObject({ round: 1, phase: { trains: ["generator"] } });
    await phase();
    const { panes } = await page.ask({ kind: "step", by: "round" }, "state");
    expect(panes[0].round).toBe(2);
    expect(panes[0].phase).toBeUndefined();
  });
});

describe("a run that diverges", () => {
  it("stops at its last finite round, and says which setting to change", async () => {
    await open({ ...SMALL, lr: 1e30, optimizer: "sgd" });
    page.say({ kind: "play" });
    const { panes, isPlaying } = await page.next(
      "state",
      ({ panes: [{ diverged }] }) => diverged !== undefined,
    );
    expect(isPlaying).toBe(false);
    expect(panes[0].diverged).toContain("Use a smaller learning rate");
    const { samples, heat } = page.frames.at(-1)!;
    expect(samples.every(Number.isFinite) && heat.every(Number.isFinite)).toBe(true);
    await set("lrGenerator", 1e-3);
    await set("lrDiscriminator", 1e-3);
    const {
      panes: [on],
    } = await page.ask({ kind: "step", by: "round" }, "state");
    expect(on.round).toBe(panes[0].round + 1);
  });
});
