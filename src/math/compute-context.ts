/** What a long computation may use: threads, a signal that ends it, and a place to say how far it is. */

export interface ComputeContext {
  /** Threads inside one product (default: one per core). */
  readonly threads?: number;
  /** Aborting it rejects the computation. */
  readonly signal?: AbortSignal;
  progress?(done: number, total: number): void;
}

/** A context that also keeps what several metrics share. */
export interface MemoContext extends ComputeContext {
  progress(done: number, total: number): void;
  /**
   * Computes a value once and keeps it as long as `of` (the features, say) lives:
   * `memo(features, "neighbours 5", () => ...)`.
   */
  memo<T>(of: object, key: string, compute: () => T): T;
}
