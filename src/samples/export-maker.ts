/** A run's maker of images as a function for export: its inputs by name, its networks' arrays inside. */
import type { Tensors } from "../engine/engine.ts";
import type { BatchedFunction } from "../engine/export/batched-function.ts";
import { GanEvalError } from "../errors.ts";
import { makerToFunction } from "../train/maker.ts";
import { under } from "../train/networks/names.ts";
import { type InputKind, inputToSpec, type SchemeInput } from "../train/scheme/inputs.ts";
import type { ExportedPort } from "./export-generator.ts";
import { type MakerOptions, readMaker, type TrainedMaker } from "./open-maker.ts";
import { checkpointToOrigin } from "./run-checkpoint.ts";

/** Names that fit into a sentence. */
const MOST_NAMED = 20;

/** As exported generators call it. */
const OUTPUT = "pictures";

const IMAGE = "height, width, channels (NHWC); values in [-1, 1], a byte is round((x + 1) * 127.5)";

/** What the numbers of an input mean; none of a kind that no maker reads. */
const MEANINGS: Readonly<Partial<Record<InputKind, (input: SchemeInput, trained: TrainedMaker) => string>>> =
  {
    field: (input, { attributes = [] }) => {
      if ("shape" in input && input.shape.length === 3) return IMAGE;
      const names =
        attributes.length > 0 && attributes.length <= MOST_NAMED ? `: ${attributes.join(", ")}` : "";
      return `1 where the image is to have an attribute, else 0${names}`;
    },
    permuted: (input, trained) => MEANINGS.field!(input, trained),
    latent: () => "the latent",
    normal: () => "standard normal numbers",
    uniform: () => "numbers uniform in [0, 1)",
    classes: () => "one-hot class",
    hole: () => "height, width, 1: 1 in the hole that is filled, 0 around it",
  };

function inputToPort(trained: TrainedMaker, name: string): ExportedPort {
  const input = trained.scheme.inputs[name];
  const toText = MEANINGS[input.kind];
  if (toText === undefined)
    throw new GanEvalError(
      "usage.maker",
      `expected a maker that can be exported, got ${trained.maker.name}, which reads ${name} of the training`,
      { hint: "Choose another --maker." },
    );
  const { shape } = inputToSpec({ ...input, batch: 1 }, 1);
  return { name, shape: shape.slice(1), description: toText(input, trained) };
}

/** Of one image that is made. */
async function functionToShape({
  name,
  inputs,
  constants,
  apply,
}: BatchedFunction): Promise<readonly number[]> {
  const { functionToGraph } = await import("../engine/trace.ts");
  const names = Object.keys(inputs);
  const specs = {
    ...Object.fromEntries(names.map((key) => [key, { shape: [1, ...inputs[key]] }])),
    ...Object.fromEntries(Object.entries(constants).map(([key, { shape }]) => [key, { shape }])),
  };
  const { outputs } = functionToGraph((all: Tensors) => apply(all, all), specs, name);
  return outputs[0].value.shape.slice(1);
}

/**
 * Reads a maker for export: it takes what the maker reads, by the names of the scheme's inputs, any number at a time.
 * @throws GanEvalError as `readMaker`
 */
export async function readExportedMaker(options: MakerOptions) {
  const trained = await readMaker(options);
  const { scheme, maker, arrays, run, round, checkpoint, config } = trained;
  const inputs = maker.inputs.map((name) => inputToPort(trained, name));
  const make = makerToFunction(scheme, maker);
  const fn: BatchedFunction = {
    name: `maker-${maker.name}`,
    inputs: Object.fromEntries(inputs.map(({ name, shape }) => [name, shape])),
    constants: Object.assign({}, ...Object.entries(arrays).map(([name, of]) => under(name, of))),
    apply: (given, constants) => ({ [OUTPUT]: make({ ...given, ...constants }).made }),
  };
  const output: ExportedPort = { name: OUTPUT, shape: await functionToShape(fn), description: IMAGE };
  return {
    ...{ fn, inputs, output, run, round, config },
    origin: checkpointToOrigin(options.run, checkpoint, round),
    what: `${maker.name} of ${scheme.label}`,
  };
}
