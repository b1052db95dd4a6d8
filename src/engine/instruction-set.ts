/**
 * The processor's instruction set, as far as results depend on it: ONNX Runtime and others choose their kernels by it, and
 * these add in other orders. Equal work has equal bits on one instruction set, and may differ in its last digits elsewhere.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

interface Level {
  /** What provenance says of it: `avx2`. */
  readonly isa: string;
  /** What the processor must say of itself, as `/proc/cpuinfo` calls it. */
  readonly flags: readonly string[];
}

/** From the widest down, by the flags that kernels are chosen by. Products fuse with sums only where `fma` is there. */
const LEVELS: readonly Level[] = [
  { isa: "avx512", flags: ["avx512f", "avx512bw", "avx512dq", "avx512vl"] },
  { isa: "avx2", flags: ["avx2", "fma"] },
  { isa: "avx", flags: ["avx"] },
  { isa: "sse2", flags: ["sse2"] },
  { isa: "sme", flags: ["sme"] },
  { isa: "sve", flags: ["sve"] },
  { isa: "neon", flags: ["asimd"] },
  { isa: "neon", flags: ["neon"] },
];

const flagsToIsa = (flags: ReadonlySet<string>): string | undefined =>
  LEVELS.find((level) => level.flags.every((flag) => flags.has(flag)))?.isa;

/** Of Linux's `/proc/cpuinfo`: `flags` of x86, `Features` of ARM; cores of several kinds have what all have. */
export function cpuinfoToIsa(cpuinfo: string): string | undefined {
  const cores = [...cpuinfo.matchAll(/^(?:flags|Features)[ \t]*:(.*)$/gm)].map(
    ([, flags]) => new Set(flags.trim().toLowerCase().split(/\s+/)),
  );
  if (cores.length === 0) return undefined;
  const [first, ...others] = cores;
  return flagsToIsa(new Set([...first].filter((flag) => others.every((core) => core.has(flag)))));
}

/** What macOS calls a flag otherwise than Linux does. */
const DARWIN_FLAGS: Readonly<Record<string, string>> = {
  avx1_0: "avx",
  advsimd: "asimd",
  feat_sme: "sme",
};

/** Of macOS's `sysctl hw.optional`: `hw.optional.avx2_0: 1`, `hw.optional.arm.AdvSIMD: 1`. */
export function sysctlToIsa(text: string): string | undefined {
  const flags = [...text.matchAll(/^hw\.optional\.(?:arm\.)?(\w+): 1$/gm)].map(([, name]) => {
    const flag = name.toLowerCase();
    return DARWIN_FLAGS[flag] ?? flag.replace(/_0$/, "");
  });
  // Every Mac with an x86 processor has these.
  return flagsToIsa(new Set([...flags, ...(flags.includes("x86_64") ? ["sse2"] : [])]));
}

const READERS: Readonly<Partial<Record<NodeJS.Platform, () => string | undefined>>> = {
  linux: () => cpuinfoToIsa(readFileSync("/proc/cpuinfo", "utf8")),
  darwin: () =>
    sysctlToIsa(execFileSync("/usr/sbin/sysctl", ["hw.optional"], { encoding: "utf8", timeout: 5000 })),
};

let known: string | undefined;

/** This machine's: `avx512`, `avx2`, `avx`, `sse2`, `sme`, `sve`, `neon`; where the system does not say, the architecture: `x64`. */
export function instructionSet(): string {
  try {
    known ??= READERS[process.platform]?.();
  } catch {}
  known ??= process.arch;
  return known;
}
