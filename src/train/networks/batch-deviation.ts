/** Minibatch standard deviation for any discriminator. */
import { GanEvalError } from "../../errors.ts";
import type { Layer } from "./layers.ts";
import { layersToNetwork, type Network } from "./network.ts";

/**
 * The same network, whose last dense layer also sees how much the batch varies, so that a generator that makes the same
 * again and again is found out. @throws GanEvalError `usage.network` for a network without such a layer
 */
export function withBatchDeviation({ input, layers }: Network): Network {
  const last = layers.findLastIndex(({ layer }) => layer?.kind === "dense");
  if (last < 0)
    throw new GanEvalError(
      "usage.network",
      "expected a discriminator ending in dense layers for the minibatch deviation, got another",
    );
  const list = layers.map(({ layer }) => layer as Layer);
  return layersToNetwork(input, list.toSpliced(last, 0, { kind: "batch-deviation" }));
}
