/** A queue of asynchronous jobs. */

/** Runs jobs one after the other, in the order they were given. A job that fails does not stop those behind it. */
export class Queue {
  private last: Promise<unknown> = Promise.resolve();

  add<T>(job: () => T | Promise<T>): Promise<T> {
    const result = this.last.then(job);
    this.last = result.catch(() => {});
    return result;
  }
}
