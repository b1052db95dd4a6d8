/** A set of images as an `ImageSource`: batches, decoded ahead; errors or skips; counted warnings; content hash. */
import type { CodeDetail } from "../../error-codes.ts";
import { GanEvalError, type Warning } from "../../errors.ts";
import { ContentDigests } from "../content-hash.ts";
import { ImageError } from "../decode/image-error.ts";
import { NoticeCounts, namesToText } from "../image-notices.ts";
import { Lookahead, type Outcome } from "../lookahead.ts";
import type { BatchOptions, Image, ImageSource, ImageSourceKind } from "../source.ts";
import { type ImageSet, rangeOf, setToKnown } from "./image-set.ts";

/** Decoded images held at once: the batch in use, and those ahead. */
const MAX_HELD_BYTES = 256 * 2 ** 20;

/** A batch of large photos is cut short here, so that the next can be decoded meanwhile. */
const MAX_BATCH_BYTES = MAX_HELD_BYTES / 2;

const DEFAULT_PREFETCH = 2;

/** A positive whole number, or an error that names the option. */
export function requirePositive(value: number, option: CodeDetail<"usage">): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new GanEvalError(`usage.${option}`, `expected ${option} to be a positive whole number, got ${value}`);
}

function orderToPositions(order: ArrayLike<number> | undefined, count: number): ArrayLike<number> {
  if (order === undefined) return Int32Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < order.length; i++)
    if (!Number.isInteger(order[i]) || order[i] < 0 || order[i] >= count)
      throw new GanEvalError("usage.order", `expected positions from 0 to ${count - 1}, got ${order[i]}`);
  return order;
}

/** One error for all the images that are known to have failed. */
function failuresToError(
  failures: readonly (Outcome & { failure: GanEvalError })[],
  location: string,
): GanEvalError {
  const [first] = failures;
  if (failures.length === 1 || !(first.failure instanceof ImageError)) return first.failure;
  const names = failures.map(({ failure }) => failure.message.replace(/^expected an image, got /, ""));
  return new GanEvalError(
    "input.picture",
    `expected images in ${location}, got ${failures.length} unusable ones so far: ${namesToText(names)}`,
    { hint: "Repair or remove the files, or leave unreadable files out with --on-error skip." },
  );
}

class SetSource implements ImageSource {
  declare readonly kind: ImageSourceKind;
  declare readonly location: string;
  declare readonly count: number;
  declare readonly part?: "train" | "test" | "all";
  declare readonly leafStarts?: Int32Array;
  declare readonly labels?: Int32Array;
  declare readonly classNames?: readonly string[];
  declare readonly classesFrom?: "folders" | "dataset.json";
  declare readonly unlabelled?: string;
  private readonly set: ImageSet;
  private readonly onError: "fail" | "skip";
  private readonly digests: ContentDigests;
  /** 1 where an image's notices were counted: several passes count them once. */
  private readonly reported: Uint8Array;
  private readonly notices = new NoticeCounts();
  private readonly running = new Set<Lookahead>();
  private readonly mayBeEmpty: boolean;
  private closed = false;

  /** A part of a source may have no readable image though the source has some. */
  constructor(
    set: ImageSet,
    onError: "fail" | "skip",
    digests = new ContentDigests(set.count),
    isPart = false,
  ) {
    this.set = set;
    this.mayBeEmpty = isPart && onError === "skip";
    Object.assign(this, setToKnown(set));
    this.onError = onError;
    this.digests = digests;
    this.reported = new Uint8Array(set.count);
  }

  nameOf(position: number): string {
    return this.set.name(position);
  }

