// The 15 synthetic checks of the position paper "All current generative fidelity and diversity metrics are flawed" (Räisä,
// van Breugel, van der Schaar, ICML 2025): which distributions are compared, and what a metric has to say.
//
// A check has cases, each with the places of its x axis and a way to draw both sides at one of them. `real` is drawn once
// for a case where it does not depend on the place, so that its neighbours are found once.
import {
  byKind,
  converges,
  falls,
  fallsBy,
  highOrLow,
  isBell,
  isFlat,
  isHighOrLow,
  isOne,
  isShare,
  isZero,
  rises,
  valueAt,
} from "./criteria.js";
import { withRow } from "./draws.js";

const N = 1000;
const DIMENSIONS = [1, 8, 64];
const linear = (from, to, count) =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
const powers = (from, to, count) => linear(from, to, count).map((exponent) => 10 ** exponent);
const whole = (values) => [...new Set(values.map(Math.floor))];
const inDimensions = (dimensions, toCase) =>
  dimensions.map((d) => ({ name: `${d} dimension${d === 1 ? "" : "s"}`, ...toCase(d) }));

const SHIFTS = { 1: linear(-6, 6, 51), 8: linear(-3, 3, 51), 64: linear(-1, 1, 51) };
const SCALES = { 1: powers(-3, 3, 51), 8: powers(-1, 1, 51), 64: powers(-0.5, 0.5, 51) };
const MODE_MEANS = linear(0, 10, 10);
const MODE_DEVIATIONS = { 1: 1 / 6, 8: 1 / 3, 64: 1 };
const SIZES = whole(powers(2, 4, 20));
/** Of two cubes. */
const OVERLAP = 0.2;

/** Five modes of the real side, and five that the generator invents. */
const INVENTED = [
  [5.46794328, -4.08481523],
  [4.87211875, -13.64864684],
  [-16.39432073, 9.09802249],
  [-2.15447941, 12.46200019],
  [11.55784483, -4.96049923],
  [-24.60558474, 14.18020818],
  [16.84215967, -3.18710751],
  [-5.47807206, -6.77247129],
  [9.46726546, 1.05922347],
  [-5.40346201, -17.29490131],
];

const SHIFTED = {
  bounds: {
    identical: valueAt(0, isOne),
    "far below": valueAt("first", isZero),
    "far above": valueAt("last", isZero),
  },
  property: { bell: isBell(0) },
};
const DISJOINT_ENDS = { first: valueAt("first", isZero), last: valueAt("last", isZero) };

const dropped = (share) => ({
  bounds: {
    identical: valueAt("first", isOne),
    "all dropped but one": byKind({ fidelity: valueAt("last", isOne) }),
  },
  property: { shape: byKind({ fidelity: isFlat, diversity: fallsBy(share) }) },
});

/** Of the second column a factor, of both sides. */
function scaleSecond(sample, factor) {
  for (let at = 1; at < sample.data.length; at += 2) sample.data[at] *= factor;
  return sample;
}

