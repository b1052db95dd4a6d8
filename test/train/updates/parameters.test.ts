import { describe, expect, it } from "vitest";
import type { Specs } from "../../../src/train/networks/layer-row.ts";
import { sizeOf } from "../../../src/train/networks/shapes.ts";
import {
  OPTIMIZER_DEFAULTS,
  type OptimizerName,
  type OptimizerOptions,
} from "../../../src/train/optimizers.ts";
import { type Arrays, Parameters, type StepOptions } from "../../../src/train/updates/parameters.ts";
import { TrainingMemory } from "../../../src/train/updates/training-memory.ts";

const initializer = { kind: "zeros" } as const;

/** Lengths with every rest by four, and one of more than 16 KiB: the sums of squares are emptied there. */
const SPECS: Specs = {
  "a/weights": { shape: [1], initializer },
  "a/biases": { shape: [2], initializer },
  "b/weights": { shape: [3, 1], initializer },
  "b/biases": { shape: [2, 2], initializer },
  "c/weights": { shape: [71, 73], initializer },
};
const NAMES = Object.keys(SPECS);

/** Numbers of either sign, of sizes from 1e-3 to 3, another for each array, place and step. */
const numberAt = (array: number, i: number, step: number): number =>
  Math.sin(1 + 12.9898 * i + 78.233 * array + 3.7 * step) * 3 * 10 ** ((i + step) % 4 === 0 ? -3 : 0);

function open(optimizer: OptimizerName, averaged = false, specs: Specs = SPECS) {
  const memory = new TrainingMemory(Parameters.bytes(specs, optimizer, averaged));
  const parameters = new Parameters(memory, specs, optimizer, averaged);
  const start = Object.entries(specs).map(([name, { shape }], array) => {
    const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => numberAt(array, i, 0));
    return [name, { data, shape }] as const;
  });
  parameters.fill(Object.fromEntries(start));
  return parameters;
}

function setGradients({ gradients }: Parameters, step: number): void {
  for (const [array, name] of Object.keys(gradients).entries())
    for (let i = 0; i < gradients[name].length; i++) gradients[name][i] = numberAt(array, i, step);
}

const options = (step: number, change: Partial<StepOptions> = {}): StepOptions => ({
  step,
  rate: 1e-2,
  optimizer: OPTIMIZER_DEFAULTS,
  ...change,
});

const copy = (arrays: Arrays): Record<string, number[]> =>
  Object.fromEntries(Object.entries(arrays).map(([name, data]) => [name, [...data]]));

const norm = (values: Iterable<number>): number => Math.sqrt([...values].reduce((sum, x) => sum + x * x, 0));

/** One number's way by PyTorch's formulas, term by term as its documentation has them, in float64. */
const REFERENCES: Readonly<
  Record<OptimizerName, (o: OptimizerOptions, rate: number) => (w: number, g: number, t: number) => number>
> = {
  adam: ({ b1, b2, epsilon, weightDecay = 0 }, rate) => {
    let [m, v] = [0, 0];
    return (w, gradient, t) => {
      const g = gradient + weightDecay * w;
      m = b1 * m + (1 - b1) * g;
      v = b2 * v + (1 - b2) * g * g;
      return w - (rate * (m / (1 - b1 ** t))) / (Math.sqrt(v / (1 - b2 ** t)) + epsilon);
    };
  },
  rmsprop: ({ decay, epsilon, weightDecay = 0 }, rate) => {
    let v = 0;
    return (w, gradient) => {
      const g = gradient + weightDecay * w;
      v = decay * v + (1 - decay) * g * g;
      return w - (rate * g) / (Math.sqrt(v) + epsilon);
    };
  },
  sgd: ({ momentum, weightDecay = 0 }, rate) => {
    let u = 0;
    return (w, gradient) => {
      const g = gradient + weightDecay * w;
      u = momentum * u + g;
      return w - rate * u;
    };
  },
};

const CASES: readonly (readonly [OptimizerName, Partial<OptimizerOptions>, number])[] = [
  ["adam", {}, 1e-2],
  ["adam", { b1: 0.9, b2: 0.99, epsilon: 1e-3 }, 1e-2],
  ["adam", { b1: 0 }, 2e-4],
  ["rmsprop", {}, 5e-5],
  ["rmsprop", { decay: 0.9, epsilon: 1e-2 }, 5e-3],
  ["sgd", {}, 1e-2],
  ["sgd", { momentum: 0.9 }, 5e-3],
  ["adam", { weightDecay: 0.1 }, 1e-2],
  ["rmsprop", { weightDecay: 0.1 }, 5e-5],
  ["sgd", { momentum: 0.9, weightDecay: 0.1 }, 5e-3],
];

