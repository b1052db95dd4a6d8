import { describe, expect, it } from "vitest";
import { axisToValues, textToAxis } from "../../src/sweep/axis.ts";
import { planSweep } from "../../src/sweep/plan.ts";
import { optionsToRunName } from "../../src/sweep/run-name.ts";

const models = { name: "model", values: ["gan", "wgan_gp"] };
const rates = textToAxis("lr", "1e-5..1e-2", "--lr");
const base = { axes: [models, rates], points: 7, seeds: 3, seed: 1 };
const names = (of: readonly { readonly name: string }[]): string[] => of.map(({ name }) => name);

describe("a range", () => {
  it("above 0 is walked by ratio, both ends included, in values that text repeats exactly", () => {
    const values = axisToValues(rates, 7);
    expect(values).toEqual(["1e-5", "3.162e-5", "1e-4", "3.162e-4", "1e-3", "3.162e-3", "1e-2"]);
    expect(values.map(Number)).toEqual([1e-5, 3.162e-5, 1e-4, 3.162e-4, 1e-3, 3.162e-3, 1e-2]);
  });

  it("from 0 is walked by difference", () => {
    expect(axisToValues(textToAxis("b1", "0..1", "--vary b1"), 5)).toEqual(["0", "0.25", "0.5", "0.75", "1"]);
  });

  it("of one point is its middle", () => {
    expect(axisToValues(textToAxis("lr", "1e-4..1e-2", "--lr"), 1)).toEqual(["1e-3"]);
  });

  it.each(["1e-2..1e-5", "1..1", "a,,b", ""])("%j is an error", (text) => {
    expect(() => textToAxis("lr", text, "--lr")).toThrow(
      expect.objectContaining({ code: "usage.sweep-values" }),
    );
  });
});

describe("a grid", () => {
  it("is models times values times seeds, seed after seed", () => {
    const runs = planSweep(base);
    expect(runs).toHaveLength(2 * 7 * 3);
    expect(new Set(names(runs)).size).toBe(42);
    expect(runs.slice(0, 14).every(({ seed }) => seed === 1)).toBe(true);
    expect(runs[0]).toEqual({ name: "gan_lr=1e-5_seed=1", options: { model: "gan", lr: "1e-5" }, seed: 1 });
  });

  it("calls a run the same in a wider sweep", () => {
    const wider = new Set(
      names(
        planSweep({
          ...base,
          axes: [{ ...models, values: ["lsgan", ...models.values] }, rates],
          points: 13,
          seeds: 5,
        }),
      ),
    );
    for (const name of names(planSweep(base))) expect(wider).toContain(name);
  });

  it("fits values to their options, and drops what comes up twice", () => {
    const steps = textToAxis("nCritic", "1..3", "--vary n-critic");
    const adapt = (name: string, value: string): string =>
      name === "nCritic" ? String(Math.round(Number(value))) : value;
    const runs = planSweep({ ...base, axes: [models, steps], seeds: 1, adapt });
    expect(new Set(runs.map(({ options }) => options.nCritic))).toEqual(new Set(["1", "2", "3"]));
    expect(runs).toHaveLength(6);
  });

  it("too large is refused before it is made", () => {
    const axes = Array.from({ length: 9 }, (_, i) => ({ name: `o${i}`, low: 1, high: 2 }));
    expect(() => planSweep({ ...base, axes })).toThrow(expect.objectContaining({ code: "usage.sweep-size" }));
  });
});

describe("draws", () => {
  const random = {
    ...base,
    axes: [models, rates, { name: "loss", values: ["a", "b", "c"] }],
    random: 400,
    seeds: 1,
  };

  it("are decided by the seed, and the same for every model", () => {
    expect(planSweep(random)).toEqual(planSweep(random));
    expect(names(planSweep({ ...random, seed: 2 }))).not.toEqual(names(planSweep({ ...random, seed: 1 })));
    const [gan, wgan] = models.values.map((model) =>
      planSweep(random)
        .filter(({ options }) => options.model === model)
        .map(({ options: { lr, loss } }) => [lr, loss]),
    );
    expect(gan).toEqual(wgan);
  });

  it("are log-uniform over a range and uniform over a list", () => {
    const runs = planSweep(random).filter(({ options }) => options.model === "gan");
    const logs = runs.map(({ options }) => Math.log10(Number(options.lr)));
    expect(Math.min(...logs)).toBeGreaterThanOrEqual(-5);
    expect(Math.max(...logs)).toBeLessThanOrEqual(-2);
    // A third of 400 in each decade and to each value: within 4 standard deviations, sqrt(400 * 2/9) = 9.4.
    for (const decade of [-5, -4, -3]) {
      const count = logs.filter((log) => Math.floor(log) === decade).length;
      expect(Math.abs(count - 400 / 3)).toBeLessThan(38);
    }
    for (const loss of ["a", "b", "c"]) {
      const count = runs.filter(({ options }) => options.loss === loss).length;
      expect(Math.abs(count - 400 / 3)).toBeLessThan(38);
    }
  });
});

describe("a draw that comes up twice", () => {
  it("is one run, of whole numbers and of choices", () => {
    const steps = textToAxis("nCritic", "1..3", "--vary n-critic");
    const adapt = (_: string, value: string): string => String(Math.round(Number(value)));
    for (const axes of [[{ name: "loss", values: ["a", "b"] }], [steps]]) {
      const runs = planSweep({ ...base, axes, random: 40, seeds: 2, ...(axes[0] === steps && { adapt }) });
      expect(new Set(names(runs)).size).toBe(runs.length);
      expect(runs).toHaveLength(2 * (axes[0] === steps ? 3 : 2));
    }
  });
});

describe("a run's name", () => {
  it("is one that every file system takes, and tells unlike values apart", () => {
    const hostile = [
      "../../etc",
      "a/b",
      "a\\b",
      "a b",
      "ring é",
      "-rf",
      "<img>",
      "x".repeat(500),
      "",
      "\u0000",
      ".",
    ];
    const made = hostile.map((value) => optionsToRunName({ model: "gan", net: value }, 1));
    for (const name of made) {
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9.+,~=_-]*$/);
      expect(name.length).toBeLessThan(255);
    }
    expect(new Set(made).size).toBe(hostile.length);
  });

  it("of very many options is cut, and still its own", () => {
    const options = (last: string) => ({
      ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`option${i}`, "1"])),
      last,
    });
    const [a, b] = [options("1"), options("2")].map((of) => optionsToRunName(of, 7));
    expect(a).not.toBe(b);
    expect(a.length).toBeLessThan(255);
    expect(a).toMatch(/_seed=7$/);
  });
});