export const CHECKS = [
  {
    id: "mean",
    title: "Gaussian, mean moved",
    paper: "gaussian-mean-difference",
    cases: inDimensions(DIMENSIONS, (d) => ({
      x: SHIFTS[d],
      real: (draws, n) => draws.gaussian(n, d),
      fake: (draws, n, mean) => draws.gaussian(n, d, mean),
    })),
    rules: SHIFTED,
  },
  {
    id: "outlier",
    title: "the same with one outlier, in real or in fake",
    paper: "gaussian-mean-difference-with-outlier",
    cases: ["real", "fake"].flatMap((where) =>
      inDimensions(DIMENSIONS, (d) => ({
        x: SHIFTS[d],
        real: (draws, n) => {
          const sample = draws.gaussian(n, d);
          return where === "real" ? withRow(sample, SHIFTS[d].at(-1)) : sample;
        },
        fake: (draws, n, mean) => {
          const sample = draws.gaussian(n, d, mean);
          return where === "fake" ? withRow(sample, SHIFTS[d].at(-1)) : sample;
        },
      })).map((of) => ({ ...of, name: `${of.name}, outlier in ${where}` })),
    ),
    rules: SHIFTED,
  },
  {
    id: "deviation",
    title: "Gaussian, deviation changed",
    paper: "gaussian-std-difference",
    cases: inDimensions(DIMENSIONS, (d) => ({
      x: SCALES[d],
      real: (draws, n) => draws.gaussian(n, d),
      fake: (draws, n, deviation) => draws.gaussian(n, d, 0, deviation),
    })),
    rules: {
      bounds: {
        identical: valueAt(1, isOne),
        narrow: byKind({ fidelity: valueAt("first", isOne), diversity: valueAt("first", isZero) }),
        wide: byKind({ fidelity: valueAt("last", isZero), diversity: valueAt("last", isHighOrLow) }),
      },
      property: {
        shape: byKind({ fidelity: falls, diversity: highOrLow({ low: isBell(1), high: rises }) }),
      },
    },
  },
  {
    id: "modes-together",
    title: "10 modes, all but one shrunk together",
    paper: "gaussian-mixture-simultaneous-mode-dropping",
    cases: inDimensions(DIMENSIONS, (d) => ({
      x: linear(0, 1, 50),
      real: (draws, n) =>
        draws.diagonalModes(
          n,
          d,
          MODE_MEANS,
          MODE_DEVIATIONS[d],
          MODE_MEANS.map(() => 1),
        ),
      fake: (draws, n, share) =>
        draws.diagonalModes(
          n,
          d,
          MODE_MEANS,
          MODE_DEVIATIONS[d],
          MODE_MEANS.map((_, mode) => (mode === 0 ? 1 : 1 - share)),
        ),
    })),
    rules: dropped(0.95),
  },
  {
    id: "modes-one-by-one",
    title: "10 modes, dropped one by one",
    paper: "gaussian-mixture-sequential-mode-dropping",
    cases: inDimensions(DIMENSIONS, (d) => ({
      x: linear(0, 9, 10),
      real: (draws, n) =>
        draws.diagonalModes(
          n,
          d,
          MODE_MEANS,
          MODE_DEVIATIONS[d],
          MODE_MEANS.map(() => 1),
        ),
      fake: (draws, n, count) =>
        draws.diagonalModes(
          n,
          d,
          MODE_MEANS,
          MODE_DEVIATIONS[d],
          MODE_MEANS.map((_, mode) => (mode < 10 - count ? 1 : 0)),
        ),
    })),
    rules: dropped(0.5),
  },
  {
    id: "modes-invented",
    title: "5 real modes, fakes of 1 to 10 modes",
    paper: "gaussian-mixture-mode-dropping-invention",
    cases: [
      {
        name: "2 dimensions",
        x: linear(1, 10, 10),
        real: (draws, n) => draws.modes(n, INVENTED.slice(0, 5), 0.25),
        fake: (draws, n, count) => draws.modes(n, INVENTED.slice(0, count), 0.25),
      },
    ],
    rules: {
      bounds: {
        identical: valueAt(5, isOne),
        "most dropped": byKind({ fidelity: valueAt("first", isOne) }),
        "most invented": byKind({ diversity: valueAt("last", isOne) }),
      },
      property: { shape: byKind({ fidelity: falls, diversity: rises }) },
    },
  },
  {
    id: "sphere",
    title: "surface of a sphere, radius changed",
    paper: "uniform-hypersphere-surface",
    cases: inDimensions([2, 16, 128], (d) => ({
      x: linear(0.1, 1.9, 51),
      real: (draws, n) => draws.sphere(n, d, 1),
      fake: (draws, n, radius) => draws.sphere(n, d, radius),
    })),
    rules: {
      bounds: {
        identical: valueAt(1, isOne),
        small: valueAt("first", isZero),
        large: valueAt("last", isZero),
      },
      property: { bell: isBell(1) },
    },
  },
  {
    id: "cube-sizes",
    ofSizes: true,
    title: "cubes that overlap by 20 %, more samples of both",
    paper: "uniform-hypercube-varying-size",
    cases: inDimensions(DIMENSIONS, (d) => ({
      x: SIZES,
      realAt: (draws, _, size) => draws.cube(size, d, 0),
      fake: (draws, _, size) => draws.cube(size, d, 1 - OVERLAP ** (1 / d)),
    })),
    rules: {
      hyperparameters: { converges },
      property: { "at the most": valueAt("last", isShare(OVERLAP)) },
    },
  },
  {
    id: "cube-fakes",
    ofSizes: true,
    title: "the same, more fakes",
    paper: "uniform-hypercube-varying-syn-size",
    cases: inDimensions(DIMENSIONS, (d) => ({
      x: SIZES,
      real: (draws, n) => draws.cube(n, d, 0),
      fake: (draws, _, size) => draws.cube(size, d, 1 - OVERLAP ** (1 / d)),
    })),
    rules: {
      hyperparameters: { converges },
      property: { "at the most": valueAt("last", isShare(OVERLAP)) },
    },
  },
  {
    id: "torus",
    ofSizes: true,
    title: "ball against torus, more fakes",
    paper: "sphere-torus",
    cases: [
      {
        name: "ball real",
        x: SIZES,
        real: (draws, n) => draws.ball(n, 0.8),
        fake: (draws, _, size) => draws.torus(size),
      },
      {
        name: "torus real",
        x: SIZES,
        real: (draws, n) => draws.torus(n),
        fake: (draws, _, size) => draws.ball(size, 0.8),
      },
    ],
    rules: { bounds: { "at the most": valueAt("last", isZero) }, property: { converges } },
  },
  {
    id: "one-for-two",
    title: "one broad mode for two",
    paper: "one-vs-two-modes",
    cases: inDimensions(DIMENSIONS, (d) => ({
      x: linear(0, 5, 20),
      realAt: (draws, n, distance) => draws.diagonalModes(n, d, [-distance / 2, distance / 2], 1, [1, 1]),
      fake: (draws, n, distance) => draws.gaussian(n, d, 0, Math.sqrt(1 + distance ** 2)),
    })),
    rules: {
      bounds: { identical: valueAt("first", isOne) },
      property: {
        shape: byKind({ fidelity: falls, diversity: highOrLow({ low: falls, high: isFlat }) }),
      },
    },
  },
  {
    id: "one-scaled",
    title: "disjoint in one dimension, the other scaled",
    paper: "gaussian-scaling-one-dimension",
    cases: [
      {
        name: "2 dimensions",
        x: powers(-3, 3, 20),
        realAt: (draws, n, factor) => scaleSecond(draws.gaussian(n, 2), factor),
        fake: (draws, n, factor) =>
          scaleSecond(
            draws.fill(n, 2, (i) => (i === 0 ? 6 : 0) + draws.normal()),
            factor,
          ),
      },
    ],
    rules: { bounds: DISJOINT_ENDS, transformations: { flat: isFlat } },
  },
  {
    id: "pareto",
    title: "Gaussian, mean moved, with a Pareto dimension",
    paper: "gaussian-mean-difference-with-pareto",
    cases: [
      {
        name: "2 dimensions",
        x: SHIFTS[1],
        real: (draws, n) => draws.fill(n, 2, (i) => (i === 0 ? draws.normal() : draws.pareto(1.01))),
        fake: (draws, n, mean) =>
          draws.fill(n, 2, (i) => (i === 0 ? mean + draws.normal() : draws.pareto(1.01))),
      },
    ],
    rules: SHIFTED,
  },
  {
    id: "one-disjoint",
    title: "disjoint in one dimension of many",
    paper: "gaussian-high-dim-one-disjoint-dim",
    cases: [
      {
        name: "2 to 1,001 dimensions",
        x: whole(powers(0, 3, 20)),
        realAt: (draws, n, extra) => draws.gaussian(n, extra + 1),
        fake: (draws, n, extra) => draws.fill(n, extra + 1, (i) => (i === 0 ? 6 : 0) + draws.normal()),
      },
    ],
    rules: { bounds: DISJOINT_ENDS, property: { flat: isFlat } },
  },
  {
    id: "rounded",
    title: "rounded numbers against continuous ones",
    paper: "discrete-numerical-vs-continuous-numerical",
    cases: ["real", "fake"].map((rounded) => {
      const side = (role) => (draws, n, scale) =>
        draws.fill(n, 1, () => {
          const value = scale * draws.normal();
          return role === rounded ? Math.round(value) : value;
        });
      return {
        name: `${rounded} rounded`,
        rounded,
        x: powers(0, 3, 20),
        realAt: side("real"),
        fake: side("fake"),
      };
    }),
    rules: {
      bounds: Object.fromEntries(
        ["first", "last"].map((at) => [
          at === "first" ? "coarse" : "fine",
          (curve, kind, { rounded }) =>
            byKind(
              rounded === "real"
                ? { fidelity: valueAt(at, isZero), diversity: valueAt(at, isHighOrLow) }
                : { fidelity: valueAt(at, isOne), diversity: valueAt(at, isZero) },
            )(curve, kind),
        ]),
      ),
      property: { flat: isFlat },
    },
  },
];

/** Fewer places of an x axis, both ends and the middle among them; all of an axis that is short. */
export function thinPlaces(x, count) {
  if (x.length <= Math.max(count, 10)) return x;
  const odd = count % 2 === 1 ? count : count + 1;
  return Array.from({ length: odd }, (_, i) => x[Math.round((i * (x.length - 1)) / (odd - 1))]);
}

export const SAMPLES = N;
