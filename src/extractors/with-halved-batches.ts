/** An extractor that goes on in smaller batches where a device has too little memory for the ones it was opened for. */
import { Queue } from "../engine/queue.ts";
import { GanEvalError, type Warning } from "../errors.ts";
import type { Image } from "../images/source.ts";
import type { FeatureExtractor } from "./extractor.ts";

/** Opens the same extractor for another number of images in a run. */
export type OpenForBatch = (batchSize: number) => Promise<FeatureExtractor>;

interface Sized {
  readonly extractor: FeatureExtractor;
  readonly batchSize: number;
  /** Extractions under way. */
  readonly running: Set<Promise<unknown>>;
}

const isMemory = (error: unknown): boolean =>
  error instanceof GanEvalError && error.code === "unavailable.device-memory";

const toSized = (extractor: FeatureExtractor, batchSize: number): Sized => ({
  ...{ extractor, batchSize },
  running: new Set(),
});

class HalvingExtractor implements FeatureExtractor {
  private current: Sized;
  private readonly open: OpenForBatch;
  private readonly asked: number;
  private readonly queue = new Queue();

  constructor(first: Sized, open: OpenForBatch) {
    this.current = first;
    this.asked = first.batchSize;
    this.open = open;
  }

  get id() {
    return this.current.extractor.id;
  }
  get hash() {
    return this.current.extractor.hash;
  }
  get ends() {
    return this.current.extractor.ends;
  }
  get featureEnd() {
    return this.current.extractor.featureEnd;
  }
  get logitsEnd() {
    return this.current.extractor.logitsEnd;
  }
  get resize() {
    return this.current.extractor.resize;
  }
  get takesGrey() {
    return this.current.extractor.takesGrey;
  }
  get computedBy() {
    return this.current.extractor.computedBy;
  }

  /** None at all as long as there is nothing to say: what counts nothing can be resumed. */
  get warnings(): (() => Warning[]) | undefined {
    const { extractor, batchSize } = this.current;
    if (extractor.warnings === undefined && batchSize === this.asked) return undefined;
    return () => [...(extractor.warnings?.() ?? []), ...this.ownWarnings()];
  }

  async extract(batch: readonly Image[]) {
    for (;;) {
      const sized = this.current;
      const extracting = sized.extractor.extract(batch);
      sized.running.add(extracting);
      try {
        return await extracting;
      } catch (error) {
        if (!isMemory(error) || sized.batchSize === 1) throw error;
      } finally {
        sized.running.delete(extracting);
      }
      await this.queue.add(() => this.halve(sized));
    }
  }

  /** Once for all extractions that the size was too large for. */
  private async halve(sized: Sized): Promise<void> {
    if (this.current !== sized) return;
    await Promise.allSettled(sized.running);
    await sized.extractor.dispose();
    const batchSize = Math.floor(sized.batchSize / 2);
    this.current = toSized(await this.open(batchSize), batchSize);
  }

  private ownWarnings(): Warning[] {
    const { extractor, batchSize } = this.current;
    if (batchSize === this.asked) return [];
    return [
      {
        code: "batch-halved",
        message: `${extractor.computedBy.device} has too little memory for ${this.asked} images in a run of ${extractor.id}: ${batchSize} worked`,
        hint: `Results do not depend on it. --batch-size ${batchSize} begins with what worked.`,
      },
    ];
  }

  dispose(): Promise<void> {
    return this.queue.add(() => this.current.extractor.dispose());
  }
}

/**
 * The extractor, which is opened anew for half as many images and given the batch again where a run fails with
 * `unavailable.device-memory`, down to one image. On the CPU it is the extractor itself.
 */
export function withHalvedBatches(
  extractor: FeatureExtractor,
  batchSize: number,
  open: OpenForBatch,
): FeatureExtractor {
  if (extractor.computedBy.device === "cpu") return extractor;
  return new HalvingExtractor(toSized(extractor, batchSize), open);
}
