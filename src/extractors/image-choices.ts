/** What is chosen of how images reach a network, whichever network it is. */
import type { Crop } from "../images/resize/crop.ts";
import { POSITIONS, type Positions } from "../networks/architectures/positions.ts";

export { POSITIONS, type Positions };

export interface ImageChoices {
  /** The part of an image that is used (default none: all of it, squeezed where the network's input is square). */
  readonly crop?: Crop | undefined;
  /** Of vision transformers that are opened by name (default dinov2). */
  readonly positions?: Positions | undefined;
}
