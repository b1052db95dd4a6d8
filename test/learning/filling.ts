/** What context_encoder and ccgan are to show: digits with a hole, filled so that one can read them. */
import { readDigits, rowToBest } from "./digits.ts";
import { judge, type Learnt, type Lesson, learn, meanRows } from "./learn.ts";

const SIDE = 16;
const AREA = SIDE * SIDE;

export interface Filled {
  /** Mean |filled - a| in the hole, in [0, 2]. */
  readonly error: number;
  /** The same of the mean digit. */
  readonly average: number;
  /** Outside of the hole. */
  readonly outside: number;
  /** Shares of digits that the digits network reads right: filled, with a black hole, and whole. */
  readonly accuracy: number;
  readonly masked: number;
  readonly whole: number;
}

const errorWhere = (x: Float32Array, y: Float32Array, weights: Float32Array): number =>
  x.reduce((sum, value, i) => sum + weights[i] * Math.abs(value - y[i]), 0) /
  weights.reduce((sum, weight) => sum + weight);

/** The share of images `[n, 16, 16, 1]` whose class the digits network finds. */
async function imagesToAccuracy(images: Float32Array, labels: Float32Array): Promise<number> {
  const { logits } = await readDigits(images, SIDE);
  const rows = Array.from({ length: logits.rows }, (_, i) => i);
  const right = rows.filter(
    (i) => rowToBest(logits, i) === rowToBest({ data: labels, width: logits.width }, i),
  );
  return right.length / logits.rows;
}

/** Masks in the middle, whatever the model trains on: every model is asked the same. */
function middleMasks(n: number, side: number): Float32Array {
  const from = (SIDE - side) / 2;
  const isInside = (at: number) => at >= from && at < from + side;
  return Float32Array.from({ length: n * AREA }, (_, i) =>
    isInside(Math.floor((i % AREA) / SIDE)) && isInside(i % SIDE) ? 1 : 0,
  );
}

export async function fill(lesson: Lesson, seed: number): Promise<Filled> {
  const { maskSize } = lesson.options;
  const measure = async ({ scheme, heldOut, make, count }: Learnt) => {
    const { a, labels } = heldOut;
    const masks = middleMasks(count, maskSize!);
    const [{ inputs }] = scheme.makers;
    const read = Object.fromEntries(inputs.map((name) => [name, heldOut[name] ?? masks]));
    const filled = await make("fill", read);
    return {
      error: errorWhere(filled, a, masks),
      average: errorWhere(meanRows(a, count), a, masks),
      outside: errorWhere(
        filled,
        a,
        masks.map((mask) => 1 - mask),
      ),
      accuracy: await imagesToAccuracy(filled, labels),
      masked: await imagesToAccuracy(
        a.map((value, i) => (masks[i] === 1 ? -1 : value)),
        labels,
      ),
      whole: await imagesToAccuracy(a, labels),
    };
  };
  const figures = await learn({ ...lesson, labels: "read" }, seed, measure);
  judge(lesson, seed, figures);
  return figures;
}
