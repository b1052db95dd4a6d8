/** What image-to-image networks are put together from: convolutions drawn one way, norms, borders, ways to double. */
import { GanEvalError } from "../../errors.ts";
import type { ImageShape } from "./image-size.ts";
import { BATCH_NORM, type Layer } from "./layers.ts";

export type NormName = "instance" | "batch" | "none";
/** Nearest pixel and a convolution that keeps the size, or a transposed convolution of stride 2. */
export type Doubling = "nearest-convolution" | "transposed";
export type Border = "reflect" | "zero";

export interface BlockOptions {
  /** After hidden convolutions; `instance` if left out. */
  readonly norm?: NormName;
  /** A learnt scale and offset in instance norm; none if left out. */
  readonly affine?: boolean;
  /** Of convolutions' weights, and of batch norm's scales around 1; PyTorch's default if `null`, 0.02 if left out. */
  readonly deviation?: number | null;
  /** Of hidden convolutions; PyTorch's default if left out. */
  readonly bias?: boolean | "zeros";
  /** `false`: no biases before batch norm, which takes them out again. */
  readonly batchNormBias?: boolean;
  /** Of the last convolution; as in hidden ones, and PyTorch's default where those have none. */
  readonly lastBias?: boolean | "zeros";
}

/** Of a convolution. */
export interface Window {
  readonly size: number;
  readonly stride?: number;
  /** What keeps the size at stride 1 if left out. */
  readonly padding?: number;
}

export interface Blocks {
  /** A convolution before a norm, and the norm. */
  normed(filters: number, window: Window, border?: Border): Layer[];
  /** A hidden convolution without a norm; it has a bias. */
  plain(filters: number, window: Window, border?: Border): Layer[];
  last(filters: number, window: Window, border?: Border): Layer[];
  /** To twice the size, and the norm; `size` of the window: 3 or 4 where it is transposed. */
  doubled(filters: number, how: Doubling, size: number, from: readonly number[]): Layer[];
  /** To twice the size, as the last layer. */
  lastDoubled(filters: number, how: Doubling, size: number, from: readonly number[]): Layer[];
  readonly norm: readonly Layer[];
}

export const LEAKY: Layer = { kind: "leaky-relu", slope: 0.2 };
export const RELU: Layer = { kind: "relu" };
export const TANH: Layer = { kind: "tanh" };

type Bias = boolean | "zeros";

const NORMS: Readonly<Record<NormName, (options: BlockOptions, deviation?: number) => Layer[]>> = {
  instance: ({ affine = false }) => [{ kind: "instance-norm", affine }],
  batch: (_, deviation) => [
    { kind: "batch-norm", ...BATCH_NORM, ...(deviation !== undefined && { deviation }) },
  ],
  none: () => [],
};

/** The blocks of one network, all drawn and normed alike. */
export function optionsToBlocks(options: BlockOptions): Blocks {
  const { norm = "instance", deviation = 0.02, bias = true, batchNormBias = true } = options;
  const drawn = deviation === null ? {} : { deviation };
  const outer: Bias = bias === false ? true : bias;
  const hidden: Bias = norm === "batch" && !batchNormBias ? false : bias;
  const { lastBias = outer } = options;
  const norms = NORMS[norm](options, drawn.deviation);
  const convolution = (
    filters: number,
    { size, stride = 1, padding }: Window,
    border: Border,
    bias: Bias,
  ) => {
    const around = padding ?? (size - 1) / 2;
    const layer: Layer = {
      kind: "convolution",
      filters,
      size,
      stride,
      padding: border === "zero" ? around : 0,
      bias,
      ...drawn,
    };
    return border === "reflect" && around > 0
      ? [{ kind: "reflection-pad", size: around } as const, layer]
      : [layer];
  };
  const doubling = (filters: number, how: Doubling, size: number, from: readonly number[], bias: Bias) => {
    const [height, width] = from;
    const window = { filters, size, stride: 2, padding: 1, outputPadding: 4 - size, bias, ...drawn };
    return how === "transposed"
      ? [{ kind: "transposed-convolution", ...window } as const]
      : [
          { kind: "up-sampling", height: 2 * height, width: 2 * width } as const,
          ...convolution(filters, { size }, "zero", bias),
        ];
  };
  return {
    norm: norms,
    normed: (filters, window, border = "zero") => [...convolution(filters, window, border, hidden), ...norms],
    plain: (filters, window, border = "zero") => convolution(filters, window, border, bias),
    last: (filters, window, border = "zero") => convolution(filters, window, border, lastBias),
    doubled: (filters, how, size, from) => [...doubling(filters, how, size, from, hidden), ...norms],
    lastDoubled: (filters, how, size, from) => doubling(filters, how, size, from, lastBias),
  };
}

/** x + body(x), the body two 3x3 convolutions with norms; dropout between them if asked for. He et al. 2016. */
export function residualBlock(
  { normed }: Blocks,
  filters: number,
  { border = "reflect", dropout = 0 }: { readonly border?: Border; readonly dropout?: number } = {},
): Layer {
  const convolution = normed(filters, { size: 3 }, border);
  return {
    kind: "residual",
    body: [...convolution, RELU, ...dropped(dropout), ...convolution],
    shortcut: [],
  };
}

export const dropped = (rate: number): Layer[] => (rate > 0 ? [{ kind: "dropout", rate }] : []);

export const repeated = (count: number, make: (i: number) => readonly Layer[]): Layer[] =>
  Array.from({ length: count }, (_, i) => make(i)).flat();

/** The two multiples of a number around a side; the smallest allowed where there is none below. */
function nearest(side: number, multiple: number, smallest: number): number[] {
  const below = Math.floor(side / multiple) * multiple;
  return below >= smallest ? [below, below + multiple] : [smallest];
}

/** @throws GanEvalError `usage.network` for sides that a number does not divide, or that are too small, naming those next to it */
export function requireMultiples(
  image: ImageShape,
  multiple: number,
  network: string,
  least = multiple,
): void {
  const smallest = Math.ceil(least / multiple) * multiple;
  const wrong = image.slice(0, 2).filter((side) => side % multiple !== 0 || side < smallest);
  if (wrong.length === 0) return;
  const fitting = [...new Set(wrong.flatMap((side) => nearest(side, multiple, smallest)))];
  throw new GanEvalError(
    "usage.network",
    `expected sides that are multiples of ${multiple}, at least ${smallest}, for ${network}, got ${image[0]} x ${image[1]}`,
    { hint: `The nearest sides that fit are ${fitting.sort((a, b) => a - b).join(", ")} (--img-size).` },
  );
}
