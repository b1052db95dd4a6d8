/** Schemes for tests: requests with small options, networks of one weight, and steps run on arrays. */
import type { Engine } from "../../../src/engine/engine.ts";
import { layersToNetwork, type Network } from "../../../src/train/networks/network.ts";
import { type Shape, sizeOf } from "../../../src/train/networks/shapes.ts";
import type { PlannedStep, Scheme } from "../../../src/train/scheme/scheme.ts";
import { schemeToStep } from "../../../src/train/scheme/step.ts";
import type { SchemeOptions } from "../../../src/train/schemes/scheme-request.ts";

/** Options of tests: every one of them, small. */
export const SMALL: SchemeOptions = {
  loss: "least-squares",
  batchSize: 1,
  optimizer: "adam",
  b1: 0.5,
  b2: 0.999,
  weightDecay: 0,
  gradientClip: 0,
  emaDecay: 0,
  weights: {},
  filters: 4,
  discriminatorFilters: 4,
  blocks: 1,
  norm: "instance",
  upSampling: "nearest-convolution",
  discriminatorLayers: 3,
  discriminatorNet: "own",
  translator: "resnet",
  poolSize: 0,
  dropout: 0,
  latentDim: 4,
  units: 8,
  clusters: 10,
  discriminatorSteps: 1,
  warmUp: 0,
  maskSize: 8,
  maskPlace: "random",
  scale: 4,
  perceptual: "none",
  perceptualLayer: "conv5_4",
  halvings: 2,
  scales: 1,
  styleDim: 4,
  styleUnits: 4,
  wanted: "permuted",
};

/** x to w x, pixel by pixel: [1, 1, c] to [1, 1, 1]. */
export const line = (channels = 1): Network =>
  layersToNetwork(
    [1, 1, channels],
    [{ kind: "convolution", filters: 1, size: 1, stride: 1, padding: 0, bias: false }],
  );

/** The same scheme with other networks, on images of one pixel. */
export function withNetworks(scheme: Scheme, networks: Readonly<Record<string, Network>>): Scheme {
  const pixel = (shape: Shape): Shape => (shape.length === 3 ? [1, 1, 1] : shape);
  const inputs = Object.fromEntries(
    Object.entries(scheme.inputs).map(([name, input]) => [
      name,
      "shape" in input ? { ...input, shape: pixel(input.shape) } : input,
    ]),
  );
  const pools = Object.fromEntries(
    Object.entries(scheme.pools ?? {}).map(([name, pool]) => [name, { ...pool, shape: pixel(pool.shape) }]),
  );
  return { ...scheme, inputs, pools, networks: { ...scheme.networks, ...networks } } as Scheme;
}

/** What a step gives, as numbers; weights of terms are the terms' own, and what is not given is 0. */
export async function runStep(
  engine: Engine,
  scheme: Scheme,
  planned: PlannedStep,
  arrays: Readonly<Record<string, readonly number[] | Float32Array>>,
): Promise<Record<string, number[]>> {
  const { fn, signature, arrays: kept } = schemeToStep(scheme, planned);
  const specs = { ...signature, ...kept };
  const program = await engine.compile(fn, specs);
  const weights = Object.fromEntries(
    scheme.terms.map(({ name, weight }) => [
      `weights/${name}`,
      [planned.weights?.[name] ?? (typeof weight === "function" ? 0 : Number(weight))],
    ]),
  );
  const inputs = Object.entries(specs).map(([name, { shape, dtype }]) => {
    const values = arrays[name] ?? weights[name] ?? new Float32Array(sizeOf(shape));
    return [name, dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values)] as const;
  });
  const outputs = await program.run(Object.fromEntries(inputs));
  await program.dispose();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, [...data]]));
}