  range(from: number, to: number): ImageSource {
    if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to && to <= this.count))
      throw new GanEvalError(
        "usage.order",
        `expected a range of positions from 0 to ${this.count}, got ${from} to ${to}`,
      );
    return new SetSource(rangeOf(this.set, from, to), this.onError, this.digests.range(from, to), true);
  }

  async contentHash(): Promise<string> {
    for (let position = 0; position < this.count; position++) {
      if (this.digests.has(position)) continue;
      const digest = this.set.digest?.(position);
      if (digest) {
        this.digests.addDigest(position, digest);
        continue;
      }
      // What cannot be read counts as empty: it is named in the warnings, or was an error.
      this.addDigest(position, await this.set.read(position).catch(() => new Uint8Array(0)));
    }
    return this.digests.toHash((position) => {
      const layout = this.set.layout?.(position);
      return layout === undefined ? this.set.name(position) : `${this.set.name(position)}\0${layout}`;
    });
  }

  async *batches(options: BatchOptions): AsyncGenerator<Image[]> {
    const { batchSize, prefetch = DEFAULT_PREFETCH } = options;
    requirePositive(batchSize, "batch-size");
    if (!Number.isSafeInteger(prefetch) || prefetch < 0)
      throw new GanEvalError("usage.prefetch", `expected prefetch to be 0 or more, got ${prefetch}`);
    if (this.closed)
      throw new GanEvalError("usage.closed", `expected an open source, got ${this.location} closed`);
    const positions = orderToPositions(options.order, this.count);
    const ahead = new Lookahead(this.set, positions, {
      window: batchSize * (prefetch + 1),
      maxBytes: MAX_HELD_BYTES,
      onRead: (position, bytes) => this.addDigest(position, bytes),
    });
    this.running.add(ahead);
    let given = 0;
    let failed: GanEvalError | undefined;
    try {
      for (;;) {
        const { images, bytes, taken, failure } = await this.gather(ahead, batchSize);
        failed ??= failure;
        if (taken === 0) break;
        if (images.length === 0) continue;
        given += images.length;
        if (prefetch > 0) await ahead.handOver(batchSize);
        yield images;
        ahead.release(bytes);
      }
    } finally {
      await ahead.cancel();
      this.running.delete(ahead);
    }
    if (given === 0 && failed && !this.mayBeEmpty)
      throw new GanEvalError(
        "input.no-pictures",
        `expected images in ${this.location}, got ${positions.length} files and none readable; the first: ${failed.message}`,
        { hint: "Check that these are images and not damaged.", cause: failed },
      );
  }

  warnings(): Warning[] {
    return this.notices.toWarnings();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await Promise.all([...this.running].map((ahead) => ahead.cancel()));
    await this.set.close();
  }

  private addDigest(position: number, bytes: Uint8Array): void {
    if (!this.digests.has(position)) this.digests.add(position, bytes);
  }

  /** The next batch; shorter at the end, where images were skipped, and where they are very large. */
  private async gather(ahead: Lookahead, batchSize: number) {
    const images: Image[] = [];
    let bytes = 0;
    let taken = 0;
    let failure: GanEvalError | undefined;
    while (taken < batchSize && bytes < MAX_BATCH_BYTES) {
      ahead.fill();
      if (images.length > 0 && !(await ahead.headIsUnderWay())) break;
      const outcome = await ahead.take();
      if (outcome === undefined) break;
      taken++;
      if ("failure" in outcome) {
        const skipped = await this.skipOrThrow(outcome, ahead);
        failure ??= skipped;
        continue;
      }
      const { image, notices } = outcome.decoded;
      if (!this.reported[outcome.position]) this.notices.add(notices, image.width, image.height);
      this.reported[outcome.position] = 1;
      images.push({ ...image, position: outcome.position });
      bytes += outcome.bytes;
    }
    return { images, bytes, taken, failure };
  }

  private async skipOrThrow(
    outcome: Outcome & { failure: GanEvalError },
    ahead: Lookahead,
  ): Promise<GanEvalError> {
    const { failure, position } = outcome;
    if (!(failure instanceof ImageError)) throw failure;
    if (this.onError === "fail") {
      const others = (await ahead.failures()) as (Outcome & { failure: GanEvalError })[];
      throw failuresToError([outcome, ...others], this.location);
    }
    if (!this.reported[position]) this.notices.skip(this.set.name(position), failure.reason);
    this.reported[position] = 1;
    return failure;
  }
}

/** Images to be read in batches; with `skip`, unreadable ones are left out and counted. */
export const setToSource = (set: ImageSet, onError: "fail" | "skip" = "fail"): ImageSource =>
  new SetSource(set, onError);
