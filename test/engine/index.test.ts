import { describe, expect, it } from "vitest";
import { ENGINES, listEngines, openEngine } from "../../src/engine/index.ts";

describe("openEngine", () => {
  it("opens onnx on the CPU unless something else is asked for", async () => {
    for (const choice of [
      {},
      { engine: "auto", device: "auto" },
      { engine: "onnx", device: "cpu" },
    ] as const) {
      const engine = await openEngine(choice);
      expect([engine.name, engine.device]).toEqual(["onnx", "cpu"]);
      await engine.dispose();
    }
  });

  it("opens what is asked for, with the threads that are asked for", async () => {
    const onnx = await openEngine({ engine: "onnx", threads: 2 });
    expect(onnx.threads).toBe(2);
    for (const name of ["cpu", "wasm"] as const) {
      const engine = await openEngine({ engine: name });
      expect([engine.name, engine.device, engine.threads]).toEqual([name, "cpu", 1]);
    }
  });

  it("refuses what it does not know", async () => {
    await expect(openEngine({ engine: "torch" as "onnx" })).rejects.toMatchObject({ code: "usage.engine" });
    for (const threads of [0, -1, 1.5, Number.NaN])
      await expect(openEngine({ threads })).rejects.toMatchObject({ code: "usage.threads" });
  });

  it("refuses every device and engine that listEngines calls absent, with its reason, and opens the others", async () => {
    const reports = await listEngines();
    expect(new Set(reports.map(({ engine }) => engine))).toEqual(new Set(ENGINES));
    expect(reports.filter(({ engine }) => engine === "onnx").map(({ device }) => device)).toEqual([
      "cpu",
      "webgpu",
      "cuda",
      "dml",
      "coreml",
    ]);
    for (const { engine, device, found, version, reason } of reports) {
      if (found) {
        expect(version).toMatch(/ \d+\.\d+\.\d+/);
        const opened = await openEngine({ engine, device });
        expect([opened.name, opened.device]).toEqual([engine, device]);
        await opened.dispose();
      } else {
        expect(reason).not.toBe("");
        const error = await openEngine({ engine, device }).catch((thrown) => thrown);
        expect(error.code).toBe(engine === "onnx" ? "unavailable.device" : "unavailable.engine");
        expect(error.message).toContain(reason);
        expect(error.hint).toBeTruthy();
      }
    }
  });

  it("refuses a device that an eager engine does not run on", async () => {
    await expect(openEngine({ engine: "wasm", device: "webgpu" })).rejects.toMatchObject({
      code: "unavailable.device",
    });
  });
});
