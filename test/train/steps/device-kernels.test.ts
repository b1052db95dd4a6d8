/** Every node of a step of training has a kernel on WebGPU: none waits for the CPU in the middle of a step. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { DeviceMemory, Engine } from "../../../src/engine/engine.ts";
import type { Node } from "../../../src/engine/graph.ts";
import { loadTensorflow } from "../../../src/engine/tensorflow.ts";
import { functionToGraph } from "../../../src/engine/trace.ts";
import { PRESETS, type PresetName } from "../../../src/train/presets.ts";
import type { Scheme } from "../../../src/train/scheme/scheme.ts";
import { SCHEME_MODELS, type SchemeModelName } from "../../../src/train/schemes/models.ts";
import { Trainer } from "../../../src/train/trainer.ts";
import type { FieldData } from "../../../src/train/training-data.ts";
import { openSmallModel } from "../schemes/small-models.ts";
import { presetToScheme, smallImages } from "../small-presets.ts";

beforeAll(() => loadTensorflow());

/** `Op type` of docs/gpu.md's table, which test/engine/webgpu/kernels.test.ts holds against ONNX Runtime. */
const MISSING = new Set(
  readFileSync(path.resolve(import.meta.dirname, "../../../docs/gpu.md"), "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, ops = "", types = ""] = /^\| ([A-Z]\w+(?:, [A-Z]\w+)*) \| ([a-z0-9, ]+) \|$/.exec(line) ?? [];
      return ops.split(", ").flatMap((op) => types.split(", ").map((type) => `${op} ${type}`));
    })
    .filter((cell) => cell !== " "),
);

/** An engine that compiles nothing and keeps the nodes of what it is asked to compile. */
function openRecorder(): { readonly engine: Engine; readonly nodes: Node[] } {
  const nodes: Node[] = [];
  const memory: DeviceMemory = {
    put: async (_data, { shape, dtype = "float32" }) => ({ shape, dtype, free() {} }),
    read: async () => new Float32Array(0),
    async compile(fn, signature, { name }) {
      nodes.push(...functionToGraph(fn, signature, name, "webgpu").nodes);
      return { run: () => Promise.reject(new Error("it computes nothing")), async dispose() {} };
    },
  };
  return { nodes, engine: { name: "onnx", device: "webgpu", threads: 1, memory } as unknown as Engine };
}

async function expectKernels(scheme: Scheme, data: FieldData): Promise<void> {
  const { engine, nodes } = openRecorder();
  await Trainer.open(engine, scheme, data, {
    seed: 1,
    rates: { generator: 1e-3, discriminator: 1e-3 },
    rounds: 2,
  });
  expect(nodes.length).toBeGreaterThan(20);
  const missing = nodes.map(({ op, inputs: [x] }) => `${op} ${x?.dtype}`).filter((node) => MISSING.has(node));
  expect([...new Set(missing)]).toEqual([]);
}

it("the page lists kernels that are missing", () => {
  expect([...MISSING]).toEqual(
    expect.arrayContaining(["IsNaN float32", "Or bool", "Slice int32", "Identity uint8"]),
  );
});

it.each(Object.keys(PRESETS) as PresetName[])("steps of %s have theirs", async (model) => {
  await expectKernels(await presetToScheme(model), smallImages());
});

it.each(Object.keys(SCHEME_MODELS) as SchemeModelName[])("steps of %s have theirs", async (model) => {
  const { scheme, data } = await openSmallModel(model);
  await expectKernels(scheme, data);
});
