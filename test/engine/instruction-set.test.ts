import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuinfoToIsa, instructionSet, sysctlToIsa } from "../../src/engine/instruction-set.ts";

const X86 = "fpu sse sse2 ssse3 avx";
const core = (name: string, flags: string): string =>
  `processor\t: 0\nmodel name\t: made up (flags: avx512f)\n${name}\t\t: ${flags}\nbugs\t\t: none\n\n`;

describe("the instruction set of a Linux machine", () => {
  it.each([
    ["flags", `${X86} fma avx2 avx512f avx512dq avx512bw avx512vl`, "avx512"],
    ["flags", `${X86} fma avx2 avx512f`, "avx2"],
    ["flags", `${X86} fma avx2`, "avx2"],
    ["flags", `${X86} avx2`, "avx"],
    ["flags", X86, "avx"],
    ["flags", "fpu sse sse2", "sse2"],
    ["Features", "fp asimd evtstrm aes", "neon"],
    ["Features", "fp asimd sve sve2", "sve"],
    ["Features", "fp asimd sve sme", "sme"],
    ["Features", "half thumb neon vfpv4", "neon"],
  ])("is read from %s: %s as %s", (name, flags, isa) => {
    expect(cpuinfoToIsa(core(name, flags).repeat(2))).toBe(isa);
  });

  it("is what all cores have, where they are of several kinds", () => {
    expect(cpuinfoToIsa(core("flags", `${X86} fma avx2`) + core("flags", X86))).toBe("avx");
  });

  it("does not depend on the order of the flags", () => {
    const flags = `${X86} fma avx2 bmi1`.split(" ");
    fc.assert(
      fc.property(fc.shuffledSubarray(flags, { minLength: flags.length }), (shuffled) => {
        expect(cpuinfoToIsa(core("flags", shuffled.join(" ")))).toBe("avx2");
      }),
    );
  });

  it.each(["", "cpu\t: POWER9\n", "flags\t:\n"])("is unknown of %j", (text) => {
    expect(cpuinfoToIsa(text)).toBeUndefined();
  });
});

describe("the instruction set of a Mac", () => {
  it.each([
    ["hw.optional.x86_64: 1\nhw.optional.avx1_0: 1\nhw.optional.avx2_0: 1\nhw.optional.fma: 1\n", "avx2"],
    ["hw.optional.x86_64: 1\nhw.optional.avx1_0: 1\nhw.optional.avx2_0: 0\n", "avx"],
    ["hw.optional.x86_64: 1\n", "sse2"],
    ["hw.optional.AdvSIMD: 1\nhw.optional.arm.FEAT_SME: 0\n", "neon"],
    ["hw.optional.arm.AdvSIMD: 1\nhw.optional.arm.FEAT_SME: 1\n", "sme"],
  ])("is read from sysctl", (text, isa) => {
    expect(sysctlToIsa(text)).toBe(isa);
  });
});

it("this machine has one, and the same again", () => {
  expect(instructionSet()).toMatch(/^\w+$/);
  expect(instructionSet()).toBe(instructionSet());
});
