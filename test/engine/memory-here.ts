/** A device's memory that lies here: what runs on a device, checked on any machine, and counted. */
import type {
  ArrayData,
  ArrayValue,
  DeviceArray,
  DeviceMemory,
  Engine,
  InputSpec,
} from "../../src/engine/engine.ts";

class ArrayHere implements DeviceArray {
  readonly shape: readonly number[];
  readonly dtype: NonNullable<InputSpec["dtype"]>;
  private held: ArrayData | undefined;
  private readonly traffic: Traffic;

  constructor(data: ArrayData, { shape, dtype = "float32" }: InputSpec, traffic: Traffic) {
    this.held = data;
    this.shape = shape;
    this.dtype = dtype;
    this.traffic = traffic;
    traffic.held += 1;
  }

  get data(): ArrayData {
    if (this.held === undefined) throw new Error("an array was used after it was freed");
    return this.held;
  }

  free(): void {
    if (this.held === undefined) throw new Error("an array was freed twice");
    this.held = undefined;
    this.traffic.held -= 1;
  }
}

/** What crossed, in bytes, and how many arrays are held. */
export interface Traffic {
  up: number;
  down: number;
  held: number;
}

/** The memory, over programs of the CPU. */
export function openMemoryHere(engine: Engine): DeviceMemory & { readonly traffic: Traffic } {
  const traffic: Traffic = { up: 0, down: 0, held: 0 };
  const isHere = (value: ArrayData | DeviceArray): value is ArrayHere => value instanceof ArrayHere;
  return {
    traffic,
    async put(data, spec) {
      traffic.up += data.byteLength;
      return new ArrayHere(data.slice(), spec, traffic);
    },
    async read(array) {
      const { data } = array as ArrayHere;
      traffic.down += data.byteLength;
      return data.slice();
    },
    async compile(fn, signature, { name, stays }) {
      const program = await engine.compile(fn, signature, { name });
      return {
        async run(inputs) {
          for (const value of Object.values(inputs))
            if (!isHere(value)) traffic.up += (value as ArrayData).byteLength;
          const made = await program.run(
            Object.fromEntries(
              Object.entries(inputs).map(([key, value]) => [
                key,
                isHere(value) ? value.data : (value as ArrayData),
              ]),
            ),
          );
          const outputs: Record<string, ArrayValue> = {};
          const kept: Record<string, DeviceArray> = {};
          for (const [key, value] of Object.entries(made) as [string, ArrayValue][])
            if (stays.includes(key)) kept[key] = new ArrayHere(value.data, { shape: value.shape }, traffic);
            else {
              outputs[key] = value;
              traffic.down += value.data.byteLength;
            }
          return { outputs, stays: kept };
        },
        dispose: () => program.dispose(),
      };
    },
  };
}

/** An engine of the CPU that has such a memory. */
export const withMemoryHere = (
  engine: Engine,
): Engine & { readonly memory: ReturnType<typeof openMemoryHere> } => ({
  ...engine,
  memory: openMemoryHere(engine),
});
