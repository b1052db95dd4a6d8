/** How each kind of named network is read from its file. */
import type { Positions } from "../../networks/architectures/positions.ts";
import { readTransformer, type Transformer } from "../../networks/architectures/read-transformer.ts";
import {
  imagesToTransformerEnds,
  transformerToEnds,
} from "../../networks/architectures/vision-transformers.ts";
import type { NetworkArchitecture, NetworkRow } from "../../networks/table.ts";
import type { NamedNetwork } from "./named-network.ts";

/** What of a row says how it is computed. */
export type ComputedRow = Pick<NetworkRow, "title" | "architecture" | "inputSize" | "scaling">;

async function readVisionTransformer(
  location: string,
  { title, inputSize }: ComputedRow,
  architecture: Transformer,
  positions: Positions,
): Promise<NamedNetwork> {
  const side = inputSize / architecture.patch;
  const ends = transformerToEnds(architecture);
  return {
    ends,
    ...{ featureEnd: Object.keys(ends)[0]!, logitsEnd: "logits" },
    arrays: await readTransformer(location, architecture, { title, side, positions }),
    // Positions on the grid that they were trained on are the same either way.
    choices: side === architecture.grid ? {} : { positions },
    apply: (images, weights) => imagesToTransformerEnds(images, weights, architecture),
  };
}

type Kind = NetworkArchitecture["kind"];
type Reader = (location: string, row: ComputedRow, positions: Positions) => Promise<NamedNetwork>;

const transformer: Reader = (location, row, positions) =>
  readVisionTransformer(location, row, row.architecture as Transformer, positions);

const convolutional =
  (kind: "vgg16" | "vgg19" | "alexnet"): Reader =>
  async (location, { inputSize }) => {
    const { readConvolutional } = await import("./convolutional.ts");
    return readConvolutional(location, kind, inputSize);
  };

const READERS: Readonly<Record<Kind, Reader>> = {
  dinov2: transformer,
  clip: transformer,
  vgg16: convolutional("vgg16"),
  vgg19: convolutional("vgg19"),
  alexnet: convolutional("alexnet"),
};

/**
 * Reads a network from a file that holds its weights under one of its official namings.
 * @throws GanEvalError `input.network-weights`, `input.perceptual-weights` for other weights; `input.cannot-read`; what a
 *   damaged file's format throws
 */
export const readNamedNetwork = (
  location: string,
  row: ComputedRow,
  positions: Positions,
): Promise<NamedNetwork> => READERS[row.architecture.kind](location, row, positions);
