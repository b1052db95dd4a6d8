import { expect, it } from "vitest";
import { readChannelBlock } from "../../src/engine/channel-block.ts";
import { instructionSet } from "../../src/engine/instruction-set.ts";

it("blocks have as many channels as a register of this processor holds floats", async () => {
  const block = await readChannelBlock();
  const known: Readonly<Record<string, number>> = { avx512: 16, avx2: 8 };
  const expected = known[instructionSet()];
  if (expected === undefined) expect([1, 4, 8, 16]).toContain(block);
  else expect(block).toBe(expected);
  expect(await readChannelBlock()).toBe(block);
});
