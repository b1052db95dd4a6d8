/** What srgan and esrgan are to show: digits four times larger, nearer to the real ones than by bicubic resizing. */
import { resizeClean } from "../../src/images/resize/resize-bicubic.ts";
import { judge, type Learnt, type Lesson, learn } from "./learn.ts";

const [LOW, SIDE] = [7, 28];

const toByte = (value: number): number => Math.round((Math.min(1, Math.max(-1, value)) + 1) * 127.5);

/** Images `[n, 7, 7, 1]` in [-1, 1] by Pillow's bicubic filter: `[n, 28, 28, 1]`. */
function enlargeBicubic(low: Float32Array, n: number): Float32Array {
  const out = new Float32Array(n * SIDE * SIDE);
  for (let i = 0; i < n; i++) {
    const rgb = Uint8Array.from({ length: 3 * LOW * LOW }, (_, k) =>
      toByte(low[i * LOW * LOW + Math.floor(k / 3)]),
    );
    const large = resizeClean(rgb, LOW, LOW, SIDE);
    for (let k = 0; k < SIDE * SIDE; k++) out[i * SIDE * SIDE + k] = large[3 * k] / 127.5 - 1;
  }
  return out;
}

/** Of values in [-1, 1]: the mean over images of 10 log10(4 / mean squared error). */
function imagesToPsnr(made: Float32Array, real: Float32Array, n: number): number {
  const size = made.length / n;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let k = i * size; k < (i + 1) * size; k++) squares += (made[k] - real[k]) ** 2;
    sum += 10 * Math.log10((4 * size) / squares);
  }
  return sum / n;
}

/** Mean |x - its right neighbour|: how sharp images are. */
function imagesToGradient(images: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < images.length; i++) if (i % SIDE < SIDE - 1) sum += Math.abs(images[i + 1] - images[i]);
  return sum / images.length;
}

/** `lesson.rounds` are those of the warm-up; as many follow. */
export async function enlarge(lesson: Lesson, seed: number): Promise<void> {
  const measure = async ({ heldOut: { a, low }, make, count, play }: Learnt) => {
    const bicubic = enlargeBicubic(low, count);
    const warmed = await make("enlarge", { low });
    await play(lesson.rounds);
    const made = await make("enlarge", { low });
    const [realSharpness, sharpness] = [imagesToGradient(a), imagesToGradient(made)];
    return {
      warmed: imagesToPsnr(warmed, a, count),
      psnr: imagesToPsnr(made, a, count),
      bicubic: imagesToPsnr(bicubic, a, count),
      warmedSharpness: imagesToGradient(warmed),
      sharpness,
      bicubicSharpness: imagesToGradient(bicubic),
      realSharpness,
      away: Math.abs(sharpness - realSharpness),
    };
  };
  const whole = { ...lesson, rounds: 2 * lesson.rounds };
  judge(whole, seed, await learn(lesson, seed, measure));
}
