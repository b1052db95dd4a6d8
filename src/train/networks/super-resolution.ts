/** Networks that enlarge images: SRResNet, the generator of ESRGAN, and the judge of both in PyTorch-GAN. */
import { GanEvalError } from "../../errors.ts";
import { LEAKY, optionsToBlocks, repeated, TANH } from "./image-blocks.ts";
import type { ImageShape } from "./image-size.ts";
import { widened } from "./judges.ts";
import { BATCH_NORM, type Layer } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

export interface EnlargingOptions {
  /** 64 if left out. */
  readonly filters?: number;
  /** Times that each side becomes larger: a power of two. 4 if left out. */
  readonly factor?: number;
  /** Residual blocks; 16 (SRResNet) or 23 (ESRGAN) if left out. */
  readonly blocks?: number;
}

export interface SrresnetOptions extends EnlargingOptions {
  /** Batch norm; yes if left out. */
  readonly norm?: boolean;
}

export interface RrdbOptions extends EnlargingOptions {
  /** Filters of each layer in a dense block; 32 if left out. */
  readonly growth?: number;
  /** Of leaky units; 0.2 if left out. */
  readonly slope?: number;
  /** Channels moved into pixels, or nearest pixel and a convolution; `nearest` if left out. */
  readonly upSampling?: "shuffle" | "nearest";
}

/** ESRGAN's generator in PyTorch-GAN, which differs from the authors': 38.5 million weights for 16.7. */
export const RRDBS = {
  "pytorch-gan": { growth: 64, slope: 0.01, upSampling: "shuffle" },
  esrgan: {},
} as const satisfies Readonly<Record<string, RrdbOptions>>;

/** PyTorch's own initialisation: no script changes it here. */
const convolution = (filters: number, size = 3, stride = 1): Layer => ({
  kind: "convolution",
  filters,
  size,
  stride,
  padding: (size - 1) / 2,
});

const identity = (body: readonly Layer[]): Layer => ({ kind: "residual", body, shortcut: [] });

/** @throws GanEvalError `usage.network` for a factor that is no power of two */
function factorToDoublings(factor: number): number {
  const doublings = Math.log2(factor);
  if (Number.isInteger(doublings) && doublings >= 0) return doublings;
  throw new GanEvalError("usage.network", `expected to enlarge images 1, 2, 4 or 8 times, got ${factor}`);
}

/**
 * 9x9, residual blocks within one large one, each doubling a convolution whose channels become pixels, 9x9 and tanh;
 * parametric rectified units. `input` is the small image. Ledig et al. 2017, with PyTorch-GAN's norm before
 * each shuffle.
 */
export function srresnet(input: ImageShape, options: SrresnetOptions = {}): Network {
  const { filters = 64, factor = 4, blocks = 16, norm = true } = options;
  const norms: readonly Layer[] = norm ? [{ kind: "batch-norm", ...BATCH_NORM }] : [];
  const units: Layer = { kind: "parametric-relu" };
  const block = identity([convolution(filters), ...norms, units, convolution(filters), ...norms]);
  return layersToNetwork(input, [
    convolution(filters, 9),
    units,
    identity([...repeated(blocks, () => [block]), convolution(filters), ...norms]),
    ...repeated(factorToDoublings(factor), () => [
      convolution(4 * filters),
      ...norms,
      { kind: "pixel-shuffle", factor: 2 },
      units,
    ]),
    convolution(input[2], 9),
    TANH,
  ]);
}

/** x + 0.2 body(x), where each of four layers adds `growth` channels to what the next sees, and a fifth joins them. */
function denseBlock(filters: number, growth: number, units: Layer): Layer {
  const grow: Layer = { kind: "skip", body: [convolution(growth), units] };
  return identity([grow, grow, grow, grow, convolution(filters), { kind: "scale", factor: 0.2 }]);
}

/**
 * Residual blocks of three dense blocks each, scaled by 0.2, within one large one; doublings; linear output. `input` is
 * the small image. Wang et al. 2018.
 */
export function rrdb(input: ImageShape, options: RrdbOptions = {}): Network {
  const { filters = 64, factor = 4, blocks = 23, growth = 32, slope = 0.2, upSampling = "nearest" } = options;
  const units: Layer = { kind: "leaky-relu", slope };
  const dense = denseBlock(filters, growth, units);
  const block = identity([dense, dense, dense, { kind: "scale", factor: 0.2 }]);
  const up = (i: number): Layer[] =>
    upSampling === "shuffle"
      ? [convolution(4 * filters), units, { kind: "pixel-shuffle", factor: 2 }]
      : [
          { kind: "up-sampling", height: input[0] * 2 ** (i + 1), width: input[1] * 2 ** (i + 1) },
          convolution(filters),
          units,
        ];
  return layersToNetwork(input, [
    convolution(filters),
    identity([...repeated(blocks, () => [block]), convolution(filters)]),
    ...repeated(factorToDoublings(factor), up),
    convolution(filters),
    units,
    convolution(input[2]),
  ]);
}

/**
 * The judge of large images: four times a 3x3 convolution and one of stride 2, batch norm but for the first, leaky units
 * (0.2); a map of logits of a sixteenth of the size, rounded up.
 */
export function enlargedJudge(
  input: ImageShape,
  { filters = 64 }: { readonly filters?: number } = {},
): Network {
  const { norm } = optionsToBlocks({ norm: "batch", deviation: null });
  return layersToNetwork(input, [
    ...repeated(4, (i) => [
      convolution(widened(filters, i)),
      ...(i > 0 ? norm : []),
      LEAKY,
      convolution(widened(filters, i), 3, 2),
      ...norm,
      LEAKY,
    ]),
    convolution(1),
  ]);
}
