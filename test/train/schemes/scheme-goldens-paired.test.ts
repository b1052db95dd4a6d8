/** Models with a right answer against PyTorch in float64 (bench/peers/scheme_goldens_paired.py), and worked out by hand. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { Layer } from "../../../src/train/networks/layers.ts";
import { layersToNetwork, type Network } from "../../../src/train/networks/network.ts";
import type { Shape } from "../../../src/train/networks/shapes.ts";
import type { SchemeInput } from "../../../src/train/scheme/inputs.ts";
import type { PlannedStep, Scheme } from "../../../src/train/scheme/scheme.ts";
import { ccganScheme, contextEncoderScheme } from "../../../src/train/schemes/inpainting.ts";
import { pairedScheme } from "../../../src/train/schemes/paired.ts";
import { ENLARGING_KINDS, superResolutionScheme } from "../../../src/train/schemes/super-resolution.ts";
import GOLDENS from "../fixtures/scheme-goldens-paired.json" with { type: "json" };
import { line, runStep, SMALL } from "./made-schemes.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

interface Golden {
  readonly inputs: Readonly<Record<string, Arrays>>;
  readonly networks: Readonly<Record<string, Readonly<Record<string, Arrays>>>>;
  readonly steps: Readonly<
    Record<
      string,
      {
        readonly terms: Readonly<Record<string, number>>;
        readonly losses: Readonly<Record<string, number>>;
        readonly gradients: Readonly<Record<string, Readonly<Record<string, Arrays>>>>;
      }
    >
  >;
}

interface Arrays {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** 3x3 with padding, as the script's. */
const window = (filters: number, stride = 1): Layer => ({
  kind: "convolution",
  ...{ filters, size: 3, stride, padding: 1 },
});
const TANH: Layer = { kind: "tanh" };
const UP: Layer = { kind: "up-sampling", height: 8, width: 8 };

/** The same scheme with other networks, and with inputs of other shapes. */
function withSmall(
  scheme: Scheme,
  networks: Readonly<Record<string, Network>>,
  shapes: Readonly<Record<string, Shape>>,
): Scheme {
  const resized = (name: string, input: SchemeInput): SchemeInput => {
    const shape = shapes[name];
    if (shape === undefined) return input;
    return (input.kind === "hole" ? { ...input, image: shape } : { ...input, shape }) as SchemeInput;
  };
  const inputs = Object.entries(scheme.inputs).map(([name, input]) => [name, resized(name, input)] as const);
  return {
    ...scheme,
    networks: { ...scheme.networks, ...networks },
    inputs: Object.fromEntries(inputs),
  };
}

const FIELDS = { a: [32, 32, 1], b: [32, 32, 1], low: [8, 8, 1] };
const LARGE = { a: [64, 64, 1], low: [16, 16, 1] };
const enlarging = (scheme: Scheme): Scheme =>
  withSmall(
    scheme,
    {
      generator: layersToNetwork([2, 2, 1], [UP, window(1), TANH]),
      discriminator: layersToNetwork([8, 8, 1], [window(1, 2)]),
      features: layersToNetwork([8, 8, 1], [window(2), { kind: "relu" }]),
    },
    { low: [2, 2, 1], a: [8, 8, 1] },
  );

