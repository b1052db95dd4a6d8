import { describe, expect, it } from "vitest";
import type { RandomStream } from "../../../src/train/random.ts";
import { ReplayPool } from "../../../src/train/scheme/pool.ts";

/** A stream that gives these numbers, call after call. */
const scripted = (...calls: readonly (readonly number[])[]): RandomStream => {
  let at = 0;
  return { uniform: (out: Float32Array) => (out.set(calls[at++]), out) } as unknown as RandomStream;
};

/** What a step of images that are single numbers is shown. */
function show(pool: ReplayPool, made: readonly number[]): number[] {
  const stored = pool.draw(made.length);
  const shown = Array.from(pool.from, (from) =>
    from < made.length ? stored[from] : made[from - made.length],
  );
  pool.take(Float32Array.from(made));
  return shown;
}

describe("a replay pool of two images", () => {
  it("stores and shows what is new until it is full, then shows a stored one where chance says so", () => {
    const pool = new ReplayPool(
      { size: 2, shape: [1] },
      scripted([0, 0], [0, 0], [0.9, 0.6], [0.1, 0], [0.9, 0]),
    );
    expect([show(pool, [1]), show(pool, [2])]).toEqual([[1], [2]]);
    // The second place: 2 is shown and 3 stored there.
    expect(show(pool, [3])).toEqual([2]);
    // Chance keeps the new one, which is not stored.
    expect(show(pool, [4])).toEqual([4]);
    expect(show(pool, [5])).toEqual([1]);
    expect([...(pool.toState().data as Float32Array)]).toEqual([5, 3]);
  });

  it("may show an image of the same batch that took a place just now", () => {
    const pool = new ReplayPool({ size: 1, shape: [1] }, scripted([0, 0, 0.9, 0, 0.9, 0]));
    expect(show(pool, [1, 2, 3])).toEqual([1, 1, 2]);
    expect([...(pool.toState().data as Float32Array)]).toEqual([3]);
  });

  it("shows what is new where it has no room", () => {
    const pool = new ReplayPool({ size: 0, shape: [1] }, scripted([0.9, 0, 0.9, 0]));
    expect(show(pool, [1, 2])).toEqual([1, 2]);
  });
});
