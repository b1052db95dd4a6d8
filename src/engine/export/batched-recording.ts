/** Two recordings of one function, for two batch sizes, as one for any. */
import type { KernelCall, Recorded, RecordedConstant, Recording } from "./record-kernels.ts";

/** The side of a shape that is the batch. */
export const BATCH = -1;

/** Attributes in which the batch may stand: by kernel, the one whose row in the table of ops knows what to do then. */
const WITH_BATCH: Readonly<Record<string, string>> = {
  Reshape: "shape",
  Slice: "size",
  Conv2DBackpropInput: "inputShape",
};

class DependsOnBatch extends Error {}

function same<T>(a: T, b: T): T {
  if (JSON.stringify(a) === JSON.stringify(b)) return a;
  throw new DependsOnBatch();
}

function mergeSizes(a: readonly number[], b: readonly number[]): number[] {
  same(a.length, b.length);
  const differs = (size: number, axis: number): boolean => size !== b[axis];
  if (a.filter(differs).length > 1) throw new DependsOnBatch();
  return a.map((size, axis) => (differs(size, axis) ? BATCH : size));
}

const mergeTensors = (a: Recorded, b: Recorded): Recorded => ({
  name: same(a.name, b.name),
  dtype: same(a.dtype, b.dtype),
  shape: mergeSizes(a.shape, b.shape),
});

function mergeRecords<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  merge: (a: T, b: T, name: string) => T,
): Record<string, T> {
  same(Object.keys(a), Object.keys(b));
  return Object.fromEntries(Object.entries(a).map(([name, value]) => [name, merge(value, b[name], name)]));
}

const mergeCalls = (a: KernelCall, b: KernelCall): KernelCall => ({
  kernel: same(a.kernel, b.kernel),
  inputs: mergeRecords(a.inputs, b.inputs, mergeTensors),
  outputs: a.outputs.map((output, i) => mergeTensors(output, b.outputs[i])),
  attrs: mergeRecords(a.attrs, b.attrs, (x, y, name) =>
    WITH_BATCH[a.kernel] === name ? mergeSizes(x as number[], y as number[]) : same(x, y),
  ),
});

function mergeConstants(a: RecordedConstant, b: RecordedConstant): RecordedConstant {
  same([a.name, a.dtype, a.shape], [b.name, b.dtype, b.shape]);
  if (a.data !== b.data && !a.data.every((value, i) => Object.is(value, b.data[i])))
    throw new DependsOnBatch();
  return a;
}

function mergeLists<T>(a: readonly T[], b: readonly T[], merge: (a: T, b: T) => T): T[] {
  same(a.length, b.length);
  return a.map((value, i) => merge(value, b[i]));
}

/** One recording for any batch; undefined where the function needs to know it. */
export function recordingsToBatched(a: Recording, b: Recording): Recording | undefined {
  try {
    return {
      inputs: mergeLists(a.inputs, b.inputs, mergeTensors),
      constants: mergeLists(a.constants, b.constants, mergeConstants),
      calls: mergeLists(a.calls, b.calls, mergeCalls),
      outputs: mergeRecords(a.outputs, b.outputs, mergeTensors),
    };
  } catch (error) {
    if (error instanceof DependsOnBatch) return undefined;
    throw error;
  }
}
