/**
 * The first run of a program on a device, held against the CPU: drivers and providers have given wrong numbers
 * (onnxruntime #24070, #25029, #25227), and nothing else would notice.
 */
import { GanEvalError } from "../errors.ts";
import type { ArrayData, ArraysInPlace, ArrayValue, DeviceName, Program } from "./engine.ts";
import { Queue } from "./queue.ts";

/** Sums in another order differ by some 1e-6; what is wrong differs by more than this. */
const SELF_CHECK_TOLERANCE = 1e-4;

/**
 * An output this much smaller than the largest one is zero up to rounding, as the slope of a bias before a normalisation
 * is: its own digits are noise.
 */
const LEAST_SHARE = 1e-4;

/** Arrays by the names of outputs. */
type Outputs = Readonly<Record<string, ArrayData>>;

/** What is checked, as errors name it. */
export interface Checked {
  readonly name: string;
  readonly device: DeviceName;
  /** How far an output may be off, in parts of its largest value (default `SELF_CHECK_TOLERANCE`). */
  readonly tolerance?: number | undefined;
}

export interface SelfCheck extends Checked {
  /** Opens the same program on the CPU; it is run once and closed. It takes what lies in place as inputs. */
  openReference(): Promise<Program>;
  readonly inPlace?: ArraysInPlace | undefined;
}

const largestOf = (data: Float32Array): number => {
  let largest = 0;
  for (const value of data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
};

/** `max |actual - expected|`; infinite where one is no number or infinite and the other is not the same. */
function largestDifference(actual: Float32Array, expected: Float32Array): number {
  let largest = 0;
  for (const [i, value] of expected.entries()) {
    const other = actual[i]!;
    if (Object.is(value, other) || value === other) continue;
    const difference = Math.abs(other - value);
    if (!Number.isFinite(difference)) return Number.POSITIVE_INFINITY;
    largest = Math.max(largest, difference);
  }
  return largest;
}

/**
 * How far each float output is off: `max |actual - expected| / max |expected|`, and for outputs of less than 1e-4 of the
 * largest of all, in parts of that 1e-4. Whole numbers are left out: a tie may go either way.
 */
export function outputsToDeviations(actual: Outputs, expected: Outputs): Record<string, number> {
  const floats = Object.entries(expected).filter(
    (entry): entry is [string, Float32Array] => entry[1] instanceof Float32Array,
  );
  const scales = floats.map(([, data]) => largestOf(data));
  const least = LEAST_SHARE * Math.max(0, ...scales);
  return Object.fromEntries(
    floats.map(([name, data], i) => {
      const difference = largestDifference(actual[name] as Float32Array, data);
      return [name, difference === 0 ? 0 : difference / Math.max(scales[i]!, least)];
    }),
  );
}

/** @throws GanEvalError `unavailable.device-differs`, with the output that is furthest off */
export function requireSameOutputs(
  actual: Outputs,
  expected: Outputs,
  { name, device, tolerance = SELF_CHECK_TOLERANCE }: Checked,
): void {
  const deviations = Object.entries(outputsToDeviations(actual, expected));
  const [output, deviation] = deviations.reduce((worst, each) => (each[1] > worst[1] ? each : worst), [
    "",
    0,
  ] as [string, number]);
  if (deviation <= tolerance) return;
  const got = Number.isFinite(deviation)
    ? `one that is off by ${deviation.toPrecision(2)} of its largest value`
    : "one with values that are no numbers on one of the two only";
  throw new GanEvalError(
    "unavailable.device-differs",
    `expected output ${output} of ${name} on ${device} to be the CPU's to ${tolerance}, got ${got}`,
    {
      hint: `Update the driver of ${device}, or take the CPU: --device cpu. --no-self-check goes on with the device's numbers.`,
    },
  );
}

/** Arrays by name, without their shapes. */
export const toArrays = (values: Readonly<Record<string, ArrayValue>>): Outputs =>
  Object.fromEntries(Object.entries(values).map(([name, { data }]) => [name, data]));

/** What the CPU makes of the inputs. */
export async function referenceToOutputs(
  { openReference, inPlace }: Pick<SelfCheck, "openReference" | "inPlace">,
  inputs: Parameters<Program["run"]>[0],
): Promise<Outputs> {
  const reference = await openReference();
  try {
    return toArrays(await reference.run({ ...inPlace?.inputs, ...inputs }));
  } finally {
    await reference.dispose();
  }
}

/**
 * The program, whose first run fails where the CPU gives other numbers: with `unavailable.device-differs`, and so do later
 * ones until one agrees. The CPU's session is closed before the device begins.
 */
export function withSelfCheck(program: Program, check: SelfCheck): Program {
  const queue = new Queue();
  let left: SelfCheck | undefined = check;
  return {
    run(inputs) {
      if (left === undefined) return program.run(inputs);
      return queue.add(async () => {
        if (left === undefined) return program.run(inputs);
        const expected = await referenceToOutputs(left, inputs);
        const values = await program.run(inputs);
        requireSameOutputs({ ...toArrays(values), ...left.inPlace?.outputs }, expected, left);
        // With it goes the graph, and the weights in it.
        left = undefined;
        return values;
      });
    },
    dispose: () => queue.add(() => program.dispose()),
  };
}
