/** The onnx engine: tensorflow.js functions traced to one graph each, run by ONNX Runtime. */
import { openBackgroundProgram } from "./background-program.ts";
import type {
  ArrayData,
  ArrayValue,
  CompileOptions,
  Engine,
  InputSpec,
  Program,
  Signature,
  StatefulProgram,
  Tensors,
} from "./engine.ts";
import { openProgram, openStatefulProgram, type StateSlot } from "./graph-program.ts";
import type { SessionOptions } from "./session.ts";
import { loadTensorflow } from "./tensorflow.ts";

/** The graph's name of an array of the state; a caller's own names do not begin so. */
const slotName = (name: string): string => `state/${name}`;

const typeOf = (data: ArrayData): InputSpec["dtype"] =>
  data instanceof Float32Array ? "float32" : data instanceof Int32Array ? "int32" : "bool";

const mapEntries = <T, U>(
  record: Readonly<Record<string, T>>,
  map: (name: string, value: T) => readonly [string, U],
): Record<string, U> => Object.fromEntries(Object.entries(record).map(([name, value]) => map(name, value)));

/** A step as a function of one flat set of inputs, the state among them. */
function flatStep(
  step: (inputs: Tensors, state: Tensors) => { outputs: Tensors; state: Tensors },
  inputs: readonly string[],
  state: readonly string[],
): (tensors: Tensors) => Tensors {
  return (tensors) => {
    const own = Object.fromEntries(inputs.map((name) => [name, tensors[name]]));
    const carried = Object.fromEntries(state.map((name) => [name, tensors[slotName(name)]]));
    const result = step(own, carried);
    return { ...result.outputs, ...mapEntries(result.state, (name, tensor) => [slotName(name), tensor]) };
  };
}

/** Opens the onnx engine; whether its device is there shows at the first compile. */
export async function openOnnxEngine(options: SessionOptions): Promise<Engine> {
  await loadTensorflow();
  const { functionToGraph } = await import("./trace.ts");
  const open = new Set<Program>();
  const keep = <P extends Program>(program: P): P => {
    open.add(program);
    const dispose = program.dispose.bind(program);
    program.dispose = () => {
      open.delete(program);
      return dispose();
    };
    return program;
  };

  async function compile(
    fn: (inputs: Tensors) => Tensors,
    signature: Signature,
    { name = "program", background = false, inPlace }: CompileOptions = {},
  ): Promise<Program> {
    const graph = functionToGraph(fn, signature, name);
    // Other devices are proven in the main thread only.
    if (background && inPlace === undefined && options.device === "cpu")
      return keep(await openBackgroundProgram(graph, options));
    return keep(await openProgram(graph, options, inPlace));
  }

  async function compileStep(
    step: (inputs: Tensors, state: Tensors) => { outputs: Tensors; state: Tensors },
    signature: Signature,
    initialState: Readonly<Record<string, ArrayValue>>,
    { name = "step" }: CompileOptions = {},
  ): Promise<StatefulProgram> {
    const names = Object.keys(initialState);
    const state = mapEntries(initialState, (key, { data, shape }) => [
      slotName(key),
      { shape, dtype: typeOf(data) },
    ]);
    const graph = functionToGraph(
      flatStep(step, Object.keys(signature), names),
      { ...signature, ...state },
      name,
    );
    const slots: StateSlot[] = names.map((key) => ({
      name: key,
      input: slotName(key),
      output: slotName(key),
    }));
    const arrays = mapEntries(initialState, (key, { data }) => [key, data]);
    return keep(await openStatefulProgram(graph, slots, arrays, options));
  }

  return {
    name: "onnx",
    device: options.device,
    threads: options.threads,
    compile: compile as Engine["compile"],
    compileStep: compileStep as Engine["compileStep"],
    async dispose() {
      await Promise.all([...open].map((program) => program.dispose()));
    },
  };
}
