/** Training whose state lies in a device's memory: the numbers of training here, and what crosses. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../../src/engine/compile.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { OPTIMIZERS, type OptimizerName } from "../../../src/train/optimizers.ts";
import { PRESETS, type PresetName } from "../../../src/train/presets.ts";
import type { Player, Scheme } from "../../../src/train/scheme/scheme.ts";
import { SCHEME_MODELS, type SchemeModelName } from "../../../src/train/schemes/models.ts";
import { Trainer, type TrainerOptions } from "../../../src/train/trainer.ts";
import type { FieldData } from "../../../src/train/training-data.ts";
import { withMemoryHere } from "../../engine/memory-here.ts";
import { openSmallModel } from "../schemes/small-models.ts";
import { presetToScheme, SMALL_BATCH, smallImages } from "../small-presets.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine?.dispose());

const OPTIONS: TrainerOptions = {
  seed: 1,
  rates: { generator: 1e-3, discriminator: 1e-3 },
  rounds: 4,
};

/**
 * Sums of squares are of float32 there and of float64 here, convolutions add up in another order, and Adam divides by
 * roots of small numbers: what is rounding alone, as the gradient of a bias before a norm is, it makes as large as the rest.
 */
const TOLERANCE = 5e-4;

/** Largest difference of two arrays, in the largest number of the first. */
function difference(expected: ArrayLike<number>, actual: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [most, largest] = [0, 1e-3];
  for (let i = 0; i < expected.length; i++) {
    if (!(Number.isNaN(expected[i]) && Number.isNaN(actual[i])))
      most = Math.max(
        most,
        Number.isNaN(actual[i]) ? Number.POSITIVE_INFINITY : Math.abs(expected[i] - actual[i]),
      );
    largest = Math.max(largest, Math.abs(expected[i]) || 0);
  }
  return most / largest;
}

/** Rounds of a scheme with its state here and there: the same records and the same checkpoint. */
async function expectSame(open: () => Promise<readonly [Scheme, FieldData]>): Promise<void> {
  const [one, other] = [await open(), await open()];
  const here = await Trainer.open(engine, ...one, OPTIONS);
  const device = withMemoryHere(engine);
  const there = await Trainer.open(device, ...other, OPTIONS);
  for (let round = 1; round <= 3; round++) {
    const measure = round !== 2;
    const [expected, actual] = [await here.playRound(measure), await there.playRound(measure)];
    if (!measure) continue;
    expect(Object.keys(actual!.scalars)).toEqual(Object.keys(expected!.scalars));
    for (const [name, value] of Object.entries(expected!.scalars))
      expect(difference([value], [actual!.scalars[name]!]), `${round} ${name}`).toBeLessThan(TOLERANCE);
    for (const [network, layers] of Object.entries(expected!.layers))
      for (const [i, { layer, ...norms }] of layers.entries())
        for (const [name, value] of Object.entries(norms)) {
          // After the first update a sum that cancels to exactly 0 is a matter of its last bit.
          if (name === "zeros" && round > 1) continue;
          expect(
            difference([value], [actual!.layers[network]![i]![name as "weight"]]),
            `${round} ${network} ${layer} ${name}`,
          ).toBeLessThan(TOLERANCE);
        }
  }
  expect(() => there.save()).toThrow("a device has moved on");
  await there.bringHome();
  const [expected, actual] = [here.save(), there.save()];
  expect(actual.progress).toEqual(expected.progress);
  expect(Object.keys(actual.state)).toEqual(Object.keys(expected.state));
  for (const [name, { data, shape }] of Object.entries(expected.state)) {
    expect(actual.state[name]!.shape).toEqual(shape);
    expect(difference(data, actual.state[name]!.data), name).toBeLessThan(TOLERANCE);
  }
  const { held } = device.memory.traffic;
  await there.playRound();
  expect(device.memory.traffic.held).toBe(held);
  await Promise.all([here.dispose(), there.dispose()]);
  expect(device.memory.traffic.held).toBe(0);
}

describe("on a device", () => {
  it.each(Object.keys(PRESETS) as PresetName[])("%s trains as it does here", async (model) => {
    await expectSame(async () => [await presetToScheme(model), smallImages()]);
  });

  it.each(Object.keys(SCHEME_MODELS) as SchemeModelName[])("%s trains as it does here", async (model) => {
    await expectSame(async () => {
      const { scheme, data } = await openSmallModel(model);
      return [scheme, data];
    });
  });

  const RULES: Readonly<Record<string, Partial<Player>>> = {
    "as they are": {},
    "a bound of the gradients' norm": { gradientClip: 0.01 },
    "clipped weights": { clipValue: 0.01 },
    "weight decay": { optimizerOptions: { weightDecay: 0.1 } },
    "an average": { emaDecay: 0.9 },
  };
  it.each(
    (Object.keys(OPTIMIZERS) as OptimizerName[]).flatMap((optimizer) =>
      Object.entries(RULES).map(([what, rules]) => [optimizer, what, rules] as const),
    ),
  )("%s with %s moves weights as it does here", async (optimizer, _what, rules) => {
    await expectSame(async () => {
      const scheme = await presetToScheme("sngan");
      const players = Object.fromEntries(
        Object.entries(scheme.players).map(([name, player]) => [name, { ...player, optimizer, ...rules }]),
      );
      return [{ ...scheme, players }, smallImages()];
    });
  });

  it("a checkpoint that is taken up again gives the same bytes, also one of here", async () => {
    const device = withMemoryHere(engine);
    const open = async () => Trainer.open(device, await presetToScheme("dcgan"), smallImages(), OPTIONS);
    const [whole, resumed] = [await open(), await open()];
    await whole.playRound();
    await whole.bringHome();
    const half = whole.save();
    await whole.playRound(true);
    await whole.bringHome();
    await resumed.playRound();
    await resumed.playRound();
    resumed.restore(half);
    expect(resumed.save()).toEqual(half);
    await resumed.playRound();
    await resumed.bringHome();
    expect(resumed.save()).toEqual(whole.save());
    await Promise.all([whole.dispose(), resumed.dispose()]);
  });

  it("a round that is not recorded sends up latents, rows, labels and a few numbers, and brings losses down", async () => {
    const device = withMemoryHere(engine);
    const scheme = await presetToScheme("gan");
    const trainer = await Trainer.open(device, scheme, smallImages(), OPTIONS);
    await trainer.playRound();
    const { traffic } = device.memory;
    const before = { ...traffic };
    await trainer.playRound();
    // 100 latents and one row number an image, 9 numbers for each of two updates; two losses and the terms.
    expect(traffic.up - before.up).toBe(4 * (SMALL_BATCH * 101 + 2 * 9));
    expect(traffic.down - before.down).toBeLessThan(4 * 8);
    await trainer.playRound(true);
    expect(traffic.down - before.down).toBeGreaterThan(4 * 8 + 4 * 2 * SMALL_BATCH);
    await trainer.dispose();
  });
});
