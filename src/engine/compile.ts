/** The onnx engine: tensorflow.js functions traced to one graph each, run by ONNX Runtime. */
import { openBackgroundProgram } from "./background-program.ts";
import { readChannelBlock } from "./channel-block.ts";
import { claimDevice } from "./device-claim.ts";
import { keepsArrays, openDeviceMemory } from "./device-memory.ts";
import { openDeviceStep } from "./device-step.ts";
import type {
  ArrayValue,
  CompileOptions,
  Engine,
  Program,
  Signature,
  StatefulProgram,
  Tensors,
} from "./engine.ts";
import { flatStep, mapEntries, type StatefulFunction, slotName, stateToSignature } from "./flat-step.ts";
import type { Graph } from "./graph.ts";
import { openProgram, openStatefulProgram, type StateSlot } from "./graph-program.ts";
import { OpenPrograms } from "./open-programs.ts";
import { type SelfCheck, withSelfCheck } from "./self-check.ts";
import type { SessionOptions } from "./session.ts";
import { canStay, openSubmittedProgram, takingArrays } from "./submitted-program.ts";
import { loadTensorflow } from "./tensorflow.ts";

/** Opens the onnx engine; whether its device is there shows at the first compile. */
export async function openOnnxEngine(options: SessionOptions): Promise<Engine> {
  await loadTensorflow();
  const { functionToGraph } = await import("./trace.ts");
  const giveBack = await claimDevice(options.device);
  const selfCheck = options.selfCheck === true && options.device !== "cpu";
  const programs = new OpenPrograms();
  const channelBlock = async () => (options.device === "cpu" ? readChannelBlock() : 1);
  const keep = <P extends Program>(program: P): P => programs.keep(program);
  const memory = keepsArrays(options.device) ? openDeviceMemory(options) : undefined;

  const checked = (program: Program, graph: Graph, check: Omit<SelfCheck, "openReference" | "device">) => {
    if (!selfCheck) return program;
    const openReference = async (): Promise<Program> =>
      takingArrays(await openProgram(graph, { device: "cpu", threads: options.threads }), memory);
    return withSelfCheck(program, { ...check, device: options.device, openReference });
  };

  async function compile(
    fn: (inputs: Tensors) => Tensors,
    signature: Signature,
    { name = "program", background = false, inPlace, selfCheckTolerance: tolerance }: CompileOptions = {},
  ): Promise<Program> {
    const checking = { name, tolerance };
    const graph = functionToGraph(fn, signature, name, options.device, await channelBlock());
    if (background && inPlace === undefined) {
      if (memory && canStay(graph))
        return keep(checked(await openSubmittedProgram(graph, memory), graph, checking));
      // Threads of their own are proven for the CPU only.
      if (options.device === "cpu") return keep(await openBackgroundProgram(graph, options));
    }
    return keep(checked(await openProgram(graph, options, inPlace), graph, { ...checking, inPlace }));
  }

  async function compileStep(
    step: StatefulFunction,
    signature: Signature,
    initialState: Readonly<Record<string, ArrayValue>>,
    { name = "step" }: CompileOptions = {},
  ): Promise<StatefulProgram> {
    const names = Object.keys(initialState);
    const state = stateToSignature(initialState);
    if (memory) return keep(await openDeviceStep(memory, step, signature, initialState, name));
    const graph = functionToGraph(
      flatStep(step, Object.keys(signature), names),
      { ...signature, ...state },
      name,
      options.device,
      await channelBlock(),
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
    selfCheck,
    ...(memory && { memory }),
    compile: compile as Engine["compile"],
    compileStep: compileStep as Engine["compileStep"],
    async dispose() {
      await programs.dispose();
      await memory?.dispose();
      await giveBack();
    },
  };
}
