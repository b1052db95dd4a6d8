import { afterEach, describe, expect, it } from "vitest";
import type { ToPage } from "../../../src/lab/protocol/plane-messages.ts";
import { Keyframes } from "../../../src/lab/session/keyframes.ts";
import { RowLog } from "../../../src/lab/session/row-log.ts";
import { SMALL, type Talk, talk } from "./talk.ts";

let page: Talk | undefined;
afterEach(async () => {
  await page?.close();
  page = undefined;
});

type Rows = Extract<ToPage, { kind: "rows" }>;

/** The value of a column at a round, of a message. */
const cellOf = ({ columns, rounds, values }: Rows, column: string, round: number) =>
  values[rounds.indexOf(round)]?.[columns.indexOf(column)];

describe("recorded rounds", () => {
  it("keep their columns over a change of what is recorded", async () => {
    page = talk();
    await page.ask({ kind: "open", panes: [SMALL] }, "state");
    await page.ask(
      { kind: "step", by: "rounds", rounds: 50 },
      "state",
      ({ panes: [{ round }] }) => round === 50,
    );
    const before = page.told.filter((message): message is Rows => message.kind === "rows");
    const loss = before
      .map((rows) => cellOf(rows, "discriminator_loss", 30))
      .find((value) => value !== undefined);
    const all = page.next("rows", ({ from }) => from === 0);
    page.say({ kind: "set", pane: 0, name: "model", value: "wgan_gp" });
    await all;
    await page.ask({ kind: "undo" }, "state");
    await page.ask({ kind: "set", pane: 0, name: "loss", value: "wasserstein" }, "state");
    await page.ask(
      { kind: "step", by: "rounds", rounds: 10 },
      "state",
      ({ panes: [{ round }] }) => round === 60,
    );
    await page.ask({ kind: "set", pane: 0, name: "lrGenerator", value: 0.1 }, "state");
    const history = page.told.findLast(
      (message): message is Rows => message.kind === "rows" && message.from === 0,
    )!;
    expect(history.rounds).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(cellOf(history, "discriminator_loss", 30)).toBe(loss);
    expect(cellOf(history, "jsd", 30)).toBeTypeOf("number");
    expect(cellOf(history, "jsd", 55)).toBeNull();
    expect(cellOf(history, "discriminator_loss", 55)).toBeTypeOf("number");
  });

  it("are all told, also where the page goes elsewhere while it plays", async () => {
    page = talk();
    await page.ask({ kind: "open", panes: [SMALL] }, "state");
    page.say({ kind: "play" });
    const {
      panes: [{ round: last }],
    } = await page.next("state", ({ panes: [{ round }] }) => round >= 200);
    await page.ask({ kind: "seek", round: 10 }, "state", ({ panes: [{ round }] }) => round === 10);
    const { newest } = page.told.findLast((message) => message.kind === "state")!;
    const rounds = page.told.flatMap((message) => (message.kind === "rows" ? message.rounds : []));
    expect(newest).toBeGreaterThanOrEqual(last);
    expect(rounds).toEqual(Array.from({ length: newest }, (_, i) => i + 1));
  });

  it("are thinned evenly where they become many", () => {
    const log = new RowLog();
    for (let round = 1; round <= 100_000; round++) log.add(round, { loss: round });
    const rows = log.between(0, 100_000);
    expect(rows.length).toBeLessThanOrEqual(8192);
    const steps = new Set(rows.slice(1).map(({ round }, i) => round - rows[i].round));
    expect(steps.size).toBe(1);
    expect(rows.every(({ round, values: [loss] }) => loss === round)).toBe(true);
  });
});

describe("states to go back to", () => {
  it("stay within their memory, denser in the near past", () => {
    const progress = {
      rounds: 0,
      seed: 0,
      streams: {},
      data: { epoch: 0, taken: 0, stream: 0 },
      numbers: {},
    };
    const state = { weights: { data: new Float32Array(250), shape: [250] } };
    const frames = new Keyframes(100_000);
    for (let round = 0; round <= 100_000; round += 100) frames.keep(0, round, { state, progress });
    const path = [{ id: 0, from: 0, options: {} }];
    const gaps = Array.from({ length: 1001 }, (_, i) => {
      const found = frames.nearest(path, 100 * i);
      return found ? 100 * i - found.round : Number.NaN;
    });
    const kept = gaps.filter((gap) => gap === 0).length;
    expect(kept).toBeLessThanOrEqual(100);
    expect(kept).toBeGreaterThan(40);
    expect(gaps[0]).toBe(0);
    expect(Math.max(...gaps.slice(-20))).toBeLessThanOrEqual(100);
  });
});
