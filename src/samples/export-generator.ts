/** A trained generator, or what a run makes of images, for other programs: one ONNX file, or a tensorflow.js graph model. */
import type { BatchedFunction, BatchSize } from "../engine/export/batched-function.ts";
import { GanEvalError } from "../errors.ts";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { requireFree } from "../images/sinks/target.ts";
import { packageVersion } from "../package-root.ts";
import { readDescription } from "../run-folder/description.ts";
import { LATENT_NOTE, type LatentSpec, latentWidth } from "../train/latent.ts";
import { within } from "../train/networks/names.ts";
import { isSchemeModel } from "../train/scheme-model.ts";
import { readExportedMaker } from "./export-maker.ts";
import { requireModelFolder, WEIGHTS_FILE, writeModelFolder } from "./graph-model-folder.ts";
import {
  type GeneratorOptions,
  type GeneratorOrigin,
  originOf,
  readGenerator,
  type TrainedGenerator,
} from "./open-generator.ts";
import type { MakerOptions } from "./open-maker.ts";
import { type ExportFormat, OUTPUT_ROWS } from "./options.ts";

export interface ExportOptions extends GeneratorOptions, MakerOptions {
  /** An ONNX file, or a tensorflow.js graph model. */
  readonly to: ExportFormat;
  /** The .onnx file, or the folder of the tfjs model. */
  readonly out: string;
  /** Whether what lies at `out` is replaced (default false: an error). */
  readonly overwrite?: boolean;
  /** Ends the work with an AbortError (default: it runs to its end). */
  readonly signal?: AbortSignal;
}

/** An input or output of the exported model. */
export interface ExportedPort {
  readonly name: string;
  /** Of one example. */
  readonly shape: readonly number[];
  readonly description: string;
}

export interface Exported extends GeneratorOrigin {
  readonly schema: "gan-eval/exported/1";
  readonly format: ExportFormat;
  readonly location: string;
  readonly bytes: number;
  /** How many examples the model takes at a time. */
  readonly batch: BatchSize;
  readonly inputs: readonly ExportedPort[];
  readonly output: ExportedPort;
}

/** `62 standard normal numbers, then one-hot of 10`. */
function latentToText({ noise, distribution, categories = [], codes = 0 }: LatentSpec): string {
  const drawn = distribution === "normal" ? "standard normal numbers" : "numbers uniform in [-1, 1)";
  return [
    `${noise} ${drawn}`,
    ...categories.map((size) => `one-hot of ${size}`),
    ...(codes > 0 ? [`${codes} numbers uniform in [-1, 1)`] : []),
  ].join(", then ");
}

/** Names that fit into a sentence. */
const MOST_NAMED = 20;

const classesToText = (names: readonly string[] | undefined): string =>
  names === undefined || names.length > MOST_NAMED ? "one-hot class" : `one-hot class: ${names.join(", ")}`;

function generatorToPorts({ latent, classes, classNames, network }: TrainedGenerator) {
  const isImage = network.output.length === 3;
  const inputs: ExportedPort[] = [
    { name: "latent", shape: [latentWidth(latent)], description: latentToText(latent) },
    ...(classes === undefined
      ? []
      : [{ name: "labels", shape: [classes], description: classesToText(classNames) }]),
  ];
  const output: ExportedPort = {
    name: isImage ? "pictures" : "points",
    shape: network.output,
    description: isImage
      ? "height, width, channels (NHWC); values in [-1, 1], a byte is round((x + 1) * 127.5)"
      : "coordinates",
  };
  return { inputs, output };
}

function generatorToFunction(
  { network, arrays }: TrainedGenerator,
  inputs: readonly ExportedPort[],
  output: string,
): BatchedFunction {
  return {
    name: "generator",
    inputs: Object.fromEntries(inputs.map(({ name, shape }) => [name, shape])),
    constants: arrays,
    apply: ({ latent, labels }, constants) => {
      const weights = within(constants, "weights");
      const buffers = within(constants, "buffers");
      return { [output]: network.apply(latent, { weights, buffers, labels }, "evaluate").output };
    },
  };
}

