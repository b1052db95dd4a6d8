/** Position embeddings of a vision transformer brought to another grid, as PyTorch's bicubic interpolation does. */

/**
 * How position embeddings come to a grid of another size: `dinov2` as the authors' code (torch.hub), which scales by
 * (grid + 0.1) / 37; `huggingface` as transformers and ONNX exports of it, which scale by grid / 37.
 */
export const POSITIONS = ["dinov2", "huggingface"] as const;
export type Positions = (typeof POSITIONS)[number];

/** Places of the old grid that one of the new is wide. Source: dinov2/models/vision_transformer.py (`interpolate_offset`); transformers' modeling_dinov2.py. */
const STEPS: Readonly<Record<Positions, (from: number, to: number) => number>> = {
  dinov2: (from, to) => from / (to + 0.1),
  huggingface: (from, to) => from / to,
};

/** PyTorch's; Keys 1981 has -0.5. */
const A = -0.75;

/** The kernel at a distance of 0..1, and of 1..2. */
const near = (x: number): number => ((A + 2) * x - (A + 3)) * x * x + 1;
const far = (x: number): number => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;

interface Tap {
  readonly place: number;
  readonly weight: number;
}

/** The four places that each new place is made of; beyond the edge, the place at the edge. */
function gridToTaps(from: number, to: number, step: number): readonly (readonly Tap[])[] {
  return Array.from({ length: to }, (_, i) => {
    const at = (i + 0.5) * step - 0.5;
    const whole = Math.floor(at);
    const t = at - whole;
    return [far(t + 1), near(t), near(1 - t), far(2 - t)].map((weight, k) => ({
      place: Math.min(Math.max(whole - 1 + k, 0), from - 1),
      weight,
    }));
  });
}

/**
 * `torch.nn.functional.interpolate(mode="bicubic", align_corners=False, antialias=False)` of a square grid, in float64.
 * A grid of the wanted side is returned as it is, whatever the step.
 *
 * @param positions `[from from, width]`, row by row
 * @returns `[to to, width]`
 */
export function interpolatePositions(
  positions: Float32Array,
  { from, to, width, mode }: { from: number; to: number; width: number; mode: Positions },
): Float32Array {
  if (from === to) return positions;
  const taps = gridToTaps(from, to, STEPS[mode](from, to));
  const made = new Float32Array(to * to * width);
  const sums = new Float64Array(width);
  for (const [y, rows] of taps.entries())
    for (const [x, columns] of taps.entries()) {
      sums.fill(0);
      for (const row of rows)
        for (const column of columns) {
          const weight = row.weight * column.weight;
          const start = (row.place * from + column.place) * width;
          for (let c = 0; c < width; c++) sums[c]! += weight * positions[start + c]!;
        }
      made.set(sums, (y * to + x) * width);
    }
  return made;
}
