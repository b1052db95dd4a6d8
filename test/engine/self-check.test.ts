/** The first run on a device held against the CPU; here both are the CPU, and one of the two computes something else. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOnnxEngine } from "../../src/engine/compile.ts";
import type { Engine, Program } from "../../src/engine/engine.ts";
import { outputsToDeviations, requireSameOutputs, withSelfCheck } from "../../src/engine/self-check.ts";
import { loadTensorflow, type Tensorflow } from "../../src/engine/tensorflow.ts";
import type { Tensor } from "../../src/engine/tfjs.ts";
import type { GanEvalError } from "../../src/errors.ts";

const floats = (...values: number[]) => Float32Array.from(values);
const CHECKED = { name: "net", device: "webgpu" } as const;

describe("a deviation", () => {
  it("is the largest difference, in parts of the output's largest value", () => {
    const deviations = outputsToDeviations({ y: floats(1, -4, 2) }, { y: floats(1, -4, 1.5) });
    expect(deviations).toEqual({ y: 0.5 / 4 });
  });

  it("is infinite where one of the two has a NaN or an infinity that the other has not", () => {
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(outputsToDeviations({ y: floats(1, odd) }, { y: floats(1, 1) }).y).toBe(
        Number.POSITIVE_INFINITY,
      );
      expect(outputsToDeviations({ y: floats(1, 1) }, { y: floats(1, odd) }).y).toBe(
        Number.POSITIVE_INFINITY,
      );
      expect(outputsToDeviations({ y: floats(1, odd) }, { y: floats(1, odd) }).y).toBe(0);
    }
    const opposite = outputsToDeviations(
      { y: floats(Number.POSITIVE_INFINITY) },
      { y: floats(Number.NEGATIVE_INFINITY) },
    );
    expect(opposite.y).toBe(Number.POSITIVE_INFINITY);
  });

  it("of an output that is zero beside the others is measured by the others", () => {
    const noise = outputsToDeviations({ y: floats(2), z: floats(1e-9) }, { y: floats(2), z: floats(-1e-9) });
    expect(noise.z).toBeLessThan(2e-5);
    const wrong = outputsToDeviations({ y: floats(2), z: floats(1e-3) }, { y: floats(2), z: floats(0) });
    expect(wrong.z).toBeGreaterThan(1);
  });

  it("is not taken of whole numbers, which a tie may decide", () => {
    expect(outputsToDeviations({ n: Int32Array.of(1) }, { n: Int32Array.of(2) })).toEqual({});
  });
});

describe("outputs that differ", () => {
  it("are refused with the program, the output, the deviation, the device and what to do", () => {
    const refuse = () =>
      requireSameOutputs({ a: floats(1), b: floats(1.01) }, { a: floats(1), b: floats(1) }, CHECKED);
    expect(refuse).toThrow(
      "expected output b of net on webgpu to be the CPU's to 0.0001, got one that is off by 0.010 of its largest value",
    );
    try {
      refuse();
    } catch (error) {
      const { code, hint } = error as GanEvalError;
      expect(code).toBe("unavailable.device-differs");
      expect(hint).toMatch(/driver.*--device cpu.*--no-self-check/);
    }
  });

  it("pass where a larger deviation is allowed", () => {
    requireSameOutputs({ b: floats(1.01) }, { b: floats(1) }, { ...CHECKED, tolerance: 0.02 });
  });
});

describe("a program with a self-check", () => {
  let engine: Engine;
  let tf: Tensorflow;
  beforeAll(async () => {
    tf = await loadTensorflow();
    engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  });
  afterAll(() => engine?.dispose());

  const compile = (fn: (x: Tensor) => Tensor) =>
    engine.compile(({ x }) => ({ y: fn(x!) }), { x: { shape: [4] } }) as Promise<Program>;
  const input = { x: floats(1, 2, 3, 4) };

  /** What the CPU opens, counted. */
  function countReferences(fn: (x: Tensor) => Tensor) {
    const count = { opened: 0, closed: 0 };
    const openReference = async () => {
      count.opened++;
      const program = await compile(fn);
      return {
        run: (inputs: Parameters<Program["run"]>[0]) => program.run(inputs),
        dispose: () => {
          count.closed++;
          return program.dispose();
        },
      };
    };
    return { count, openReference };
  }

  it("gives what the device gives, and opens the CPU's session once and closes it", async () => {
    const { count, openReference } = countReferences((x) => tf.square(x));
    const program = withSelfCheck(await compile((x) => tf.mul(x, x)), { ...CHECKED, openReference });
    const runs = await Promise.all([program.run(input), program.run({ x: floats(2, 2, 2, 2) })]);
    expect(runs.map(({ y }) => [...y!.data])).toEqual([
      [1, 4, 9, 16],
      [4, 4, 4, 4],
    ]);
    await program.run(input);
    expect(count).toEqual({ opened: 1, closed: 1 });
    await program.dispose();
  });

  it("fails at every run while the device computes other numbers", async () => {
    const { count, openReference } = countReferences((x) => tf.square(x));
    const program = withSelfCheck(await compile((x) => tf.mul(x, tf.add(x, 0.01))), {
      ...CHECKED,
      openReference,
    });
    for (let run = 0; run < 2; run++)
      await expect(program.run(input)).rejects.toMatchObject({ code: "unavailable.device-differs" });
    expect(count).toEqual({ opened: 2, closed: 2 });
    await program.dispose();
  });

  it("compares the arrays that are written in place", async () => {
    const y = new Float32Array(4);
    const shape = { x: { shape: [4] } };
    const inPlace = { inputs: input, outputs: { y } };
    const half = await engine.compile(({ x }) => ({ y: tf.mul(x, 0.5) }), shape, { inPlace });
    const { openReference } = countReferences((x) => tf.square(x));
    const program = withSelfCheck(half as Program, { ...CHECKED, openReference, inPlace });
    await expect(program.run({})).rejects.toThrow("output y of net");
    await program.dispose();
  });
});
