/** TF32 is off before NVIDIA's libraries load, unless it is asked for; results say which it was. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const NAME = "NVIDIA_TF32_OVERRIDE";

/** As in a process of its own: who opens first decides. */
async function loadFresh() {
  vi.resetModules();
  return import("../../src/engine/arithmetic.ts");
}

describe("decideTf32", () => {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env[NAME];
    delete process.env[NAME];
  });
  afterEach(() => {
    if (before === undefined) delete process.env[NAME];
    else process.env[NAME] = before;
  });

  it("forbids it in the environment, and CUDA computes in float32", async () => {
    const { decideTf32, deviceToPrecision } = await loadFresh();
    decideTf32(false);
    expect(process.env[NAME]).toBe("0");
    expect(deviceToPrecision("cuda")).toBe("float32");
  });

  it("lets it through where it is asked for, on CUDA alone", async () => {
    const { decideTf32, deviceToPrecision } = await loadFresh();
    decideTf32(true);
    expect(process.env[NAME]).toBeUndefined();
    expect(deviceToPrecision("cuda")).toBe("tf32");
    expect(deviceToPrecision("cpu")).toBe("float32");
  });

  it("heeds an environment that forbids it", async () => {
    process.env[NAME] = "0";
    const { decideTf32, deviceToPrecision } = await loadFresh();
    decideTf32(true);
    expect(deviceToPrecision("cuda")).toBe("float32");
  });

  it("holds for the process: libraries read the environment once", async () => {
    const { decideTf32, deviceToPrecision } = await loadFresh();
    decideTf32(false);
    decideTf32(true);
    expect(deviceToPrecision("cuda")).toBe("float32");
  });

  it("is decided by an engine on CUDA, before it looks for the device", async () => {
    vi.resetModules();
    const { openEngine } = await import("../../src/engine/index.ts");
    await openEngine({ device: "cuda" }).then(
      (engine) => engine.dispose(),
      () => {},
    );
    expect(process.env[NAME]).toBe("0");
  });

  it("is no matter of the CPU", async () => {
    vi.resetModules();
    const { openEngine } = await import("../../src/engine/index.ts");
    await (await openEngine({ device: "cpu", threads: 1 })).dispose();
    expect(process.env[NAME]).toBeUndefined();
  });
});
