/** Every preset against its paper's losses, computed by PyTorch in float64 (bench/peers/loss_goldens.py). */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { ArrayValue, Engine } from "../../src/engine/engine.ts";
import {
  balanceOf,
  type GanModel,
  headsOf,
  NETWORK_ROLES,
  type NetworkRole,
  packingOf,
} from "../../src/train/gan-model.ts";
import { labelsToOneHot } from "../../src/train/labels.ts";
import { nextBalance } from "../../src/train/losses.ts";
import { choicesToOptions, optionsToModel } from "../../src/train/model.ts";
import type { Layer } from "../../src/train/networks/layers.ts";
import { under } from "../../src/train/networks/names.ts";
import { layersToNetwork, type Network, withSpectralNorm } from "../../src/train/networks/network.ts";
import { sizeOf } from "../../src/train/networks/shapes.ts";
import { PRESETS, type PresetName } from "../../src/train/presets.ts";
import { modelToStep, termWeights } from "./games.ts";

interface GoldenArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

type GoldenArrays = Readonly<Record<string, GoldenArray>>;

interface GoldenPreset {
  readonly generator: string;
  readonly discriminator: string;
  readonly generator_input: readonly string[];
  readonly discriminator_input: readonly string[] | { readonly pack: number };
  readonly discriminator_output: readonly (readonly [name: string, width: number])[];
  readonly generator_loss: number;
  readonly discriminator_loss: number;
  readonly penalty?: number;
  readonly constants?: Readonly<Record<string, number>>;
  readonly after?: { readonly k: number; readonly convergence: number };
  readonly generator_gradients: GoldenArrays;
  readonly discriminator_gradients: GoldenArrays;
}

interface Goldens {
  readonly inputs: GoldenArrays;
  readonly networks: Readonly<
    Record<string, { readonly activation: "tanh" | "leaky-relu 0.2"; readonly weights: GoldenArrays }>
  >;
  readonly spectral: Readonly<Record<string, Readonly<Record<"u" | "v" | "next_u", GoldenArray>>>>;
  readonly presets: Readonly<Record<string, GoldenPreset>>;
}

const GOLDENS: Goldens = JSON.parse(
  readFileSync(new URL("./fixtures/preset-goldens.json", import.meta.url), "utf8"),
);
const { inputs: GIVEN } = GOLDENS;
const [BATCH, LATENT] = GIVEN.latents.shape;
const CLASSES = 3;
const PIXELS = GIVEN.real.shape[1];

/** Float32 has 1.2e-7; sums here have up to 100 terms of both signs, and a penalty's slope is raised to its sixth power. */
const TOLERANCE = 1e-5;

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

/** A golden network as one of ours, whose labels are beside its input: an embedding that is the identity. */
function toNetwork(name: string, inputs: number, readsLabels: boolean): Network {
  const { activation, weights } = GOLDENS.networks[name];
  const unit: Layer = activation === "tanh" ? { kind: "tanh" } : { kind: "leaky-relu", slope: 0.2 };
  const dense = (layer: string): Layer => ({ kind: "dense", units: weights[`${layer}/biases`].shape[0] });
  return layersToNetwork(
    [inputs],
    [
      ...(readsLabels
        ? [{ kind: "label-embedding", classes: CLASSES, units: CLASSES, join: "concat" } as const]
        : []),
      dense("dense1"),
      { kind: "mark", name: "embedding" },
      unit,
      dense("dense2"),
    ],
  );
}

