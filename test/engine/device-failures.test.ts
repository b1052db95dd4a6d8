import { describe, expect, it } from "vitest";
import { textToDeviceError, textToFailure } from "../../src/engine/device-failures.ts";
import { findAbsence, requireDevice, textsToAbsence } from "../../src/engine/devices.ts";
import { KNOWN_FAILURES } from "../../src/engine/known-failures.ts";
import { failedToOpen, failedToRun } from "../../src/engine/session.ts";

const SOURCE = "/onnxruntime_src/onnxruntime/core/providers/webgpu/buffer_manager.cc:641";

const thrownBy = (work: () => never): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe("the table of known failures", () => {
  it.each(KNOWN_FAILURES)("finds $text in its own row, on each of its devices", (row) => {
    for (const device of row.devices) expect(textToFailure(`first line\n${row.text}\n`, device)).toBe(row);
  });

  it.each(KNOWN_FAILURES)(
    "says of $text in plain words what it is and what to do",
    ({ what, advice, kind }) => {
      expect(what).toMatch(/^[A-Za-z].*[^.]$/);
      expect(advice).toMatch(/^[A-Z`].*\.$/);
      // Only what comes up before anything runs has a place where the version is filled in.
      if (kind !== "absent") expect(advice).not.toContain("VERSION");
    },
  );

  it("knows nothing of a device that a row is not of, nor of other texts", () => {
    expect(textToFailure("CUDA failure 35: CUDA driver version is insufficient", "webgpu")).toBeUndefined();
    expect(textToFailure("[Device] is lost.", "cpu")).toBeUndefined();
    expect(textToFailure("expected 4 inputs, got 3", "webgpu")).toBeUndefined();
  });

  it("tells cuDNN from CUDA's and from ONNX Runtime's own libraries, which fail with one message", () => {
    const message = "OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library";
    const log = (library: string) =>
      `[E:onnxruntime] Failed to load library /app/libonnxruntime_providers_cuda.so with error: ${library}: cannot open shared object file: No such file or directory`;
    const whyOf = (library: string) => textsToAbsence("cuda", message, log(library)).why;
    expect(whyOf("libcudnn.so.9")).toBe("cuDNN is missing");
    expect(whyOf("libcudnn_adv.so.9")).toBe("cuDNN is missing");
    expect(whyOf("libcublasLt.so.12")).toMatch(/^CUDA's libraries/);
    expect(whyOf("/app/libonnxruntime_providers_cuda.so")).toBe(
      "ONNX Runtime's CUDA libraries are not installed",
    );
    expect(textsToAbsence("cuda", message).why).toBe("ONNX Runtime's CUDA library could not be loaded");
    expect(textsToAbsence("cuda", message).advice).toMatch(/onnxruntime-node@\d+\.\d+\.\d+`/);
  });
});

describe("a device that fails in the middle", () => {
  it("is said to be lost or too small, with what to do, and keeps the text as its cause", () => {
    const lost = new Error(
      `${SOURCE} map_async_result.status == wgpu::MapAsyncStatus::Success was false. Failed to download data from buffer. wgpu::MapAsyncStatus value: 4, message: [Device] is lost.\n`,
    );
    for (const failed of [failedToRun, failedToOpen]) {
      expect(thrownBy(() => failed(lost, "webgpu"))).toMatchObject({
        code: "unavailable.device-lost",
        message: expect.stringMatching(
          /^expected webgpu to run to the end, but the GPU was lost.*\(Failed to download/,
        ),
        hint: expect.stringContaining("start the command again"),
        cause: lost,
      });
      expect(
        thrownBy(() => failed(new Error("BFCArena::AllocateRawInternal Failed to allocate memory"), "cuda")),
      ).toMatchObject({
        code: "unavailable.device-memory",
        hint: expect.stringContaining("--batch-size"),
      });
    }
  });

  it("stays a fault of gan-eval where nothing is known of it, with advice where a kernel is missing", () => {
    expect(textToDeviceError("no such text", "webgpu", undefined)).toBeUndefined();
    expect(thrownBy(() => failedToRun(new Error("no such text"), "webgpu"))).toMatchObject({
      code: "internal.session-run",
      hint: undefined,
    });
    expect(
      thrownBy(() => failedToOpen(new Error("The Indices output is not supported yet."), "webgpu")),
    ).toMatchObject({ code: "internal.session-open", hint: expect.stringContaining("--device cpu") });
  });
});

describe("a device that is not there", () => {
  it.runIf(process.platform === "linux")("says so by what its driver wrote, and what to do", async () => {
    const before = process.env.VK_DRIVER_FILES;
    process.env.VK_DRIVER_FILES = "/no/such/driver.json";
    try {
      const absence = await findAbsence("webgpu");
      expect(absence?.why).toMatch(
        /^Vulkan('s loader, libvulkan.so.1, is missing| found no driver of a GPU)$/,
      );
      await expect(requireDevice("webgpu")).rejects.toMatchObject({
        code: "unavailable.device",
        message: expect.stringContaining(`(${absence!.why})`),
        hint: `${absence!.advice} Or leave the device out: the CPU always works.`,
      });
    } finally {
      if (before === undefined) delete process.env.VK_DRIVER_FILES;
      else process.env.VK_DRIVER_FILES = before;
    }
  });
});
