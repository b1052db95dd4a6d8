import { describe, expect, it } from "vitest";
import { firstMedian, lastRounds, lastScorings, tailOf } from "../../src/diagnosis/run-signals.ts";
import { every, toTable } from "./made-run.ts";

const table = (records: number) => toTable(every(10, records), { loss: (round) => round });

describe("a part of a run's records", () => {
  it("of the last rounds is every record after the round that is so many before the end", () => {
    const { rounds, values } = lastRounds(table(60), "loss", 500)!;
    expect(rounds).toEqual([110, 600]);
    expect(values).toHaveLength(50);
    expect(lastRounds(table(3), "loss", 500)!.rounds).toEqual([10, 30]);
  });

  it("of the end is the last third, at least 10 records, or all there are", () => {
    const lengthOf = (records: number) => tailOf(table(records), "loss")!.values.length;
    expect([60, 61, 30, 29, 10, 4].map(lengthOf)).toEqual([20, 21, 10, 10, 10, 4]);
  });

  it("of the last evaluations is three of them, and undefined of a column that is not there", () => {
    expect(lastScorings(table(7), "loss")!.rounds).toEqual([50, 70]);
    expect(lastScorings(table(2), "loss")!.rounds).toEqual([10, 20]);
    expect(lastScorings(table(7), "none")).toBeUndefined();
  });

  it("of the beginning is the first 100 rounds, the hundredth included", () => {
    expect(firstMedian(table(60), "loss")).toBe(55);
  });
});
