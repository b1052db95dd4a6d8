/** Steps of a number by the arrow keys: by one where it is whole, else along 1, 2, 5, 10. */

const FACTORS = [1, 2, 5, 10];

/** The next in the series 1, 2, 5, 10, ... beyond a positive number. */
function toNext(value: number, isUp: boolean): number {
  const power = Math.floor(Math.log10(value) + 1e-9);
  const candidates = [power - 1, power, power + 1].flatMap((exponent) =>
    FACTORS.map((factor) => Number(`${factor}e${exponent}`)),
  );
  const near = 1e-9 * value;
  return isUp
    ? Math.min(...candidates.filter((next) => next > value + near))
    : Math.max(...candidates.filter((next) => next < value - near));
}

export interface Limits {
  readonly least?: number;
  readonly most?: number;
  readonly isInteger: boolean;
}

/** Within the limits; from 0 on, the smallest step is a thousandth. */
export function numberToNext(value: number, isUp: boolean, { least, most, isInteger }: Limits): number {
  if (!Number.isFinite(value)) return least ?? 0;
  const next = isInteger ? value + (isUp ? 1 : -1) : value > 0 ? toNext(value, isUp) : isUp ? 1e-3 : value;
  return Math.min(most ?? next, Math.max(least ?? next, next));
}
