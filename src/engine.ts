/** gan-eval/engine: functions of tensorflow.js tensors, compiled to one graph, and their gradients. */

export type {
  ArrayData,
  ArraysInPlace,
  ArrayValue,
  CompileOptions,
  DeviceArray,
  DeviceMemory,
  DeviceName,
  DeviceProgram,
  Engine,
  EngineName,
  InputSpec,
  InputType,
  Program,
  Signature,
  StatefulProgram,
  Tensors,
} from "./engine/engine.ts";
export { type EngineChoice, type EngineReport, listEngines, openEngine } from "./engine/index.ts";
/** tensorflow.js itself: the operations that functions are made of. */
export * as tf from "./engine/tfjs.ts";
export { type ErrorCode, type ErrorKind, GanEvalError } from "./errors.ts";
export { compile, type Gradients, gradients } from "./library/compile.ts";
