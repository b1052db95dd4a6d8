/** With what a run is computed: the part of computing that its config keeps. */
import type { DeviceName, EngineName } from "../engine/engine.ts";
import { integer, nullable, oneOf } from "../options/kinds.ts";
import { option } from "../options/option.ts";

const ENGINES = ["auto", "onnx", "tensorflow", "wasm", "cpu"] as const satisfies readonly (
  | EngineName
  | "auto"
)[];
const DEVICES = ["auto", "cpu", "webgpu", "cuda", "dml", "coreml"] as const satisfies readonly (
  | DeviceName
  | "auto"
)[];

export const RUN_COMPUTATION_TABLE = {
  engine: option({
    group: "Computation",
    kind: oneOf(ENGINES),
    value: "NAME",
    default: "auto",
    summary: "engine that computes; auto is onnx",
  }),
  device: option({
    group: "Computation",
    kind: oneOf(DEVICES),
    value: "NAME",
    default: "auto",
    summary: "device it computes on; naming one that is absent is an error; auto is cpu",
  }),
  /** Sums of other numbers of threads may differ in their last bits. */
  threads: option({
    group: "Computation",
    kind: nullable(integer(1, 1024)),
    value: "N",
    default: null,
    defaultText: "one per core",
    summary: "threads of the engine",
  }),
} as const;
