/** What the outputs of a translator say of its health: whether they copy their input, ignore it, or are all alike. */

/** Mean |x - y| over all numbers. */
function distance(x: Float32Array, y: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.abs(x[i] - y[i]);
  return sum / x.length;
}

/** Mean distance of each row to the next: how unlike the images of a set are. */
function spread(values: Float32Array, n: number): number {
  const size = values.length / n;
  const row = (i: number) => values.subarray((i % n) * size, ((i % n) + 1) * size);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += distance(row(i), row(i + 1));
  return sum / n;
}

/**
 * - `output_spread`: how unlike the outputs are, over how unlike the images of the target are; near 0 where all are alike
 * - `input_distance`: how far outputs are from their inputs, over how far images of the target are from the inputs; near 0
 *   where the input is copied
 * - `input_dependence`: correlation, over neighbouring rows, of how far inputs and how far outputs are apart; near 0 where the
 *   input is ignored
 */
export function outputsToSigns(
  made: Float32Array,
  target: Float32Array,
  source: Float32Array | undefined,
  n: number,
): Record<string, number> {
  const signs: Record<string, number> = {
    output_spread: spread(made, n) / Math.max(spread(target, n), 1e-6),
  };
  if (source !== undefined && source.length === made.length) {
    signs.input_distance = distance(made, source) / Math.max(distance(target, source), 1e-6);
    signs.input_dependence = dependence(made, source, n);
  }
  return signs;
}

/** Correlation over pairs of neighbouring rows of how far the inputs and how far the outputs are apart. */
function dependence(made: Float32Array, source: Float32Array, n: number): number {
  const size = made.length / n;
  const apart = (values: Float32Array): number[] =>
    Array.from({ length: n }, (_, i) =>
      distance(
        values.subarray(i * size, (i + 1) * size),
        values.subarray(((i + 1) % n) * size, (((i + 1) % n) + 1) * size),
      ),
    );
  const [x, y] = [apart(source), apart(made)];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}