const SCHEMES: Readonly<Record<keyof typeof GOLDENS.models, () => Scheme | Promise<Scheme>>> = {
  pix2pix: () =>
    withSmall(
      pairedScheme({
        options: { ...SMALL, batchSize: 2, weights: { adversarial: 1, pixel: 100 } },
        fields: FIELDS,
      }),
      {
        generator: layersToNetwork([4, 4, 2], [window(1), TANH]),
        discriminator: layersToNetwork([4, 4, 3], [window(1, 2)]),
      },
      { a: [4, 4, 2], b: [4, 4, 1] },
    ),
  srgan: async () =>
    enlarging(
      await superResolutionScheme(
        {
          options: {
            ...SMALL,
            batchSize: 3,
            perceptual: "random",
            perceptualLayer: "relu3_4",
            warmUp: 2,
            weights: { perceptual: 1, adversarial: 1e-3, pixel: 0 },
          },
          fields: LARGE,
        },
        ENLARGING_KINDS.srgan,
      ),
    ),
  esrgan: async () =>
    enlarging(
      await superResolutionScheme(
        {
          options: {
            ...SMALL,
            batchSize: 3,
            loss: "relativistic-average",
            perceptual: "random",
            warmUp: 2,
            weights: { perceptual: 1, adversarial: 5e-3, pixel: 1e-2 },
          },
          fields: LARGE,
        },
        ENLARGING_KINDS.esrgan,
      ),
    ),
  context_encoder: () => {
    const weights = { adversarial: 1e-3, pixel: 0.999 };
    const options = { ...SMALL, batchSize: 3, maskSize: 4, weights, discriminatorLayers: 1 };
    return withSmall(
      contextEncoderScheme({ options, fields: { a: [8, 8, 2] } }),
      {
        generator: layersToNetwork([8, 8, 2], [window(2, 2), TANH]),
        discriminator: layersToNetwork([4, 4, 2], [window(1, 2)]),
      },
      {},
    );
  },
  ccgan: () =>
    withSmall(
      ccganScheme({
        options: {
          ...SMALL,
          batchSize: 3,
          maskSize: 4,
          weights: { adversarial: 1, pixel: 2, reconstruction: 3 },
        },
        fields: { a: [32, 32, 1], low: [8, 8, 1] },
      }),
      {
        generator: layersToNetwork(
          [8, 8, 1],
          [
            window(1, 2),
            window(2, 2),
            { kind: "side-channels", side: "low", channels: 1 },
            UP,
            window(1),
            TANH,
          ],
        ),
        discriminator: layersToNetwork([8, 8, 1], [window(1, 2)]),
      },
      { a: [8, 8, 1], hole: [8, 8, 1], low: [2, 2, 1] },
    ),
};

/** Steps of a scheme by the names that the fixture has. */
const NAMED_STEPS: Readonly<Record<string, (scheme: Scheme) => PlannedStep>> = {
  together: ({ plan }) => plan[plan.length - 1].steps[0],
  "warm-up": ({ plan }) => plan[0].steps[0],
};

/** float32 against float64: of the largest number of an array; a sum of numbers of about 1 may leave a rounding of 0. */
function expectClose(given: readonly number[], expected: readonly number[], name: string): void {
  expect(given, name).toHaveLength(expected.length);
  const size = Math.max(...expected.map(Math.abs));
  expected.forEach((value, i) => {
    expect(Math.abs(given[i] - value), `${name}[${i}]`).toBeLessThanOrEqual(1e-5 * size + 2e-7);
  });
}

const CASES = Object.entries(GOLDENS.models as Readonly<Record<string, Golden>>).flatMap(([model, golden]) =>
  Object.keys(golden.steps).map((step) => [model as keyof typeof SCHEMES, step, golden] as const),
);

it.each(CASES)("%s has PyTorch's terms, losses and gradients in its step %s", async (model, step, golden) => {
  const scheme = await SCHEMES[model]();
  const arrays = Object.fromEntries([
    ...Object.entries(golden.inputs).map(([name, { data }]) => [name, data]),
    ...Object.entries(golden.networks).flatMap(([network, weights]) =>
      Object.entries(weights).map(([name, { data }]) => [`${network}/weights/${name}`, data]),
    ),
  ]);
  const outputs = await runStep(engine, scheme, NAMED_STEPS[step](scheme), arrays);
  const { terms, losses, gradients } = golden.steps[step];
  for (const [name, value] of Object.entries(terms)) expectClose(outputs[`terms/${name}`], [value], name);
  for (const [name, value] of Object.entries(losses)) expectClose(outputs[`${name}/loss`], [value], name);
  for (const [network, found] of Object.entries(gradients))
    for (const [name, { data }] of Object.entries(found))
      expectClose(outputs[`${network}/gradients/${name}`], data, `${network}/${name}`);
  const trained = Object.keys(outputs).filter((name) => name.endsWith("/loss"));
  expect(trained.sort()).toEqual(
    Object.keys(losses)
      .map((name) => `${name}/loss`)
      .sort(),
  );
  const computed = Object.keys(outputs).filter((name) => /^terms\/(?!discriminator)/.test(name));
  expect(computed.sort()).toEqual(
    Object.keys(terms)
      .map((name) => `terms/${name}`)
      .sort(),
  );
});