/** What is told of a model inside its file. */
interface Facts {
  readonly fn: BatchedFunction;
  readonly ports: readonly ExportedPort[];
  readonly description: string;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Written {
  readonly bytes: number;
  readonly batch: BatchSize;
}

interface Format {
  require(out: string, overwrite: boolean): Promise<void>;
  write(out: string, facts: Facts, signal: AbortSignal | undefined): Promise<Written>;
}

const FORMATS = {
  onnx: {
    require: async (out, overwrite) => {
      if (!/\.onnx$/i.test(out))
        throw new GanEvalError("usage.out", `expected a file name ending in .onnx, got ${out}`);
      await requireFree(out, "file", overwrite);
    },
    write: async (out, { fn, ports, description, metadata }, signal) => {
      const { functionToOnnxFile } = await import("../engine/export/onnx-file.ts");
      const { bytes, batch } = await functionToOnnxFile(fn, {
        version: packageVersion(),
        description,
        ports: Object.fromEntries(ports.map((port) => [port.name, port.description])),
        metadata,
      });
      signal?.throwIfAborted();
      await writeFileAtomically(out, [bytes]);
      return { bytes: bytes.length, batch };
    },
  },
  tfjs: {
    require: requireModelFolder,
    write: async (out, { fn, description, metadata }, signal) => {
      const { functionToGraphModel } = await import("../engine/export/graph-model.ts");
      const version = `gan-eval ${packageVersion()}`;
      const notes = { generatedBy: version, convertedBy: version, metadata: { description, ...metadata } };
      const { json, weights, batch } = await functionToGraphModel(fn, notes, WEIGHTS_FILE);
      signal?.throwIfAborted();
      return { bytes: await writeModelFolder(out, json, weights), batch };
    },
  },
} as const satisfies Record<ExportFormat, Format>;

/** What is exported, and what is said of it. */
async function optionsToSubject(options: ExportOptions) {
  const { config } = await readDescription(options.run);
  if (options.maker !== undefined || isSchemeModel(String(config.model))) return readExportedMaker(options);
  const trained = await readGenerator(options);
  const { inputs, output } = generatorToPorts(trained);
  return {
    ...{ inputs, output, run: trained.run, round: trained.round, config: trained.config },
    fn: generatorToFunction(trained, inputs, output.name),
    origin: originOf(options.run, trained),
    what: "Generator of a GAN",
    // For `--fake generator.onnx`, which draws latents as `generate` does.
    notes: { [LATENT_NOTE]: JSON.stringify(trained.latent) },
  };
}

/**
 * Writes a run's generator, or of a run of several networks one of its makers, its weights inside, for programs that know nothing of gan-eval. The model takes `latent`
 * and, of a conditional generator, `labels`, and gives `pictures` (`points` of toy data); that of a maker takes what the maker
 * reads (`a`, `low`, codes), images of the size of the run's data or of `size`; any number at a time, unless
 * a layer of the user's own needs to know it. What the numbers mean is said in the file.
 * @throws GanEvalError as `readGenerator` and `readMaker`; `usage.target-exists`, `usage.out`, `usage.export-kernel`
 */
export async function exportGenerator(options: ExportOptions): Promise<Exported> {
  const { to, out, overwrite = OUTPUT_ROWS.overwrite.default, signal } = options;
  const format = FORMATS[to];
  await format.require(out, overwrite);
  const subject = await optionsToSubject(options);
  const { fn, inputs, output, run, round, config, origin, what } = subject;
  const ports = [...inputs, output];
  const { model, data } = config;
  const metadata = {
    run: run.name,
    round: String(round),
    model,
    data,
    ...Object.fromEntries(ports.map(({ name, description }) => [name, description])),
    ...("notes" in subject && subject.notes),
  };
  const facts: Facts = {
    fn,
    ports,
    description: `${what} (${model}, trained on ${run.data.label}), run ${run.name}, round ${round}. ${ports.map(({ name, description }) => `${name}: ${description}`).join(". ")}.`,
    metadata,
  };
  const { bytes, batch } = await format.write(out, facts, signal);
  return {
    schema: "gan-eval/exported/1",
    ...origin,
    format: to,
    location: out,
    bytes,
    batch,
    inputs,
    output,
  };
}
