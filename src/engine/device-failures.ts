/** Recognises known failures of devices in the texts of ONNX Runtime and of drivers, and says what to do. */
import { GanEvalError } from "../errors.ts";
import type { DeviceName } from "./engine.ts";
import { type FailureKind, KNOWN_FAILURES, type KnownFailure } from "./known-failures.ts";

/** The row that a text of this device belongs to, if it is known. */
export const textToFailure = (text: string, device: DeviceName): KnownFailure | undefined =>
  KNOWN_FAILURES.find(({ devices, pattern }) => devices.includes(device) && pattern.test(text));

const CODES = {
  memory: "unavailable.device-memory",
  lost: "unavailable.device-lost",
} as const satisfies Partial<Record<FailureKind, string>>;

/** ONNX Runtime's messages begin with the place in its source; what follows the assertion is for people. */
export function firstLine(message: string): string {
  const [line] = message.split("\n");
  return line.replace(/^.*was false\. /, "").trim();
}

/**
 * The error for a device that fails in the middle: `unavailable.device-memory` or `unavailable.device-lost`; undefined
 * for texts that say neither.
 */
export function textToDeviceError(
  text: string,
  device: DeviceName,
  cause: unknown,
): GanEvalError | undefined {
  const failure = textToFailure(text, device);
  if (failure === undefined || !(failure.kind === "memory" || failure.kind === "lost")) return undefined;
  return new GanEvalError(
    CODES[failure.kind],
    `expected ${device} to run to the end, but ${failure.what} (${firstLine(text)})`,
    { hint: failure.advice, cause },
  );
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The table of docs/gpu.md. `version`: ONNX Runtime's. */
export function knownFailuresToMarkdown(version: string): string {
  const rows = KNOWN_FAILURES.map(({ devices, text, what, advice, source }) => {
    const told = advice.replaceAll("VERSION", version);
    const quoted = text.includes("`") ? `\`\` ${text} \`\`` : `\`${text.trim()}\``;
    const cells = [devices.join(", "), quoted, what, told, source];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  return [
    "| device | the text | what it is | what to do | where it was seen |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}
