import { expect, test } from "vitest";
import { GanEvalError } from "../../../src/errors.ts";
import { samplesToPixels } from "../../../src/images/decode/samples-to-pixels.ts";

const LEVELS = Uint8Array.from({ length: 256 }, (_, level) => level);

test("every level survives the way to [-1, 1] and back", () => {
  expect(samplesToPixels(Float32Array.from(LEVELS, (level) => level / 127.5 - 1))).toEqual(LEVELS);
});

test("halves are rounded up and what lies outside is clamped", () => {
  // (x + 1) 127.5 is 127.5, 63.75 and 191.25 for 0 and -+ 1/2, exactly
  const samples = Float32Array.of(
    0,
    -0.5,
    0.5,
    -1,
    1,
    -7,
    7,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  );
  expect([...samplesToPixels(samples)]).toEqual([128, 64, 191, 0, 255, 0, 255, 0, 255]);
});

test("NaN is refused by its position", () => {
  const work = () => samplesToPixels(Float32Array.of(0, Number.NaN));
  expect(work).toThrow(GanEvalError);
  expect(work).toThrow("NaN at 1");
});
