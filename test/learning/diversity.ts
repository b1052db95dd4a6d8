/** What munit and bicyclegan are to show on outlines that are filled in one of three colours: all of them, in the shape. */
import { openRandomStream } from "../../src/train/random.ts";
import { type Learnt, meanError } from "./learn.ts";
import { imageAt, imageToInterior, interiorToHue } from "./shapes.ts";

/** Codes for each image. */
const CODES = 8;

export interface Diverse {
  /** Mean |x - y| inside the shape on [-1, 1], over pairs of one image's outputs. */
  readonly distance: number;
  /** Mean number of the three hues that occur among one image's outputs. */
  readonly hues: number;
  /** Mean |x - b| of the output that is nearest to b. */
  readonly best: number;
  /** Mean |a - b|. */
  readonly copying: number;
}

/** By 8 codes for each of the held-out images, the same for every image; `input` is the code's name. */
export async function measureDiversity(
  { heldOut: { a, b }, make, count, scheme }: Learnt,
  input: string,
): Promise<Diverse> {
  const row = scheme.inputs[input];
  const [width] = "shape" in row ? row.shape : [0];
  const random = openRandomStream(1, "codes");
  const outputs: Float32Array[] = [];
  for (let k = 0; k < CODES; k++) {
    const code = random.normal(new Float32Array(width));
    const codes = Float32Array.from({ length: count * width }, (_, i) => code[i % width]);
    outputs.push(await make("a-to-b", { a, [input]: codes }));
  }
  let [distance, hues, best] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const interior = imageToInterior(imageAt(a, i));
    const own = outputs.map((images) => imageAt(images, i));
    hues += new Set(own.map((image) => interiorToHue(image, interior))).size / count;
    best += Math.min(...own.map((image) => meanError(image, imageAt(b, i)))) / count;
    distance += meanDistance(own.map((image) => pixelsOf(image, interior))) / count;
  }
  return { distance, hues, best, copying: meanError(a, b) };
}

const pixelsOf = (image: Float32Array, pixels: readonly number[]): Float32Array =>
  Float32Array.from(pixels.flatMap((at) => [...image.subarray(3 * at, 3 * at + 3)]));

/** Over all pairs. */
function meanDistance(rows: readonly Float32Array[]): number {
  const pairs = rows.flatMap((x, i) => rows.slice(i + 1).map((y) => meanError(x, y)));
  return pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
}
