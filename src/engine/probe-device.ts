/**
 * Tries a device in a process of its own. Drivers and the libraries above them write to standard error what they look
 * for and do not find, past every log level, and some crash; neither reaches this process.
 */
import { spawn } from "node:child_process";
import type { DeviceName } from "./engine.ts";
import { bindingToEntry, findBinding } from "./onnxruntime.ts";

/** Drivers that are asked for the first time compile their shaders; longer than this is a hang. */
const PROBE_TIMEOUT_MS = 60_000;

/** Of what a driver writes, so much is kept. */
const LOG_LENGTH = 16_384;

/** Plain script text, for it must run from sources and from dist alike. The product of [1 2; 3 4] with itself. */
const PROBE = `
process.once("message", async ({ onnxruntime, model, device }) => {
  let why;
  try {
    const ort = require(onnxruntime);
    // At this level ONNX Runtime names the library that it could not load; the message that it throws does not.
    ort.env.logLevel = "error";
    const session = await ort.InferenceSession.create(Buffer.from(model, "base64"), {
      executionProviders: [device],
      logSeverityLevel: 3,
      // A session whose nodes fall back to the CPU fails to open, so that a device is never replaced in silence.
      extra: device === "cpu" ? {} : { session: { disable_cpu_ep_fallback: "1" } },
    });
    const { y } = await session.run({ x: new ort.Tensor("float32", Float32Array.of(1, 2, 3, 4), [2, 2]) });
    await session.release();
    if (Array.from(y.data).join() !== "7,10,15,22") why = "a 2 x 2 matrix product gave " + y.data;
  } catch (error) {
    why = String(error?.message ?? error);
  }
  process.send({ why }, () => process.disconnect());
});
`;

/** Why a device could not compute a model. */
export interface ProbeFailure {
  readonly why: string;
  /** What ONNX Runtime and the driver wrote to standard error: often the reason behind the message. */
  readonly log: string;
}

/** @returns why the device cannot compute `model`, or undefined if it can */
export function probeDevice(device: DeviceName, model: Uint8Array): Promise<ProbeFailure | undefined> {
  const child = spawn(process.execPath, ["--input-type=commonjs", "--eval", PROBE], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    timeout: PROBE_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  return new Promise((resolve) => {
    let answer: { why?: string } | undefined;
    let log = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      if (log.length < LOG_LENGTH) log += text;
    });
    child.on("message", (message) => {
      answer = message as { why?: string };
    });
    child.on("error", ({ message }) =>
      resolve({ why: `the process that tests it could not be started: ${message}`, log }),
    );
    child.on("close", (code, signal) => {
      const end = signal === null ? `code ${code}` : signal;
      const why = answer === undefined ? `the process that tested it ended with ${end}` : answer.why;
      resolve(why === undefined ? undefined : { why, log });
    });
    const onnxruntime = bindingToEntry(findBinding());
    // Where it has ended already, its end says why.
    child.send({ onnxruntime, model: Buffer.from(model).toString("base64"), device }, () => {});
  });
}
