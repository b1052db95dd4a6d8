import { describe, expect, it } from "vitest";
import { createProgress } from "../../src/cli/progress.ts";
import { textToPlain, textToWidth } from "../../src/reports/page.ts";

/** A stream that remembers, and a clock that a test sets. */
function stage(isTTY: boolean, columns = 80) {
  const writes: string[] = [];
  const clock = { now: 0 };
  const stream = { isTTY, columns, write: (text: string) => void writes.push(text) };
  return { writes, clock, progress: createProgress(stream, () => clock.now) };
}

const at = (done: number, total = 1000, stage = "fake") => ({ stage, done, total, unit: "images" });

describe("progress on a terminal", () => {
  it("redraws one line with percent, rate and time left", () => {
    const { writes, clock, progress } = stage(true);
    progress.update(at(0));
    clock.now = 2000;
    progress.update(at(100));
    expect(writes.join("")).not.toContain("\n");
    expect(textToPlain(writes.at(-1)!)).toContain("10 %");
    expect(writes.at(-1)).toContain("100/1,000 images");
    // 100 images in 2 s: 50 a second, so 900 more take 18 s.
    expect(writes.at(-1)).toContain("50.0/s");
    expect(writes.at(-1)).toContain("18 s left");
  });

  it("of a single step has no count, no rate and no time left: there is nothing to count", () => {
    const { writes, clock, progress } = stage(true);
    progress.update(at(0, 1, "fid"));
    clock.now = 2000;
    progress.update(at(1, 1, "fid"));
    const text = textToPlain(writes.join(""));
    expect(text).toContain("fid");
    expect(text).not.toMatch(/0\/1|1\/1|\/s|left/);
  });

  it("is redrawn at most ten times a second, and at the end in any case", () => {
    const { writes, clock, progress } = stage(true);
    for (let i = 0; i <= 1000; i++) {
      clock.now = i;
      progress.update(at(i));
    }
    expect(writes.length).toBeLessThanOrEqual(12);
    expect(writes.at(-1)).toContain("100 %");
  });

  it("leaves nothing behind when cleared, and clears only once", () => {
    const { writes, progress } = stage(true);
    progress.clear();
    expect(writes).toEqual([]);
    progress.update(at(1));
    progress.clear();
    progress.clear();
    expect(writes.at(-1)).toBe("\r\u001b[2K");
    expect(writes.length).toBe(2);
  });

  it.each([20, 40, 60, 200])("never reaches the edge of %i columns", (columns) => {
    const { writes, clock, progress } = stage(true, columns);
    for (let i = 0; i <= 10; i++) {
      clock.now = i * 1000;
      progress.update({ stage: "a-long-stage-name", done: i * 100_000, total: 1_000_000, unit: "images" });
    }
    for (const text of writes) {
      expect(textToWidth(text.replace("\r\u001b[2K", ""))).toBeLessThan(columns);
    }
  });

  it("the rate is that of the last fifteen seconds", () => {
    const { writes, clock, progress } = stage(true);
    for (let second = 0; second <= 60; second++) {
      clock.now = second * 1000;
      // One image a second for the first half minute, ten a second after it.
      progress.update(at(second <= 30 ? second : 30 + (second - 30) * 10));
    }
    expect(writes.at(-1)).toContain("10.0/s");
  });
});

describe("progress elsewhere", () => {
  it("is whole lines, one every tenth, without control characters", () => {
    const { writes, clock, progress } = stage(false);
    for (let i = 0; i <= 1000; i++) {
      clock.now = i * 100;
      progress.update(at(i));
    }
    progress.clear();
    expect(writes.length).toBe(10);
    for (const text of writes)
      expect(text).toMatch(/^fake: \d+ %, [\d,]+\/1,000 images, 10\.0\/s(, .* left)?\n$/);
    expect(writes.map((text) => /\d+/.exec(text)![0])).toEqual("10 20 30 40 50 60 70 80 90 100".split(" "));
  });

  it("is a line every half minute where a tenth takes longer", () => {
    const { writes, clock, progress } = stage(false);
    for (let second = 0; second <= 100; second++) {
      clock.now = second * 1000;
      progress.update(at(second, 10_000));
    }
    expect(writes.length).toBe(3);
  });

  it("says nothing about work of a second", () => {
    const { writes, clock, progress } = stage(false);
    for (let i = 0; i <= 1000; i++) {
      clock.now = i;
      progress.update(at(i));
    }
    expect(writes).toEqual([]);
  });

  it("starts again with each stage", () => {
    const { writes, clock, progress } = stage(false);
    for (const name of ["real", "fake"]) {
      for (let i = 0; i <= 10; i++) {
        clock.now += 5000;
        progress.update(at(i * 100, 1000, name));
      }
    }
    expect(writes.filter((text) => text.startsWith("real")).length).toBe(10);
    expect(writes.filter((text) => text.startsWith("fake")).length).toBe(10);
  });

  it("survives an empty total", () => {
    const { clock, progress } = stage(false);
    clock.now = 60_000;
    expect(() => progress.update(at(0, 0))).not.toThrow();
  });
});
