/** From the canvas to the data's units, and round numbers on an axis. */

export interface View {
  readonly low: readonly [number, number];
  readonly high: readonly [number, number];
}

/** @param size of the canvas */
export const fromPixels = (
  { low, high }: View,
  [width, height]: readonly [number, number],
  x: number,
  y: number,
): [number, number] => [
  low[0] + (x / width) * (high[0] - low[0]),
  low[1] + (1 - y / height) * (high[1] - low[1]),
];

/** The value of the cell in which a place lies; undefined outside. On a line the second number is not looked at. */
export function cellAt(
  cells: Float32Array,
  { low, high }: View,
  side: number,
  [x, y]: readonly [number, number],
): number | undefined {
  const column = Math.floor(((x - low[0]) / (high[0] - low[0])) * side);
  const row = cells.length === side ? 0 : Math.floor(((y - low[1]) / (high[1] - low[1])) * side);
  const isInside = column >= 0 && column < side && row >= 0 && row < side;
  return isInside ? cells[row * side + column] : undefined;
}

/** Round numbers on an axis, about `count` of them. */
export function rangeToTicks(low: number, high: number, count = 4): number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= raw) ?? 10);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}