describe("a round of networks of one weight, worked out by hand", () => {
  const at = (network: string) => `${network}/weights/convolution1/weights`;
  const slope = (network: string) => `${network}/gradients/convolution1/weights`;
  const pixel: Shape = [1, 1, 1];

  it("of pix2pix, whose discriminator sees the image before its input", async () => {
    const options = { ...SMALL, weights: { adversarial: 1, pixel: 100 } };
    const scheme = withSmall(
      pairedScheme({ options, fields: FIELDS }),
      { generator: line(), discriminator: line(2) },
      { a: pixel, b: pixel },
    );
    const arrays = { a: [0.5], b: [-0.8], [at("generator")]: [0.6], [at("discriminator")]: [0.7, -0.2] };
    const outputs = await runStep(engine, scheme, scheme.plan[0].steps[0], arrays);
    expect(outputs["terms/adversarial"][0]).toBeCloseTo(0.7921, 6);
    expect(outputs["terms/pixel"][0]).toBeCloseTo(1.1, 6);
    expect(outputs["generator/loss"][0]).toBeCloseTo(110.7921, 4);
    expect(outputs["discriminator/loss"][0]).toBeCloseTo(1.38385, 5);
    expect(outputs[slope("generator")][0]).toBeCloseTo(49.377, 4);
    expect(outputs[slope("discriminator")][0]).toBeCloseTo(1.361, 5);
    expect(outputs[slope("discriminator")][1]).toBeCloseTo(-0.775, 5);
  });

  it("of esrgan without a perceptual network: both halves of the adversarial term, and the warm-up", async () => {
    const options = {
      ...SMALL,
      batchSize: 2,
      loss: "relativistic-average" as const,
      warmUp: 2,
      weights: { adversarial: 5e-3, pixel: 1e-2, perceptual: 0 },
    };
    const scheme = withSmall(
      await superResolutionScheme({ options, fields: FIELDS }, ENLARGING_KINDS.esrgan),
      { generator: line(), discriminator: line() },
      { low: pixel, a: pixel },
    );
    const arrays = {
      a: [0.5, -0.8],
      low: [0.3, -0.6],
      [at("generator")]: [0.9],
      [at("discriminator")]: [0.7],
    };
    const [{ steps: warm }, { steps: all }] = scheme.plan;
    const outputs = await runStep(engine, scheme, all[0], arrays);
    expect(outputs["terms/adversarial"][0]).toBeCloseTo(0.705746, 6);
    expect(outputs["terms/pixel"][0]).toBeCloseTo(0.245, 6);
    expect(outputs["discriminator/loss"][0]).toBeCloseTo(0.716246, 6);
    expect(outputs[slope("discriminator")][0]).toBeCloseTo(0.0581374, 6);
    // Pixel -0.45 x 0.01, and both halves of the adversarial term 0.0633223 x 0.005.
    expect(outputs[slope("generator")][0]).toBeCloseTo(-0.0045 + 0.005 * 0.0633223, 7);
    const warmed = await runStep(engine, scheme, warm[0], arrays);
    expect(warmed["generator/loss"][0]).toBeCloseTo(0.245, 6);
    expect(warmed[slope("generator")][0]).toBeCloseTo(-0.45, 6);
    expect(Object.keys(warmed).filter((name) => name.startsWith("discriminator/"))).toEqual([]);
  });
});
