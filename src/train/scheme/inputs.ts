/** What a step is given anew for each run: the kinds of inputs, and how each is made. */
import type { ArrayData, InputSpec } from "../../engine/engine.ts";
import { GanEvalError } from "../../errors.ts";
import { cornersToMasks, drawMaskCorners, middleCorners } from "../data/domains/masks.ts";
import { drawLabels, labelsToOneHot } from "../labels.ts";
import { drawLatents, type LatentSpec, latentWidth } from "../latent.ts";
import { type Shape, sizeOf } from "../networks/shapes.ts";
import type { RandomStream } from "../random.ts";
import type { RunProgress } from "./scheme.ts";

interface Drawn {
  /** The random stream that it is drawn from; one of its own name if left out. */
  readonly stream?: string;
  /** Of how many examples; the scheme's batch size if left out. */
  readonly batch?: number;
  /** It is drawn in steps that train one of these; in every step if left out. */
  readonly for?: readonly string[];
  /** A step that repeats its batch gets the numbers of the step before. */
  readonly repeats?: true;
}

/** By kind. Shapes are those of one example. */
export interface InputKinds {
  /** A field of the data's batch: `a`, `b`, `labels`, `attributes`, `low`. */
  readonly field: { readonly field: string; readonly shape: Shape };
  readonly latent: { readonly spec: LatentSpec };
  /** One-hot labels, every class as likely as any other. */
  readonly classes: { readonly classes: number };
  /** Uniform in [0, 1). */
  readonly uniform: { readonly shape: Shape };
  /** Standard normal. */
  readonly normal: { readonly shape: Shape };
  /** Rows of a field, in another order: wanted attributes that some image really has. */
  readonly permuted: { readonly field: string; readonly shape: Shape };
  /** 1 in a square of `side` pixels and 0 around it: its place drawn evenly, or the middle. */
  readonly hole: { readonly image: Shape; readonly side: number; readonly place: "random" | "middle" };
  /** A scalar that changes over the run. */
  readonly schedule: { readonly value: (progress: RunProgress) => number };
  /**
   * A scalar that each step moves on, such as BEGAN's k: from itself and the means of the logits of the scheme's first
   * discriminator.
   */
  readonly carried: {
    readonly initial: number;
    readonly next: (value: number, logits: { readonly real: number; readonly fake: number }) => number;
  };
}

export type InputKind = keyof InputKinds;
export type SchemeInput = {
  readonly [Kind in InputKind]: { readonly kind: Kind } & InputKinds[Kind] & Drawn;
}[InputKind];

/** What inputs are made from. */
export interface InputSources {
  readonly batchSize: number;
  /** The batch of this step, by field; row numbers of a field that lies on a device. */
  batch(): Readonly<Record<string, Float32Array | Int32Array>>;
  progress(): RunProgress;
  /** The value of a carried scalar. */
  carried(name: string): number;
}

interface KindRow<Input> {
  /** One number and no batch. */
  readonly isScalar?: true;
  /** Whether it draws from its stream. */
  readonly isDrawn?: true;
  readonly shape: (input: Input) => Shape;
  readonly make: (
    input: Input,
    n: number,
    random: RandomStream,
    sources: InputSources,
    name: string,
  ) => ArrayData;
}

function fieldOf(sources: InputSources, field: string): Float32Array | Int32Array {
  const values = sources.batch()[field];
  if (values !== undefined) return values;
  throw new GanEvalError("internal.round-input", `internal: the batch has no field ${field}`);
}

/** `[n, h, w, 1]` with ones in a square of each. */
function drawHoles(
  { image: [height, width], side, place }: InputKinds["hole"],
  n: number,
  random: RandomStream,
): Float32Array {
  const size = [height, width] as const;
  const corners = place === "random" ? drawMaskCorners(n, size, side, random) : middleCorners(n, size, side);
  return cornersToMasks(corners, size, side);
}

