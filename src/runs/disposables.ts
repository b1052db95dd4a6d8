/** What is opened one after the other, and closed together: all of it where one cannot be opened. */

interface Disposable {
  dispose(): Promise<void>;
}

export class Disposables {
  private readonly opened: Disposable[] = [];

  /** Takes one in, to be closed with the others. */
  keep<T extends Disposable>(one: T): T {
    this.opened.push(one);
    return one;
  }

  /** Closes them in the order in which they were opened; a second time there is nothing left. */
  async dispose(): Promise<void> {
    for (const one of this.opened.splice(0)) await one.dispose();
  }
}
