/** Images [batch, height, width, channels] whose pixels are repeated a whole number of times. */
import type { Value } from "../graph.ts";
import type { GraphBuilder } from "../graph-builder.ts";

/** An image, channels last, each of whose pixels stands `times` times along height and width. */
export interface Repeated {
  readonly source: Value;
  readonly times: readonly [number, number];
}

export function repeat(g: GraphBuilder, x: Value, timesH: number, timesW: number): Value {
  const [n, h, w, c] = x.shape;
  const spread = g.expand(g.reshape(x, [n, h, 1, w, 1, c]), [n, h, timesH, w, timesW, c]);
  return g.reshape(spread, [n, h * timesH, w * timesW, c]);
}

/** What `repeat` made x of; undefined if it did not. */
export function repeatedFrom(g: GraphBuilder, x: Value): Repeated | undefined {
  const spread = g.producer(x, "Reshape")?.inputs[0];
  const raised = spread && g.producer(spread, "Expand")?.inputs[0];
  if (raised === undefined || spread?.shape.length !== 6 || raised.shape.length !== 6) return undefined;
  const [n, h, timesH, w, timesW, c] = spread.shape;
  const isRepeat =
    `${raised.shape}` === `${[n, h, 1, w, 1, c]}` && `${x.shape}` === `${[n, h * timesH, w * timesW, c]}`;
  return isRepeat ? { source: g.reshape(raised, [n, h, w, c]), times: [timesH, timesW] } : undefined;
}
