/** What context_encoder and ccgan are to show: digits with a hole, filled so that one can read them. */
import { openOnnxEngine } from "../../src/engine/compile.ts";
import { openDigitsExtractor } from "../../src/extractors/digits/digits-extractor.ts";
import { type Learnt, type Lesson, learn, meanRows, report } from "./learn.ts";

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
  const engine = await openOnnxEngine({ device: "cpu", threads: 1 });
  const extractor = await openDigitsExtractor(engine);
  const n = images.length / AREA;
  const { logits } = await extractor.extract(
    Array.from({ length: n }, (_, i) => ({
      name: `${i}`,
      width: SIDE,
      height: SIDE,
      pixels: Uint8Array.from({ length: 3 * AREA }, (_, k) =>
        Math.round((Math.max(-1, Math.min(1, images[i * AREA + Math.floor(k / 3)])) + 1) * 127.5),
      ),
    })),
  );
  await extractor.dispose();
  await engine.dispose();
  const best = (row: Float32Array) => row.indexOf(Math.max(...row));
  const right = Array.from({ length: n }, (_, i) => {
    const [from, to] = [10 * i, 10 * (i + 1)];
    return best((logits!.data as Float32Array).subarray(from, to)) === best(labels.subarray(from, to));
  });
  return right.filter(Boolean).length / n;
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
  report(lesson.model, seed, figures);
  return figures;
}
