/** The images of a side one by one, and what is known of them afterwards. */
import { GanEvalError } from "../../errors.ts";
import type { Image, ImageSource } from "../../images/source.ts";
import type { Gathered } from "../gather.ts";

/** An image and its position in its source. */
export interface PlacedImage {
  readonly image: Image;
  readonly position: number;
}

/** Reads a side in an order, and remembers what it read. */
export class SideReader {
  private readonly source: ImageSource;
  private readonly positions: number[] = [];
  private readonly names: string[] = [];

  constructor(source: ImageSource) {
    this.source = source;
  }

  /** @param order positions; all in their order if left out, which is the only one that generators have */
  async *read(batchSize: number, order?: ArrayLike<number>): AsyncGenerator<PlacedImage> {
    for await (const batch of this.source.batches({ batchSize, ...(order && { order }) }))
      for (const image of batch) {
        const position = image.position ?? this.positions.length;
        this.positions.push(position);
        this.names.push(image.name);
        yield { image, position };
      }
  }

  /** The side as one that no network saw. */
  finish(): Gathered {
    return {
      count: this.positions.length,
      positions: Int32Array.from(this.positions),
      names: this.names,
      ...{ ends: [], warnings: [], extractorWarnings: [] },
      sourceWarnings: this.source.warnings(),
    };
  }
}

const sizeOf = ({ width, height }: Image): string => `${width}x${height}`;

/** @throws GanEvalError `input.pair-sizes` for two images of unlike sizes */
export function requireOneSize(fake: Image, real: Image): void {
  if (fake.width === real.width && fake.height === real.height) return;
  throw new GanEvalError(
    "input.pair-sizes",
    `expected images of one size to compare, got ${fake.name} of ${sizeOf(fake)} and ${real.name} of ${sizeOf(real)}`,
    { hint: "Resize one side yourself, and say how: the scores depend on it." },
  );
}