/** The preset's game, all its rules its own, on the goldens' networks. */
async function toGame(name: PresetName, golden: GoldenPreset): Promise<GanModel> {
  const facts = { shape: [16, 16, 1], classes: 10 };
  const options = choicesToOptions({ model: name }, facts);
  const game = await optionsToModel(options, facts);
  const latent = { ...game.latent, noise: LATENT, categories: game.latent.categories?.map(() => CLASSES) };
  const width = LATENT + (golden.generator_input.includes("codes") ? CLASSES + 2 : 0);
  const discriminatorReadsLabels =
    Array.isArray(golden.discriminator_input) && golden.discriminator_input.includes("labels");
  const generator = toNetwork(golden.generator, width, options.conditional);
  const discriminator = toNetwork(
    golden.discriminator,
    PIXELS * packingOf(game),
    options.conditional && discriminatorReadsLabels,
  );
  return {
    ...game,
    latent,
    classes: CLASSES,
    batchSize: BATCH / packingOf(game),
    generator: {
      ...game.generator,
      network: options.spectralNorm === "both" ? withSpectralNorm(generator) : generator,
    },
    discriminator: {
      ...game.discriminator,
      network: options.spectralNorm === "none" ? discriminator : withSpectralNorm(discriminator),
    },
  };
}

const identity = labelsToOneHot([0, 1, 2], CLASSES);
const float = ({ data }: GoldenArray): Float32Array => Float32Array.from(data);

/** What goes into a step, by its names; `advanced` where its discriminator's power iteration has been done already. */
function toInputs(golden: GoldenPreset, advanced: boolean): Record<string, Float32Array> {
  const oneHot = (labels: GoldenArray) => labelsToOneHot(labels.data, CLASSES);
  const codes = golden.generator_input.includes("codes");
  const rows = Array.from({ length: BATCH }, (_, i) => [
    ...GIVEN.latents.data.slice(i * LATENT, (i + 1) * LATENT),
    ...(codes ? oneHot(GIVEN.fake_labels).subarray(i * CLASSES, (i + 1) * CLASSES) : []),
    ...(codes ? GIVEN.codes.data.slice(2 * i, 2 * i + 2) : []),
  ]);
  const inputs: Record<string, Float32Array> = {
    latent: Float32Array.from(rows.flat()),
    "latent-labels": oneHot(GIVEN.fake_labels),
    real: float(GIVEN.real),
    "real-labels": oneHot(GIVEN.real_labels),
    "penalty/mix": float(GIVEN.mix),
    "penalty/noise": float(GIVEN.noise),
    balance: Float32Array.of(golden.constants?.k ?? 0),
  };
  for (const player of NETWORK_ROLES) {
    for (const [name, array] of Object.entries(GOLDENS.networks[golden[player]].weights))
      inputs[`${player}/weights/${name}`] = float(array);
    inputs[`${player}/weights/label-embedding1/embedding`] = identity;
  }
  for (const [name, { u, v, next_u }] of Object.entries(GOLDENS.spectral)) {
    const buffers = `discriminator/buffers/${name.slice(0, name.indexOf("/"))}`;
    inputs[`${buffers}/u`] = float(advanced ? next_u : u);
    // A power iteration looks at u alone.
    inputs[`${buffers}/v`] = advanced ? float(v) : new Float32Array(sizeOf(v.shape));
  }
  return inputs;
}

async function runStep(game: GanModel, trains: readonly NetworkRole[], arrays: Record<string, Float32Array>) {
  const { fn, signature, arrays: kept } = modelToStep(game, trains);
  const specs = { ...signature, ...kept };
  const weights = termWeights(game);
  const program = await engine.compile(fn, specs);
  const outputs = await program.run(
    Object.fromEntries(Object.keys(specs).map((name) => [name, arrays[name] ?? weights[name]])),
  );
  await program.dispose();
  return outputs;
}

function expectClose(actual: ArrayValue, expected: readonly number[], what: string): void {
  const largest = Math.max(...expected.map(Math.abs), 1e-3);
  expect(actual.data.length, what).toBe(expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs(actual.data[i] - value)));
  expect(worst / largest, `${what}: ${actual.data} against ${expected}`).toBeLessThan(TOLERANCE);
}

/** What the goldens say of a player, by a step's names. */
const expectedOf = (golden: GoldenPreset, player: NetworkRole): Record<string, readonly number[]> => ({
  [`${player}/loss`]: [golden[`${player}_loss`]],
  ...under(
    `${player}/gradients`,
    Object.fromEntries(Object.entries(golden[`${player}_gradients`]).map(([name, { data }]) => [name, data])),
  ),
  ...(player === "discriminator" &&
    golden.penalty !== undefined && {
      "terms/penalty": [golden.penalty],
      "terms/discriminator-adversarial": [golden.discriminator_loss - golden.penalty],
    }),
});

