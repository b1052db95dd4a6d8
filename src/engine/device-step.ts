/** A program whose state lives in a device's memory. */
import { checkArrays } from "./check-arrays.ts";
import type {
  ArrayData,
  ArrayValue,
  DeviceArray,
  DeviceMemory,
  Signature,
  StatefulProgram,
} from "./engine.ts";
import { flatStep, mapEntries, type StatefulFunction, slotName, stateToSignature } from "./flat-step.ts";
import { Queue } from "./queue.ts";

/**
 * Compiles a step whose state is put on the device once and stays there: inputs go up, outputs come down, and the state
 * crosses the bus only when it is read or written.
 * @throws GanEvalError `usage.state-*` as `openStatefulProgram`
 */
export async function openDeviceStep(
  memory: DeviceMemory,
  step: StatefulFunction,
  signature: Signature,
  initialState: Readonly<Record<string, ArrayValue>>,
  name: string,
): Promise<StatefulProgram> {
  const types = stateToSignature(initialState);
  const names = Object.keys(initialState);
  const program = await memory.compile(
    flatStep(step, Object.keys(signature), names),
    { ...signature, ...types },
    { name, stays: names.map(slotName) },
  );
  const queue = new Queue();
  const state: Record<string, DeviceArray> = {};
  const put = async (arrays: Readonly<Record<string, ArrayData>>): Promise<void> => {
    for (const [key, data] of Object.entries(arrays)) {
      const array = await memory.put(data, types[slotName(key)]);
      state[key]?.free();
      state[key] = array;
    }
  };
  await put(mapEntries(initialState, (key, { data }) => [key, data]));
  const specs = new Map(names.map((key) => [key, types[slotName(key)]]));
  return {
    run: (inputs) =>
      queue.add(async () => {
        const { outputs, stays } = await program.run({
          ...inputs,
          ...mapEntries(state, (key, array) => [slotName(key), array]),
        });
        for (const key of names) {
          state[key].free();
          state[key] = stays[slotName(key)];
        }
        return { ...outputs };
      }),
    readState: () =>
      queue.add(async () => {
        const read: Record<string, ArrayValue> = {};
        for (const key of names) read[key] = { data: await memory.read(state[key]), shape: state[key].shape };
        return read;
      }),
    writeState: (arrays) =>
      queue.add(() => {
        checkArrays("state", specs, arrays, true);
        return put(arrays);
      }),
    dispose: () =>
      queue.add(async () => {
        for (const key of Object.keys(state)) {
          state[key].free();
          delete state[key];
        }
        await program.dispose();
      }),
  };
}
