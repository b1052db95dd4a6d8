/** How much memory a device has: ONNX Runtime does not say, so whoever knows is asked. */
import { spawnSync } from "node:child_process";
import { totalmem } from "node:os";
import type { DeviceName } from "./engine.ts";

/** A driver that hangs is no answer. */
const PATIENCE_MS = 5000;
const MIB = 2 ** 20;

/** Prints what a program prints; undefined where it is not there or fails. */
export type Ask = (command: string, args: readonly string[]) => string | undefined;

const ask: Ask = (command, args) => {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", timeout: PATIENCE_MS });
  return status === 0 ? stdout : undefined;
};

/** Where memory is the processor's too, programs and pictures need theirs. */
const SHARED_PART = 0.5;

/**
 * Bytes that are free on a device, or undefined where nobody says: NVIDIA's `nvidia-smi` on Linux and Windows (of several
 * cards the first, which is the one that is used), half of the machine's memory on Apple's chips. In software (a Vulkan
 * driver that VK_DRIVER_FILES names) and on the CPU it is undefined.
 */
export function deviceToFreeMemory(
  device: DeviceName,
  {
    platform = process.platform,
    askFor = ask,
    env = process.env,
  }: {
    readonly platform?: NodeJS.Platform;
    readonly askFor?: Ask;
    readonly env?: Readonly<Record<string, string | undefined>>;
  } = {},
): number | undefined {
  if (device === "cpu" || env.VK_DRIVER_FILES !== undefined) return undefined;
  if (platform === "darwin") return SHARED_PART * totalmem();
  const [first = ""] =
    askFor("nvidia-smi", ["--query-gpu=memory.free", "--format=csv,noheader,nounits"])?.split("\n") ?? [];
  const free = Number.parseFloat(first);
  return Number.isFinite(free) ? free * MIB : undefined;
}
