import fc from "fast-check";
import { expect } from "vitest";
import { GanEvalError } from "../../src/errors.ts";

/** A file cut off, with bytes changed, inserted or taken out. */
export const mutationsOf = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> => {
  const place = fc.nat(Math.max(0, bytes.length - 1));
  const change = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 8 }).map((changes) => {
    const copy = bytes.slice();
    for (const [at, value] of changes) copy[at] = value;
    return copy;
  });
  const cut = place.map((at) => bytes.slice(0, at));
  const drop = fc.tuple(place, fc.integer({ min: 1, max: 16 })).map(([at, count]) => {
    return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + count)]);
  });
  const insert = fc
    .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 16 }))
    .map(([at, more]) => Uint8Array.from([...bytes.subarray(0, at), ...more, ...bytes.subarray(at)]));
  return fc.oneof({ weight: 3, arbitrary: change }, cut, drop, insert);
};

/** Runs a reader: it returns, or throws our own error with a hint or an `internal`-free code. */
export async function holdsOrRefuses(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    expect(error, String((error as Error)?.stack)).toBeInstanceOf(GanEvalError);
    expect((error as GanEvalError).code).toMatch(/^input\./);
  }
}
