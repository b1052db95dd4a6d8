// What a metric's curve has to look like, by the rules of the position paper: "close" is within 0.05.
//
// A criterion takes the curve { x: number[], y: number[] } of a metric and its kind ("fidelity" or "diversity"), and says
// true, false, "low" or "high" (of diversity, which may either fall or stay as fakes spread beyond the real ones), or
// undefined where it does not apply.

const CLOSE = 0.05;

const closeTo = (target) => (value) => Math.abs(value - target) <= CLOSE;
export const isOne = closeTo(1);
export const isZero = closeTo(0);
export const isShare = closeTo;
/** Of diversity, where the fakes are far wider than the real ones. */
export const isHighOrLow = (value) => (isOne(value) ? "high" : isZero(value) ? "low" : false);

/** @param at "first", "last", or a place on the x axis */
export const valueAt = (at, holds) => (curve) => holds(curve.y[toIndex(curve, at)]);

function toIndex({ x }, at) {
  if (at === "first") return 0;
  if (at === "last") return x.length - 1;
  return x.reduce((best, value, i) => (Math.abs(value - at) < Math.abs(x[best] - at) ? i : best), 0);
}

const ends = ({ y }) => ({
  ...{ first: y[0], last: y[y.length - 1] },
  ...{ most: Math.max(...y), least: Math.min(...y) },
});

export const isBell = (middle) => (curve) => {
  const { first, last, most, least } = ends(curve);
  const top = curve.y[toIndex(curve, middle)];
  return (
    top - first >= 0.2 &&
    top - last >= 0.2 &&
    most - top <= 0.1 &&
    first - least <= 0.1 &&
    last - least <= 0.1
  );
};
export const rises = (curve) => {
  const { first, last, most, least } = ends(curve);
  return last - first >= 0.2 && first - least <= 0.1 && most - last <= 0.1;
};
export const falls = (curve) => {
  const { first, last, most, least } = ends(curve);
  return first - last >= 0.2 && most - first <= 0.1 && last - least <= 0.1;
};
/** @param share of the x axis by which it has fallen by 0.1 */
export const fallsBy = (share) => (curve) =>
  falls(curve) && curve.y[0] - curve.y[Math.round(share * (curve.x.length - 1))] >= 0.1;
export const isFlat = (curve) => {
  const { most, least } = ends(curve);
  return most - least <= CLOSE;
};
/** Flat from the middle of the x axis on. */
export const converges = ({ x, y }) => {
  const middle = (x[Math.floor((x.length - 1) / 2)] + x[Math.ceil((x.length - 1) / 2)]) / 2;
  const late = y.filter((_, i) => x[i] >= middle);
  return Math.max(...late) - Math.min(...late) <= CLOSE;
};

/** Another rule for each kind of metric; none for a kind that is left out. */
export const byKind = (rules) => (curve, kind) => rules[kind]?.(curve, kind);
/** Diversity may be of either sort, but of one in the whole check. */
export const highOrLow =
  ({ high, low }) =>
  (curve) =>
    low(curve) ? "low" : high(curve) ? "high" : false;

/** All criteria of a check together: false if any is, or if some say low and others high. */
export function joinVerdicts(verdicts) {
  const known = verdicts.filter((verdict) => verdict !== undefined);
  const sorts = new Set(known.filter((verdict) => typeof verdict === "string"));
  if (known.includes(false) || sorts.size > 1) return false;
  return sorts.size === 1 ? [...sorts][0] : true;
}
