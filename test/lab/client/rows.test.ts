/** What the page keeps of a run: rows that grow, and what the lab said. */
import { describe, expect, it } from "vitest";
import { panesToCharts } from "../../../src/lab/client/plane/charts/plane-charts.ts";
import { hear, type LabState, NO_LAB } from "../../../src/lab/client/plane/state/lab-state.ts";
import { appendRows, NO_ROWS, type Rows } from "../../../src/lab/client/plane/state/rows.ts";
import type { ToPage } from "../../../src/lab/protocol/plane-messages.ts";
import { makeFacts } from "./made-facts.ts";

const rowsOf = (from: number, to: number, value: (round: number) => number | null) => {
  const rounds = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return { from, columns: ["a"], rounds, values: rounds.map((round) => [value(round)]) };
};

describe("rows of a pane", () => {
  it("grow, and replace those from a round on", () => {
    let rows = appendRows(
      NO_ROWS,
      rowsOf(1, 5, (round) => round),
    );
    rows = appendRows(
      rows,
      rowsOf(6, 7, (round) => round),
    );
    rows = appendRows(
      rows,
      rowsOf(4, 4, () => null),
    );
    expect(rows.rounds).toEqual([1, 2, 3, 4]);
    expect(rows.columns.get("a")).toEqual([1, 2, 3, Number.NaN]);
  });

  it("take a column that comes later, without a value before", () => {
    const rows = appendRows(
      appendRows(
        NO_ROWS,
        rowsOf(1, 2, () => 1),
      ),
      {
        from: 3,
        columns: ["b"],
        rounds: [3],
        values: [[7]],
      },
    );
    expect(rows.columns.get("a")).toEqual([1, 1, Number.NaN]);
    expect(rows.columns.get("b")).toEqual([Number.NaN, Number.NaN, 7]);
  });

  it("are thinned when there are many, and lose neither a spike nor the order of rounds", () => {
    let rows: Rows = NO_ROWS;
    const spikes = new Set([777, 12_345, 40_001]);
    for (let from = 1; from < 100_000; from += 1000)
      rows = appendRows(
        rows,
        rowsOf(from, from + 999, (round) => (spikes.has(round) ? 1000 + round : round % 7)),
      );
    expect(rows.rounds.length).toBeLessThan(20_000);
    expect(rows.rounds.at(-1)).toBe(100_000);
    for (let i = 1; i < rows.rounds.length; i++) expect(rows.rounds[i]).toBeGreaterThan(rows.rounds[i - 1]);
    const values = rows.columns.get("a")!;
    expect(values).toHaveLength(rows.rounds.length);
    for (const spike of spikes) expect(values).toContain(1000 + spike);
  });
});

const say = (lab: LabState, ...messages: unknown[]): LabState =>
  messages.reduce((state: LabState, message) => hear(state, message as ToPage), lab);

const opened = { kind: "opened", session: 1, panes: [makeFacts()], isPaired: true };

describe("what the lab said", () => {
  it("begins anew with each session", () => {
    const lab = say(
      NO_LAB,
      opened,
      { kind: "rows", pane: 0, ...rowsOf(1, 3, () => 1) },
      { ...opened, session: 2 },
    );
    expect(lab.session).toBe(2);
    expect(lab.panes[0].rows.rounds).toEqual([]);
  });

  it("keeps readings by round, and forgets those of rounds that were replaced", () => {
    const judged = (round: number) => ({
      kind: "judged",
      pane: 0,
      round,
      readings: { js: { value: round / 100, floor: 0.01 } },
      verdicts: [],
    });
    let lab = say(NO_LAB, opened, judged(10), judged(20), judged(15));
    expect(lab.panes[0].readings.rounds).toEqual([10, 20]);
    expect(lab.panes[0].judged?.round).toBe(15);
    lab = say(lab, { kind: "rows", pane: 0, ...rowsOf(12, 13, () => 1) });
    expect(lab.panes[0].readings.rounds).toEqual([10]);
  });

  it("changes nothing where it is of another part of the page", () => {
    expect(say(NO_LAB, { kind: "table" })).toBe(NO_LAB);
  });
});

describe("charts of the plane", () => {
  it("have 400 points a line at most, and dotted lines where the equilibrium is", () => {
    const columns = ["generator_loss", "discriminator_loss", "real_score", "fake_score"];
    const rounds = Array.from({ length: 9000 }, (_, i) => i + 1);
    const rows = {
      kind: "rows",
      pane: 0,
      from: 1,
      columns,
      rounds,
      values: rounds.map((r) => [r % 5, 1, 0.5, 0.5]),
    };
    const targets = [{ of: "discriminator_loss", value: 1.386, because: "of this" }];
    const lab = say(NO_LAB, { ...opened, panes: [makeFacts({ targets: targets as never })] }, rows);
    const [losses, scores, divergences] = panesToCharts(lab.panes, "probability");
    for (const { data } of losses.config.datasets) expect(data.length).toBeLessThanOrEqual(400);
    expect(losses.config.datasets.map(({ label }) => label)).toEqual(["G", "D", "D"]);
    expect(losses.caption).toBe("Dotted, the equilibrium: D 1.386, because of this.");
    expect(scores.config.y).toMatchObject({ min: 0, max: 1 });
    expect(divergences.isEmpty).toBe(true);
  });
});
