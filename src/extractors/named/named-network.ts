/** A pretrained network that has a name, its weights read: what it gives, and how. */
import type { Tensors } from "../../engine/engine.ts";
import type { Tensor } from "../../engine/tfjs.ts";
import type { Arrays } from "../../networks/architectures/read-transformer.ts";
import type { FeatureLayer } from "../extractor.ts";

export interface NamedNetwork {
  /** The width of everything that it gives. */
  readonly ends: Readonly<Record<FeatureLayer, number>>;
  readonly featureEnd: FeatureLayer;
  /** Not among `ends` where it classifies nothing. */
  readonly logitsEnd: FeatureLayer;
  /** Its weights; whoever compiles it takes them out one by one. */
  readonly arrays: Arrays;
  /** What was chosen in reading it, for the hash. */
  readonly choices: Readonly<Record<string, string>>;
  /** @param images `[n, side, side, 3]`, scaled as it expects */
  apply(images: Tensor, weights: Tensors): Tensors;
}