it("there are goldens of every preset", () => {
  expect(Object.keys(GOLDENS.presets).sort()).toEqual(Object.keys(PRESETS).sort());
});

describe.each(Object.keys(PRESETS) as PresetName[])("%s", (name) => {
  const golden = GOLDENS.presets[name];

  it("asks of its networks what the paper's have", async () => {
    const game = await toGame(name, golden);
    const { discriminator_input: shown, discriminator_output: asked } = golden;
    const widths = Object.values(headsOf(game.auxiliaries, CLASSES, game.latent));
    const isAutoencoder = game.critic?.kind === "autoencoder";
    const total = (numbers: readonly number[]) => numbers.reduce((sum, width) => sum + width, 0);
    expect(isAutoencoder ? PIXELS : 1 + total(widths)).toBe(total(asked.map(([, width]) => width)));
    expect(isAutoencoder).toBe(asked[0][0] === "reconstruction");
    expect(packingOf(game)).toBe("pack" in shown ? shown.pack : 1);
    expect(choicesToOptions({ model: name }, { shape: [16, 16, 1] }).conditional).toBe(
      golden.generator_input.includes("fake_labels") && !golden.generator_input.includes("codes"),
    );
  });

  it("has the paper's losses and gradients, both players in one step", async () => {
    const outputs = await runStep(await toGame(name, golden), NETWORK_ROLES, toInputs(golden, false));
    for (const player of NETWORK_ROLES)
      for (const [output, values] of Object.entries(expectedOf(golden, player)))
        expectClose(outputs[output], values, output);
    expect("terms/penalty" in outputs).toBe(golden.penalty !== undefined);
  });

  it.each(NETWORK_ROLES)("has them in a step of the %s's own", async (player) => {
    const advanced = player === "generator";
    const outputs = await runStep(await toGame(name, golden), [player], toInputs(golden, advanced));
    for (const [output, values] of Object.entries(expectedOf(golden, player)))
      expectClose(outputs[output], values, output);
    const other = player === "generator" ? "discriminator" : "generator";
    expect(Object.keys(outputs).filter((output) => output.startsWith(`${other}/gradients`))).toEqual([]);
  });
});

it("began's k and convergence follow from the energies of the step", async () => {
  const golden = GOLDENS.presets.began;
  const game = await toGame("began", golden);
  const outputs = await runStep(game, NETWORK_ROLES, toInputs(golden, false));
  const [real, fake] = [outputs["logits/discriminator/real"], outputs["logits/discriminator/fake"]];
  const energy = ({ data }: ArrayValue) => -(data as Float32Array).reduce((sum, x) => sum + x / BATCH, 0);
  const { k, gamma } = golden.constants!;
  expect(balanceOf(game)).toEqual({ gamma, lambdaK: golden.constants!.lambda_k });
  expect(nextBalance(k, energy(real), energy(fake), balanceOf(game))).toBeCloseTo(golden.after!.k, 8);
  const convergence = energy(real) + Math.abs(gamma * energy(real) - energy(fake));
  expect(convergence).toBeCloseTo(golden.after!.convergence, 5);
});

it("sngan's step leaves the vectors of one power iteration behind", async () => {
  const golden = GOLDENS.presets.sngan;
  const outputs = await runStep(await toGame("sngan", golden), NETWORK_ROLES, toInputs(golden, false));
  for (const [name, { v, next_u }] of Object.entries(GOLDENS.spectral)) {
    const buffers = `discriminator/buffers/${name.slice(0, name.indexOf("/"))}`;
    expectClose(outputs[`${buffers}/u`], next_u.data, `${buffers}/u`);
    expectClose(outputs[`${buffers}/v`], v.data, `${buffers}/v`);
  }
});
