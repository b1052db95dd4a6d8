/** How long compiling takes is foretold before it begins. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { foretellLongCompilation, schemeToCompileSeconds } from "../../src/runs/compile-time.ts";
import { steadyClock } from "../../src/steady-clock.ts";
import type { SchemeModelName } from "../../src/train/schemes/models.ts";
import type { ParticularOptions } from "../../src/train/schemes/scheme-request.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { openModel } from "../train/schemes/played-schemes.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await openOnnxEngine({ device: "cpu", threads: 1 });
});
afterAll(() => engine.dispose());

const NARROW = { filters: 2, discriminatorFilters: 2, discriminatorLayers: 1 };
const MODELS: readonly (readonly [SchemeModelName, string, Partial<ParticularOptions>])[] = [
  ["cyclegan", "drawn-recolour", { ...NARROW, blocks: 2 }],
  ["dualgan", "drawn-recolour", { ...NARROW }],
  ["esrgan", "drawn-larger", { filters: 2, discriminatorFilters: 2, blocks: 2 }],
];

it.each(MODELS)("%s of %s takes about as long as is foretold", async (name, data, options) => {
  const opened = await openModel(name, data, options);
  // Once to warm up: the first trace of a process is slow.
  await schemeToCompileSeconds(opened.scheme, steadyClock);
  const foretold = await schemeToCompileSeconds(opened.scheme, steadyClock);
  const started = steadyClock();
  const rates = { generator: 1e-3, discriminator: 1e-3 };
  const trainer = await Trainer.open(engine, opened.scheme, opened.data, { seed: 3, rates, rounds: 1 });
  const took = (steadyClock() - started) / 1000;
  await trainer.dispose();
  expect(foretold / took, `foretold ${foretold} s, took ${took} s`).toBeGreaterThan(1 / 4);
  expect(foretold / took, `foretold ${foretold} s, took ${took} s`).toBeLessThan(4);
});

describe("a compilation of a minute or more", () => {
  /** A clock by which tracing takes so many seconds. */
  const clockOf = (seconds: number): (() => number) => {
    let now = 0;
    return () => {
      now += 1000 * seconds;
      return now;
    };
  };
  const large = () =>
    openModel("esrgan", "drawn-larger", { filters: 2, discriminatorFilters: 2, blocks: 14 });

  it("is said, a shorter one is not", async () => {
    const { scheme } = await large();
    expect(await foretellLongCompilation(scheme, { name: "onnx" }, clockOf(10))).toBe(80);
    expect(await foretellLongCompilation(scheme, { name: "onnx" }, clockOf(7))).toBeUndefined();
  });

  it("is not looked for in small schemes, nor by engines that compile nothing", async () => {
    const never = () => {
      throw new Error("nothing is traced");
    };
    const { scheme } = await openModel("cyclegan", "drawn-recolour", { ...NARROW, blocks: 9 });
    expect(await foretellLongCompilation(scheme, { name: "onnx" }, never)).toBeUndefined();
    expect(await foretellLongCompilation((await large()).scheme, { name: "cpu" }, never)).toBeUndefined();
  });
});
