/** Frames of the plane on their way to the page: one binary message a pane, little-endian. */
import type { PlaneLook } from "../../plane/open-plane.ts";

/** What both networks do at one moment. */
export interface Frame extends PlaneLook {
  readonly session: number;
  readonly sequence: number;
  readonly pane: number;
  readonly round: number;
  /** Share of the generated samples by cell of the heat; empty unless asked for. */
  readonly density: Float32Array;
  /** Logits of the best discriminator for this generator, by cell; empty unless asked for. */
  readonly optimum: Float32Array;
}

const VERSION = 1;
const ARRAYS = [
  "samples",
  "pushes",
  "fakeLogits",
  "realLogits",
  "heat",
  "manifold",
  "density",
  "optimum",
] as const satisfies readonly (keyof Frame)[];
const NUMBERS = ["session", "sequence", "pane", "round"] as const satisfies readonly (keyof Frame)[];
const HEADER = 1 + NUMBERS.length + ARRAYS.length;

/** Version, numbers and lengths as uint32, then the arrays as float32. */
export function frameToBytes(frame: Frame): Uint8Array<ArrayBuffer> {
  const lengths = ARRAYS.map((name) => frame[name].length);
  const bytes = new Uint8Array(4 * (HEADER + lengths.reduce((sum, length) => sum + length, 0)));
  new Uint32Array(bytes.buffer, 0, HEADER).set([VERSION, ...NUMBERS.map((name) => frame[name]), ...lengths]);
  let offset = 4 * HEADER;
  for (const name of ARRAYS) {
    new Float32Array(bytes.buffer, offset, frame[name].length).set(frame[name]);
    offset += 4 * frame[name].length;
  }
  return bytes;
}

/** @throws RangeError for bytes that are no frame of this version */
export function bytesToFrame(bytes: ArrayBuffer): Frame {
  const header = new Uint32Array(bytes, 0, HEADER);
  if (header[0] !== VERSION) throw new RangeError(`expected a frame of version ${VERSION}, got ${header[0]}`);
  const frame: Record<string, number | Float32Array> = {};
  for (const [i, name] of NUMBERS.entries()) frame[name] = header[1 + i];
  let offset = 4 * HEADER;
  for (const [i, name] of ARRAYS.entries()) {
    const length = header[1 + NUMBERS.length + i];
    frame[name] = new Float32Array(bytes, offset, length);
    offset += 4 * length;
  }
  return frame as unknown as Frame;
}