function permuteRows(values: Float32Array, n: number, order: Int32Array): Float32Array {
  const width = values.length / n;
  const out = new Float32Array(values.length);
  order.forEach((from, i) => {
    out.set(values.subarray(from * width, (from + 1) * width), i * width);
  });
  return out;
}

export const INPUT_KINDS: { readonly [Kind in InputKind]: KindRow<InputKinds[Kind]> } = {
  field: {
    shape: ({ shape }) => shape,
    make: ({ field }, _n, _random, sources) => fieldOf(sources, field),
  },
  latent: {
    isDrawn: true,
    shape: ({ spec }) => [latentWidth(spec)],
    make: ({ spec }, n, random) => drawLatents(spec, n, random),
  },
  classes: {
    isDrawn: true,
    shape: ({ classes }) => [classes],
    make: ({ classes }, n, random) => labelsToOneHot(drawLabels(n, classes, random), classes),
  },
  uniform: {
    isDrawn: true,
    shape: ({ shape }) => shape,
    make: ({ shape }, n, random) => random.uniform(new Float32Array(n * sizeOf(shape))),
  },
  normal: {
    isDrawn: true,
    shape: ({ shape }) => shape,
    make: ({ shape }, n, random) => random.normal(new Float32Array(n * sizeOf(shape))),
  },
  permuted: {
    isDrawn: true,
    shape: ({ shape }) => shape,
    make: ({ field }, n, random, sources) =>
      permuteRows(fieldOf(sources, field) as Float32Array, n, random.permutation(n)),
  },
  hole: {
    isDrawn: true,
    shape: ({ image: [height, width] }) => [height, width, 1],
    make: drawHoles,
  },
  schedule: {
    isScalar: true,
    shape: () => [],
    make: ({ value }, _n, _random, sources) => Float32Array.of(value(sources.progress())),
  },
  carried: {
    isScalar: true,
    shape: () => [],
    make: (_input, _n, _random, sources, name) => Float32Array.of(sources.carried(name)),
  },
};

const rowOf = (input: SchemeInput): KindRow<SchemeInput> => INPUT_KINDS[input.kind] as KindRow<SchemeInput>;

/** Examples of an input; undefined for a scalar. */
const examplesOf = (input: SchemeInput, batchSize: number): number | undefined =>
  rowOf(input).isScalar ? undefined : (input.batch ?? batchSize);

export function inputToSpec(input: SchemeInput, batchSize: number): InputSpec {
  const n = examplesOf(input, batchSize);
  return { shape: [...(n === undefined ? [] : [n]), ...rowOf(input).shape(input)] };
}

/** Whether it is made of the data's batch. */
export const readsField = (
  input: SchemeInput,
): input is SchemeInput & { readonly kind: "field" | "permuted" } =>
  input.kind === "field" || input.kind === "permuted";

/** The stream of an input; undefined where nothing is drawn. */
export const streamOf = (name: string, input: SchemeInput): string | undefined =>
  rowOf(input).isDrawn ? (input.stream ?? name) : undefined;

/** Makes one input of one run. */
export const makeInput = (
  name: string,
  input: SchemeInput,
  random: RandomStream,
  sources: InputSources,
): ArrayData => rowOf(input).make(input, examplesOf(input, sources.batchSize) ?? 1, random, sources, name);

/** An input outside of training, where nothing is repeated and a run counts as over; fields are those of `batch`. */
export function drawInput(
  name: string,
  input: SchemeInput,
  n: number,
  random: RandomStream,
  batch: Readonly<Record<string, Float32Array>> = {},
): Float32Array {
  const sources: InputSources = {
    batchSize: n,
    batch: () => batch,
    progress: () => ({ round: 0, share: 1 }),
    carried: () => 0,
  };
  return makeInput(name, { ...input, batch: n }, random, sources) as Float32Array;
}

/** One example, n times. */
export function repeatExample(example: Float32Array, n: number): Float32Array {
  const out = new Float32Array(n * example.length);
  for (let i = 0; i < n; i++) out.set(example, i * example.length);
  return out;
}
