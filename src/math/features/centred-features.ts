/** Checks the features of all sides, and takes their common mean off. */
import { GanEvalError } from "../../errors.ts";
import type { Features } from "./statistics.ts";

/**
 * Throws `input.feature-width` where sides differ in width or a side is no matrix, `input.too-few-samples` where one has
 * no rows, `input.features-not-finite` naming the row.
 */
export function checkSides(sides: readonly Features[]): void {
  for (const { data, rows, width } of sides) {
    if (width !== sides[0]!.width || data.length !== rows * width)
      throw new GanEvalError(
        "input.feature-width",
        `expected features of one width, ${sides[0]!.width}, got ${rows} rows of width ${width} in ${data.length} values`,
        { hint: "Both sides must come from the same extractor and layer." },
      );
    if (rows < 1)
      throw new GanEvalError("input.too-few-samples", "expected at least one sample a side, got none", {
        hint: "Give more images.",
      });
    const bad = firstNotFinite(data);
    if (bad >= 0)
      throw new GanEvalError(
        "input.features-not-finite",
        `expected finite features, got ${data[bad]} in row ${Math.floor(bad / width)}, column ${bad % width} (both from 0)`,
        {
          hint: "Look at the image or feature row of that number; a network with broken weights gives NaN too.",
        },
      );
  }
}

/** A loop, for `findIndex` takes as long as a tenth of the products that follow. */
function firstNotFinite(data: Float32Array): number {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}

/** [width] The mean of all rows of all sides, rounded to float32. */
export function sidesToMean(sides: readonly Features[]): Float32Array {
  const { width } = sides[0]!;
  const sum = new Float64Array(width);
  let count = 0;
  for (const { data, rows } of sides) {
    for (let at = 0; at < rows * width; at += width) for (let k = 0; k < width; k++) sum[k]! += data[at + k]!;
    count += rows;
  }
  return Float32Array.from(sum, (value) => value / count);
}

/** Rows less `mean`, in float32: what a product of float32 loses grows with the length of the rows. */
export function centreFeatures({ data, rows, width }: Features, mean: Float32Array): Features {
  const centred = new Float32Array(rows * width);
  for (let at = 0; at < rows * width; at += width)
    for (let k = 0; k < width; k++) centred[at + k] = data[at + k]! - mean[k]!;
  return { data: centred, rows, width };
}
