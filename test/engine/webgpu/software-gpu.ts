/** A GPU in software: SwiftShader, the Vulkan driver of Debian's chromium, for ONNX Runtime's WebGPU. */
import { existsSync } from "node:fs";

const DRIVER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const LOADERS = ["/usr/lib/x86_64-linux-gnu/libvulkan.so.1", "/usr/lib/aarch64-linux-gnu/libvulkan.so.1"];

/** Whether SwiftShader and the Vulkan loader are there. */
export const haveSoftwareGpu = (): boolean => existsSync(DRIVER) && LOADERS.some(existsSync);

/**
 * Whether tests of WebGPU can run: with SwiftShader, which is made the driver of this process, or with a GPU where
 * `GAN_EVAL_TEST_WEBGPU=1` says that there is one.
 */
export function haveWebGpu(): boolean {
  if (process.env.GAN_EVAL_TEST_WEBGPU === "1") return true;
  const isThere = haveSoftwareGpu();
  // The loader reads it when the first device is asked for.
  if (isThere) process.env.VK_DRIVER_FILES = DRIVER;
  else console.warn("skipped: no software Vulkan driver (apt-get install chromium libvulkan1)");
  return isThere;
}
