/** In what numbers a device multiplies: float32, or TF32 where that is let through. */

/** Set by whoever opens the first engine that may have it: NVIDIA's libraries read the environment once. */
let isTf32: boolean | undefined;

/**
 * Switches TF32 off for this process, before NVIDIA's libraries load, unless it is wanted. They take it by default from
 * Ampere on: factors keep 10 bits of 23, and ONNX Runtime's JavaScript binding has no option against it. Where
 * NVIDIA_TF32_OVERRIDE is 0 already it stays off.
 */
export function decideTf32(isWanted: boolean): void {
  if (isTf32 !== undefined) return;
  isTf32 = isWanted && process.env.NVIDIA_TF32_OVERRIDE !== "0";
  if (!isTf32) process.env.NVIDIA_TF32_OVERRIDE = "0";
}

/** `float32`, or `tf32` where products may be of it. */
export const deviceToPrecision = (device: string): "float32" | "tf32" =>
  device === "cuda" && isTf32 === true ? "tf32" : "float32";
