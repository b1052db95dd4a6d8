/** The first run of a program over a device's arrays, held against the CPU. */
import type { DeviceMemory, DeviceProgram } from "./engine.ts";
import { Queue } from "./queue.ts";
import { referenceToOutputs, requireSameOutputs, type SelfCheck, toArrays } from "./self-check.ts";
import { readInputs, takingArrays } from "./submitted-program.ts";

/**
 * The program, whose first run reads what it is given and what it leaves, and fails where the CPU makes something else of it.
 * @throws GanEvalError `unavailable.device-differs` at the first run
 */
export function withDeviceSelfCheck(
  program: DeviceProgram,
  memory: DeviceMemory,
  check: Omit<SelfCheck, "inPlace">,
): DeviceProgram {
  const queue = new Queue();
  let left: typeof check | undefined = check;
  const runChecked = async (inputs: Parameters<DeviceProgram["run"]>[0]) => {
    if (left === undefined) return program.run(inputs);
    const { openReference } = left;
    const openTaking = async () => takingArrays(await openReference(), memory);
    const expected = await referenceToOutputs({ openReference: openTaking }, inputs);
    const { outputs, stays } = await program.run(inputs);
    try {
      requireSameOutputs({ ...toArrays(outputs), ...(await readInputs(memory, stays)) }, expected, left);
    } catch (error) {
      for (const array of Object.values(stays)) array.free();
      throw error;
    }
    // With it goes the graph, and the weights in it.
    left = undefined;
    return { outputs, stays };
  };
  return {
    run: (inputs) => (left === undefined ? program.run(inputs) : queue.add(() => runChecked(inputs))),
    dispose: () => queue.add(() => program.dispose()),
  };
}
