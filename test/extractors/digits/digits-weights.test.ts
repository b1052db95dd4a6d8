import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { GanEvalError } from "../../../src/errors.ts";
import {
  bytesToDigitsWeights,
  DIGITS_WEIGHTS_FILE,
  readDigitsWeights,
} from "../../../src/extractors/digits/digits-weights.ts";
import { safetensorsToBytes } from "../../../src/formats/safetensors.ts";

const bytes = readFileSync(DIGITS_WEIGHTS_FILE);

it("are under 1 MB, finite, and hashed", async () => {
  expect(bytes.length).toBeLessThan(1e6);
  const { arrays, hash } = await readDigitsWeights();
  for (const { data } of Object.values(arrays)) expect(data.every(Number.isFinite)).toBe(true);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

it("of another network are refused, naming the weight and the shapes", () => {
  const other = safetensorsToBytes([["conv1/weights", { data: new Float32Array(4), shape: [2, 2] }]]);
  expect(() => bytesToDigitsWeights(other, "other.safetensors")).toThrow(
    expect.objectContaining({
      code: "input.digits-weights",
      message: "expected conv1/weights of shape [5, 5, 1, 24] in other.safetensors, got [2, 2]",
    }),
  );
});

it("that are absent are an error with a hint", async () => {
  await expect(readDigitsWeights("/nowhere/weights.safetensors")).rejects.toMatchObject({
    code: "unavailable.weights",
    hint: expect.stringContaining("install it again"),
  });
});

it("with damaged bytes are read or refused, never a crash", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      fc.nat(bytes.length),
      (changes, length) => {
        const damaged = Uint8Array.from(bytes.subarray(0, length));
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
        try {
          bytesToDigitsWeights(damaged, "damaged");
        } catch (error) {
          expect(error).toBeInstanceOf(GanEvalError);
        }
      },
    ),
  );
});
