/** A limit on the memory that decoded images take together. */

/** How many bytes of decoded images may be about at once; who asks for more waits in line. */
export class ByteBudget {
  private held = 0;
  private readonly limit: number;
  private readonly waiting: { readonly bytes: number; readonly admit: () => void }[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Whether somebody waits; then only releasing helps. */
  get exhausted(): boolean {
    return this.waiting.length > 0;
  }

  /** Resolves when there is room. One asker is always let in, however much it asks for. */
  acquire(bytes: number): Promise<void> {
    return new Promise((admit) => {
      this.waiting.push({ bytes, admit });
      this.admitWaiting();
    });
  }

  release(bytes: number): void {
    this.held -= bytes;
    this.admitWaiting();
  }

  private admitWaiting(): void {
    for (
      let next = this.waiting[0];
      next !== undefined && (this.held === 0 || this.held + next.bytes <= this.limit);
      next = this.waiting[0]
    ) {
      this.waiting.shift();
      this.held += next.bytes;
      next.admit();
    }
  }
}
