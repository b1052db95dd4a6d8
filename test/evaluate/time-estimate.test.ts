/** The time that a long extraction is said to take: from its first batches, once, and near what it takes. */
import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { defineExtractor } from "../../src/evaluate/own-extractor.ts";
import { TimeEstimate } from "../../src/evaluate/time-estimate.ts";
import type { Progress } from "../../src/progress.ts";

/** Minutes in `about 2 h 05 min for ...`. */
function noticeToMinutes(notice: string): number {
  const [, days = 0, hours = 0, minutes = 0] = /about (?:(\d+) days )?(?:(\d+) h ?)?(?:(\d+) min)? ?for/
    .exec(notice)!
    .map(Number)
    .map((value) => value || 0);
  return days * 24 * 60 + hours * 60 + minutes;
}

/** Evaluates images with an extractor that takes `perImage` seconds by the clock that is given. */
async function measureAt(perImage: number, { count = 4000, warmUp = 5, jitter = 0 } = {}) {
  let now = 0;
  let batches = 0;
  const seen: Progress[] = [];
  const extractor = defineExtractor({
    ...{ id: "slow", version: "1", width: 2 },
    extract(images) {
      now += 1000 * images.length * perImage * (1 + jitter * Math.sin(batches * 2.1));
      if (batches++ === 0) now += 1000 * warmUp;
      return images.map(({ pixels }) => [pixels[0]!, pixels[1]!]);
    },
  });
  await evaluate({
    fake: {
      count,
      images: (n: number, start: number) => ({
        data: Uint8Array.from({ length: n * 12 }, (_, i) => (start * 7 + i * 31) % 256),
        shape: [n, 2, 2, 3] as const,
      }),
    },
    real: {
      count: 32,
      images: (n: number, start: number) => ({
        data: Uint8Array.from({ length: n * 12 }, (_, i) => (start * 5 + i * 29) % 256),
        shape: [n, 2, 2, 3] as const,
      }),
    },
    metrics: ["fid"],
    extractor,
    batchSize: 16,
    steadyClock: () => now,
    onProgress: (progress) => seen.push(progress),
  });
  return { notices: seen.flatMap(({ notice }) => notice ?? []), seconds: now / 1000 };
}

describe("the time of an extraction", () => {
  it("is said once, within 30 % of what it takes, whatever the first batch takes", async () => {
    for (const [perImage, count, jitter] of [
      [1, 4000, 0],
      [0.5, 4000, 0.4],
      [4, 1500, 0.4],
    ] as const) {
      const { notices, seconds } = await measureAt(perImage, { count, jitter, warmUp: 60 });
      expect(notices).toHaveLength(1);
      expect(Math.abs((60 * noticeToMinutes(notices[0]!)) / seconds - 1)).toBeLessThan(0.3);
      expect(notices[0]).toContain("by slow");
      expect(notices[0]).toContain("--limit");
      // What a program extracts is not cached.
      expect(notices[0]).not.toContain("Ctrl-C");
    }
  });

  it("is not said of a short one, nor of a long first batch", async () => {
    expect((await measureAt(0.05)).notices).toEqual([]);
    expect((await measureAt(0.01, { warmUp: 5000 })).notices).toEqual([]);
  });

  it("leaves out what was kept from before: only what the networks see has a rate", () => {
    let now = 0;
    const estimate = new TimeEstimate(
      "real",
      { total: 10_000, extractors: ["dinov2-l"], isKept: true },
      () => now,
    );
    for (let batch = 0; batch < 100; batch++) expect(estimate.toNotice(0, batch * 16)).toBeUndefined();
    const said = [1, 2, 3, 4, 5].flatMap((batch) => {
      now += 16_000;
      return estimate.toNotice(16, 1600 + batch * 16) ?? [];
    });
    expect(said).toHaveLength(1);
    expect(noticeToMinutes(said[0]!)).toBeCloseTo((10_000 - 1664) / 60, -1);
    expect(said[0]).toContain("Ctrl-C keeps what is done");
  });

  it("names the next smaller network of the same kind", () => {
    for (const [name, smaller] of [
      ["dinov2-l", "dinov2-b (27 % of the time)"],
      ["dinov2-b", "dinov2-s (25 % of the time)"],
      ["dinov2-s", "a smaller network;"],
      ["inception-v3-2015-12-05", "a smaller network;"],
    ] as const) {
      let now = 0;
      const estimate = new TimeEstimate(
        "fake",
        { total: 100_000, extractors: [name], isKept: false },
        () => now,
      );
      const notices = [16, 32, 48, 64].flatMap((seen) => {
        now += 2000;
        return estimate.toNotice(16, seen) ?? [];
      });
      expect(notices[0]).toContain(smaller);
    }
  });
});
