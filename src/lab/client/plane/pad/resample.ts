/** Strokes as points: evenly along the line, however fast it was drawn. */
import { openNormal } from "../uniform.ts";

export type Place = readonly [x: number, y: number];
/** A line through places, in the data's units. */
export type Stroke = readonly Place[];

const distance = ([ax, ay]: Place, [bx, by]: Place): number => Math.hypot(bx - ax, by - ay);

/** Places every `spacing` along the line, from its first on; a line without length is one place. */
export function strokeToPlaces(stroke: Stroke, spacing: number): Place[] {
  if (stroke.length === 0) return [];
  const places: Place[] = [stroke[0]];
  /** Of the way since the last place. */
  let since = 0;
  for (let i = 1; i < stroke.length; i++) {
    const [from, to] = [stroke[i - 1], stroke[i]];
    const length = distance(from, to);
    if (length === 0) continue;
    for (let at = spacing - since; at <= length; at += spacing) {
      const share = at / length;
      places.push([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]);
    }
    since = (since + length) % spacing;
  }
  return places;
}

/** What is left of a line outside of a circle, perhaps in parts. */
export function eraseFromStroke(stroke: Stroke, centre: Place, radius: number): Stroke[] {
  const parts: Place[][] = [[]];
  for (const place of strokeToPlaces(stroke, radius / 4))
    if (distance(place, centre) > radius) parts[parts.length - 1].push(place);
    else if (parts[parts.length - 1].length > 0) parts.push([]);
  // What the circle does not touch stays as it was drawn.
  const isTouched = parts.length > 1 || parts[0].length < strokeToPlaces(stroke, radius / 4).length;
  return isTouched ? parts.filter((part) => part.length > 0) : [stroke];
}

/** Normal noise around places, `[n, 2]`; the spacing is half of the deviation at most, so that no gaps are seen. */
export function strokesToPoints(
  strokes: readonly Stroke[],
  { spacing, deviation }: { readonly spacing: number; readonly deviation: number },
): Float32Array {
  const places = strokes.flatMap((stroke) => strokeToPlaces(stroke, spacing));
  const normal = openNormal(1);
  const points = new Float32Array(2 * places.length);
  for (const [i, [x, y]] of places.entries()) {
    const [dx, dy] = normal();
    points.set([x + deviation * dx, y + deviation * dy], 2 * i);
  }
  return points;
}

/** As `--data points:FILE.csv` reads them. */
export const pointsToCsv = (points: Float32Array): string => {
  const lines = ["x,y"];
  for (let i = 0; i < points.length; i += 2) lines.push(`${points[i]},${points[i + 1]}`);
  return `${lines.join("\n")}\n`;
};
