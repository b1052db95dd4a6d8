/** Reads and decodes images ahead of their use, in order, in the background threads of Node. */
import { GanEvalError } from "../errors.ts";
import { ByteBudget } from "./byte-budget.ts";
import type { Decoded } from "./decode/decode.ts";
import type { ImageSet } from "./sources/image-set.ts";

export type Outcome =
  | { readonly position: number; readonly decoded: Decoded; readonly bytes: number }
  | { readonly position: number; readonly failure: GanEvalError };

interface Slot {
  /** Set once the image's work was handed to the threads, or failed before. */
  admitted: boolean;
  /** Resolves when `admitted` is set, or when it is known that there is no room for it yet. */
  readonly placed: Promise<void>;
  readonly outcome: Promise<Outcome>;
}

/** Files read side by side before they are let into the decoders. */
const READERS = 16;

export class Lookahead {
  private readonly set: ImageSet;
  private readonly positions: ArrayLike<number>;
  private readonly window: number;
  private readonly onRead: (position: number, bytes: Uint8Array) => void;
  private readonly budget: ByteBudget;
  private readonly slots: Slot[] = [];
  private lastStarted: Promise<void> = Promise.resolve();
  private readonly starts: Promise<void>[] = [];
  private next = 0;
  private cancelled = false;

  constructor(
    set: ImageSet,
    positions: ArrayLike<number>,
    options: {
      /** How many images may be under way. */
      readonly window: number;
      readonly maxBytes: number;
      readonly onRead: (position: number, bytes: Uint8Array) => void;
    },
  ) {
    this.set = set;
    this.positions = positions;
    this.window = options.window;
    this.onRead = options.onRead;
    this.budget = new ByteBudget(options.maxBytes);
  }

  /** Starts as many images as the window allows. */
  fill(): void {
    while (!this.cancelled && this.slots.length < this.window && this.next < this.positions.length) {
      const position = this.positions[this.next++];
      this.slots.push(this.start(position));
    }
  }

  /** The next image is there or will come without anything being released first. */
  async headIsUnderWay(): Promise<boolean> {
    const [head] = this.slots;
    await head?.placed;
    return head?.admitted ?? false;
  }

  /** The next image in order; undefined at the end. */
  async take(): Promise<Outcome | undefined> {
    this.fill();
    const slot = this.slots[0];
    if (slot === undefined) return undefined;
    const outcome = await slot.outcome;
    this.slots.shift();
    return outcome;
  }

  /** Resolves when the next `count` images are with the threads, as far as there is room for them. */
  async handOver(count: number): Promise<void> {
    this.fill();
    for (const slot of this.slots.slice(0, count)) {
      await slot.placed;
      if (!slot.admitted) return;
    }
  }

  /** Images that failed among those under way; waits for them. */
  async failures(): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const slot of this.slots.filter(({ admitted }) => admitted)) outcomes.push(await slot.outcome);
    return outcomes.filter((outcome) => "failure" in outcome);
  }

  /** Gives back the memory of images that are no longer used. */
  release(bytes: number): void {
    this.budget.release(bytes);
  }

  /** Starts nothing more and waits for what is under way. */
  async cancel(): Promise<void> {
    this.cancelled = true;
    // Those in line for memory are let through, see that they are not wanted, and end.
    this.budget.release(Number.POSITIVE_INFINITY);
    await Promise.all(this.slots.map((slot) => slot.outcome));
    this.slots.length = 0;
  }

  private start(position: number): Slot {
    const before = this.lastStarted;
    const reader = this.starts[this.starts.length - READERS] ?? Promise.resolve();
    const started = openPromise();
    const placed = openPromise();
    const onPlaced = (admitted: boolean) => {
      placed.resolve();
      if (!admitted) return;
      slot.admitted = true;
      started.resolve();
    };
    const slot: Slot = {
      admitted: false,
      placed: placed.promise,
      outcome: this.run(position, reader, before, onPlaced),
    };
    this.lastStarted = started.promise;
    this.starts.push(started.promise);
    if (this.starts.length > READERS) this.starts.shift();
    return slot;
  }

  /** Read, wait for those before, wait for room, decode. Never rejects, but for broken invariants. */
  private async run(
    position: number,
    reader: Promise<void>,
    before: Promise<void>,
    onPlaced: (admitted: boolean) => void,
  ): Promise<Outcome> {
    let held = 0;
    try {
      await reader;
      this.throwIfCancelled();
      const bytes = await this.set.read(position);
      this.onRead(position, bytes);
      const undecoded = this.set.inspect(bytes, position);
      await before;
      const room = this.budget.acquire(undecoded.pixelBytes);
      if (this.budget.exhausted) onPlaced(false);
      await room;
      held = undecoded.pixelBytes;
      this.throwIfCancelled();
      const work = undecoded.decode();
      onPlaced(true);
      const decoded = await work;
      return { position, decoded, bytes: held };
    } catch (error) {
      this.budget.release(held);
      // In line also here: those behind must not take the room of those before.
      await before;
      onPlaced(true);
      if (error instanceof GanEvalError) return { position, failure: error };
      const cause = error as Error;
      const failure = new GanEvalError("internal.decode", `internal: ${cause.message}`, { cause });
      return { position, failure };
    }
  }

  private throwIfCancelled(): void {
    if (this.cancelled) throw new GanEvalError("internal.cancelled", "internal: reading was stopped");
  }
}

function openPromise(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
