/** Numbers beside the picture, and the frames that are drawn. */
import { describe, expect, it } from "vitest";
import { FrameBook } from "../../../src/lab/client/plane/canvas/frame-book.ts";
import { frameToFacts } from "../../../src/lab/client/plane/canvas/frame-facts.ts";
import { frameToScale } from "../../../src/lab/client/plane/canvas/heat-scale.ts";
import { cellAt, fromPixels, rangeToTicks } from "../../../src/lab/client/plane/canvas/view.ts";
import { type Frame, frameToBytes } from "../../../src/lab/protocol/frame-codec.ts";
import { makeFacts } from "./made-facts.ts";

const NONE = new Float32Array(0);
const makeFrame = (changes: Partial<Frame> = {}): Frame => ({
  session: 1,
  sequence: 1,
  pane: 0,
  round: 1,
  samples: Float32Array.of(0, 0, 2, 0, Number.NaN, 0),
  pushes: Float32Array.of(3, 4, 0, 0, 0, 1),
  fakeLogits: Float32Array.of(1, 2, 3),
  realLogits: Float32Array.of(-1, 0, 1),
  heat: new Float32Array(16),
  manifold: NONE,
  density: NONE,
  optimum: NONE,
  ...changes,
});

const bytesOf = (changes: Partial<Frame>): ArrayBuffer => frameToBytes(makeFrame(changes)).buffer;

describe("a frame", () => {
  it("gives the numbers beside its picture: what is no number is outside", () => {
    expect(frameToFacts(makeFrame(), makeFacts())).toEqual({
      outside: 2,
      push: 1,
      fake_logit: 2,
      real_logit: 0,
    });
  });

  it("is read at a place, and nowhere outside", () => {
    const cells = Float32Array.from({ length: 16 }, (_, i) => i);
    const view = { low: [-1, -1], high: [1, 1] } as const;
    expect(cellAt(cells, view, 4, [-0.9, -0.9])).toBe(0);
    expect(cellAt(cells, view, 4, [0.9, 0.9])).toBe(15);
    expect(cellAt(cells, view, 4, [1.1, 0])).toBeUndefined();
    expect(cellAt(cells.subarray(0, 4), view, 4, [0.9, -7])).toBe(3);
    expect(fromPixels(view, [100, 200], 0, 0)).toEqual([-1, 1]);
    expect(fromPixels(view, [100, 200], 100, 200)).toEqual([1, -1]);
  });

  it("has a scale of colours that only grows for critics, and is fixed for probabilities", () => {
    const heat = new Float32Array(16).fill(3);
    const critic = { isProbability: false, loss: "wasserstein" };
    const wide = frameToScale(makeFrame({ heat }), critic, "probability", 20);
    expect(wide).toMatchObject({ isProbability: false, reach: 20 });
    expect(frameToScale(makeFrame({ heat }), critic, "probability", 0).reach).toBeLessThan(6);
    const gan = { isProbability: true, loss: "non-saturating" };
    expect(frameToScale(makeFrame({ heat }), gan, "logit", 0)).toEqual({
      isProbability: false,
      middle: 0,
      reach: 8,
    });
    expect(frameToScale(makeFrame({ heat }), gan, "probability", 0).isProbability).toBe(true);
  });
});

describe("the frames of a page", () => {
  it("keep the one before a step whose samples have moved, and no other", () => {
    const book = new FrameBook();
    book.begin(1);
    book.take(bytesOf({ sequence: 1 }));
    book.expect(true);
    book.take(bytesOf({ sequence: 2 }));
    // No weight has moved.
    expect(book.of(0)?.before).toBeUndefined();
    book.take(bytesOf({ sequence: 3, samples: Float32Array.of(9, 9) }));
    expect(book.of(0)?.before?.sequence).toBe(2);
    book.expect(false);
    expect(book.of(0)?.before).toBeUndefined();
    book.take(bytesOf({ sequence: 4, samples: Float32Array.of(5, 5) }));
    expect(book.of(0)?.before).toBeUndefined();
  });

  it("drop those of a session that was closed", () => {
    const book = new FrameBook();
    book.begin(2);
    expect(book.take(bytesOf({ session: 1 }))).toBeUndefined();
    expect(book.of(0)).toBeUndefined();
    expect(book.take(bytesOf({ session: 2 }))).toBeDefined();
  });
});

describe("an axis", () => {
  it("has a few round numbers within its range", () => {
    expect(rangeToTicks(-1.25, 1.25)).toEqual([-1, 0, 1]);
    expect(rangeToTicks(-5.2, 5.2)).toEqual([-5, 0, 5]);
    expect(rangeToTicks(0.1, 0.29, 4)).toEqual([0.1, 0.15, 0.2, 0.25]);
  });
});
