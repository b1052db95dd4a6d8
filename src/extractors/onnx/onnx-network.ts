/** A network in an ONNX file, run by ONNX Runtime as it is. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { InferenceSession } from "onnxruntime-common";
import { requireDevice } from "../../engine/devices.ts";
import type { ArrayValue, Engine } from "../../engine/engine.ts";
import { loadOnnxRuntime, type Ort } from "../../engine/onnxruntime.ts";
import { toOnnxRuntimeOptions } from "../../engine/session.ts";
import { GanEvalError } from "../../errors.ts";
import { type ImageNetwork, type NetworkProgram, otherNetwork } from "../custom/image-network.ts";
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
  private readonly names: { readonly input: string; readonly outputs: readonly string[] };

  constructor(
    { session, ort }: { session: InferenceSession; ort: Ort },
    location: string,
    sides: readonly number[],
    names: { input: string; outputs: readonly string[]; anyBatch: boolean },
  ) {
    this.session = session;
    this.ort = ort;
    this.location = location;
    this.sides = sides;
    this.names = names;
    this.anyBatch = names.anyBatch;
  }

  async run(images: Float32Array): Promise<readonly ArrayValue[]> {
    const batch = images.length / this.sides.reduce((size, side) => size * side, 1);
    const { input, outputs } = this.names;
    const tensor = new this.ort.Tensor("float32", images, [batch, ...this.sides]);
    const results = await this.session.run({ [input]: tensor }, [...new Set(outputs)]).catch((cause) => {
      throw otherNetwork(this.location, `an error of ONNX Runtime: ${cause.message}`, cause);
    });
    return outputs.map((name) => {
      const { data, dims } = results[name];
      return { data: data as Float32Array, shape: dims };
    });
  }

  dispose(): Promise<void> {
    return this.session.release();
  }
}

function requireOnnxEngine(engine: Engine, location: string): void {
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
        throw otherNetwork(location, `a model that ONNX Runtime rejects: ${cause.message}`, cause);
      };
      const ort = await loadOnnxRuntime();
      await requireDevice(engine.device);
      const added = [...new Set(names)].filter((name) => !outputs.includes(name));
      // Without further outputs ONNX Runtime reads the file itself, and finds what lies beside it.
      const session =
        added.length === 0
          ? await ort.InferenceSession.create(location, toOnnxRuntimeOptions(engine)).catch(refused)
          : await ort.InferenceSession.create(addOnnxOutputs(bytes, added), {
              ...toOnnxRuntimeOptions(engine),
              externalData: await readExternal(others),
            }).catch(refused);
      const anyBatch = input.shape[0] === undefined;
      return new OnnxProgram({ session, ort }, location, sides, {
        input: input.name,
        outputs: names,
        anyBatch,
      });
    },
  };
}
