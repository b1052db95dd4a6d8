/** The sanity checks of docs/sanity.md: their rules bite, and small versions of them say what is known of our metrics. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKS } from "../../bench/sanity/checks.js";
import {
  type CheckVerdict,
  checkToCurves,
  curvesToVerdicts,
  JUDGED,
  type Side,
} from "../../bench/sanity/measure.js";
import { PAPER, PAPER_VALUES } from "../../bench/sanity/paper.js";
import { createRandomState } from "../../src/math/random/random-state.ts";
import { idToMetric } from "../../src/metrics/table.ts";
import { openContext } from "../metrics/context.ts";

const checkOf = (id: string) => CHECKS.find((check) => check.id === id)!;
const of = (name: string) => JUDGED.find((judged) => judged.name === name)!;

async function measure(judged: readonly { id: string; value: string }[], real: Side, fake: Side) {
  const toSide = (features: Side) => ({ count: features.rows, features });
  const context = openContext();
  const values: number[] = [];
  for (const { id, value } of judged) {
    const row = idToMetric(id)!;
    const sides = { real: toSide(real), fake: toSide(fake) };
    values.push((await row.measure(sides, row.defaults, context))[value]!);
  }
  return values;
}

/** Verdicts of some values by one small check: 300 samples, five places. */
async function verdictsOf(id: string, names: readonly string[]): Promise<Record<string, CheckVerdict[]>> {
  const judged = names.map(of);
  const check = checkOf(id);
  const how = { repeats: 1, n: 300, places: 5, judged, measure, openSource: createRandomState };
  return curvesToVerdicts(check, await checkToCurves(check, how), judged);
}

/** What a made-up measure would get. */
const madeUp = (id: string, toValue: (real: Side, fake: Side) => number) =>
  checkToCurves(checkOf(id), {
    ...{ repeats: 1, n: 50, places: 5, openSource: createRandomState },
    judged: [of("precision"), of("recall")],
    measure: async (judged, real, fake) => judged.map(() => toValue(real, fake)),
  }).then((curves) => curvesToVerdicts(checkOf(id), curves, [of("precision"), of("recall")]));

describe("the sanity checks", () => {
  it("are the paper's fifteen, and the authors' table has a letter for each part and value", () => {
    expect(CHECKS).toHaveLength(15);
    for (const { paper, rules } of CHECKS) {
      expect(Object.keys(PAPER[paper]).sort(), paper).toEqual(Object.keys(rules).sort());
      for (const letters of Object.values(PAPER[paper])) expect(letters).toHaveLength(PAPER_VALUES.length);
    }
  });

  it("are passed by a constant only where the rules ask for one", async () => {
    const passed: string[] = [];
    for (const { id } of CHECKS.filter(({ ofSizes }) => !ofSizes))
      for (const constant of [0, 0.5, 1]) {
        const verdicts = Object.values(await madeUp(id, () => constant));
        for (const [at, kind] of ["fidelity", "diversity"].entries())
          if (verdicts.every((verdict) => verdict[at] !== false)) passed.push(`${id}, ${kind} ${constant}`);
      }
    expect(passed).toEqual([
      "modes-together, fidelity 1",
      "modes-one-by-one, fidelity 1",
      "one-for-two, diversity 1",
      "one-scaled, fidelity 0",
      "one-scaled, diversity 0",
      "one-disjoint, fidelity 0",
      "one-disjoint, diversity 0",
      "rounded, diversity 0",
    ]);
  });

  it("is passed by a measure that knows the distance of the means", async () => {
    const meanOf = ({ data }: Side) => data.reduce((sum, value) => sum + value, 0) / data.length;
    const verdicts = await madeUp("mean", (real, fake) => {
      const apart = Math.abs(meanOf(fake) - meanOf(real)) * Math.sqrt(fake.width);
      return Math.max(0, 1 - Math.max(0, apart - 0.6) / 2);
    });
    expect(verdicts).toEqual({ bounds: [true, true], property: [true, true] });
  });

  it("find our values as the full run does where the outcome is clear", async () => {
    const names = ["precision", "coverage", "clipped_coverage"];
    // The balls of few real samples in many dimensions leave out a third of what comes of the same distribution.
    const mean = await verdictsOf("mean", names);
    expect(mean.property).toEqual([true, true, true]);
    expect(mean.bounds[0]).toBe(false);
    // Neighbours are of all dimensions: one that is disjoint drowns in a thousand.
    const disjoint = await verdictsOf("one-disjoint", ["precision", "density", "coverage"]);
    expect(disjoint.property).toEqual([false, false, false]);
    // Modes that are far apart: what is invented is near nothing real.
    const modes = await verdictsOf("modes-invented", ["precision", "recall"]);
    expect(modes.property).toEqual([true, true]);
    expect(modes.bounds[0]).toBe(true);
    const scaled = await verdictsOf("one-scaled", ["density", "coverage", "clipped_coverage"]);
    expect(scaled).toEqual({ bounds: [true, true, true], transformations: [true, true, true] });
  });

  it("are in docs/sanity.md, every check and every value", () => {
    const docs = readFileSync(path.join(import.meta.dirname, "../../docs/sanity.md"), "utf8");
    for (const { title } of CHECKS) expect(docs).toContain(`| ${title} |`);
    for (const { name } of JUDGED) expect(docs).toContain(`\`${name}\``);
  });
});