describe("a step of the optimizer", () => {
  it.each(CASES)("%s with %j takes PyTorch's steps, 50 of them", (name, change, rate) => {
    const parameters = open(name);
    const optimizer = { ...OPTIMIZER_DEFAULTS, ...change };
    const expected = NAMES.map((array) => Float64Array.from(parameters.weights[array]));
    const references = expected.map((values) => Array.from(values, () => REFERENCES[name](optimizer, rate)));
    for (let step = 1; step <= 50; step++) {
      setGradients(parameters, step);
      for (const [array, values] of expected.entries())
        for (let i = 0; i < values.length; i++)
          values[i] = references[array][i](values[i], Math.fround(numberAt(array, i, step)), step);
      parameters.step(options(step, { rate, optimizer }), false);
      // Weights of at most 4: each step rounds by half of 2^-22, and the moments by a few parts in 1e7 of their step.
      const worst = Math.max(
        ...NAMES.flatMap((array, a) =>
          Array.from(parameters.weights[array], (weight, i) => Math.abs(weight - expected[a][i])),
        ),
      );
      expect(worst, `step ${step}`).toBeLessThan(step * (1.2e-7 + 5e-7 * rate * 10));
    }
  });

  it.each(["adam", "rmsprop", "sgd"] as const)(
    "%s measured moves the weights to the same bits, and gives the norms of what it found",
    (name) => {
      const [measured, plain] = [open(name), open(name)];
      for (let step = 1; step <= 3; step++) {
        for (const parameters of [measured, plain]) setGradients(parameters, step);
        const before = copy(measured.weights);
        const norms = measured.step(options(step), true);
        expect(plain.step(options(step), false)).toBeUndefined();
        expect(copy(measured.weights)).toEqual(copy(plain.weights));
        expect(copy(measured.carried.second ?? measured.carried.velocity)).toEqual(
          copy(plain.carried.second ?? plain.carried.velocity),
        );
        NAMES.forEach((array, i) => {
          const moved = before[array].map((weight, k) => weight - measured.weights[array][k]);
          // Lanes of 1024 squares in float32.
          expect(norms.gradients[i] / norm(measured.gradients[array]), array).toBeCloseTo(1, 5);
          expect(norms.weights[i] / norm(before[array]), array).toBeCloseTo(1, 5);
          // The difference of two rounded weights tells the step to 2^-23 of the weights.
          const larger = norm(before[array]) + norm(measured.weights[array]);
          expect(Math.abs(norms.steps[i] - norm(moved)), array).toBeLessThan(3e-7 * larger);
        });
      }
    },
  );

  it("draws weights towards 0 by their decay where there is no gradient, and measures the gradient without it", () => {
    const parameters = open("sgd");
    const before = copy(parameters.weights);
    const optimizer = { ...OPTIMIZER_DEFAULTS, weightDecay: 0.5 };
    const { gradients, zeros } = parameters.step(options(1, { rate: 0.1, optimizer }), true);
    for (const [i, name] of NAMES.entries()) {
      expect([gradients[i], zeros![i]]).toEqual([0, before[name].length]);
      parameters.weights[name].forEach((weight, k) => {
        expect(weight).toBeCloseTo(0.95 * before[name][k], 6);
      });
    }
  });

  it("holds the weights within the bound, and leaves those inside where they are", () => {
    const [bounded, free] = [open("sgd"), open("sgd")];
    for (const [parameters, bound] of [
      [bounded, 0.5],
      [free, undefined],
    ] as const) {
      setGradients(parameters, 1);
      parameters.step(options(1, bound === undefined ? {} : { clipValue: bound }), false);
    }
    for (const name of NAMES)
      expect([...bounded.weights[name]]).toEqual(
        [...free.weights[name]].map((weight) => Math.min(0.5, Math.max(-0.5, weight))),
      );
  });

  it("scales gradients by a factor, and knows the sum of their squares", () => {
    const all = (arrays: Arrays) => norm(NAMES.flatMap((name) => [...arrays[name]]));
    const scaled = open("sgd");
    setGradients(scaled, 1);
    const before = copy(scaled.gradients);
    const size = all(scaled.gradients);
    expect(Math.sqrt(scaled.gradientSquares)).toBeCloseTo(size, 4);
    scaled.scaleGradients(2 / size);
    const { gradients } = scaled.step(options(1), true);
    expect(norm(gradients)).toBeCloseTo(2, 4);
    for (const name of NAMES)
      scaled.gradients[name].forEach((gradient, i) => {
        expect(gradient).toBeCloseTo((before[name][i] * 2) / size, 6);
      });
  });

  it("does not hide gradients that are not numbers: no bound and no norm makes numbers of them", () => {
    for (const name of ["adam", "rmsprop", "sgd"] as const) {
      const parameters = open(name);
      setGradients(parameters, 1);
      parameters.gradients["b/weights"][1] = Number.NaN;
      const norms = parameters.step(options(1, { clipValue: 0.5 }), true);
      expect([...parameters.weights["b/weights"]].map(Number.isNaN)).toEqual([false, true, false]);
      expect(norms.gradients[NAMES.indexOf("b/weights")]).toBeNaN();
      const clipped = open(name);
      setGradients(clipped, 1);
      clipped.gradients["b/weights"][1] = Number.NaN;
      clipped.scaleGradients(0.5);
      clipped.step(options(1, { clipValue: 0.5 }), false);
      expect(clipped.weights["b/weights"][1]).toBeNaN();
    }
  });

  it("arrays stay apart: one alone has the numbers that it has among others, and zeros lie between", () => {
    const averaged = true;
    const among = open("adam", averaged);
    for (let step = 1; step <= 5; step++) {
      setGradients(among, step);
      among.step(options(step, { clipValue: 0.7 }), step % 2 === 0);
      among.average(0.9);
    }
    NAMES.forEach((name, array) => {
      const memory = new TrainingMemory(Parameters.bytes({ [name]: SPECS[name] }, "adam", averaged));
      const alone = new Parameters(memory, { [name]: SPECS[name] }, "adam", averaged);
      const numbers = (step: number) =>
        Float32Array.from(among.weights[name], (_, i) => numberAt(array, i, step));
      alone.fill({ [name]: { data: numbers(0), shape: SPECS[name].shape } });
      for (let step = 1; step <= 5; step++) {
        alone.gradients[name].set(numbers(step));
        alone.step(options(step, { clipValue: 0.7 }), false);
        alone.average(0.9);
      }
      expect(alone.weights[name], name).toEqual(among.weights[name]);
      expect(alone.averages![name], name).toEqual(among.averages![name]);
    });
    const blocks = [
      among.weights,
      among.gradients,
      among.carried.first,
      among.carried.second,
      among.averages!,
    ];
    for (const block of blocks)
      for (const { buffer, byteOffset, byteLength } of Object.values(block)) {
        expect(byteOffset % 16).toBe(0);
        const rest = (16 - (byteLength % 16)) % 16;
        expect([...new Uint8Array(buffer, byteOffset + byteLength, rest)]).toEqual(Array(rest).fill(0));
      }
  });

  it("the running average is decay of itself and the rest of the weights, and begins at the weights", () => {
    const parameters = open("sgd", true);
    expect(copy(parameters.averages!)).toEqual(copy(parameters.weights));
    const expected = copy(parameters.weights);
    for (let step = 1; step <= 20; step++) {
      setGradients(parameters, step);
      parameters.step(options(step), false);
      parameters.average(0.9);
      for (const name of NAMES)
        parameters.weights[name].forEach((weight, i) => {
          expected[name][i] = 0.9 * expected[name][i] + 0.1 * weight;
        });
    }
    // Three roundings a step of numbers up to 4, of which the decay leaves ten steps' worth.
    for (const name of NAMES)
      parameters.averages![name].forEach((average, i) => {
        expect(Math.abs(average - expected[name][i])).toBeLessThan(4e-6);
      });
  });
});

describe("training memory", () => {
  it("takes exactly what the parameters say they need", () => {
    for (const averaged of [false, true])
      for (const name of ["adam", "rmsprop", "sgd"] as const) {
        const memory = new TrainingMemory(Parameters.bytes(SPECS, name, averaged));
        new Parameters(memory, SPECS, name, averaged);
        // Less than a page is left over.
        expect(() => memory.allocate(65_536 + 1)).toThrow(/sized too small/);
      }
  });

  it("refuses networks of 4 GiB", () => {
    const specs: Specs = { "a/weights": { shape: [20_000, 20_000], initializer } };
    expect(() => new TrainingMemory(Parameters.bytes(specs, "adam", false))).toThrow(
      /less than 4 GiB, got 6.0/,
    );
  });
});
