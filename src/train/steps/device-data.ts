/** Images that live in a device's memory as bytes; batches are gathered there, and only row numbers go up. */
import type { DeviceArray, DeviceMemory, InputSpec, Tensors } from "../../engine/engine.ts";
import * as tf from "../../engine/tfjs.ts";
import { LEVELS } from "../../images/decode/pixels-to-samples.ts";
import { readsField } from "../scheme/inputs.ts";
import type { Scheme } from "../scheme/scheme.ts";
import type { FieldData } from "../training-data.ts";

const bytesName = (field: string): string => `data/${field}`;

/** Rows of bytes as levels, `[rows, elements]`: the very values of LEVELS. */
const rowsToLevels = (bytes: tf.Tensor, rows: tf.Tensor): tf.Tensor =>
  tf.gather(tf.tensor1d(LEVELS), tf.gather(bytes, rows as tf.Tensor1D) as tf.Tensor1D);

export class DeviceData {
  private readonly held: Readonly<Record<string, DeviceArray>>;
  private readonly scheme: Scheme;

  private constructor(held: Readonly<Record<string, DeviceArray>>, scheme: Scheme) {
    this.held = held;
    this.scheme = scheme;
  }

  /**
   * Puts the data's bytes there. Undefined where the data have none, where a step reads them in another way than row by
   * row, or where they do not fit: a batch is then made here and goes up.
   */
  static async open(memory: DeviceMemory, data: FieldData, scheme: Scheme): Promise<DeviceData | undefined> {
    const { bytes = {}, fields, nextRows } = data;
    const isMixed = Object.values(scheme.inputs).some(
      (input) => readsField(input) && input.kind !== "field" && Object.hasOwn(bytes, input.field),
    );
    if (isMixed || nextRows === undefined || Object.keys(bytes).length === 0) return undefined;
    const held: Record<string, DeviceArray> = {};
    for (const [field, given] of Object.entries(bytes)) {
      const size = fields[field].reduce((product, side) => product * side, 1);
      const there = await putVerified(memory, given, size);
      if (there === undefined) {
        for (const array of Object.values(held)) array.free();
        return undefined;
      }
      held[field] = there;
    }
    return new DeviceData(held, scheme);
  }

  /** The field of an input whose images are there. */
  private fieldOf(name: string): string | undefined {
    const input = this.scheme.inputs[name];
    return input?.kind === "field" && Object.hasOwn(this.held, input.field) ? input.field : undefined;
  }

  /** A step's inputs, with rows in the place of images. */
  toSignature(signature: Readonly<Record<string, InputSpec>>): Record<string, InputSpec> {
    return Object.fromEntries(
      Object.entries(signature).map(([name, spec]) => [
        name,
        this.fieldOf(name) === undefined ? spec : { shape: [spec.shape[0]], dtype: "int32" as const },
      ]),
    );
  }

  /** What every step is given besides, by name. */
  get arrays(): Record<string, DeviceArray> {
    return Object.fromEntries(Object.entries(this.held).map(([field, bytes]) => [bytesName(field), bytes]));
  }

  /** A step's inputs, with images in the place of rows. */
  toImages(inputs: Tensors, signature: Readonly<Record<string, InputSpec>>): Tensors {
    return Object.fromEntries(
      Object.entries(inputs).map(([name, tensor]) => {
        const field = this.fieldOf(name);
        if (field === undefined) return [name, tensor];
        const levels = rowsToLevels(inputs[bytesName(field)], tensor);
        return [name, tf.reshape(levels, [...signature[name].shape])];
      }),
    );
  }

  free(): void {
    for (const bytes of Object.values(this.held)) bytes.free();
  }
}

/** Bytes on the device, if they are there: a device may refuse what is too large for it, or say nothing and lose it. */
async function putVerified(
  memory: DeviceMemory,
  bytes: Uint8Array,
  size: number,
): Promise<DeviceArray | undefined> {
  const count = bytes.length / size;
  const rows = Int32Array.of(0, count >> 1, count - 1);
  let array: DeviceArray | undefined;
  try {
    array = await memory.put(bytes, { shape: [count, size], dtype: "uint8" });
    const program = await memory.compile(
      ({ all, some }) => ({ levels: rowsToLevels(all, some) }),
      { all: array, some: { shape: [rows.length], dtype: "int32" } },
      { name: "rows of the data", stays: [], isProven: true },
    );
    const { outputs } = await program.run({ all: array, some: rows });
    await program.dispose();
    const isWhole = [...rows].every((row, i) =>
      bytes
        .subarray(row * size, (row + 1) * size)
        .every((level, k) => outputs.levels.data[i * size + k] === LEVELS[level]),
    );
    if (isWhole) return array;
  } catch {
    // What does not fit goes up batch by batch.
  }
  array?.free();
  return undefined;
}
