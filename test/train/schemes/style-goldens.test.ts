/** StarGAN, UNIT, MUNIT and BicycleGAN against PyTorch in float64 (bench/peers/scheme_goldens_style.py). */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { Layer } from "../../../src/train/networks/layers.ts";
import { layersToNetwork, type Network } from "../../../src/train/networks/network.ts";
import type { Shape } from "../../../src/train/networks/shapes.ts";
import type { Scheme } from "../../../src/train/scheme/scheme.ts";
import { stargan } from "../../../src/train/schemes/attributes.ts";
import { bicyclegan } from "../../../src/train/schemes/bicycle.ts";
import { SCHEME_MODELS } from "../../../src/train/schemes/models.ts";
import type { SchemeOptions, SchemeRequest } from "../../../src/train/schemes/scheme-request.ts";
import { unit } from "../../../src/train/schemes/shared-latent.ts";
import { munit } from "../../../src/train/schemes/style.ts";
import { runStep, SMALL } from "./made-schemes.ts";

interface GoldenArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Golden {
  readonly inputs: Readonly<Record<string, GoldenArray>>;
  readonly networks: Readonly<Record<string, Readonly<Record<string, GoldenArray>>>>;
  readonly terms: Readonly<Record<string, number>>;
  readonly losses: Readonly<Record<string, number>>;
  readonly gradients: Readonly<Record<string, Readonly<Record<string, GoldenArray>>>>;
}

const GOLDENS: Readonly<Record<string, Golden>> = JSON.parse(
  readFileSync(new URL("../fixtures/scheme-goldens-style.json", import.meta.url), "utf8"),
);
const BATCH = 3;
const IMAGE = [2, 2, 1];

/** Float32 has 1.2e-7; sums here have up to 30 terms of both signs, of weights up to 100. */
const TOLERANCE = 1e-5;

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

/** A window of one pixel. */
const convolution = (filters: number): Layer => ({
  ...{ kind: "convolution", filters, size: 1, stride: 1, padding: 0 },
});
const leaky = (slope: number): Layer => ({ kind: "leaky-relu", slope });
const TANH: Layer = { kind: "tanh" };
const net = (input: Shape, ...layers: Layer[]): Network => layersToNetwork(input, layers);

const judge = (halvings: number): Network =>
  net(
    IMAGE,
    ...Array.from({ length: halvings }, () => ({
      ...({ kind: "average-pool", size: 3, stride: 2, padding: 1 } as const),
    })),
    convolution(1),
    leaky(0.2),
  );

const judges = (...names: string[]): Record<string, Network> =>
  Object.fromEntries(names.flatMap((name) => [0, 1].map((i) => [`${name}-${i + 1}`, judge(i)])));

const ofBoth = (name: string, make: () => Network): Record<string, Network> => ({
  [`${name}-a`]: make(),
  [`${name}-b`]: make(),
});

interface Case {
  readonly build: (request: SchemeRequest) => Scheme;
  readonly options: Partial<SchemeOptions>;
  readonly networks: Readonly<Record<string, Network>>;
}

const CASES: Readonly<Record<string, Case>> = {
  stargan: {
    build: stargan,
    options: { loss: "wasserstein", discriminatorSteps: 5 },
    networks: {
      generator: net([2, 2, 3], convolution(1), TANH),
      "discriminator-trunk": net(IMAGE, convolution(2), leaky(0.01)),
      "discriminator-map": net([2, 2, 2], convolution(1)),
      "discriminator-classes": net([2, 2, 2], { kind: "reshape", shape: [8] }, { kind: "dense", units: 2 }),
    },
  },
  unit: {
    build: unit,
    options: {},
    networks: {
      ...ofBoth("encoder", () => net(IMAGE, convolution(2), TANH)),
      "shared-encoder": net([2, 2, 2], convolution(2)),
      "shared-decoder": net([2, 2, 2], convolution(2)),
      ...ofBoth("decoder", () => net([2, 2, 2], convolution(1), TANH)),
      ...ofBoth("discriminator", () => judge(0)),
    },
  },
  munit: {
    build: munit,
    options: { scales: 2, styleDim: 2, weights: { ...SCHEME_MODELS.munit.weights, cycle: 0.5 } },
    networks: {
      ...ofBoth("content", () => net(IMAGE, convolution(2))),
      ...ofBoth("style", () =>
        net(IMAGE, convolution(2), leaky(0.2), { kind: "global-average-pool" }, { kind: "dense", units: 2 }),
      ),
      ...ofBoth("norms", () => net([2], { kind: "dense", units: 4 })),
      ...ofBoth("decoder", () =>
        net([2, 2, 2], { kind: "adain", side: "style", length: 4 }, convolution(1), TANH),
      ),
      ...judges("discriminator-a", "discriminator-b"),
    },
  },
  bicyclegan: {
    build: bicyclegan,
    options: { scales: 2, latentDim: 2 },
    networks: {
      "code-map": net([2], { kind: "dense", units: 4 }, { kind: "reshape", shape: IMAGE }),
      generator: net([2, 2, 2], convolution(1), TANH),
      encoder: net(IMAGE, { kind: "reshape", shape: [4] }, { kind: "dense", units: 4 }),
      ...judges("discriminator-encoded", "discriminator-random"),
    },
  },
};

