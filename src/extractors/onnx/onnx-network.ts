/** A network in an ONNX file, run by ONNX Runtime as it is. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-common";
import { textToDeviceError } from "../../engine/device-failures.ts";
import { arrayToTensor } from "../../engine/device-memory.ts";
import { onDevice } from "../../engine/device-queue.ts";
import { requireDevice } from "../../engine/devices.ts";
import type { ArrayValue, DeviceName, Engine, Program } from "../../engine/engine.ts";
import { loadOnnxRuntime, type Ort } from "../../engine/onnxruntime.ts";
import { type SelfCheck, withSelfCheck } from "../../engine/self-check.ts";
import { toOnnxRuntimeOptions } from "../../engine/session.ts";
import { takingArrays } from "../../engine/submitted-program.ts";
import { GanEvalError } from "../../errors.ts";
import { type ImageNetwork, type NetworkProgram, otherNetwork } from "../custom/image-network.ts";
import type { BatchArray } from "../image-input.ts";
import { addOnnxOutputs, bytesToOnnxDescription, type OnnxDescription } from "./onnx-model.ts";

/** TensorProto.DataType.FLOAT */
const FLOAT32 = 1;

const cannotRead = (location: string, cause: unknown): GanEvalError =>
  new GanEvalError("input.cannot-read", `cannot read ${location}: ${(cause as Error).message}`, {
    hint: "Check the path and its permissions; external data files must be in the folder of the ONNX file.",
    cause,
  });

interface ExternalFile {
  /** As the model names it. */
  readonly name: string;
  readonly location: string;
}

/** Files that hold a model's arrays: only such as lie beside it or below. */
function externalPaths(location: string, { externalFiles }: OnnxDescription): ExternalFile[] {
  const outside = externalFiles.find(
    (name) => path.isAbsolute(name) || path.normalize(name).split(path.sep).includes(".."),
  );
  if (outside !== undefined) throw otherNetwork(location, `arrays in ${outside}, outside its folder`);
  const folder = path.dirname(location);
  return [...externalFiles].sort().map((name) => ({ name, location: path.join(folder, name) }));
}

async function filesToHash(bytes: Uint8Array, others: readonly ExternalFile[]): Promise<string> {
  const hash = createHash("sha256").update(bytes);
  for (const { location } of others)
    try {
      for await (const chunk of createReadStream(location, { highWaterMark: 2 ** 20 })) hash.update(chunk);
    } catch (cause) {
      throw cannotRead(location, cause);
    }
  return hash.digest("hex");
}

/** For a model that is given as bytes. */
const readExternal = (files: readonly ExternalFile[]) =>
  Promise.all(files.map(async ({ name, location }) => ({ path: name, data: await readFile(location) })));

class OnnxProgram implements NetworkProgram {
  readonly anyBatch: boolean;
  private readonly session: InferenceSession;
  private readonly ort: Ort;
  private readonly location: string;
  private readonly sides: readonly number[];
  private readonly device: DeviceName;
  private readonly names: { readonly input: string; readonly outputs: readonly string[] };

  constructor(
    { session, ort, device }: { session: InferenceSession; ort: Ort; device: DeviceName },
    location: string,
    sides: readonly number[],
    names: { input: string; outputs: readonly string[]; anyBatch: boolean },
  ) {
    this.session = session;
    this.ort = ort;
    this.device = device;
    this.location = location;
    this.sides = sides;
    this.names = names;
    this.anyBatch = names.anyBatch;
  }

  async run(images: BatchArray): Promise<readonly ArrayValue[]> {
    const { input, outputs } = this.names;
    const tensor = this.toTensor(images);
    const wanted = [...new Set(outputs)];
    const run = () => this.session.run({ [input]: tensor }, wanted);
    const results = await onDevice(this.device, run).catch((cause) => {
      const known = textToDeviceError(cause.message, this.device, cause);
      throw known ?? otherNetwork(this.location, `an error of ONNX Runtime: ${cause.message}`, cause);
    });
    return outputs.map((name) => {
      const { data, dims } = results[name];
      return { data: data as Float32Array, shape: dims };
    });
  }

