/** PSNR: the peak signal-to-noise ratio of paired images. */
import { imageToPlanes, type PlaneOptions } from "../math/images/image-planes.ts";
import type { Levels } from "../math/images/structural-similarity.ts";
import { type Columns, compareImages, type KeepRow } from "./image-comparison.ts";
import { metric } from "./metric.ts";
import { PARAMETER_ROWS, parametersToDefaults } from "./parameter-rows.ts";

const DEFAULTS = { ...parametersToDefaults(PARAMETER_ROWS.psnr), channel: "rgb", border: 0 };

/** The sum of squared differences of levels, and how many levels they are. */
function imagesToSquares(a: Levels, b: Levels, options: PlaneOptions): [sum: number, count: number] {
  const [x, y] = [imageToPlanes(a, options), imageToPlanes(b, options)];
  let sum = 0;
  for (const [p, plane] of x.planes.entries())
    for (let i = 0; i < plane.length; i++) sum += (plane[i]! - y.planes[p]![i]!) ** 2;
  return [sum, x.planes.length * x.width * x.height];
}

/** 10 log10(255^2 / MSE) decibels; infinity without error. */
const errorToPsnr = (meanSquare: number): number => 10 * Math.log10(255 ** 2 / meanSquare);

/** PSNR of two images of one size: scikit-image's with data_range 255, BasicSR's with `channel: "y"` and its crop_border. */
export function imagesToPsnr(a: Levels, b: Levels, options: Partial<PlaneOptions> = {}): number {
  const [sum, count] = imagesToSquares(a, b, { channel: "rgb", border: 0, ...options });
  return errorToPsnr(sum / count);
}

const toPsnrs = ({ squares, count }: Columns): Float64Array =>
  squares!.map((sum, row) => errorToPsnr(sum / count![row]!));

/** The mean over images, or that of the mean squared error of all levels together. */
function columnsToPsnr(columns: Columns, keep: KeepRow, pooling: string): number {
  const kept = [...columns.squares!.keys()].filter(
    (row) => !Number.isNaN(columns.squares![row]) && keep(row),
  );
  const sumOf = (column: Float64Array) => kept.reduce((sum, row) => sum + column[row]!, 0);
  return pooling === "pooled"
    ? errorToPsnr(sumOf(columns.squares!) / sumOf(columns.count!))
    : sumOf(toPsnrs(columns)) / kept.length;
}

export const row = metric({
  id: "psnr",
  label: "Peak signal-to-noise ratio of pairs (PSNR)",
  unit: "dB",
  direction: "higher",
  source: {
    paper: "Huynh-Thu & Ghanbari 2008, Scope of validity of PSNR in image/video quality assessment",
    library: "scikit-image; BasicSR; torchmetrics with pooling pooled; range 255",
  },
  defaults: DEFAULTS,
  keys: { psnr: "psnr" },
  names: { psnr: "PSNR" },
  range: [0, Number.POSITIVE_INFINITY],
  ...compareImages<typeof DEFAULTS, "psnr">(
    "psnr",
    "pairs",
    (options) => ({
      columns: ["squares", "count"],
      compare: (fake, real) => imagesToSquares(fake, real, options as PlaneOptions & typeof DEFAULTS),
    }),
    (columns, keep, { pooling }) => ({ psnr: columnsToPsnr(columns, keep, pooling) }),
    toPsnrs,
  ),
});
