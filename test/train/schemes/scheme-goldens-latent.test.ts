/** Cycle models, aae, cluster_gan, cogan and pixelda against PyTorch in float64 (bench/peers/scheme_goldens_latent.py). */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import type { Layer } from "../../../src/train/networks/layers.ts";
import { layersToNetwork, type Network } from "../../../src/train/networks/network.ts";
import type { Shape } from "../../../src/train/networks/shapes.ts";
import type { Scheme } from "../../../src/train/scheme/scheme.ts";
import { SCHEME_BUILDERS } from "../../../src/train/schemes/builders.ts";
import { SCHEME_MODELS } from "../../../src/train/schemes/models.ts";
import type { SchemeOptions } from "../../../src/train/schemes/scheme-request.ts";
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
  readFileSync(new URL("../fixtures/scheme-goldens-latent.json", import.meta.url), "utf8"),
);
const BATCH = 3;
const IMAGE = [2, 2, 1];

/** Float32 has 1.2e-7; sums here have up to 30 terms of both signs, of weights up to 10. */
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
const LEAKY: Layer = { kind: "leaky-relu", slope: 0.2 };
const TANH: Layer = { kind: "tanh" };
const dense = (units: number): Layer => ({ kind: "dense", units });
const shaped = (shape: Shape): Layer => ({ kind: "reshape", shape });
const FLAT = shaped([4]);
const net = (input: Shape, ...layers: Layer[]): Network => layersToNetwork(input, layers);

const JUDGE = net(IMAGE, convolution(1), LEAKY);
const TRANSLATOR = net(IMAGE, convolution(1), TANH);
const CYCLE = {
  "a-to-b": TRANSLATOR,
  "b-to-a": TRANSLATOR,
  "discriminator-a": JUDGE,
  "discriminator-b": JUDGE,
};
const CLUSTERS = {
  generator: net([5], dense(4), TANH, shaped(IMAGE)),
  encoder: net(IMAGE, FLAT, dense(5)),
  discriminator: net(IMAGE, FLAT, dense(3), TANH, dense(1)),
};

interface Case {
  readonly model: keyof typeof SCHEME_MODELS;
  readonly options: Partial<SchemeOptions>;
  readonly networks: Readonly<Record<string, Network>>;
}

const CASES: Readonly<Record<string, Case>> = {
  cyclegan: { model: "cyclegan", options: {}, networks: CYCLE },
  discogan: {
    model: "discogan",
    options: { weights: { adversarial: 1, cycle: 1, pixel: 1 } },
    networks: CYCLE,
  },
  dualgan: {
    model: "dualgan",
    options: { loss: "wasserstein", discriminatorSteps: 5 },
    networks: CYCLE,
  },
  aae: {
    model: "aae",
    options: { loss: "non-saturating", latentDim: 2 },
    networks: {
      encoder: net(IMAGE, FLAT, dense(4)),
      decoder: net([2], dense(4), TANH, shaped(IMAGE)),
      discriminator: net([2], dense(1)),
    },
  },
  cluster_gan: {
    model: "cluster_gan",
    options: { loss: "non-saturating", latentDim: 2, clusters: 3, discriminatorSteps: 5 },
    networks: CLUSTERS,
  },
  "cluster_gan, a critic": {
    model: "cluster_gan",
    options: {
      ...{ loss: "wasserstein", latentDim: 2, clusters: 3, discriminatorSteps: 5 },
      weights: { ...SCHEME_MODELS.cluster_gan.weights, penalty: 10 },
    },
    networks: CLUSTERS,
  },
  cogan: {
    model: "cogan",
    options: { latentDim: 2 },
    networks: {
      "generator-trunk": net([2], dense(8), shaped([2, 2, 2])),
      "generator-a": net([2, 2, 2], convolution(1), TANH),
      "generator-b": net([2, 2, 2], convolution(1), TANH),
      "discriminator-trunk": net(IMAGE, convolution(2), LEAKY),
      "discriminator-a": net([2, 2, 2], shaped([8]), dense(1)),
      "discriminator-b": net([2, 2, 2], shaped([8]), dense(1)),
    },
  },
  pixelda: {
    model: "pixelda",
    options: { latentDim: 2 },
    networks: {
      "code-map": net([2], dense(4), shaped(IMAGE)),
      generator: net([2, 2, 2], convolution(1), TANH),
      classifier: net(IMAGE, FLAT, dense(3)),
      discriminator: JUDGE,
    },
  },
};

/** The model's scheme, with other networks and inputs of the golden's shapes. */
async function toScheme(name: string, { model, options, networks }: Case): Promise<Scheme> {
  const { weights } = SCHEME_MODELS[model];
  // The smallest size that the model's own networks take, which are replaced.
  const fields = { a: [32, 32, 1], b: [32, 32, 1], labels: [3], "labels-b": [3] };
  const chosen = { ...SMALL, batchSize: BATCH, weights, ...options };
  const scheme = await SCHEME_BUILDERS[model]({ options: chosen, fields });
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

const isTrained = ({ players }: Scheme, trains: readonly string[], output: string): boolean =>
  trains.some((player) => players[player].owns.some((network) => output.startsWith(`${network}/`)));

describe.each(Object.keys(CASES))("%s, at networks of a few weights,", (name) => {
  it("has PyTorch's terms, losses and gradients", async () => {
    const golden = GOLDENS[name];
    const scheme = await toScheme(name, CASES[name]);
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
