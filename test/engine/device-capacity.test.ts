/** How much memory a device has, as those say who know. */
import { totalmem } from "node:os";
import { expect, it } from "vitest";
import { type Ask, deviceToFreeMemory } from "../../src/engine/device-capacity.ts";

const env = {};
const said =
  (text: string | undefined): Ask =>
  (command, args) => {
    expect([command, ...args].join(" ")).toBe(
      "nvidia-smi --query-gpu=memory.free --format=csv,noheader,nounits",
    );
    return text;
  };

it("a card of NVIDIA's has what nvidia-smi says of the first one, in MiB", () => {
  const given = { platform: "linux", env } as const;
  expect(deviceToFreeMemory("webgpu", { ...given, askFor: said("142771\n512\n") })).toBe(142_771 * 2 ** 20);
  expect(deviceToFreeMemory("cuda", { ...given, askFor: said("8000\n") })).toBe(8000 * 2 ** 20);
});

it.each([undefined, "", "[N/A]\n"])("nobody knows where nvidia-smi says %j", (text) => {
  expect(deviceToFreeMemory("webgpu", { platform: "linux", env, askFor: said(text) })).toBeUndefined();
});

it("half of an Apple chip's memory is the GPU's", () => {
  expect(deviceToFreeMemory("webgpu", { platform: "darwin", env })).toBe(totalmem() / 2);
});

it("the CPU and a driver in software have no memory of their own, and nobody is asked", () => {
  const askFor: Ask = () => expect.fail("it was asked");
  expect(deviceToFreeMemory("cpu", { askFor, env })).toBeUndefined();
  const software = { VK_DRIVER_FILES: "/usr/share/vulkan/icd.d/software.json" };
  expect(deviceToFreeMemory("webgpu", { platform: "linux", askFor, env: software })).toBeUndefined();
});