/** The model's scheme, with other networks and inputs of the golden's shapes. */
function toScheme(name: string, { build, options, networks }: Case): Scheme {
  const { weights } = SCHEME_MODELS[name as keyof typeof SCHEME_MODELS];
  // The smallest size that the model's own networks take, which are replaced.
  const fields = { a: [32, 32, 1], b: [32, 32, 1], attributes: [2] };
  const scheme = build({ options: { ...SMALL, batchSize: BATCH, weights, ...options }, fields });
  expect(Object.keys(networks).sort()).toEqual(Object.keys(scheme.networks).sort());
  const inputs = Object.fromEntries(
    Object.entries(scheme.inputs).map(([input, row]) => [
      input,
      "shape" in row ? { ...row, shape: GOLDENS[name].inputs[input].shape.slice(1) } : row,
    ]),
  );
  return { ...scheme, inputs, networks } as Scheme;
}

const expectClose = (got: readonly number[], expected: readonly number[], name: string): void => {
  expect(got, name).toHaveLength(expected.length);
  const size = Math.max(...expected.map(Math.abs), 1e-3);
  got.forEach((value, i) => {
    expect(
      Math.abs(value - expected[i]) / size,
      `${name} ${i}: ${value}, expected ${expected[i]}`,
    ).toBeLessThan(TOLERANCE);
  });
};

describe.each(Object.keys(CASES))("%s, at networks of a few weights,", (name) => {
  it("has PyTorch's terms, losses and gradients", async () => {
    const golden = GOLDENS[name];
    const scheme = toScheme(name, CASES[name]);
    const arrays: Record<string, readonly number[]> = {};
    for (const [input, { data }] of Object.entries(golden.inputs)) arrays[input] = data;
    for (const [network, own] of Object.entries(golden.networks))
      for (const [key, { data }] of Object.entries(own)) arrays[`${network}/weights/${key}`] = data;
    const outputs: Record<string, number[]> = {};
    for (const step of scheme.plan[0].steps.slice(0, 2))
      for (const [output, values] of Object.entries(await runStep(engine, scheme, step, arrays)))
        if (!output.includes("/gradients/") || isTrained(scheme, step.trains, output))
          outputs[output] = values;
    for (const [term, value] of Object.entries(golden.terms))
      expectClose(outputs[`terms/${term}`], [value], term);
    for (const [player, value] of Object.entries(golden.losses))
      expectClose(outputs[`${player}/loss`], [value], player);
    for (const [network, own] of Object.entries(golden.gradients))
      for (const [key, { data }] of Object.entries(own))
        expectClose(outputs[`${network}/gradients/${key}`], data, `${network}/${key}`);
    expect(Object.keys(golden.terms).sort()).toEqual(scheme.terms.map((term) => term.name).sort());
    expect(Object.keys(golden.losses).sort()).toEqual(Object.keys(scheme.players).sort());
  });
});

const isTrained = ({ players }: Scheme, trains: readonly string[], output: string): boolean =>
  trains.some((player) => players[player].owns.some((network) => output.startsWith(`${network}/`)));
