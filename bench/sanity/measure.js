// Curves of metrics over the places of a check's x axis, and what the rules say of them.

import { SAMPLES, thinPlaces } from "./checks.js";
import { joinVerdicts } from "./criteria.js";
import { openDraws, openStandardised } from "./draws.js";

/**
 * Values that are judged. `row` and `value` say where they come from; `parameters` where they are not the metric's own.
 * @typedef {{ name: string, kind: "fidelity" | "diversity", id: string, value: string, parameters?: object }} Judged
 */

/** @type {readonly Judged[]} */
export const JUDGED = [
  { name: "precision", kind: "fidelity", id: "pr", value: "precision" },
  { name: "density", kind: "fidelity", id: "dc", value: "density" },
  { name: "clipped_density", kind: "fidelity", id: "clipped-dc", value: "density" },
  { name: "symmetric_precision", kind: "fidelity", id: "sym-pr", value: "precision" },
  { name: "p_precision", kind: "fidelity", id: "p-pr", value: "precision" },
  { name: "precision_cover", kind: "fidelity", id: "pr-cover", value: "precision" },
  { name: "recall", kind: "diversity", id: "pr", value: "recall" },
  { name: "coverage", kind: "diversity", id: "dc", value: "coverage" },
  { name: "clipped_coverage", kind: "diversity", id: "clipped-dc", value: "coverage" },
  { name: "symmetric_recall", kind: "diversity", id: "sym-pr", value: "recall" },
  { name: "p_recall", kind: "diversity", id: "p-pr", value: "recall" },
  { name: "recall_cover", kind: "diversity", id: "pr-cover", value: "recall" },
];

/**
 * @param check one of CHECKS
 * @param {{ repeats: number, n?: number, places?: number, most?: number, judged: readonly Judged[],
 *   measure: (judged: readonly Judged[], real, fake) => Promise<number[]>, openSource: (seed: number) => { next(): number },
 *   seed?: number, progress?: (text: string) => void }} how `places`: at most so many of an x axis; `most`: of numbers of samples
 * @returns [cases] curves [judged] of the mean over repeats
 */
export async function checkToCurves(check, how) {
  const { repeats, n = SAMPLES, places = Infinity, most = Infinity, judged, measure, openSource } = how;
  const curves = [];
  for (const [at, of] of check.cases.entries()) {
    const x = thinPlaces(check.ofSizes ? of.x.filter((size) => size <= most) : of.x, places);
    const sums = judged.map(() => new Float64Array(x.length));
    for (let repeat = 0; repeat < repeats; repeat++) {
      const draws = openDraws(openSource((how.seed ?? 1) + 1000 * repeat + at));
      let standard = of.real && openStandardised(of.real(draws, n));
      for (const [i, place] of x.entries()) {
        how.progress?.(
          `${check.id}, ${of.name}, ${i + 1} of ${x.length}, repeat ${repeat + 1} of ${repeats}`,
        );
        if (of.realAt) standard = openStandardised(of.realAt(draws, n, place));
        const fake = standard.toFake(of.fake(draws, n, place));
        const values = await measure(judged, standard.real, fake);
        for (const [v, value] of values.entries()) sums[v][i] += value / repeats;
      }
    }
    curves.push(sums.map((y) => ({ x, y: [...y] })));
  }
  return curves;
}

/**
 * What the rules say: by the part of the paper's wishes ("bounds", "property", ...) of each judged value.
 * @returns {Record<string, (boolean | "low" | "high")[]>}
 */
export const curvesToVerdicts = ({ rules, cases }, curves, judged) =>
  Object.fromEntries(
    Object.entries(rules).map(([part, criteria]) => [
      part,
      judged.map(({ kind }, v) =>
        joinVerdicts(
          cases.flatMap((of, at) =>
            Object.values(criteria).map((criterion) => criterion(curves[at][v], kind, of)),
          ),
        ),
      ),
    ]),
  );

/**
 * Measures rows of the table of metrics, each once; what they find of the real side is kept as long as it lives.
 * @param idToMetric the table's
 * @param context that metrics are measured in
 */
export const openMeasure = (idToMetric, context) => async (judged, real, fake) => {
  const sides = { real: { count: real.rows, features: real }, fake: { count: fake.rows, features: fake } };
  const known = new Map();
  const values = [];
  for (const { id, value, parameters } of judged) {
    const key = `${id} ${JSON.stringify(parameters ?? {})}`;
    const row = idToMetric(id);
    if (!known.has(key))
      known.set(key, await row.measure(sides, { ...row.defaults, ...parameters }, context));
    values.push(known.get(key)[value]);
  }
  return values;
};
