/** Sizes of images on their way through networks that halve and double them. */
import { GanEvalError } from "../../errors.ts";
import type { Layer } from "./layers.ts";

export type ImageShape = readonly [height: number, width: number, channels: number];

type Sides = readonly [height: number, width: number];

/** The size after a number of halvings, rounded up. */
export const halved = ([height, width]: Sides | ImageShape, times: number): Sides => [
  Math.ceil(height / 2 ** times),
  Math.ceil(width / 2 ** times),
];

/** How often the shorter side is halved until it is 4 or less, but not more than `most` times. */
export function halvingsTo4([height, width]: ImageShape, most = Number.POSITIVE_INFINITY): number {
  const shorter = Math.min(height, width);
  return Math.min(most, Math.max(0, Math.ceil(Math.log2(shorter / 4))));
}

/** Cuts what doubling a rounded size has made too much. */
export function cropTo(to: Sides, from: Sides): Layer[] {
  return `${to}` === `${from}` ? [] : [{ kind: "crop", height: to[0], width: to[1] }];
}

const OTHER_NETWORKS = "Use larger images (--img-size), or --net mlp, which takes any size.";

/** @throws GanEvalError `usage.network` for an image that the networks would shrink to nothing */
export function requireSides(
  image: ImageShape,
  smallest: number,
  network: string,
  hint: string = OTHER_NETWORKS,
): void {
  const [height, width] = image;
  if (Math.min(height, width) >= smallest) return;
  throw new GanEvalError(
    "usage.network",
    `expected images of at least ${smallest} x ${smallest} pixels for ${network}, got ${height} x ${width}`,
    { hint },
  );
}
