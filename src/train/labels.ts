/** Class labels as networks read them. */
import type { RandomStream } from "./random.ts";

/** `[n, classes]` with a 1 at each label. */
export function labelsToOneHot(labels: ArrayLike<number>, classes: number): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) rows[i * classes + labels[i]] = 1;
  return rows;
}

/** n labels, every class as likely as any other. */
export function drawLabels(n: number, classes: number, random: RandomStream): Int32Array {
  return Int32Array.from(random.uniform(new Float32Array(n)), (value) => Math.floor(value * classes));
}