  private toTensor(images: BatchArray): Tensor {
    if (!(images instanceof Float32Array)) return arrayToTensor(images);
    const batch = images.length / this.sides.reduce((size, side) => size * side, 1);
    return new this.ort.Tensor("float32", images, [batch, ...this.sides]);
  }

  dispose(): Promise<void> {
    return onDevice(this.device, () => this.session.release());
  }
}

/** A network as a program, as what checks devices takes it. */
const toProgram = (network: NetworkProgram, names: readonly string[]): Program<"images"> => ({
  async run({ images }) {
    const arrays = await network.run(images as BatchArray);
    return Object.fromEntries(names.map((name, i) => [name, arrays[i]]));
  },
  dispose: () => network.dispose(),
});

/** The network, whose first run on a device fails where the CPU gives other numbers. */
function checkedNetwork(network: NetworkProgram, names: readonly string[], check: SelfCheck): NetworkProgram {
  const program = withSelfCheck(toProgram(network, names), check);
  return {
    anyBatch: network.anyBatch,
    async run(images) {
      const arrays = await program.run({ images });
      return names.map((name) => arrays[name]);
    },
    dispose: () => program.dispose(),
  };
}

/** @throws GanEvalError `usage.engine` */
export function requireOnnxEngine(engine: Engine, location: string): void {
  if (engine.name === "onnx") return;
  throw new GanEvalError("usage.engine", `expected engine onnx for ${location}, got ${engine.name}`, {
    hint: "Only ONNX Runtime runs ONNX files: leave --engine out.",
  });
}

/**
 * Reads an ONNX file of one input. Nothing is run yet.
 * @throws GanEvalError `input.extractor-network` for another file or network, `input.cannot-read`
 */
export async function readOnnxNetwork(location: string): Promise<ImageNetwork> {
  const bytes: Uint8Array = await readFile(location).catch((cause) => {
    throw cannotRead(location, cause);
  });
  const description = bytesToOnnxDescription(bytes, location);
  const { inputs, outputs, within } = description;
  if (inputs.length !== 1 || outputs.length === 0)
    throw otherNetwork(
      location,
      `inputs ${inputs.map(({ name }) => name).join(", ") || "without a name"} and ${outputs.length} outputs`,
    );
  const [input] = inputs;
  if (input.type !== FLOAT32) throw otherNetwork(location, `an input ${input.name} that is not float32`);
  const others = externalPaths(location, description);
  return {
    location,
    hash: await filesToHash(bytes, others),
    inputShape: input.shape,
    outputs,
    within: within.filter((name) => !outputs.includes(name)),
    async compile(engine, [, ...sides], names) {
      requireOnnxEngine(engine, location);
      const refused = (cause: Error): never => {
        const known = textToDeviceError(cause.message, engine.device, cause);
        throw known ?? otherNetwork(location, `a model that ONNX Runtime rejects: ${cause.message}`, cause);
      };
      const ort = await loadOnnxRuntime();
      await requireDevice(engine.device);
      const added = [...new Set(names)].filter((name) => !outputs.includes(name));
      const { threads } = engine;
      const open = async (device: DeviceName): Promise<OnnxProgram> => {
        const options = toOnnxRuntimeOptions({ device, threads });
        const externalData = added.length === 0 ? [] : await readExternal(others);
        // Without further outputs ONNX Runtime reads the file itself, and finds what lies beside it.
        const create = () =>
          added.length === 0
            ? ort.InferenceSession.create(location, options)
            : ort.InferenceSession.create(addOnnxOutputs(bytes, added), { ...options, externalData });
        const session = await onDevice(device, create).catch(refused);
        const anyBatch = input.shape[0] === undefined;
        const ports = { input: input.name, outputs: names, anyBatch };
        return new OnnxProgram({ session, ort, device }, location, sides, ports);
      };
      const network = await open(engine.device);
      if (!engine.selfCheck) return network;
      const openReference = async (): Promise<Program> =>
        takingArrays(toProgram(await open("cpu"), names), engine.memory);
      const checked = { name: path.basename(location), device: engine.device, openReference };
      return checkedNetwork(network, names, checked);
    },
  };
}
